//! Forks, snapshots and resets that are taken while deliveries fail: data, clock and webhooks go along; what waits does not.

use crate::{
    receiver::Receiver,
    server::{Server, quiet},
};
use healthie_mock::config::{Config, WebhookFlag};
use serde_json::{Value, json};

const NOW: &str = "2026-03-02T15:00:00Z";
const OF_WEBHOOKS: [&str; 3] = ["retry", "warning", "disabled"];
const HOOKS: &str = "{ webhooks { id url signature_secret is_enabled warned_at webhook_events { event_type retry_count first_failed_at last_failed_at } } }";

/// What happened to the webhooks of `sandbox` while its clock was moved on.
async fn advance(server: &Server, sandbox: &str, by: &str) -> Vec<(String, String)> {
    let (status, clock) = server.control("POST", &format!("/sandboxes/{sandbox}/clock"), Some(json!({ "advance": by }))).await;
    assert_eq!(status, 200, "{clock}");
    let effects = clock["effects"].as_array().into_iter().flatten();
    let text = |effect: &Value, of: &str| effect[of].as_str().expect("a text").to_owned();
    effects.map(|effect| (text(effect, "at"), text(effect, "what"))).filter(|(_, what)| OF_WEBHOOKS.contains(&what.as_str())).collect()
}

fn told<'a>(effects: &'a [(String, String)], what: &str) -> Vec<&'a str> {
    effects.iter().filter(|(_, is)| is == what).map(|(at, _)| at.as_str()).collect()
}

async fn statuses(server: &Server, sandbox: &str) -> Vec<Value> {
    let settled = server.get(&format!("/sandboxes/{sandbox}/settled?wait=60s")).await;
    let both = ["deliveries", "retrying"].into_iter().flat_map(|list| settled[list].as_array().into_iter().flatten());
    both.map(|delivery| delivery["status"].clone()).collect()
}

#[tokio::test]
async fn a_fork_knows_its_webhook_its_secret_and_since_when_it_fails_but_sends_nothing_again() {
    let server = Server::standing_at(NOW).await;
    let (owner, forked) = (server.role("owner"), server.caller("gh_sbox_fork_owner"));
    let receiver = Receiver::answering(500).await;
    owner.hook(&receiver.url("/in"), "location.created").await;
    owner.add_location("Main office").await;
    advance(&server, "default", "20h").await;
    let before = receiver.all().len();
    assert_eq!(server.control("POST", "/sandboxes", Some(json!({ "name": "fork", "from": "default" }))).await.0, 201);
    assert_eq!(server.get("/sandboxes/fork/clock").await, json!({ "now": "2026-03-03T11:00:00Z", "frozen": true, "effects": [] }));
    assert_eq!(forked.run(HOOKS).await, owner.run(HOOKS).await);

    assert_eq!(advance(&server, "fork", "5h").await, [("2026-03-03T15:00:00Z".to_owned(), "warning".to_owned())]);
    assert_eq!((statuses(&server, "fork").await, receiver.all().len()), (vec![], before));
    // Ids go on alike in both, and each tells its own receiver's address of its own record.
    receiver.answer_with(200);
    assert_eq!(forked.add_location("Annex").await, owner.add_location("Annex").await);
    assert_eq!(statuses(&server, "fork").await, ["delivered"]);
    assert_eq!(statuses(&server, "default").await, ["delivered", "retrying"]);
    let hooks = owner.run(HOOKS).await;
    let secret = hooks["webhooks"][0]["signature_secret"].as_str().expect("its own");
    let heard = receiver.all();
    let mut new: Vec<&str> = heard[before..].iter().map(|told| told.header("mock-sandbox")).collect();
    new.sort_unstable();
    assert_eq!(new, ["default", "fork"]);
    assert!(heard[before..].iter().all(|told| told.verifies_with(secret)));
    // What waited comes in the sandbox that it waited in.
    advance(&server, "default", "P1D").await;
    assert_eq!(receiver.all().last().map(|told| told.header("mock-sandbox").to_owned()).as_deref(), Some("default"));
    assert_eq!(statuses(&server, "default").await, ["delivered", "delivered"]);
}

#[tokio::test]
async fn a_restored_webhook_fails_since_it_did_and_is_disabled_on_time_though_nothing_is_sent_again() {
    let server = Server::standing_at(NOW).await;
    let owner = server.role("owner");
    let receiver = Receiver::answering(500).await;
    let id = owner.hook(&receiver.url("/in"), "location.created").await;
    owner.add_location("Main office").await;
    assert_eq!(statuses(&server, "default").await, ["retrying"]);
    let (status, _) = server.control("POST", "/sandboxes/default/snapshots", Some(json!({ "name": "failing" }))).await;
    let then = owner.run(HOOKS).await;
    assert_eq!(status, 201);
    receiver.answer_with(200);
    advance(&server, "default", "1m").await;
    assert_eq!(statuses(&server, "default").await, ["delivered"]);

    assert_eq!(server.control("POST", "/sandboxes/default/snapshots/failing/restore", None).await.0, 200);
    assert_eq!(owner.run(HOOKS).await, then);
    let effects = advance(&server, "default", "P4D").await;
    assert_eq!(told(&effects, "warning"), ["2026-03-03T15:00:00Z"]);
    assert_eq!(told(&effects, "disabled"), ["2026-03-05T15:00:00Z"]);
    assert_eq!((effects.len(), receiver.all().len()), (2, 2), "{effects:?}");
    owner.run(&format!("mutation {{ updateWebhook(input: {{ id: {id}, is_enabled: true }}) {{ webhook {{ id }} }} }}")).await;
    owner.add_location("Annex").await;
    assert_eq!(statuses(&server, "default").await, ["delivered"]);
}

#[tokio::test]
async fn what_is_to_be_tried_again_is_forgotten_with_a_reset_and_its_like() {
    let receiver = Receiver::start().await;
    let webhooks = vec![WebhookFlag { url: receiver.url("/in"), events: vec!["location.created".to_owned()] }];
    let server = Server::start_with(Config { now: Some(NOW.parse().expect("a time")), webhooks, ..quiet() }).await;
    server.control("POST", "/sandboxes/mine/snapshots", Some(json!({ "name": "fresh" }))).await;
    let owner = server.caller("gh_sbox_mine_owner");
    for (method, path) in [
        ("POST", "/sandboxes/mine/reset"),
        ("POST", "/sandboxes/mine/snapshots/fresh/restore"),
        ("PUT", "/sandboxes/mine"),
        ("DELETE", "/sandboxes/mine"),
    ] {
        receiver.answer_with(500);
        let before = receiver.all().len();
        let first = owner.add_location("Main office").await;
        assert_eq!(statuses(&server, "mine").await, ["retrying"], "{method} {path}");
        assert_eq!(server.control(method, path, None).await.0, 200, "{method} {path}");
        receiver.answer_with(200);
        assert_eq!(advance(&server, "mine", "P4D").await, [], "{method} {path}");
        assert_eq!(receiver.all().len(), before + 1, "{method} {path}");
        // A fresh world, which tells of its own records.
        assert_eq!(owner.add_location("Annex").await, first, "{method} {path}");
        assert_eq!(statuses(&server, "mine").await, ["delivered"], "{method} {path}");
        let heard = receiver.all().last().cloned().expect("just now");
        assert_eq!((heard.header("mock-delivery"), heard.verifies_with("whsec_mine")), ("1", true), "{method} {path}");
        server.control("PUT", "/sandboxes/mine", None).await;
        server.control("POST", "/sandboxes/mine/snapshots", Some(json!({ "name": "fresh" }))).await;
    }
}
