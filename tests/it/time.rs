//! A sandbox's time close up: advanced, set, and running by itself.

use crate::{receiver::Receiver, server::Server};
use serde_json::{Value, json};
use std::sync::Arc;

const NOW: &str = "2026-03-02T15:00:00Z";

async fn retrying(server: &Server) -> Vec<Value> {
    let found = server.get("/sandboxes/default/deliveries?status=retrying&wait=60s").await;
    found["deliveries"].as_array().expect("a list").clone()
}

/// A delivery of `default` that failed once, at [`NOW`], so that it is tried again a minute later.
async fn failed_once(server: &Server, receiver: &Receiver) {
    let owner = server.role("owner");
    owner.hook(&receiver.url("/in"), "location.created").await;
    owner.add_location("Main office").await;
    assert_eq!(retrying(server).await[0]["next_attempt_at"], "2026-03-02T15:01:00Z");
}

#[tokio::test]
async fn an_advance_moves_a_clock_that_stands_and_one_that_runs() {
    let server = Server::standing_at(NOW).await;
    for (by, now) in [("PT72H", "2026-03-05T15:00:00Z"), ("5s", "2026-03-05T15:00:05Z"), ("P1M", "2026-04-05T15:00:05Z")] {
        let clock = server.clock(json!({ "advance": by })).await;
        assert_eq!((&clock["now"], &clock["frozen"]), (&json!(now), &json!(true)), "{by}");
    }
    server.clock(json!({ "resume": true })).await;
    let clock = server.clock(json!({ "advance": "P1Y" })).await;
    assert!(clock["frozen"] == false && clock["now"].as_str().unwrap_or_default().starts_with("2027-04-05T15:"), "{clock}");
}

#[tokio::test]
async fn advances_at_the_same_time_take_turns() {
    let server = Arc::new(Server::standing_at(NOW).await);
    let advances: Vec<_> = (0..8)
        .map(|_| {
            let server = server.clone();
            tokio::spawn(async move { server.clock(json!({ "advance": "P1D" })).await["now"].as_str().map(str::to_owned) })
        })
        .collect();
    let mut ends = Vec::new();
    for advance in advances {
        ends.push(advance.await.expect("no panic").expect("a time"));
    }
    ends.sort_unstable();
    let days: Vec<String> = (3..=10).map(|day| format!("2026-03-{day:02}T15:00:00Z")).collect();
    assert_eq!(ends, days);
}

#[tokio::test]
async fn a_clock_that_stands_drives_nothing_until_it_is_advanced() {
    let server = Server::standing_at(NOW).await;
    let receiver = Receiver::answering(500).await;
    failed_once(&server, &receiver).await;
    let clock = server.clock(json!({ "freeze": "2026-03-02T18:00:00Z" })).await;
    assert_eq!(clock["effects"], json!([]));
    assert_eq!(retrying(&server).await[0]["next_attempt_at"], "2026-03-02T15:01:00Z");
    receiver.answer_with(200);
    let clock = server.clock(json!({ "advance": "0s" })).await;
    assert_eq!(
        clock["effects"],
        json!([{ "at": "2026-03-02T18:00:00Z", "what": "retry", "delivery": "1", "attempt": 2, "status": "delivered" }]),
        "what is overdue is done now"
    );
}

#[tokio::test]
async fn in_real_time_a_retry_leaves_by_itself() {
    let server = Server::standing_at(NOW).await;
    let receiver = Receiver::answering(500).await;
    failed_once(&server, &receiver).await;
    receiver.answer_with(200);
    // Overdue in one case, about to be due in the other.
    server.clock(json!({ "freeze": "2026-03-02T15:00:59.990Z" })).await;
    server.clock(json!({ "resume": true })).await;
    let delivered = server.get("/sandboxes/default/deliveries?status=delivered&wait=60s").await;
    assert_eq!(delivered["deliveries"][0]["attempts"].as_array().map(Vec::len), Some(2), "{delivered}");
    let at = delivered["deliveries"][0]["attempts"][1]["at"].as_str().unwrap_or_default();
    assert!(!at.starts_with("2026-03-02T15:00:"), "not before its time: {delivered}");
}

#[tokio::test]
async fn in_real_time_a_schedule_runs_by_itself() {
    let server = Server::standing_at("2026-03-02T15:00:00Z").await;
    let receiver = Receiver::start().await;
    server.role("owner").hook(&receiver.url("/in"), "scheduled_message.sent").await;
    // The clinic's is due at nine the next morning, in New York.
    server.clock(json!({ "freeze": "2026-03-03T13:59:59.990Z" })).await;
    server.clock(json!({ "resume": true })).await;
    assert_eq!(receiver.next().await.json()["event_type"], "scheduled_message.sent");
    // And what is scheduled while the clock runs, by the commit that schedules it.
    let (note, me) = (server.id("FormAnswerGroup", "patient_note").await, server.id("User", "provider").await);
    server.role("owner").hook(&receiver.url("/fax"), "sent_fax.status_changed").await;
    let fax = format!(
        r#"mutation {{ createSentFax(input: {{ destination_number: "12125550177", dietitian: {{ id: "{me}" }}, form_answer_group_ids: "{note}" }}) {{ sent_fax {{ id }} }} }}"#
    );
    server.role("owner").run(&fax).await;
    server.clock(json!({ "advance": "59.99s" })).await;
    assert_eq!(receiver.next().await.json()["event_type"], "sent_fax.status_changed");
}

