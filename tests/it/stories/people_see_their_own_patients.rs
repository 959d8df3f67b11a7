//! A key takes exactly its user's permissions: whose patient it is decides who sees it.

use crate::server::Server;
use serde_json::{Value, json};

#[tokio::test]
async fn a_provider_sees_own_patients_and_a_patient_sees_itself() {
    let server = Server::start().await;
    let patient = server.id("User", "patient").await;
    let query = format!("{{ user(id: \"{patient}\") {{ id }} }}");
    let seen = json!({ "user": { "id": patient } });

    for role in ["owner", "admin", "provider", "integration", "patient"] {
        assert_eq!(server.role(role).run(&query).await, seen, "{role}");
    }
    for role in ["provider2", "patient2", "outsider", "limited"] {
        assert_eq!(server.role(role).run(&query).await, json!({ "user": null }), "{role}");
    }
    assert_eq!(server.nobody().run(&query).await, json!({ "user": null }));
}

#[tokio::test]
async fn visibility_holds_through_relations_and_in_lists() {
    let server = Server::start().await;
    let patient = server.id("User", "patient").await;
    let listed = server.role("provider2").run("{ users(should_paginate: false) { id } usersCount }").await;
    let listed: Vec<&Value> = listed["users"].as_array().expect("a list").iter().map(|user| &user["id"]).collect();
    assert!(!listed.is_empty() && !listed.contains(&&json!(patient)));

    let appointments = "{ appointments(is_org: true, filter: \"all\", should_paginate: false) { id user { id } } }";
    let through = server.role("provider2").run(appointments).await.to_string();
    assert!(!through.contains(&format!("\"{patient}\"")), "{through}");
    assert!(server.role("owner").run(appointments).await.to_string().contains(&format!("\"{patient}\"")));
}

#[tokio::test]
async fn what_is_done_with_a_key_counts_as_its_users_doing() {
    let server = Server::start().await;
    let provider = server.role("provider");
    let me = provider.run("{ currentUser { id } }").await["currentUser"]["id"].clone();
    let made = provider
        .run(r#"mutation { createClient(input: { first_name: "Ivo", last_name: "Lark", skipped_email: true }) { user { dietitian_id } messages { field message } } }"#)
        .await;
    assert_eq!(made["createClient"], json!({ "user": { "dietitian_id": me }, "messages": null }));
}
