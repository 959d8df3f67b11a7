//! The control API: what a test asks of the server beside the API that it emulates.

use crate::server::{Server, quiet};
use healthie_mock::config::Config;
use serde_json::{Value, json};

#[tokio::test]
async fn health_readiness_and_the_catalog_answer_at_once() {
    let server = Server::start().await;
    let health = server.get("/health").await;
    assert_eq!((&health["status"], &health["version"]), (&json!("ok"), &json!(env!("CARGO_PKG_VERSION"))), "{health}");
    assert!(health["uptime_ms"].is_u64() && health["memory"]["resident_bytes"].as_u64() > Some(1_000_000), "{health}");
    for ring in ["requests", "commits", "deliveries", "unmatched"] {
        assert_eq!(health["rings"][ring], json!({ "bytes": 0, "dropped": 0 }), "{health}");
    }
    assert_eq!(server.get("/ready").await, json!({ "status": "ready" }));
    let events = server.get("/events").await;
    assert_eq!(events["events"].as_array().map(Vec::len), Some(185));
}

#[tokio::test]
async fn errors_say_what_to_do() {
    let server = Server::start().await;
    let too_long = format!("/sandboxes/{}/clock", "a".repeat(64));
    for (method, path, body, status, code, hint) in [
        ("GET", "/sandboxes/Bad_Name", "", 400, "bad_name", "1 to 63 of a-z, 0-9 and -"),
        ("GET", &too_long, "", 400, "bad_name", "1 to 63"),
        ("PUT", "/sandboxes/Not%20A%20Name", "", 400, "bad_name", "1 to 63"),
        ("GET", "/sandboxes/%ff/requests", "", 400, "bad_name", "1 to 63"),
        ("GET", "/nothing", "", 404, "not_found", "below /_mock"),
        ("DELETE", "/health", "", 405, "method_not_allowed", "does not take DELETE"),
        ("GET", "/sandboxes/default/deliveries?wait=soon", "", 400, "bad_request", "write it as 5s or PT5S"),
        ("GET", "/sandboxes/default/deliveries?wait=-5s", "", 400, "bad_request", "write it as 5s or PT5S"),
        ("GET", "/sandboxes/default/deliveries?colour=red", "", 400, "bad_request", "event_type"),
        ("GET", "/sandboxes/default/deliveries?status=lost", "", 400, "bad_request", "delivered"),
        ("GET", "/sandboxes/default/deliveries?count=99999999999999999999", "", 400, "bad_request", "count"),
        ("GET", "/sandboxes/default/settled?commit=x", "", 400, "bad_request", "Mock-Commit"),
        ("DELETE", "/sandboxes/default", "", 409, "default_sandbox", "reset it instead"),
        ("DELETE", "/sandboxes/nobody", "", 404, "not_found", "GET /_mock/sandboxes"),
        ("POST", "/sandboxes", r#"{"name": "default"}"#, 409, "taken", "PUT /_mock/sandboxes/default"),
        ("POST", "/sandboxes", r#"{"seed": "hospital"}"#, 400, "unknown_seed", "there are clinic"),
        ("POST", "/sandboxes", r#"{"from": "nobody"}"#, 404, "not_found", "GET /_mock/sandboxes"),
        ("POST", "/sandboxes", r#"{"nmae": "x"}"#, 400, "bad_body", "nmae"),
        ("POST", "/sandboxes", "[", 400, "bad_body", "not as expected"),
        ("POST", "/sandboxes", r#"{"from": "default", "seed": "clinic"}"#, 400, "bad_request", "one of seed and from"),
        ("POST", "/sandboxes", r#"{"clock": {"freez": "x"}}"#, 400, "bad_body", "or the time alone"),
        ("PUT", "/sandboxes/far", r#"{"name": "near"}"#, 400, "bad_request", "leave the latter out"),
        ("PUT", "/sandboxes/far", r#"{"clock": "9999-12-30T22:00:00Z"}"#, 400, "bad_time", "the years 1 to 8999"),
        ("PUT", "/sandboxes/far", r#"{"clock": {"freeze": "9999-12-30T22:00:00Z"}}"#, 400, "bad_time", "the years 1 to 8999"),
        ("POST", "/sandboxes/default/clock", r#"{"freeze": "9999-12-30T22:00:00Z"}"#, 400, "bad_time", "the years 1 to 8999"),
        ("POST", "/sandboxes/default/clock", r#"{"freeze": "noon"}"#, 400, "bad_request", "write it as 2026-03-02T15:00:00Z"),
        ("POST", "/sandboxes/default/clock", "{}", 400, "bad_request", "resume"),
        ("POST", "/sandboxes/default/clock", "\"noon\"", 400, "bad_body", "expected an object at line 1"),
        ("POST", "/sandboxes/default/clock", r#"{"advance": "soon"}"#, 400, "bad_duration", "write it as 5s, PT72H or P3D"),
        ("POST", "/sandboxes/default/clock", r#"{"advance": "-5s"}"#, 400, "bad_duration", "write it as 5s, PT72H or P3D"),
        ("POST", "/sandboxes/default/clock", r#"{"advance": "P9000Y"}"#, 400, "bad_time", "the years 1 to 8999"),
        ("POST", "/sandboxes/default/clock", r#"{"advance": "1h", "resume": true}"#, 400, "bad_request", "say one of"),
    ] {
        let request = server.request(method.parse().expect("a method"), &format!("/_mock{path}")).body(body);
        let response = request.send().await.expect("the server is up");
        assert_eq!(response.status(), status, "{method} {path} {body}");
        let error = response.json::<Value>().await.expect("JSON")["error"].clone();
        assert_eq!(error["code"], code, "{method} {path} {body}: {error}");
        assert!(error["message"].as_str().unwrap_or_default().contains(hint), "{method} {path} {body}: {error}");
    }
}

#[tokio::test]
async fn a_clock_is_frozen_and_runs_on() {
    let server = Server::start().await;
    let clock = "/sandboxes/default/clock";
    let (_, frozen) = server.control("POST", clock, Some(json!({ "freeze": "2030-05-06T07:08:09Z" }))).await;
    assert_eq!(frozen, json!({ "now": "2030-05-06T07:08:09Z", "frozen": true, "effects": [] }));
    assert_eq!(server.get(clock).await, frozen);
    let made = server.role("owner").run(r#"mutation { createTag(input: { name: "then" }) { tag { created_at } } }"#).await;
    assert_eq!(made["createTag"]["tag"]["created_at"], "2030-05-06 03:08:09 -0400");
    let (_, back) = server.control("POST", clock, Some(json!({ "freeze": "2020-01-01T00:00:00Z" }))).await;
    assert_eq!(back["now"], "2020-01-01T00:00:00Z", "it may be set back");
    let (_, running) = server.control("POST", clock, Some(json!({ "resume": true }))).await;
    assert!(running["frozen"] == false && running["now"].as_str().unwrap_or_default().starts_with("2020-01-01T00:"), "{running}");
}

#[tokio::test]
async fn the_request_log_names_what_had_no_effect() {
    let server = Server::start().await;
    let owner = server.role("owner");
    let add = "mutation Add { createClient(input: { first_name: \"Una\", last_name: \"Moss\", skipped_email: true, dont_send_welcome: true, exclude_from_everything: true }) { user { id } } }";
    let refused = owner.answer(add, json!({})).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "argumentNotAccepted", "{refused}");
    owner.run("query List { appointments(filter: \"all\", colorSchemeId: \"1\", filter_by_invoices: true) { id } }").await;
    let me = owner.run("query Who { currentUser { id } }").await;
    let log = server.get("/sandboxes/default/requests").await;
    let entry = |operation: &str| log["requests"].as_array().into_iter().flatten().find(|entry| entry["operation"] == operation).cloned();
    let who = entry("Who").expect("logged");
    assert_eq!((&who["root_fields"], &who["status"]), (&json!(["currentUser"]), &json!(200)), "{who}");
    assert_eq!((&who["key"], &who["user_id"]), (&json!("gh_sbox_default_owner"), &me["currentUser"]["id"]), "{who}");
    assert!(who["duration_us"].is_u64() && who["id"].is_string() && who["at"].is_string(), "{who}");
    assert_eq!(
        entry("List").expect("logged")["without_effect"],
        json!(["appointments.colorSchemeId", "appointments.filter_by_invoices"]),
        "neither defaults nor what works"
    );
}

#[tokio::test]
async fn the_request_log_names_the_texts_that_are_our_assumption_and_an_event_that_never_fires() {
    let server = Server::start().await;
    let owner = server.role("owner");
    let create = |url: &str, event: &str| {
        let input = format!("{{ url: \"{url}\", webhook_events: [{{ event_type: \"{event}\" }}] }}");
        format!("mutation {{ createWebhook(input: {input}) {{ webhook {{ id }} messages {{ field message }} }} }}")
    };
    owner.run(&create("hooks", "patient.created")).await;
    owner.run(&create("", "patient.created")).await;
    owner.run(&create("https://hooks.example", "conversation_membership.updated")).await;
    let log = server.get("/sandboxes/default/requests").await;
    let noted = |at: usize, what: &str| log["requests"][at][what].clone();
    assert_eq!(noted(0, "assumed"), json!(["createWebhook.messages.url: is invalid"]), "{log}");
    assert_eq!(noted(1, "assumed"), json!([]), "observed elsewhere: {log}");
    let never = "createWebhook.input.webhook_events.event_type: conversation_membership.updated";
    assert_eq!(noted(2, "without_effect"), json!([never]), "{log}");
}

#[tokio::test]
async fn under_strict_what_has_no_effect_is_an_error_and_changes_nothing() {
    let server = Server::start_with(Config { strict: true, ..quiet() }).await;
    let owner = server.role("owner");
    let asked = owner.answer("{ currentUser { id } appointments(colorSchemeId: \"1\") { id } }", json!({})).await;
    assert_eq!(asked["errors"][0]["extensions"]["code"], "WITHOUT_EFFECT", "{asked}");
    assert_eq!(asked["errors"][0]["message"], "appointments.colorSchemeId is accepted by healthie-mock but has no effect");
    assert!(asked["data"]["currentUser"]["id"].is_string() && asked["data"]["appointments"].is_null(), "beside what works: {asked}");
    let make = |more: &str| {
        format!("mutation {{ createAppointmentType(input: {{ name: \"Call\", length: 10{more} }}) {{ appointmentType {{ id }} }} }}")
    };
    let told = owner.answer(&make(", specific_groups: true"), json!({})).await;
    assert_eq!(told["errors"][0]["message"], "createAppointmentType.input.specific_groups is accepted by healthie-mock but has no effect");
    assert_eq!(server.get("/sandboxes/default/commits").await["commits"], json!([]), "{told}");
    let quiet = owner.answer(&make(""), json!({})).await;
    assert!(quiet["data"]["createAppointmentType"]["appointmentType"]["id"].is_string(), "{quiet}");
}

#[tokio::test]
async fn commits_tell_who_changed_what_and_what_it_announced() {
    let server = Server::start().await;
    let owner = server.role("owner");
    owner.run(r#"mutation { createLocation(input: { name: "Main office" }) { location { id } } }"#).await;
    let commits = server.get("/sandboxes/default/commits").await;
    let commit = &commits["commits"][0];
    assert_eq!((&commit["number"], &commit["cause"]), (&json!(1), &json!("createLocation")));
    assert_eq!(commit["actor"], owner.run("{ currentUser { id } }").await["currentUser"]["id"]);
    assert_eq!((&commit["changes"][0]["type"], &commit["changes"][0]["change"]), (&json!("Location"), &json!("created")));
    assert_eq!(commit["events"][0]["event_type"], "location.created");
}

#[tokio::test]
async fn with_a_token_the_control_api_is_for_those_who_know_it() {
    let server = Server::start_with(Config { admin_token: Some("s3cret".to_owned()), ..quiet() }).await;
    for path in ["/ready", "/sandboxes", "/sandboxes/default/clock"] {
        let ask = |token: Option<&str>| {
            let request = server.request(reqwest::Method::GET, &format!("/_mock{path}"));
            if let Some(token) = token { request.header("Authorization", token) } else { request }.send()
        };
        for token in [None, Some("Bearer s3cre"), Some("Basic s3cret"), Some("s3cret")] {
            let refused = ask(token).await.expect("up");
            assert_eq!(refused.status(), 401, "{path} {token:?}");
            let body: Value = refused.json().await.expect("JSON");
            assert_eq!(body["error"]["code"], "no_admin_token");
        }
        let status = ask(Some("bearer s3cret")).await.expect("up").status();
        assert_eq!(status, 200, "{path}");
    }
    // The API itself has keys of its own.
    assert!(server.role("owner").run("{ currentUser { id } }").await["currentUser"]["id"].is_string());
}
