//! The key is the world: a test isolates itself by choosing one.

use crate::server::Server;
use serde_json::{Value, json};

const MAKE: &str = r#"mutation { createClient(input: { first_name: "Only", last_name: "Here", skipped_email: true }) { user { id } } }"#;
const FIND: &str = r#"{ users(keywords: "Only Here") { last_name } }"#;

#[tokio::test]
async fn another_sandbox_works_at_once_and_sees_none_of_it() {
    let server = Server::start().await;
    server.role("owner").run(MAKE).await;
    assert_eq!(server.role("owner").run(FIND).await, json!({ "users": [{ "last_name": "Here" }] }));

    let other = server.caller("gh_sbox_other_owner");
    assert_eq!(other.run(FIND).await, json!({ "users": [] }));
    let seeded = "{ usersCount currentUser { id email } }";
    let (here, there) = (server.role("owner").run(seeded).await, other.run(seeded).await);
    assert_eq!(here["currentUser"], there["currentUser"], "both are the seeded owner");
}

#[tokio::test]
async fn a_reset_forgets() {
    let server = Server::start().await;
    let made = server.role("owner").run(MAKE).await;
    let (status, _) = server.control("POST", "/sandboxes/default/reset", None).await;
    assert_eq!(status, 200);
    assert_eq!(server.role("owner").run(FIND).await, json!({ "users": [] }));
    assert_eq!(server.role("owner").run(MAKE).await, made, "ids start again");
}

#[tokio::test]
async fn calls_without_a_key_are_pinned_to_a_sandbox() {
    let server = Server::start().await;
    let query = json!({ "query": "{ appointmentTypes { name } }" });
    for request in [
        server.request(reqwest::Method::POST, "/s/booking/graphql"),
        server.request(reqwest::Method::POST, "/graphql").header("Mock-Sandbox", "widget"),
    ] {
        let answer: Value = request.json(&query).send().await.expect("up").json().await.expect("JSON");
        assert!(answer["errors"].is_null(), "{answer}");
    }
    let known = server.get("/sandboxes").await.to_string();
    assert!(known.contains("\"booking\"") && known.contains("\"widget\""), "{known}");
}

#[tokio::test]
async fn a_made_key_belongs_to_its_sandbox_and_a_fork_has_its_own_form() {
    let server = Server::start().await;
    let other = server.caller("gh_sbox_forked-from_owner");
    let me = other.run("{ currentUser { id } }").await["currentUser"]["id"].clone();
    let made = other
        .answer(
            "mutation ($id: ID) { createApiKey(input: { name: \"x\", user_id: $id }) { api_key messages { message } } }",
            json!({ "id": me }),
        )
        .await;
    let key = made["data"]["createApiKey"]["api_key"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned();
    let (prefix, secret) = key.rsplit_once('_').expect("three parts");
    assert_eq!((prefix, secret.len()), ("gh_sbox_forked-from", 64));
    assert_eq!(server.caller(&key).run("{ currentUser { id } }").await["currentUser"]["id"], me);

    let (status, fork) = server.control("POST", "/sandboxes", Some(json!({ "name": "fork", "from": "forked-from" }))).await;
    assert!((200..300).contains(&status), "{fork}");
    let forked = server.caller(&format!("gh_sbox_fork_{secret}"));
    assert_eq!(forked.run("{ currentUser { id } }").await["currentUser"]["id"], me);
}
