//! Deliveries that fail are tried again, on the sandbox's clock.

use crate::{receiver::Receiver, server::Server};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const NOW: &str = "2026-03-02T15:00:00Z";

async fn settled(server: &Server) -> Value {
    server.get("/sandboxes/default/settled?wait=60s").await
}

async fn deliveries(server: &Server, query: &str) -> Vec<Value> {
    server.get(&format!("/sandboxes/default/deliveries?{query}")).await["deliveries"].as_array().expect("a list").clone()
}

/// What happened on the way but what is nobody's business here: the clinic's own schedule.
fn effects(clock: &Value, what: &[&str]) -> Vec<(String, String)> {
    let effects = clock["effects"].as_array().expect("a list").iter();
    let told =
        effects.map(|effect| (effect["at"].as_str().expect("a time").to_owned(), effect["what"].as_str().expect("a text").to_owned()));
    told.filter(|(_, effect)| what.contains(&effect.as_str())).collect()
}

#[tokio::test]
async fn one_that_fails_every_other_time_loses_nothing() {
    let server = Server::standing_at(NOW).await;
    let owner = server.role("owner");
    let receiver = Receiver::start().await;
    receiver.answer_in_turn(&[500, 200]);
    owner.hook(&receiver.url("/in"), "location.created").await;
    let mut made = Vec::new();
    for number in 0..20 {
        made.push(owner.add_location(&format!("Office {number}")).await);
    }
    let first = settled(&server).await;
    assert_eq!((first["retrying"].as_array().map(Vec::len), first["deliveries"].as_array().map(Vec::len)), (Some(10), Some(10)), "{first}");
    assert_eq!(first["retrying"][0]["next_attempt_at"], "2026-03-02T15:01:00Z", "{first}");
    server.clock(json!({ "advance": "1h" })).await;
    let delivered = deliveries(&server, "status=delivered").await;
    let heard: Vec<&str> = delivered.iter().filter_map(|delivery| delivery["resource_id"].as_str()).collect();
    assert_eq!(heard, made);
    // Each attempt is one that arrived, and a record of its own.
    let attempts: usize = delivered.iter().filter_map(|delivery| delivery["attempts"].as_array()).map(Vec::len).sum();
    assert_eq!(receiver.all().len(), attempts);
    let sent = owner.run("{ sentWebhooksCount }").await;
    assert_eq!(sent["sentWebhooksCount"], attempts);
    let secret =
        owner.run("{ webhooks { signature_secret } }").await["webhooks"][0]["signature_secret"].as_str().expect("its own").to_owned();
    assert!(receiver.all().iter().all(|delivery| delivery.verifies_with(&secret)), "retries are signed too");
}

