//! The control API: what a test asks of the server beside the API that it emulates.

use crate::{
    receiver::Receiver,
    server::{Caller, Server},
};
use healthie_mock::config::Config;
use serde_json::json;

async fn register(caller: &Caller<'_>, url: &str, event: &str) -> String {
    let made = caller
        .answer(
            "mutation ($url: String, $event: String) { createWebhook(input: { url: $url, event_type: $event }) { webhook { id } messages { message } } }",
            json!({ "url": url, "event": event }),
        )
        .await;
    made["data"]["createWebhook"]["webhook"]["id"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned()
}

const CLIENT: &str = r#"mutation { createClient(input: { first_name: "Wren", last_name: "Ash", skipped_email: true }) { user { id } messages { message } } }"#;

#[tokio::test]
async fn health_and_readiness_are_told() {
    let server = Server::start().await;
    let health = server.get("/health").await;
    assert_eq!(health["status"], "ok", "{health}");
    assert!(health["version"].is_string() && health["uptime_ms"].is_u64() && !health["rings"].is_null(), "{health}");
    server.get("/ready").await;
}

#[tokio::test]
async fn deliveries_can_be_awaited_and_show_what_was_signed() {
    let server = Server::start().await;
    let receiver = Receiver::start().await;
    let owner = server.role("owner");
    let webhook = register(&owner, &receiver.url("/in"), "patient.created").await;
    let id = owner.run(CLIENT).await["createClient"]["user"]["id"].as_str().expect("made").to_owned();

    let found = server
        .get(&format!("/sandboxes/default/deliveries?event_type=patient.created&resource_id={id}&status=delivered&count=1&wait=10s"))
        .await;
    let delivery = &found["deliveries"][0];
    let received = receiver.next().await;
    assert_eq!(delivery["body"], json!(received.body));
    assert_eq!(delivery["attempts"][0]["status"], 200, "{delivery}");
    assert_eq!(
        delivery["headers"]["Signature"].as_str().or(delivery["headers"]["signature"].as_str()),
        Some(received.header("signature")),
        "{delivery}"
    );
    assert_eq!((received.header("mock-sandbox"), received.header("mock-attempt")), ("default", "1"));
    assert_eq!(
        json!(received.header("mock-delivery")),
        json!(delivery["id"].as_str().map_or_else(|| delivery["id"].to_string(), str::to_owned))
    );

    let sent = owner.run("{ sentWebhooks { webhook_id event_type resource_id resource_id_type http_response_status } }").await;
    assert_eq!(
        sent["sentWebhooks"],
        json!([{ "webhook_id": webhook, "event_type": "patient.created", "resource_id": id, "resource_id_type": "User", "http_response_status": "200" }])
    );
}

#[tokio::test]
async fn a_wait_in_vain_says_what_came_nearest() {
    let server = Server::start().await;
    let receiver = Receiver::start().await;
    let owner = server.role("owner");
    register(&owner, &receiver.url("/in"), "patient.created").await;
    owner.run(CLIENT).await;
    receiver.next().await;
    let (status, body) = server.control("GET", "/sandboxes/default/deliveries?event_type=patient.updated&wait=1ms", None).await;
    assert_eq!(status, 408, "{body}");
    assert_eq!(body["deliveries"], json!([]));
    assert_eq!(body["nearest"][0]["delivery"]["event_type"], "patient.created", "{body}");
    assert_eq!(body["nearest"][0]["differs"], json!(["event_type is patient.created, not patient.updated"]), "{body}");
}

#[tokio::test]
async fn settled_answers_when_all_that_a_commit_caused_is_over() {
    let server = Server::start().await;
    let receiver = Receiver::answering(500).await;
    let owner = server.role("owner");
    register(&owner, &receiver.url("/in"), "patient.created").await;
    owner.run(CLIENT).await;
    let settled = server.get("/sandboxes/default/settled?wait=10s&commit=2").await;
    assert_eq!(settled["settled"], true, "{settled}");
    assert_eq!(settled["deliveries"][0]["attempts"][0]["status"], 500, "{settled}");
    receiver.next().await;
}

#[tokio::test]
async fn the_request_log_names_what_had_no_effect() {
    let server = Server::start().await;
    let owner = server.role("owner");
    let add = "mutation Add { createClient(input: { first_name: \"Una\", last_name: \"Moss\", skipped_email: true, dont_send_welcome: true, exclude_from_everything: true }) { user { id } } }";
    let refused = owner.answer(add, json!({})).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "argumentNotAccepted", "{refused}");
    owner.run("query List { appointments(filter: \"all\", colorSchemeId: \"1\", filter_by_invoices: true) { id } }").await;
    owner.run("query Who { currentUser { id } }").await;
    let log = server.get("/sandboxes/default/requests").await;
    let who = log["requests"].as_array().expect("a list").iter().find(|entry| entry["operation"] == "Who").expect("logged").clone();
    assert_eq!((&who["root_fields"], &who["status"]), (&json!(["currentUser"]), &json!(200)), "{who}");
    let list = log["requests"].as_array().expect("a list").iter().find(|entry| entry["operation"] == "List").expect("logged");
    assert_eq!(
        list["without_effect"],
        json!(["appointments.colorSchemeId", "appointments.filter_by_invoices"]),
        "neither defaults nor what works: {list}"
    );
    assert!(who["duration_us"].is_u64() && who["user_id"].is_string() | who["user_id"].is_u64(), "{who}");
}

