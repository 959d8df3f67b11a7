//! What goes wrong on purpose: calls and deliveries.

use crate::{cable::Cable, receiver::Receiver, server::Server};
use serde_json::{Value, json};

async fn set(server: &Server, faults: Value) -> Value {
    let (status, answer) = server.control("POST", "/sandboxes/default/faults", Some(faults)).await;
    assert_eq!(status, 200, "{answer}");
    answer["faults"].clone()
}

const PEOPLE: &str = "query People { users { id } tags: tagsCount }";

#[tokio::test]
async fn a_call_is_answered_with_a_status_and_others_are_not() {
    let server = Server::start().await;
    let owner = server.role("owner");
    let made = set(
        &server,
        json!([{ "match": { "operation": "People", "role": "owner" }, "after": 1, "times": 2, "respond": { "status": 503 } }]),
    )
    .await;
    let body = json!({ "query": PEOPLE });
    let mut statuses = vec![];
    for _ in 0..4 {
        statuses.push(owner.send(&body).await.0);
    }
    assert_eq!(statuses, [200, 503, 503, 200]);
    assert_eq!(server.role("admin").send(&body).await.0, 200, "another role");
    let shown = server.get("/sandboxes/default/faults").await["faults"][0].clone();
    assert_eq!((&shown["id"], &shown["matched"], &shown["remaining"]), (&made[0]["id"], &json!(3), &json!(0)), "{shown}");
    let sent = json!({ "match": { "operation": "People", "role": "owner" }, "after": 1, "times": 2, "respond": { "status": 503 } });
    assert!(sent.as_object().expect("an object").iter().all(|(name, value)| shown[name] == *value), "as it was sent: {shown}");
    let id = shown["id"].as_str().expect("an id");
    assert_eq!(server.control("DELETE", &format!("/sandboxes/default/faults/{id}"), None).await, (200, json!({ "faults": [] })));
    assert_eq!(server.control("DELETE", &format!("/sandboxes/default/faults/{id}"), None).await.0, 404);
}

#[tokio::test]
async fn an_error_stands_in_place_of_a_field_or_of_all() {
    let server = Server::start().await;
    let owner = server.role("owner");
    set(&server, json!([{ "match": { "root_field": "users" }, "times": 1, "respond": { "graphql_error": "Internal server error" } }]))
        .await;
    let answer = owner.answer(PEOPLE, Value::Null).await;
    assert_eq!(
        (&answer["errors"][0]["message"], &answer["errors"][0]["path"]),
        (&json!("Internal server error"), &json!(["users"])),
        "{answer}"
    );
    assert!(answer["data"]["users"].is_null() && answer["data"]["tags"].is_u64(), "{answer}");
    let error = json!({ "message": "Try later", "code": "LATER" });
    set(&server, json!([{ "match": { "operation": "People" }, "times": 1, "respond": { "graphql_error": error } }])).await;
    let answer = owner.answer(PEOPLE, Value::Null).await;
    assert_eq!(answer, json!({ "errors": [{ "message": "Try later", "extensions": { "code": "LATER" } }] }));
    assert!(owner.answer(PEOPLE, Value::Null).await.get("errors").is_none());
}