#[tokio::test]
async fn a_dead_one_is_warned_about_after_a_day_and_disabled_after_three_exactly() {
    let server = Server::standing_at(NOW).await;
    let owner = server.role("owner");
    let receiver = Receiver::answering(503).await;
    let id = owner.hook(&receiver.url("/in"), "location.created").await;
    owner.add_location("Main office").await;
    settled(&server).await;
    let webhook = "{ webhooks { is_enabled warned_at webhook_events { retry_count first_failed_at last_failed_at } } }";

    let clock = server.clock(json!({ "advance": "PT23H59M" })).await;
    assert_eq!(effects(&clock, &["warning", "disabled"]), [], "not yet");
    let clock = server.clock(json!({ "advance": "1m" })).await;
    let warned: Vec<_> = clock["effects"].as_array().into_iter().flatten().collect();
    assert_eq!(warned, [&json!({ "at": "2026-03-03T15:00:00Z", "what": "warning", "type": "Webhook", "id": id })]);
    let seen = owner.run(webhook).await;
    assert_eq!(
        seen["webhooks"],
        json!([{
            "is_enabled": true, "warned_at": "2026-03-03T10:00:00-05:00",
            "webhook_events": [{ "retry_count": 10, "first_failed_at": "2026-03-02T10:00:00-05:00", "last_failed_at": "2026-03-03T03:03:00-05:00" }]
        }])
    );

    let clock = server.clock(json!({ "advance": "P2D" })).await;
    assert_eq!(clock["now"], "2026-03-05T15:00:00Z");
    let told = effects(&clock, &["retry", "warning", "disabled"]);
    let told: Vec<(&str, &str)> = told.iter().map(|(at, what)| (at.as_str(), what.as_str())).collect();
    assert_eq!(
        told,
        [
            ("2026-03-03T20:03:00Z", "retry"),
            ("2026-03-04T08:03:00Z", "retry"),
            ("2026-03-04T20:03:00Z", "retry"),
            ("2026-03-05T08:03:00Z", "retry"),
            ("2026-03-05T15:00:00Z", "disabled"),
        ]
    );
    let failed = deliveries(&server, "status=failed").await;
    assert_eq!(failed[0]["attempts"].as_array().map(Vec::len), Some(15), "{failed:?}");
    assert_eq!(owner.run(webhook).await["webhooks"][0]["is_enabled"], false);
    let mails = server.get("/sandboxes/default/outbox").await;
    let mails: Vec<_> = mails["mails"]
        .as_array()
        .into_iter()
        .flatten()
        // Beside them, clients are reminded of their visits.
        .filter(|mail| mail["about"]["type"] == "Webhook")
        .map(|mail| (&mail["at"], &mail["kind"], &mail["to"], &mail["about"]["id"]))
        .collect();
    let (owner_mail, hook) = (json!("owner@clinic.example"), json!(id));
    assert_eq!(
        mails,
        [
            (&json!("2026-03-03T15:00:00Z"), &json!("webhook_warning"), &owner_mail, &hook),
            (&json!("2026-03-05T15:00:00Z"), &json!("webhook_disabled"), &owner_mail, &hook),
        ]
    );

    // Disabled it hears nothing; enabled again it starts afresh.
    owner.add_location("Unheard").await;
    receiver.answer_with(200);
    owner.run(&format!("mutation {{ updateWebhook(input: {{ id: {id}, is_enabled: true }}) {{ webhook {{ id }} }} }}")).await;
    owner.add_location("Annex").await;
    settled(&server).await;
    assert_eq!(deliveries(&server, "status=delivered").await.len(), 1);
    let seen = owner.run(webhook).await;
    assert_eq!(
        seen["webhooks"],
        json!([{ "is_enabled": true, "warned_at": null, "webhook_events": [{ "retry_count": 0, "first_failed_at": null, "last_failed_at": null }] }])
    );
    let clock = server.clock(json!({ "advance": "P4D" })).await;
    assert_eq!(effects(&clock, &["warning", "disabled", "retry"]), []);
}

