//! Keys: every header form, bad ones, deleted ones, and those of members who were made inactive.

use crate::server::Server;
use serde_json::{Value, json};

#[tokio::test]
async fn every_header_form_is_taken() {
    let server = Server::start().await;
    let owner = server.role("owner").run("{ currentUser { id } }").await;
    for header in ["Basic gh_sbox_default_owner", "Bearer gh_sbox_default_owner", "basic gh_sbox_default_owner", "gh_sbox_default_owner"] {
        let request =
            server.request(reqwest::Method::POST, "/graphql").header("authorization", header).header("authorizationsource", "API");
        let answer: Value =
            request.json(&json!({ "query": "{ currentUser { id } }" })).send().await.expect("up").json().await.expect("JSON");
        assert_eq!(answer["data"], owner, "{header}");
    }
}

#[tokio::test]
async fn a_bad_key_is_told_so() {
    let server = Server::start().await;
    for key in ["gh_sbox_default_ownr", "gh_live_abc", "junk", ""] {
        let (status, answer) = server.caller(key).send(&json!({ "query": "{ currentUser { id } }" })).await;
        assert_eq!((status, answer), (401, json!({ "errors": [{ "message": "API Key is Invalid" }] })), "{key:?}");
    }
    let unmatched = server.get("/requests").await.to_string();
    assert!(unmatched.contains("gh_sbox_default_ownr: no role 'ownr'"), "{unmatched}");
}

#[tokio::test]
async fn a_deleted_key_stops_working() {
    let server = Server::start().await;
    let owner = server.role("owner");
    let me = owner.run("{ currentUser { id } }").await["currentUser"]["id"].clone();
    let made = owner
        .answer(
            "mutation ($id: ID) { createApiKey(input: { name: \"x\", user_id: $id }) { api_key api_key_object { id } } }",
            json!({ "id": me }),
        )
        .await;
    let made = &made["data"]["createApiKey"];
    let key = made["api_key"].as_str().expect("shown once").to_owned();
    assert_eq!(server.caller(&key).run("{ currentUser { id } }").await["currentUser"]["id"], me);
    owner
        .answer(
            "mutation ($id: ID!) { deleteApiKey(input: { id: $id }) { messages { message } } }",
            json!({ "id": made["api_key_object"]["id"] }),
        )
        .await;
    let (status, _) = server.caller(&key).send(&json!({ "query": "{ currentUser { id } }" })).await;
    assert_eq!(status, 401);
}

#[tokio::test]
async fn the_key_of_a_deactivated_member_stops_working() {
    let server = Server::start().await;
    let me = server.role("limited").run("{ currentUser { organization_membership { id } } }").await;
    let answer = server
        .role("owner")
        .answer(
            "mutation ($id: ID) { updateOrganizationMembership(input: { id: $id, active: false, bypass_api_key_warning: true }) { messages { field message } } }",
            json!({ "id": me["currentUser"]["organization_membership"]["id"] }),
        )
        .await;
    assert_eq!(answer["data"]["updateOrganizationMembership"]["messages"], Value::Null, "{answer}");
    let (status, _) = server.role("limited").send(&json!({ "query": "{ currentUser { id } }" })).await;
    assert_eq!(status, 401);
}

#[tokio::test]
async fn without_a_key_public_fields_answer_and_the_rest_is_empty() {
    let server = Server::start().await;
    let ty = server.id("AppointmentType", "initial").await;
    let answer = server.nobody().run(&format!("{{ currentUser {{ id }} users {{ id }} appointmentType(id: \"{ty}\") {{ name }} }}")).await;
    assert_eq!(answer, json!({ "currentUser": null, "users": [], "appointmentType": { "name": "Initial Consultation" } }));
    let refused = server.nobody().run(r#"mutation { createTag(input: { name: "x" }) { tag { id } messages { field } } }"#).await;
    assert_eq!(refused, json!({ "createTag": { "tag": null, "messages": [{ "field": "base" }] } }));
}
