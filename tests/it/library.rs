//! The library as a test in Rust uses it: a server in process, a sandbox for each test.

use crate::server::quiet;
use healthie_mock::{
    Mock, Role, Sandbox,
    config::{Config, WebhookFlag},
    mock::NotDelivered,
};
use serde_json::{Value, json};
use std::time::Duration;

/// A server whose sandboxes all have a webhook that nobody answers.
async fn mock() -> Mock {
    let webhooks = vec![WebhookFlag { url: "http://127.0.0.1:9/hook".to_owned(), events: vec![] }];
    Mock::start_with(Config { webhooks, ..quiet() }).await.expect("a free port and the built-in seed")
}

/// Asks as somebody would who knows nothing but the address and the key.
async fn ask(clinic: &Sandbox, role: Role, query: &str) -> Value {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let http = reqwest::Client::builder().no_proxy().build().expect("no TLS to set up");
    let request = http.post(clinic.url()).header("Authorization", format!("Basic {}", clinic.key(role))).json(&json!({ "query": query }));
    let answer: Value = request.send().await.expect("the server is up").json().await.expect("JSON");
    assert!(answer.get("errors").is_none(), "{answer}");
    answer["data"].clone()
}

const PATIENT: &str =
    r#"mutation { createClient(input: {first_name: "Ada", last_name: "Lund", email: "ada.lund@example.org"}) { user { id } } }"#;

#[tokio::test]
async fn sandboxes_of_one_server_know_nothing_of_each_other() {
    let mock = mock().await;
    let (one, other) = (mock.sandbox().await.expect("made"), mock.sandbox().await.expect("made"));
    let made = ask(&one, Role::Owner, PATIENT).await;
    let id = made["createClient"]["user"]["id"].as_str().expect("an id");
    let query = format!(r#"{{ user(id: "{id}") {{ first_name }} }}"#);
    assert_eq!(ask(&one, Role::Owner, &query).await, json!({ "user": { "first_name": "Ada" } }));
    assert_eq!(ask(&other, Role::Owner, &query).await, json!({ "user": null }));
    let fork = one.fork().await.expect("made");
    one.reset().await.expect("it is there");
    assert_eq!(ask(&one, Role::Owner, &query).await, json!({ "user": null }));
    assert_eq!(ask(&fork, Role::Owner, &query).await, json!({ "user": { "first_name": "Ada" } }));
    assert_eq!(one.id("User", "patient"), other.id("User", "patient"));
    assert!(one.id("User", "patient").is_some() && one.id("User", "nobody").is_none() && one.key_of("nobody").is_none());
}

#[tokio::test]
async fn a_delivery_is_waited_for_and_one_that_does_not_come_is_told_with_what_did() {
    let mock = mock().await;
    let clinic = mock.sandbox().await.expect("made");
    let made = ask(&clinic, Role::Owner, PATIENT).await;
    let id = made["createClient"]["user"]["id"].as_str().expect("an id");
    let delivery = clinic.deliveries().event("patient.created").resource(id).one().await.expect("it was made");
    assert_eq!(
        &*delivery.body,
        format!(r#"{{"resource_id":{id},"resource_id_type":"User","event_type":"patient.created","changed_fields":[]}}"#)
    );
    let missing = clinic.deliveries().event("patient.updated").resource(id).within(Duration::ZERO).one().await.expect_err("none");
    assert!(matches!(&missing, NotDelivered::TooFew { wanted: 1, found: 0, nearest, .. } if !nearest.is_empty()));
    let told = missing.to_string();
    let expected = format!(
        "0 of 1 deliveries that are of event patient.updated, about {id}; the nearest: patient.created of {id} (event_type is patient.created, not patient.updated)"
    );
    assert!(told.starts_with(&expected), "{told}");
}

#[tokio::test]
async fn its_clock_stands_moves_and_runs_on() {
    let mock = mock().await;
    let clinic = mock.sandbox().await.expect("made");
    let noon = "2027-01-04T12:00:00Z".parse().expect("a time");
    clinic.freeze(noon).await.expect("within the calendar");
    clinic.advance("PT72H").await.expect("forward");
    assert_eq!(clinic.now().expect("there").to_string(), "2027-01-07T12:00:00Z");
    let refused = clinic.advance("soon").await.err().expect("no duration");
    assert_eq!(refused.to_string(), r#""soon" is no duration to move on by; write it as 5s, PT72H or P3D"#);
    clinic.resume().await.expect("there");
    assert!(clinic.now().expect("there") > "2027-01-07T12:00:00Z".parse().expect("a time"));
}

#[tokio::test]
async fn a_sandbox_goes_when_it_is_dropped() {
    let mock = mock().await;
    let clinic = mock.sandbox().await.expect("made");
    let (name, url) = (clinic.name().to_owned(), format!("{}/_mock/sandboxes", mock.url));
    let names = async || -> Vec<Value> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().no_proxy().build().expect("no TLS to set up");
        let all: Value = http.get(&url).send().await.expect("up").json().await.expect("JSON");
        all["sandboxes"].as_array().expect("a list").iter().map(|sandbox| sandbox["id"].clone()).collect()
    };
    assert!(names().await.contains(&json!(name)));
    drop(clinic);
    let gone = async {
        while names().await.contains(&json!(name)) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), gone).await.expect("it is deleted in the background");
}
