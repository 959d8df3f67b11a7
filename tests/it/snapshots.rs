//! Snapshots: a sandbox goes back to where it stood, as often as is wanted.

use crate::{receiver::Receiver, server::Server};
use serde_json::{Value, json};

const OF: &str = "/sandboxes/default/snapshots";
const NAMES: &str = "{ locations { id name } }";
const MAKE_KEY: &str = r#"mutation { createApiKey(input: { name: "drawn", user_id: "55480001" }) { api_key api_key_object { id created_at } } createLocation(input: { name: "New" }) { location { id } } }"#;

#[tokio::test]
async fn data_ids_clock_settings_and_webhooks_come_back_as_often_as_wanted() {
    let server = Server::standing_at("2026-03-02T15:00:00Z").await;
    let owner = server.role("owner");
    owner.add_location("Kept").await;
    let hook = owner.hook("http://127.0.0.1:9/", "patient.created").await;
    server.control("PATCH", "/sandboxes/default/settings", Some(json!({ "bad_key_status": 200 }))).await;
    let (status, taken) = server.control("POST", OF, Some(json!({ "name": "base" }))).await;
    assert_eq!((status, &taken["name"], &taken["now"]), (201, &json!("base"), &json!("2026-03-02T15:00:00Z")), "{taken}");
    assert_eq!(server.get(OF).await, json!({ "snapshots": [taken] }));

    let before = owner.run(NAMES).await;
    let mut answers = vec![];
    for _ in 0..2 {
        answers.push(owner.answer(MAKE_KEY, Value::Null).await);
        owner.run(&format!(r#"mutation {{ deleteWebhook(input: {{ id: "{hook}" }}) {{ webhook {{ id }} }} }}"#)).await;
        server.control("PATCH", "/sandboxes/default/settings", Some(json!({ "bad_key_status": 401 }))).await;
        server.clock(json!({ "advance": "P3D" })).await;
        let (status, sandbox) = server.control("POST", &format!("{OF}/base/restore"), None).await;
        assert_eq!((status, &sandbox["id"], &sandbox["now"]), (200, &json!("default"), &json!("2026-03-02T15:00:00Z")), "{sandbox}");
        assert_eq!(owner.run(NAMES).await, before);
        assert_eq!(owner.run("{ webhooks { id } }").await, json!({ "webhooks": [{ "id": hook }] }));
        assert_eq!(server.get("/sandboxes/default/settings").await["bad_key_status"], 200);
        assert_eq!(server.get("/sandboxes/default/commits").await["commits"], json!([]), "logs are not part of it");
    }
    assert!(answers[0]["data"]["createLocation"]["location"]["id"].is_string(), "{}", answers[0]);
    assert_eq!(answers[0], answers[1], "ids, times and drawn keys repeat");
}

#[tokio::test]
async fn a_restore_drops_what_is_pending_and_waits_for_what_is_under_way() {
    let receiver = Receiver::silent().await;
    let server = Server::sending_to(&[receiver.url("/hook")]).await;
    server.control("POST", OF, Some(json!({ "name": "base" }))).await;
    let owner = server.role("owner");
    for name in ["first", "second"] {
        owner.add_location(name).await;
    }
    receiver.next().await;
    let restore = format!("{OF}/base/restore");
    let mut restored = std::pin::pin!(server.control("POST", &restore, None));
    let dropped = async { while server.get("/sandboxes/default/deliveries").await["deliveries"] != json!([]) {} };
    tokio::select! {
        (_, answer) = &mut restored => panic!("answered while a delivery was under way: {answer}"),
        () = dropped => {}
    }
    receiver.may_answer(1);
    assert_eq!((restored.await.0, receiver.all().len()), (200, 1));
    assert_eq!(server.get("/sandboxes/default/deliveries").await["deliveries"], json!([]));
}

#[tokio::test]
async fn snapshots_outlive_a_reset_and_are_bounded_and_named() {
    let server = Server::start().await;
    let (_, unnamed) = server.control("POST", OF, None).await;
    assert_eq!(unnamed["name"], "snapshot-1");
    server.control("POST", "/sandboxes/default/reset", None).await;
    assert_eq!(server.get(OF).await["snapshots"].as_array().map(Vec::len), Some(1));
    for number in 2..=100 {
        let (status, taken) = server.control("POST", OF, Some(json!({ "name": format!("s-{number}") }))).await;
        assert_eq!(status, 201, "{taken}");
    }
    for (method, path, body, status, code, hint) in [
        (
            "POST",
            OF.to_owned(),
            json!({ "name": "one-more" }),
            409,
            "too_many_snapshots",
            "DELETE /_mock/sandboxes/default/snapshots/{name}",
        ),
        ("POST", OF.to_owned(), json!({ "name": "No Name" }), 400, "bad_name", "1 to 63 of a-z, 0-9 and -"),
        ("POST", OF.to_owned(), json!({ "nmae": "x" }), 400, "bad_body", "nmae"),
        ("POST", format!("{OF}/nothing/restore"), Value::Null, 404, "not_found", "there are snapshot-1, s-2"),
        ("DELETE", format!("{OF}/nothing"), Value::Null, 404, "not_found", "there are snapshot-1"),
        ("POST", "/sandboxes/another/snapshots/nothing/restore".to_owned(), Value::Null, 404, "not_found", "snapshots takes one"),
        ("POST", OF.to_owned(), json!({ "name": "s-2" }), 201, "", ""),
        ("DELETE", format!("{OF}/s-3"), Value::Null, 200, "", ""),
        ("POST", OF.to_owned(), json!({ "name": "one-more" }), 201, "", ""),
    ] {
        let (was, answer) = server.control(method, &path, Some(body).filter(|body| !body.is_null())).await;
        assert_eq!(was, status, "{method} {path}: {answer}");
        let error = &answer["error"];
        let told = error["message"].as_str().unwrap_or_default();
        assert!(error["code"].as_str().unwrap_or_default() == code && told.contains(hint), "{method} {path}: {answer}");
    }
}
