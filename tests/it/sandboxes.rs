//! Sandboxes by the control API and by the keys that make them.

use crate::server::{Server, quiet};
use healthie_mock::config::{Config, Ids};
use serde_json::{Value, json};

const PLACES: &str = "{ locations { id name } }";

#[tokio::test]
async fn a_sandbox_is_made_forked_listed_and_deleted() {
    let server = Server::start().await;
    let (status, made) = server.control("POST", "/sandboxes", Some(json!({ "name": "mine" }))).await;
    assert_eq!(status, 201, "{made}");
    assert_eq!((&made["id"], &made["seed"]), (&json!("mine"), &json!("clinic")));
    let owner = &made["keys"]["owner"];
    assert_eq!((&owner["key"], &owner["email"]), (&json!("gh_sbox_mine_owner"), &json!("owner@clinic.example")), "{made}");
    assert_eq!((&owner["password"], &owner["user_id"]), (&json!("Sandbox-pass-1"), &made["records"]["User"]["owner"]), "{made}");

    let mine = server.caller("gh_sbox_mine_owner");
    mine.run(r#"mutation { createLocation(input: { name: "Annex" }) { location { id } } }"#).await;
    let (status, fork) = server.control("POST", "/sandboxes", Some(json!({ "name": "copy", "from": "mine" }))).await;
    assert_eq!((status, &fork["keys"]["owner"]["key"]), (201, &json!("gh_sbox_copy_owner")), "{fork}");
    let copied = server.caller("gh_sbox_copy_owner").run(PLACES).await;
    assert!(copied.to_string().contains("Annex"), "{copied}");
    assert_eq!(copied, mine.run(PLACES).await);

    let (_, unnamed) = server.control("POST", "/sandboxes", None).await;
    assert!(unnamed["id"].as_str().unwrap_or_default().starts_with("sandbox-"), "{unnamed}");
    assert_eq!(server.control("DELETE", "/sandboxes/mine", None).await.0, 200);
    let listed = server.get("/sandboxes").await;
    let names: Vec<&Value> = listed["sandboxes"].as_array().into_iter().flatten().map(|sandbox| &sandbox["id"]).collect();
    assert_eq!(names, [&json!("copy"), &json!("default"), &unnamed["id"]]);
}

#[tokio::test]
async fn a_put_makes_a_sandbox_fresh_and_starts_its_clock() {
    let server = Server::start().await;
    let frozen = json!({ "clock": { "freeze": "2026-03-02T15:00:00Z" } });
    for _ in 0..2 {
        let (status, fresh) = server.control("PUT", "/sandboxes/mine", Some(frozen.clone())).await;
        assert_eq!((status, &fresh["now"]), (200, &json!("2026-03-02T15:00:00Z")), "{fresh}");
        let owner = server.caller("gh_sbox_mine_owner");
        let made = owner.run(r#"mutation { createTag(input: { name: "once" }) { tag { id } messages { message } } }"#).await;
        assert_eq!(made["createTag"]["messages"], Value::Null, "{made}");
    }
}

#[tokio::test]
async fn a_reset_takes_clock_webhooks_and_logs_back_too() {
    let server = Server::start().await;
    server.control("POST", "/sandboxes/default/clock", Some(json!({ "freeze": "2030-01-01T00:00:00Z" }))).await;
    let owner = server.role("owner");
    let webhook = r#"mutation { createWebhook(input: { url: "http://127.0.0.1:9/", event_type: "location.created" }) { webhook { id } } }"#;
    assert!(owner.run(webhook).await["createWebhook"]["webhook"]["id"].is_string());
    let (status, fresh) = server.control("POST", "/sandboxes/default/reset", None).await;
    assert_eq!((status, &fresh["id"]), (200, &json!("default")));
    assert_eq!(server.get("/sandboxes/default/clock").await["frozen"], false);
    for log in ["requests", "commits", "deliveries"] {
        assert_eq!(server.get(&format!("/sandboxes/default/{log}")).await[log], json!([]), "{log}");
    }
    assert_eq!(owner.run("{ webhooks { id } }").await, json!({ "webhooks": [] }));
}

#[tokio::test]
async fn every_sandbox_starts_where_the_flag_stops_the_clock() {
    let now = Some("2026-03-02T15:00:00Z".parse().expect("a time"));
    let server = Server::start_with(Config { now, ..quiet() }).await;
    for name in ["default", "another"] {
        let clock = server.get(&format!("/sandboxes/{name}/clock")).await;
        assert_eq!((&clock["now"], &clock["frozen"]), (&json!("2026-03-02T15:00:00Z"), &json!(true)), "{name}");
    }
}

#[tokio::test]
async fn the_first_use_of_a_roles_key_makes_its_sandbox() {
    let server = Server::start().await;
    let me = server.caller("gh_sbox_vitest-3_patient").run("{ currentUser { email } }").await;
    assert_eq!(me["currentUser"]["email"], "patient@clinic.example");
    let log = server.get("/sandboxes/vitest-3/requests").await;
    assert_eq!((&log["requests"][0]["key"], &log["requests"][0]["status"]), (&json!("gh_sbox_vitest-3_patient"), &json!(200)));
    assert_eq!(server.get("/sandboxes/default/requests").await["requests"], json!([]));
}

#[tokio::test]
async fn calls_that_match_no_sandbox_are_remembered_with_the_reason() {
    let server = Server::start().await;
    for key in ["gh_sbox_vitest_3_ownr", "gh_sbox_vitest_3_owner", "gh_live_secretsecret"] {
        assert_eq!(server.caller(key).send(&json!({ "query": "{ currentUser { id } }" })).await.0, 401);
    }
    for (path, header) in [("/s/%ff/graphql", "x"), ("/graphql", "No Name")] {
        let pinned = server.request(reqwest::Method::POST, path).header("Mock-Sandbox", header).body("{}").send().await.expect("up");
        assert_eq!(pinned.status(), 400, "{path}");
        let answer: Value = pinned.json().await.expect("JSON");
        assert!(answer["errors"][0]["message"].as_str().unwrap_or_default().contains("is no name for a sandbox"), "{answer}");
    }
    let unmatched = server.get("/requests").await;
    let reasons: Vec<_> = unmatched["requests"].as_array().into_iter().flatten().filter_map(|call| call["reason"].as_str()).collect();
    assert_eq!(reasons[0], "gh_sbox_vitest_3_ownr: no role 'ownr'");
    assert!(reasons[1].contains("no name for a sandbox"), "{}", reasons[1]);
    assert_eq!(reasons[2], "gh_live_…: keys start with gh_sbox_");
    assert!(reasons.len() == 5 && reasons[4].starts_with("no key: \"No Name\""), "{reasons:?}");
    assert_eq!(server.get("/sandboxes").await["sandboxes"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn a_full_server_names_the_flag() {
    let server = Server::start_with(Config { max_sandboxes: 1, ..quiet() }).await;
    let (status, full) = server.caller("gh_sbox_another_owner").send(&json!({ "query": "{ currentUser { id } }" })).await;
    assert!(status == 503 && full.to_string().contains("--max-sandboxes"), "{full}");
    let (status, full) = server.control("GET", "/sandboxes/another", None).await;
    assert_eq!((status, &full["error"]["code"]), (503, &json!("too_many_sandboxes")));
}

/// The id of a tag that is made now.
async fn tag(server: &Server, sandbox: &str, name: &str) -> u64 {
    let owner = server.caller(&format!("gh_sbox_{sandbox}_owner"));
    let made = owner.run(&format!(r#"mutation {{ createTag(input: {{name: "{name}"}}) {{ tag {{ id }} }} }}"#)).await;
    made["createTag"]["tag"]["id"].as_str().and_then(|id| id.parse().ok()).unwrap_or_else(|| panic!("{made}"))
}

#[tokio::test]
async fn ids_start_again_after_a_reset_unless_they_are_to_be_unique() {
    let server = Server::start().await;
    let first = tag(&server, "again", "one").await;
    server.control("POST", "/sandboxes/again/reset", None).await;
    assert_eq!(tag(&server, "again", "one").await, first);
    // One sandbox for itself, and its copies.
    let (status, _) = server.control("POST", "/sandboxes", Some(json!({ "name": "once", "ids": "unique" }))).await;
    assert_eq!(status, 201);
    let once = tag(&server, "once", "one").await;
    server.control("POST", "/sandboxes/once/reset", None).await;
    assert_eq!(tag(&server, "once", "one").await, once + 1);
    server.control("POST", "/sandboxes", Some(json!({ "name": "copy", "from": "once" }))).await;
    assert_eq!([tag(&server, "copy", "two").await, tag(&server, "once", "two").await], [once + 2, once + 3]);

    let server = Server::start_with(Config { ids: Ids::Unique, ..quiet() }).await;
    let ids = [tag(&server, "a", "x").await, tag(&server, "b", "x").await, tag(&server, "default", "x").await];
    assert_eq!(ids, [ids[0], ids[0] + 1, ids[0] + 2]);
}