#[tokio::test]
async fn the_clock_can_be_stopped() {
    let server = Server::start().await;
    let (status, clock) = server.control("POST", "/sandboxes/default/clock", Some(json!({ "freeze": "2030-05-06T07:08:09Z" }))).await;
    assert_eq!((status, &clock["frozen"]), (200, &json!(true)), "{clock}");
    assert_eq!(server.get("/sandboxes/default/clock").await["now"], "2030-05-06T07:08:09Z");
    let made = server.role("owner").run(r#"mutation { createTag(input: { name: "then" }) { tag { created_at } } }"#).await;
    assert_eq!(made["createTag"]["tag"]["created_at"], "2030-05-06 03:08:09 -0400");
}

#[tokio::test]
async fn sandboxes_are_made_listed_and_deleted() {
    let server = Server::start().await;
    let (status, made) = server.control("POST", "/sandboxes", Some(json!({ "name": "mine" }))).await;
    assert!((200..300).contains(&status), "{made}");
    let owner = &made["keys"]["owner"];
    assert_eq!((&owner["key"], &owner["email"]), (&json!("gh_sbox_mine_owner"), &json!("owner@clinic.example")), "{made}");
    assert_eq!(server.caller("gh_sbox_mine_owner").run("{ currentUser { email } }").await["currentUser"]["email"], "owner@clinic.example");
    let (status, _) = server.control("DELETE", "/sandboxes/mine", None).await;
    assert!((200..300).contains(&status));
    assert!(!server.get("/sandboxes").await.to_string().contains("\"mine\""));
    let (status, refused) = server.control("PUT", "/sandboxes/Not%20A%20Name", Some(json!({}))).await;
    assert!((400..500).contains(&status), "{refused}");
    assert!(refused["error"]["code"].is_string() && refused["error"]["message"].is_string(), "{refused}");
}

#[tokio::test]
async fn every_new_sandbox_has_the_webhook_of_the_flag() {
    let receiver = Receiver::start().await;
    let webhook = format!("{}=patient.created", receiver.url("/all")).parse().expect("an address");
    let config = Config { webhooks: vec![webhook], ..Config::default() };
    let server = Server::start_with(config).await;
    server.caller("gh_sbox_ci-4_owner").run(CLIENT).await;
    let delivery = receiver.next().await;
    assert!(delivery.verifies_with("whsec_ci-4"), "{delivery:?}");
    assert_eq!(delivery.header("mock-sandbox"), "ci-4");
    assert_eq!(delivery.json()["event_type"], "patient.created");
}

#[tokio::test]
async fn a_test_delivery_is_sent_on_demand() {
    let server = Server::start().await;
    let receiver = Receiver::start().await;
    let owner = server.role("owner");
    let id = register(&owner, &receiver.url("/in"), "patient.created").await;
    let sent = owner
        .answer("mutation ($id: ID!) { sendTestWebhook(input: { id: $id }) { sent messages { message } } }", json!({ "id": id }))
        .await;
    assert_eq!(sent["data"]["sendTestWebhook"], json!({ "sent": true, "messages": null }), "{sent}");
    let delivery = receiver.next().await;
    assert_eq!((&delivery.json()["event_type"], &delivery.json()["resource_id_type"]), (&json!("test.created"), &json!("Test")));
    server.get("/sandboxes/default/settled?wait=10s").await;
    let sent = owner.run("{ sentWebhooks { event_type resource_id_type } }").await;
    assert_eq!(sent["sentWebhooks"], json!([{ "event_type": "test.created", "resource_id_type": "Test" }]));
}