#[tokio::test]
async fn an_event_that_is_taken_off_takes_its_failures_along() {
    let server = Server::standing_at(NOW).await;
    let owner = server.role("owner");
    let receiver = Receiver::answering(503).await;
    let id = owner.hook(&receiver.url("/in"), "location.created").await;
    let listen = async |events: &str| {
        let input = format!("id: {id}, is_enabled: true, webhook_events: [{events}]");
        owner.run(&format!("mutation {{ updateWebhook(input: {{ {input} }}) {{ webhook {{ id }} }} }}")).await
    };
    listen(r#"{ event_type: "location.created" }, { event_type: "location.updated" }"#).await;
    let office = owner.add_location("Main office").await;
    server.clock(json!({ "advance": "20h" })).await;
    owner.run(&format!(r#"mutation {{ updateLocation(input: {{ id: "{office}", name: "Annex" }}) {{ location {{ id }} }} }}"#)).await;
    listen(r#"{ event_type: "location.updated" }"#).await;
    // A day and three days since what it still listens to fails.
    let clock = server.clock(json!({ "advance": "P5D" })).await;
    let told = effects(&clock, &["warning", "disabled"]);
    let told: Vec<(&str, &str)> = told.iter().map(|(at, what)| (at.as_str(), what.as_str())).collect();
    assert_eq!(told, [("2026-03-04T11:00:00Z", "warning"), ("2026-03-06T11:00:00Z", "disabled")]);
    // Enabled again it has failed with nothing, whatever it listens to then.
    listen(r#"{ event_type: "location.updated" }, { event_type: "location.deleted" }"#).await;
    let clock = server.clock(json!({ "advance": "P5D" })).await;
    assert_eq!(effects(&clock, &["warning", "disabled"]), []);
}

#[tokio::test]
async fn without_retries_there_is_one_attempt_and_the_same_clock() {
    let server = Server::standing_at(NOW).await;
    let owner = server.role("owner");
    let receiver = Receiver::answering(500).await;
    let id = owner.hook(&receiver.url("/in"), "location.created").await;
    owner.run(&format!("mutation {{ updateWebhook(input: {{ id: {id}, should_retry: false }}) {{ webhook {{ id }} }} }}")).await;
    owner.add_location("Main office").await;
    assert_eq!(settled(&server).await["deliveries"][0]["status"], "failed");
    let clock = server.clock(json!({ "advance": "PT72H" })).await;
    let told = effects(&clock, &["warning", "disabled", "retry"]);
    assert_eq!(told.iter().map(|(at, _)| at.as_str()).collect::<Vec<_>>(), ["2026-03-03T15:00:00Z", "2026-03-05T15:00:00Z"]);
    assert_eq!(receiver.all().len(), 1);
}

#[tokio::test]
async fn a_success_resets_the_clock() {
    let server = Server::standing_at(NOW).await;
    let owner = server.role("owner");
    let receiver = Receiver::answering(500).await;
    owner.hook(&receiver.url("/in"), "location.created").await;
    owner.add_location("Main office").await;
    server.clock(json!({ "advance": "10h" })).await;
    receiver.answer_with(200);
    let clock = server.clock(json!({ "advance": "P4D" })).await;
    assert_eq!(effects(&clock, &["warning", "disabled"]), []);
    assert_eq!(effects(&clock, &["retry"]).len(), 1);
    let seen = owner.run("{ webhooks { warned_at is_enabled webhook_events { retry_count first_failed_at } } }").await;
    let fresh = json!([{ "warned_at": null, "is_enabled": true, "webhook_events": [{ "retry_count": 0, "first_failed_at": null }] }]);
    assert_eq!(seen["webhooks"], fresh);
}

#[tokio::test]
async fn one_that_crashes_in_the_middle_is_tried_again() {
    let server = Server::standing_at(NOW).await;
    let owner = server.role("owner");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    owner.hook(&format!("http://{}/in", listener.local_addr().expect("bound")), "location.created").await;
    // Breaks off in the middle of the request, then in the middle of its answer, then is well.
    let receiving = tokio::spawn(async move {
        for answer in ["", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"] {
            let (mut stream, _) = listener.accept().await.expect("the sandbox connects");
            let mut read = vec![0; if answer.is_empty() { 40 } else { 4096 }];
            assert_ne!(stream.read(&mut read).await.expect("a request"), 0);
            stream.write_all(answer.as_bytes()).await.expect("the sandbox listens");
        }
    });
    owner.add_location("Main office").await;
    server.clock(json!({ "advance": "10m" })).await;
    receiving.await.expect("three attempts");
    let delivered = deliveries(&server, "status=delivered").await;
    let attempts: Vec<_> = delivered[0]["attempts"].as_array().into_iter().flatten().map(|attempt| attempt["status"].as_u64()).collect();
    assert_eq!(attempts, [None, None, Some(200)], "{delivered:?}");
}

#[tokio::test]
async fn a_redirect_is_a_failure_and_not_followed() {
    let server = Server::standing_at(NOW).await;
    let owner = server.role("owner");
    let receiver = Receiver::start().await;
    receiver.answer_in_turn(&[302, 307, 204]);
    owner.hook(&receiver.url("/in"), "location.created").await;
    owner.add_location("Main office").await;
    server.clock(json!({ "advance": "10m" })).await;
    let heard: Vec<String> =
        receiver.all().iter().map(|delivery| format!("{} {}", delivery.path, delivery.header("mock-attempt"))).collect();
    assert_eq!(heard, ["/in 1", "/in 2", "/in 3"]);
    assert_eq!(deliveries(&server, "status=delivered").await.len(), 1);
}

#[tokio::test]
async fn a_retry_may_be_overtaken_and_holds_up_nobody() {
    let server = Server::standing_at(NOW).await;
    let owner = server.role("owner");
    let receiver = Receiver::start().await;
    receiver.answer_in_turn(&[500, 200, 200]);
    owner.hook(&receiver.url("/in"), "location.created").await;
    let mut made = BTreeMap::new();
    for name in ["first", "second"] {
        made.insert(owner.add_location(name).await, name);
    }
    settled(&server).await;
    server.clock(json!({ "advance": "1m" })).await;
    let heard: Vec<&str> = receiver.all().iter().map(|delivery| made[&delivery.json()["resource_id"].to_string()]).collect();
    assert_eq!(heard, ["first", "second", "first"]);
}

#[tokio::test]
async fn a_fork_carries_no_deliveries() {
    let server = Server::standing_at(NOW).await;
    let owner = server.role("owner");
    let (silent, failing) = (Receiver::silent().await, Receiver::answering(500).await);
    owner.hook(&silent.url("/in"), "location.created").await;
    owner.hook(&failing.url("/in"), "location.created").await;
    owner.add_location("Main office").await;
    silent.next().await;
    server.get("/sandboxes/default/deliveries?status=retrying&wait=60s").await;
    let (status, _) = server.control("POST", "/sandboxes", Some(json!({ "name": "fork", "from": "default" }))).await;
    assert_eq!(status, 201);
    let (_, clock) = server.control("POST", "/sandboxes/fork/clock", Some(json!({ "advance": "P1D" }))).await;
    assert_eq!(effects(&clock, &["retry", "delivery"]), []);
    assert_eq!(server.get("/sandboxes/fork/deliveries").await["deliveries"], json!([]));
    assert_eq!((silent.all().len(), failing.all().len()), (1, 1));
    silent.may_answer(1);
}

#[tokio::test]
async fn what_waits_for_a_webhook_fails_when_it_is_disabled_or_deleted() {
    for ending in ["updateWebhook(input: { id: ID, is_enabled: false })", "deleteWebhook(input: { id: ID })"] {
        let server = Server::standing_at(NOW).await;
        let owner = server.role("owner");
        let receiver = Receiver::silent().await;
        receiver.answer_in_turn(&[500, 200, 200]);
        receiver.may_answer(1);
        let id = owner.hook(&receiver.url("/in"), "location.created").await;
        for name in ["is tried again", "is under way", "waits"] {
            owner.add_location(name).await;
        }
        for _ in 0..2 {
            receiver.next().await;
        }
        owner.run(&format!("mutation {{ {} {{ webhook {{ id }} }} }}", ending.replace("ID", &id))).await;
        receiver.may_answer(2);
        let settled = server.get("/sandboxes/default/settled?wait=60s").await;
        let became: Vec<_> = settled["deliveries"].as_array().into_iter().flatten().collect();
        let became: Vec<_> = became.iter().map(|it| (it["status"].as_str(), it["attempts"].as_array().map(Vec::len))).collect();
        assert_eq!(became, [(Some("failed"), Some(1)), (Some("delivered"), Some(1)), (Some("failed"), Some(0))], "{ending}: {settled}");
        assert_eq!(receiver.all().len(), 2);
    }
}
