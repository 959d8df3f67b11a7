//! Versions over their life: what a server says of the header, and when it stops serving.

use crate::server::{Server, quiet};
use healthie_mock::config::{Config, VersionPhase};
use serde_json::{Value, json};

async fn in_phase(version_phase: VersionPhase) -> Server {
    Server::start_with(Config { version_phase, ..quiet() }).await
}

/// Status and answer of the smallest query.
async fn ask(server: &Server, version: Option<&'static str>) -> (u16, Value) {
    let owner = server.role("owner");
    let owner = version.map_or(owner.clone(), |version| owner.in_version(version));
    owner.send(&json!({ "query": "{ __typename }" })).await
}

fn codes(answer: &Value) -> Vec<&str> {
    let warnings = answer["extensions"]["warnings"].as_array().map_or(&[][..], Vec::as_slice);
    warnings.iter().filter_map(|warning| warning["code"].as_str()).collect()
}

#[tokio::test]
async fn a_server_warns_of_what_ends_unless_it_is_told_otherwise() {
    let server = Server::start_with(Config::default()).await;
    let (status, answer) = ask(&server, None).await;
    assert_eq!((status, &answer["data"]["__typename"]), (200, &json!("Query")));
    assert_eq!(codes(&answer), ["MISSING_API_VERSION_HEADER", "API_VERSION_SUNSET_WARNING"]);
    assert_eq!(codes(&ask(&server, Some("2026-01-01")).await.1), ["API_VERSION_SUNSET_WARNING"]);
    assert_eq!(ask(&server, Some("2026-07-01")).await.1, json!({ "data": { "__typename": "Query" } }));
    // Documented: on every answer that it concerns, so on those with errors and on each of several.
    let batch = json!([{ "query": "{ nope }" }, { "query": "{ __typename }" }]);
    let (_, answers) = server.role("owner").send(&batch).await;
    for answer in answers.as_array().expect("an array") {
        assert_eq!(codes(answer).len(), 2, "{answer}");
    }
    assert!(answers[0]["errors"].is_array() && answers[0].get("data").is_none(), "{answers}");
}

#[tokio::test]
async fn before_the_transition_nothing_is_said_but_of_dates_that_never_were() {
    let server = in_phase(VersionPhase::Before).await;
    for version in [None, Some("2024-10-20"), Some("2026-01-01")] {
        assert_eq!(ask(&server, version).await, (200, json!({ "data": { "__typename": "Query" } })));
    }
    assert_eq!(codes(&ask(&server, Some("2024-08-01")).await.1), ["UNPUBLISHED_API_VERSION"]);
    let (status, answer) = ask(&server, Some("yesterday")).await;
    assert_eq!((status, &answer["errors"][0]["extensions"]["code"]), (400, &json!("UNSUPPORTED_API_VERSION")));
}

#[tokio::test]
async fn once_enforced_old_versions_and_missing_headers_are_refused_before_anything_else() {
    let server = in_phase(VersionPhase::Enforced).await;
    let (status, answer) = ask(&server, Some("2024-06-01")).await;
    assert_eq!((status, &answer["errors"][0]["extensions"]["minimum_supported_version"]), (400, &json!("2026-07-01")));
    assert!(answer.get("data").is_none(), "{answer}");
    let (status, answer) = server.caller("gh_sbox_default_stranger").send(&json!({ "query": "{" })).await;
    assert_eq!((status, &answer["errors"][0]["extensions"]["code"]), (400, &json!("MISSING_API_VERSION_HEADER")));
    assert_eq!(ask(&server, Some("2026-07-01")).await, (200, json!({ "data": { "__typename": "Query" } })));
}

#[tokio::test]
async fn the_phase_auto_follows_the_clock_of_the_sandbox() {
    let server = in_phase(VersionPhase::Auto).await;
    for (now, status, told) in [
        ("2026-06-30T23:59:59Z", 200, json!({ "data": { "__typename": "Query" } })),
        ("2027-01-30T23:59:59Z", 200, Value::Null),
        ("2027-01-31T00:00:00Z", 400, Value::Null),
    ] {
        server.control("POST", "/sandboxes/default/clock", Some(json!({ "freeze": now }))).await;
        let (answered, answer) = ask(&server, None).await;
        assert_eq!(answered, status, "{now}: {answer}");
        assert!(told.is_null() || told == answer, "{now}: {answer}");
        assert_eq!(codes(&answer).len(), if now.starts_with("2027-01-30") { 2 } else { 0 }, "{now}: {answer}");
    }
}

#[tokio::test]
async fn a_strict_server_takes_published_dates_only() {
    let server = Server::start_with(Config { strict: true, ..quiet() }).await;
    assert_eq!(ask(&server, Some("2024-08-01")).await.0, 400);
    assert_eq!(ask(&server, Some("2024-07-01")).await.0, 200);
}