#[tokio::test]
async fn a_slow_receiver_holds_up_no_retry_of_others() {
    let server = Server::standing_at(NOW).await;
    let (slow, other) = (Receiver::silent().await, Receiver::answering(500).await);
    server.role("owner").hook(&slow.url("/in"), "location.created").await;
    failed_once(&server, &other).await;
    slow.next().await;
    other.answer_with(200);
    server.clock(json!({ "freeze": "2026-03-02T15:01:00Z" })).await;
    server.clock(json!({ "resume": true })).await;
    let delivered = server.get("/sandboxes/default/deliveries?status=delivered&wait=60s").await;
    assert_eq!(delivered["deliveries"][0]["url"], other.url("/in"));
    slow.may_answer(1);
}

#[tokio::test]
async fn a_reset_ends_an_advance_once_the_attempt_under_way_is_over() {
    let server = Server::standing_at(NOW).await;
    let receiver = Receiver::silent().await;
    let owner = server.role("owner");
    owner.hook(&receiver.url("/in"), "location.created").await;
    owner.add_location("Main office").await;
    receiver.next().await;
    let advance = server.control("POST", "/sandboxes/default/clock", Some(json!({ "advance": "P1D" })));
    tokio::pin!(advance);
    tokio::select! {
        biased;
        ended = &mut advance => panic!("it did not wait for the receiver: {ended:?}"),
        () = async { for _ in 0..5 { server.get("/health").await; } } => {}
    }
    let (reset, ended, ()) = tokio::join!(server.control("POST", "/sandboxes/default/reset", None), advance, async {
        receiver.may_answer(1);
    });
    assert_eq!((reset.0, &reset.1["now"]), (200, &json!(NOW)));
    // Whichever was first: the advance is refused, or was over before.
    assert!(ended.0 == 409 && ended.1["error"]["code"] == "sandbox_gone" || ended.0 == 200, "{ended:?}");
    assert_eq!(server.get("/sandboxes/default/clock").await["now"], NOW);
}

#[tokio::test]
async fn many_retries_of_one_instant_leave_together() {
    let server = Server::standing_at(NOW).await;
    let receiver = Receiver::silent().await;
    receiver.answer_with(500);
    receiver.may_answer(200);
    let owner = server.role("owner");
    owner.hook(&receiver.url("/in"), "location.created").await;
    for number in 0..200 {
        owner.add_location(&format!("Office {number}")).await;
        receiver.next().await;
    }
    let settled = server.get("/sandboxes/default/settled?wait=60s").await;
    assert_eq!(settled["retrying"].as_array().map(Vec::len), Some(200));
    receiver.answer_with(200);
    let (clock, ()) = tokio::join!(server.clock(json!({ "advance": "1m" })), async {
        for _ in 0..64 {
            receiver.next().await;
        }
        receiver.may_answer(200);
    });
    let delivered = clock["effects"].as_array().into_iter().flatten().filter(|effect| effect["status"] == "delivered").count();
    assert_eq!((delivered, receiver.most_at_once()), (200, 64));
}

/// A client with an address, and the link to a first password.
async fn new_client(server: &Server, key: &str) -> (Value, Value) {
    let made = r#"mutation { createClient(input: { first_name: "Nia", last_name: "Nord", email: "nia@example.com" }) { user { id set_password_link } } }"#;
    let made = server.caller(key).run(made).await["createClient"]["user"].clone();
    (made["id"].clone(), made["set_password_link"].clone())
}

async fn link(server: &Server, key: &str, user: &Value) -> Value {
    server.caller(key).run(&format!("{{ user(id: {user}) {{ set_password_link }} }}")).await["user"]["set_password_link"].clone()
}

#[tokio::test]
async fn what_is_made_in_the_background_waits_for_the_clock_where_a_test_wants_it() {
    let server = Server::standing_at(NOW).await;
    let (key, path) = ("gh_sbox_default_owner", "/sandboxes/default/settings");
    assert_eq!(server.get(path).await["background"], "instant");
    assert!(new_client(&server, key).await.1.is_string());
    server.control("POST", "/sandboxes/default/reset", None).await;
    let (status, set) = server.control("PATCH", path, Some(json!({ "background": "on_clock" }))).await;
    assert_eq!((status, &set["background"]), (200, &json!("on_clock")), "{set}");
    let (user, first) = new_client(&server, key).await;
    assert!(first.is_null());
    // A fork and an import go on from there, setting and pending work included.
    let (_, fork) = server.control("POST", "/sandboxes", Some(json!({ "name": "fork", "from": "default" }))).await;
    assert_eq!(fork["id"], "fork", "{fork}");
    let whole = server.get("/sandboxes/default/export").await;
    let (status, told) = server.control("POST", "/sandboxes/copy/import", Some(whole)).await;
    assert_eq!(status, 200, "{told}");
    let clock = server.clock(json!({ "advance": "1s" })).await;
    assert_eq!(clock["effects"][0]["what"], "link", "{clock}");
    assert!(link(&server, key, &user).await.is_string());
    for name in ["fork", "copy"] {
        let key = format!("gh_sbox_{name}_owner");
        assert!(link(&server, &key, &user).await.is_null(), "{name}");
        assert_eq!(server.get(&format!("/sandboxes/{name}/settings")).await["background"], "on_clock");
        server.control("POST", &format!("/sandboxes/{name}/clock"), Some(json!({ "advance": "1s" }))).await;
        assert!(link(&server, &key, &user).await.is_string(), "{name}");
    }
    let (status, refused) = server.control("PATCH", path, Some(json!({ "background": "later" }))).await;
    assert!(status == 400 && refused.to_string().contains("on_clock"), "{refused}");
}