#[tokio::test]
async fn a_connection_is_dropped_before_or_after_the_call_is_carried_out() {
    let server = Server::start().await;
    let owner = server.role("owner");
    let create = json!({ "query": r#"mutation { createLocation(input: { name: "Lost" }) { location { id } } }"# });
    for (disconnect, commits) in [("before", 0), ("after", 1)] {
        set(
            &server,
            json!([{ "match": { "root_field": "createLocation" }, "times": 1, "respond": { "disconnect": disconnect, "delay": "10ms" } }]),
        )
        .await;
        let call = server.request(reqwest::Method::POST, "/graphql").header("Authorization", "Basic gh_sbox_default_owner").json(&create);
        assert!(call.send().await.is_err(), "{disconnect}: there is no answer");
        let known = server.get("/sandboxes/default/commits").await["commits"].as_array().map(Vec::len);
        assert_eq!(known, Some(commits), "{disconnect}");
    }
    assert_eq!(owner.send(&create).await.0, 200);
}

#[tokio::test]
async fn a_key_is_locked_out_and_others_go_on() {
    let server = Server::standing_at("2026-03-02T15:00:00Z").await;
    set(&server, json!([{ "match": { "role": "owner" }, "times": 1, "respond": { "rate_limit": { "lockout": "30m" } } }])).await;
    let (owner, body) = (server.role("owner"), json!({ "query": PEOPLE }));
    for _ in 0..2 {
        let (status, answer) = owner.send(&body).await;
        assert_eq!((status, &answer["errors"][0]["extensions"]["code"]), (200, &json!("TOO_MANY_REQUESTS")), "{answer}");
    }
    assert!(server.role("admin").send(&body).await.1.get("errors").is_none());
    server.clock(json!({ "advance": "31m" })).await;
    assert!(owner.send(&body).await.1.get("errors").is_none());
}

#[tokio::test]
async fn a_role_is_struck_by_whatever_key_it_calls_and_the_log_says_what_was_struck() {
    let server = Server::start().await;
    let owner = server.role("owner");
    let made = owner.run(r#"mutation { createApiKey(input: { name: "CI", user_id: "55480001" }) { api_key } }"#).await;
    let key = made["createApiKey"]["api_key"].as_str().expect("made").to_owned();
    let faults = set(&server, json!([{ "match": { "role": "owner" }, "times": 2, "respond": { "status": 502 } }])).await;
    assert_eq!(server.caller(&key).send(&json!({ "query": PEOPLE })).await.0, 502);
    let log = server.get("/sandboxes/default/requests").await;
    let last = log["requests"].as_array().and_then(|all| all.last()).expect("logged");
    let told = format!("answered by the injected fault {}", faults[0]["id"].as_str().expect("an id"));
    assert_eq!((&last["operation"], &last["status"], &last["errors"]), (&json!("People"), &json!(502), &json!([told])), "{last}");
    assert_eq!(last["root_fields"], json!(["users", "tagsCount"]), "{last}");
}

#[tokio::test]
async fn calls_over_a_socket_are_struck_too() {
    let server = Server::start().await;
    let mut cable = Cable::of_role(&server, "owner").await;
    cable.open("1").await;
    let of = |field: &str, respond: Value| json!([{ "match": { "root_field": field }, "times": 1, "respond": respond }]);
    set(&server, of("users", json!({ "graphql_error": "Internal server error" }))).await;
    let (answer, _) = cable.execute("1", PEOPLE).await;
    assert!(answer["data"]["users"].is_null() && answer["data"]["tags"].is_u64(), "beside its siblings: {answer}");
    assert_eq!(answer["errors"][0]["message"], "Internal server error");
    set(&server, of("users", json!({ "status": 503, "delay": "1ms" }))).await;
    assert_eq!(cable.execute("1", PEOPLE).await.0, json!({ "errors": [{ "message": "Service Unavailable" }] }));
    set(&server, of("noteAddedSubscription", json!({ "graphql_error": "Not now" }))).await;
    let (answer, more) = cable.execute("1", "subscription { noteAddedSubscription(conversationId: \"1\") { id } }").await;
    assert_eq!((&answer, more), (&json!({ "errors": [{ "message": "Not now" }] }), false));
    set(&server, of("users", json!({ "rate_limit": true }))).await;
    assert_eq!(cable.execute("1", PEOPLE).await.0["errors"][0]["extensions"]["code"], "TOO_MANY_REQUESTS");
    let data = json!({ "action": "execute", "query": r#"mutation { createLocation(input: { name: "Lost" }) { location { id } } }"# });
    let frame = json!({ "command": "message", "identifier": crate::cable::channel("1"), "data": data.to_string() }).to_string();
    for (disconnect, commits) in [("before", 0), ("after", 1)] {
        let mut cable = Cable::of_role(&server, "owner").await;
        cable.open("1").await;
        set(&server, of("createLocation", json!({ "disconnect": disconnect }))).await;
        cable.say(frame.clone()).await;
        assert_eq!(cable.any().await, None, "{disconnect}: the socket ends");
        let known = server.get("/sandboxes/default/commits").await["commits"].as_array().map(Vec::len);
        assert_eq!(known, Some(commits), "{disconnect}");
    }
}

#[tokio::test]
async fn deliveries_fail_come_twice_and_out_of_order() {
    let receiver = Receiver::start().await;
    let server = Server::sending_to(&[receiver.url("/")]).await;
    let owner = server.role("owner");
    let only = |event: &str, respond: Value| json!([{ "match": { "event_type": event }, "times": 1, "respond": respond }]);
    set(&server, only("location.created", json!({ "status": 500 }))).await;
    owner.add_location("Main office").await;
    let failed = server.get("/sandboxes/default/deliveries?event_type=location.created&wait=10s&status=retrying").await;
    assert_eq!(failed["deliveries"][0]["attempts"][0]["status"], 500, "{failed}");
    assert!(receiver.all().is_empty(), "it never left");
    set(&server, only("location.created", json!({ "duplicate": true }))).await;
    owner.add_location("Second office").await;
    server.get("/sandboxes/default/settled?wait=10s").await;
    let twice: Vec<_> = receiver.all().iter().map(|told| told.body.clone()).collect();
    assert!(twice.len() == 2 && twice[0] == twice[1], "{twice:?}");
    set(&server, only("location.created", json!({ "reorder": true }))).await;
    owner.add_location("Third office").await;
    owner.run(r#"mutation { createTask(input: { content: "Call back" }) { task { id } } }"#).await;
    server.get("/sandboxes/default/settled?wait=10s").await;
    let told: Vec<_> = receiver.all()[2..].iter().map(|told| told.json()["event_type"].clone()).collect();
    assert_eq!(told, ["task.created", "location.created"]);
}

#[tokio::test]
async fn which_deliveries_chance_strikes_repeats_with_their_sandbox() {
    let receiver = Receiver::start().await;
    let server = Server::sending_to(&[receiver.url("/")]).await;
    let owner = server.role("owner");
    let mut lives = vec![];
    for _ in 0..2 {
        set(&server, json!([{ "match": { "event_type": "location.created" }, "probability": 0.5, "respond": { "status": 503 } }])).await;
        for number in 0..16 {
            owner.add_location(&format!("Office {number}")).await;
        }
        let settled = server.get("/sandboxes/default/settled?wait=10s").await;
        let struck = settled["retrying"].as_array().into_iter().flatten().map(|delivery| delivery["resource_id"].clone());
        lives.push(struck.collect::<Vec<Value>>());
        server.control("POST", "/sandboxes/default/reset", None).await;
    }
    assert_eq!(lives[0], lives[1]);
    assert!((1..16).contains(&lives[0].len()), "{lives:?}");
}

#[tokio::test]
async fn what_is_no_fault_is_refused_and_none_outlives_a_reset_or_goes_along_with_a_fork() {
    let server = Server::start().await;
    for (bad, told) in [
        (json!([{ "match": { "operaton": "x" }, "respond": { "status": 503 } }]), "expected one of `operation`, `root_field`"),
        (json!([{ "match": {}, "respond": {} }]), "respond says none of status"),
        (json!([{ "match": { "role": "owner", "event_type": "*" }, "respond": { "status": 503 } }]), "of calls"),
        (json!([{ "match": {}, "respond": { "delay": "2h" } }]), "up to 1m"),
        (json!([{ "match": {}, "respond": { "status": 42 } }]), "200 to 599"),
        (json!([{ "match": {}, "probability": 2, "respond": { "status": 503 } }]), "from 0 to 1"),
        (json!([{ "match": { "event_type": "*" }, "respond": { "graphql_error": "x" } }]), "for calls"),
        (json!([{ "match": {}, "respond": { "graphql_error": 5 } }]), "a text, or {message, code}"),
        (json!([{ "match": {}, "respond": { "rate_limit": "30m" } }]), "true, or {lockout"),
        (json!([{ "match": { "root_field": "creatAppointment" }, "respond": { "status": 503 } }]), "no root field"),
        (json!([{ "match": { "event_type": "patient.born" }, "respond": { "status": 503 } }]), "no event"),
        (json!({ "match": {} }), "not as expected"),
    ] {
        let (status, answer) = server.control("POST", "/sandboxes/default/faults", Some(bad.clone())).await;
        assert_eq!(status, 400, "{bad}: {answer}");
        assert!(answer["error"]["message"].as_str().is_some_and(|message| message.contains(told)), "{bad}: {answer}");
    }
    set(&server, json!([{ "match": { "role": "nobody" }, "respond": { "status": 503 } }])).await;
    server.control("POST", "/sandboxes", Some(json!({ "name": "fork", "from": "default" }))).await;
    assert_eq!(server.get("/sandboxes/fork/faults").await["faults"], json!([]));
    server.control("POST", "/sandboxes/default/reset", None).await;
    assert_eq!(server.get("/sandboxes/default/faults").await["faults"], json!([]));
}
