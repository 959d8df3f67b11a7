//! Deliveries that are sent again, and what one commit caused.

use crate::{receiver::Receiver, server::Server};
use serde_json::{Value, json};

const OF: &str = "/sandboxes/default/deliveries";

async fn one(server: &Server, status: &str) -> Value {
    let found = server.get(&format!("{OF}?status={status}&wait=10s")).await;
    found["deliveries"][0].clone()
}

#[tokio::test]
async fn a_delivery_is_replayed_byte_for_byte_here_or_elsewhere() {
    let receiver = Receiver::answering(500).await;
    let server = Server::start().await;
    let owner = server.role("owner");
    owner.hook(&receiver.url("/hook?a=b"), "location.created").await;
    let annex = owner.add_location("Annex").await;
    let first = receiver.next().await;
    let failed = one(&server, "retrying").await;
    let path = format!("{OF}/{}/replay", failed["id"].as_str().expect("an id"));

    let (status, attempt) = server.control("POST", &path, None).await;
    assert_eq!((status, &attempt["status"], &attempt["attempt"]), (200, &json!(500), &json!(2)), "{attempt}");
    let again = receiver.next().await;
    assert_eq!((&again.body, &again.path, &again.query), (&first.body, &first.path, &first.query));
    for header in ["content-digest", "signature-input", "signature", "content-type", "mock-delivery", "mock-commit"] {
        assert_eq!(again.header(header), first.header(header), "{header}");
    }
    assert_eq!(again.header("mock-attempt"), "2");
    assert_eq!(one(&server, "retrying").await["attempts"].as_array().map(Vec::len), Some(2));

    let other = Receiver::start().await;
    let (_, elsewhere) = server.control("POST", &path, Some(json!({ "url": other.url("/elsewhere") }))).await;
    assert_eq!((&elsewhere["status"], &elsewhere["url"], &elsewhere["attempt"]), (&json!(200), &json!(other.url("/elsewhere")), &json!(3)));
    let arrived = other.next().await;
    assert_eq!((arrived.header("signature"), &arrived.body), (first.header("signature"), &first.body));
    assert_eq!(one(&server, "retrying").await["id"], failed["id"], "its own receiver has not got it");

    receiver.answer_with(200);
    let (_, delivered) = server.control("POST", &path, None).await;
    assert_eq!((&delivered["status"], &delivered["attempt"], &delivered["error"]), (&json!(200), &json!(4), &Value::Null), "{delivered}");
    let delivery = one(&server, "delivered").await;
    assert_eq!((&delivery["id"], &delivery["next_attempt_at"]), (&failed["id"], &Value::Null), "{delivery}");
    let sent = owner.run(&format!("{{ sentWebhooksCount(resource_id: {annex}) }}")).await;
    assert_eq!(sent["sentWebhooksCount"], 3, "each attempt at its own receiver is one");
}

#[tokio::test]
async fn what_cannot_be_replayed_is_told_why() {
    let receiver = Receiver::silent().await;
    let server = Server::start().await;
    let owner = server.role("owner");
    owner.hook(&receiver.url("/hook"), "location.created").await;
    owner.add_location("Annex").await;
    receiver.next().await;
    for (path, body, status, code, hint) in [
        (format!("{OF}/99/replay"), Value::Null, 404, "not_found", "old ones are dropped"),
        (format!("{OF}/x/replay"), Value::Null, 404, "not_found", "deliveries lists them"),
        (format!("{OF}/1/replay"), Value::Null, 409, "under_way", "settled?wait=5s"),
        (format!("{OF}/1/replay"), json!({ "url": "localhost" }), 400, "bad_request", "give http://HOST/PATH"),
        (format!("{OF}/1/replay"), json!({ "uri": "x" }), 400, "bad_body", "uri"),
    ] {
        let (was, answer) = server.control("POST", &path, Some(body).filter(|body| !body.is_null())).await;
        let told = answer["error"]["message"].as_str().unwrap_or_default();
        assert!(was == status && answer["error"]["code"] == code && told.contains(hint), "{path}: {answer}");
    }
    receiver.may_answer(1);
}

#[tokio::test]
async fn one_commit_tells_its_changes_events_and_deliveries() {
    let receiver = Receiver::start().await;
    let server = Server::standing_at("2026-03-02T15:00:00Z").await;
    let owner = server.role("owner");
    owner.hook(&receiver.url("/hook"), "location.updated").await;
    let id = owner.add_location("Annex").await;
    server.clock(json!({ "advance": "1h" })).await;
    let rename = format!(r#"mutation {{ updateLocation(input: {{ id: "{id}", name: "Main" }}) {{ location {{ id }} }} }}"#);
    owner.run(&rename).await;
    let list = server.get("/sandboxes/default/commits?since=2026-03-02T16:00:00Z").await;
    let number = list["commits"][0]["number"].as_u64().expect("a number");
    assert_eq!(server.get(&format!("/sandboxes/default/commits?after={}", number - 1)).await["commits"][0], list["commits"][0]);
    server.get(&format!("{OF}?commit={number}&status=delivered&wait=10s")).await;
    let commit = server.get(&format!("/sandboxes/default/commits/{number}")).await;
    assert_eq!((&commit["cause"], &commit["at"]), (&json!("updateLocation"), &json!("2026-03-02T16:00:00Z")), "{commit}");
    let change = &commit["changes"][0];
    assert_eq!((&change["type"], &change["id"], &change["change"]), (&json!("Location"), &json!(id), &json!("updated")), "{commit}");
    let field = |name: &str| change["fields"].as_array().into_iter().flatten().find(|field| field["field"] == name).cloned();
    assert_eq!(field("name"), Some(json!({ "field": "name", "before": "Annex", "after": "Main" })), "{commit}");
    assert_eq!((&commit["events"][0]["event_type"], &commit["deliveries"][0]["commit"]), (&json!("location.updated"), &json!(number)));
    let (status, none) = server.control("GET", "/sandboxes/default/commits/9999", None).await;
    assert_eq!((status, &none["error"]["code"]), (404, &json!("not_found")), "{none}");
}
