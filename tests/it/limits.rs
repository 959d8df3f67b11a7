//! How much, and how often: what the sandbox refuses, and what a test may have it refuse.

use crate::server::Server;
use serde_json::{Value, json};

#[tokio::test]
async fn a_document_that_asks_too_much_or_too_deep_is_refused_whole() {
    let server = Server::start().await;
    let newest = server.role("owner").in_version("2026-01-01");
    let rows = "id first_name last_name email phone_number dob gender timezone active created_at updated_at";
    let deep = (0..12).fold("id".to_owned(), |below, _| format!("dietitian {{ organization {{ owner {{ {below} }} }} }}"));
    let both = format!(
        "{{ currentUser {{ {deep} }} users {{ nodes {{ {rows} locations {{ {rows_of_location} }} }} }} }}",
        rows_of_location = "id name line1 line2 city state zip country cursor"
    );
    let answer = newest.answer(&both.replace(" cursor", ""), json!({})).await;
    assert_eq!(
        answer,
        json!({ "errors": [
        { "message": "Query has depth of 38, which exceeds max depth of 25" },
        { "message": "Query has complexity of 2040, which exceeds max complexity of 2000" },
    ] })
    );
    // A smaller page is cheaper.
    let page = format!(
        "query Page($size: Int) {{ users(first: $size) {{ nodes {{ {rows} {rows_again} }} }} }}",
        rows_again = "a: id b: id c: id d: id e: id f: id g: id h: id i: id j: id"
    );
    let answer = newest.answer(&page, json!({ "size": 90 })).await;
    assert!(answer["data"]["users"]["nodes"].is_array(), "{answer}");
    let answer = newest.answer(&page, json!({ "size": 100 })).await;
    assert_eq!(answer["errors"][0]["message"], "Query has complexity of 2102, which exceeds max complexity of 2000");
}

async fn set(server: &Server, settings: Value) -> (u16, Value) {
    server.control("PATCH", "/sandboxes/default/settings", Some(settings)).await
}

#[tokio::test]
async fn a_sandbox_limits_the_rate_when_it_is_told_to() {
    let server = Server::start().await;
    let limit = json!({ "rate_limit": { "per_second": 0, "burst": 2, "lockout": "30m" } });
    server.control("POST", "/sandboxes/default/clock", Some(json!({ "freeze": "2026-03-02T15:00:00Z" }))).await;
    let (status, settings) = set(&server, limit).await;
    assert_eq!((status, &settings["rate_limit"]["burst"]), (200, &json!(2)));
    let owner = server.role("owner");
    owner.run("{ __typename }").await;
    owner.run("{ __typename }").await;
    let refused =
        json!({ "errors": [{ "message": "Too many requests. Please try again later.", "extensions": { "code": "TOO_MANY_REQUESTS" } }] });
    assert_eq!(owner.send(&json!({ "query": "{ __typename }" })).await, (200, refused));
    server.role("provider").run("{ __typename }").await;
    let logged = server.get("/sandboxes/default/requests").await;
    assert_eq!(logged["requests"][2]["errors"], json!(["Too many requests. Please try again later."]));

    server.control("POST", "/sandboxes/default/clock", Some(json!({ "freeze": "2026-03-02T15:30:00Z" }))).await;
    owner.run("{ __typename }").await;
    set(&server, json!({ "rate_limit": "off" })).await;
    for _ in 0..5 {
        owner.run("{ __typename }").await;
    }
}

#[tokio::test]
async fn a_lockout_may_speak_http() {
    let server = Server::start().await;
    set(&server, json!({ "rate_limit": { "per_second": 0.5, "burst": 1, "status": 429 } })).await;
    let call = || server.request(reqwest::Method::POST, "/graphql").json(&json!({ "query": "{ __typename }" })).send();
    assert_eq!(call().await.expect("up").status(), 200);
    let refused = call().await.expect("up");
    assert_eq!((refused.status().as_u16(), refused.headers()["retry-after"].to_str().expect("text")), (429, "2"));
}

#[tokio::test]
async fn sign_ins_can_be_limited_on_their_own() {
    let server = Server::start().await;
    set(&server, json!({ "rate_limit": { "sign_ins_per_minute": 1 } })).await;
    let sign_in = json!({ "query": "mutation { signIn(input: { email: \"nobody@clinic.example\", password: \"x\" }) { user { id } } }" });
    let (_, first) = server.nobody().send(&sign_in).await;
    assert!(first["data"]["signIn"].is_object(), "{first}");
    let (_, second) = server.nobody().send(&sign_in).await;
    assert_eq!(second["errors"][0]["extensions"]["code"], "TOO_MANY_REQUESTS");
    server.nobody().run("{ __typename }").await;
}

#[tokio::test]
async fn settings_show_what_they_are_and_refuse_what_they_cannot_be() {
    let server = Server::start().await;
    let before = server.get("/sandboxes/default/settings").await;
    assert_eq!((&before["bad_key_status"], &before["rate_limit"]), (&json!(401), &json!("off")));
    for bad in
        [json!({ "bad_key_status": 500 }), json!({ "rate_limit": { "burst": 0 } }), json!({ "rate_limit": "on" }), json!({ "nonsense": 1 })]
    {
        let (status, refused) = set(&server, bad.clone()).await;
        assert_eq!((status, &refused["error"]["code"]), (400, &json!("bad_setting")), "{bad}");
    }
    assert_eq!(server.get("/sandboxes/default/settings").await, before);
    set(&server, json!({ "bad_key_status": 200 })).await;
    let (status, answer) = server.caller("gh_sbox_default_stranger").send(&json!({ "query": "{ __typename }" })).await;
    assert_eq!((status, answer), (200, json!({ "errors": [{ "message": "API Key is Invalid" }] })));
}
