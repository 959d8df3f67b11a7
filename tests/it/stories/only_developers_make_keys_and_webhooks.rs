//! `is_developer` is what lets a member make keys and webhooks.

use crate::server::Server;
use serde_json::{Value, json};

#[tokio::test]
async fn a_member_without_developer_access_is_refused_a_key_and_a_webhook() {
    let server = Server::start().await;
    let limited = server.role("limited");
    let id = limited.run("{ currentUser { id } }").await["currentUser"]["id"].as_str().expect("a member").to_owned();

    let answer = limited
        .run(&format!(
            r#"mutation {{
                createApiKey(input: {{ name: "Mine", user_id: "{id}" }}) {{ api_key api_key_object {{ id }} messages {{ field message }} }}
                createWebhook(input: {{ url: "https://partner.example/hook", event_type: "patient.created" }}) {{ webhook {{ id }} messages {{ field message }} }}
            }}"#
        ))
        .await;
    assert_eq!(
        answer["createApiKey"],
        json!({ "api_key": null, "api_key_object": null, "messages": [{ "field": "base", "message": "You do not have permission to create this api key." }] })
    );
    assert_eq!(answer["createWebhook"]["webhook"], Value::Null);
    assert_eq!(answer["createWebhook"]["messages"][0]["field"], "base");
    assert_eq!(limited.run("{ webhooks { id } apiKeys { id } }").await, json!({ "webhooks": [], "apiKeys": [] }));
}

#[tokio::test]
async fn an_owner_makes_a_member_a_developer_who_then_makes_a_key() {
    let server = Server::start().await;
    let (owner, limited) = (server.role("owner"), server.role("limited"));
    let me = limited.run("{ currentUser { id organization_membership { id is_developer } } }").await;
    let me = &me["currentUser"];
    assert_eq!(me["organization_membership"]["is_developer"], false);

    let given = owner
        .answer(
            "mutation ($id: ID) { updateOrganizationMembership(input: { id: $id, is_developer: true }) { messages { message } } }",
            json!({ "id": me["organization_membership"]["id"] }),
        )
        .await;
    assert_eq!(given["data"]["updateOrganizationMembership"]["messages"], Value::Null, "{given}");

    let made = limited
        .answer(
            "mutation ($id: ID) { createApiKey(input: { name: \"CI\", user_id: $id }) { api_key api_key_object { name displayable_key } messages { message } } }",
            json!({ "id": me["id"] }),
        )
        .await;
    let key = made["data"]["createApiKey"]["api_key"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned();
    assert!(key.starts_with("gh_sbox_") && key.len() == 72, "{key}");
    let by_key = server.caller(&key).run("{ currentUser { id } apiKeys { name displayable_key } }").await;
    assert_eq!(by_key["currentUser"]["id"], me["id"]);
    let shown = by_key["apiKeys"].as_array().expect("a list").iter().find(|shown| shown["name"] == "CI").expect("the new one");
    assert_ne!(shown["displayable_key"], json!(key), "a key is shown once");
}
