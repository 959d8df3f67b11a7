//! Advancing a clock: what falls due on the way runs, each at its instant, and fires its webhooks then.

use crate::{
    receiver::Receiver,
    server::{Server, quiet},
};
use healthie_mock::config::{Config, WebhookFlag};
use serde_json::{Value, json};

const NOW: &str = "2026-03-02T15:00:00Z";

/// At which instants the first attempts of an event left, on the sandbox's clock.
async fn instants(server: &Server, event: &str) -> Vec<String> {
    let found = server.get(&format!("/sandboxes/default/deliveries?event_type={event}&status=delivered")).await;
    let deliveries = found["deliveries"].as_array().expect("a list").iter();
    deliveries.map(|delivery| delivery["attempts"][0]["at"].as_str().expect("a time").to_owned()).collect()
}

#[tokio::test]
async fn a_months_schedule_runs_in_order_and_fires_its_webhooks_at_its_instants() {
    let receiver = Receiver::start().await;
    let webhooks = vec![WebhookFlag { url: receiver.url("/in"), events: vec![] }];
    let server = Server::start_with(Config { now: Some(NOW.parse().expect("a time")), webhooks, ..quiet() }).await;
    let provider = server.role("provider");
    let note = server.id("FormAnswerGroup", "patient_note").await;
    let me = server.id("User", "provider").await;
    let fax = format!(
        r#"mutation {{ createSentFax(input: {{ destination_number: "12125550177", dietitian: {{ id: "{me}" }}, form_answer_group_ids: "{note}" }}) {{ sent_fax {{ id }} messages {{ message }} }} }}"#
    );
    let fax = server.role("owner").run(&fax).await;
    assert!(fax["createSentFax"]["sent_fax"]["id"].is_string(), "{fax}");
    let clock = server.clock(json!({ "advance": "P20D" })).await;
    assert_eq!((&clock["now"], &clock["frozen"]), (&json!("2026-03-22T15:00:00Z"), &json!(true)));

    let due: Vec<(&str, &str)> = clock["effects"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|effect| effect["type"].is_string())
        .map(|effect| (effect["at"].as_str().expect("a time"), effect["type"].as_str().expect("a type")))
        .collect();
    assert!(due.is_sorted_by_key(|(at, _)| *at), "{due:?}");
    for (ty, event) in [
        ("SentFax", "sent_fax.status_changed"),
        ("NoteScheduler", "scheduled_message.sent"),
        ("RecurringForm", "requested_form_completion.created"),
        ("BillingItem", "billing_item.updated"),
        ("RecurringPayment", "billing_item.created"),
    ] {
        let ran: Vec<&str> = due.iter().filter(|(_, of)| *of == ty).map(|(at, _)| *at).collect();
        let fired = instants(&server, event).await;
        assert!(!ran.is_empty() && ran.iter().all(|at| fired.iter().any(|fired| fired == at)), "{ty}: {ran:?}, {event}: {fired:?}");
    }
    // What a receiver heard first happened first.
    let commits: Vec<u64> = receiver.all().iter().map(|delivery| delivery.header("mock-commit").parse().expect("a number")).collect();
    assert!(commits.is_sorted(), "{commits:?}");
    let sent = provider.run("{ scheduledMessageBlasts { id } }").await;
    assert_eq!(sent["scheduledMessageBlasts"], json!([]), "all are sent");
    server.get("/sandboxes/default/settled").await;
}

#[tokio::test]
async fn a_message_to_come_is_read_when_its_hour_has_passed() {
    let server = Server::standing_at(NOW).await;
    let provider = server.role("provider");
    let waiting = |seen: &Value| seen["scheduledMessageBlasts"].as_array().map(Vec::len);
    assert_eq!(waiting(&provider.run("{ scheduledMessageBlasts { id } }").await), Some(2));
    server.clock(json!({ "advance": "PT17H" })).await;
    assert_eq!(waiting(&provider.run("{ scheduledMessageBlasts { id } }").await), Some(2), "it is eight in New York");
    server.clock(json!({ "advance": "PT24H" })).await;
    assert_eq!(waiting(&provider.run("{ scheduledMessageBlasts { id } }").await), Some(1), "it is eight in New York, the day after");
}
