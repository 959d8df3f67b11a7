use super::receiver::Receiver;
use super::served::Served;
use serde_json::json;

#[tokio::test]
async fn health_readiness_and_the_catalog_answer_at_once() {
    let served = Served::start().await;
    let health = served.get("/_mock/health").await.json();
    assert_eq!((&health["status"], &health["version"]), (&json!("ok"), &json!(env!("CARGO_PKG_VERSION"))));
    assert_eq!(served.get("/_mock/ready").await.status, 200);
    assert_eq!(served.get("/_mock/events").await.json()["events"].as_array().unwrap().len(), 185);
}

#[tokio::test]
async fn errors_say_what_to_do() {
    let served = Served::start().await;
    let cases = [
        ("/_mock/sandboxes/Bad_Name", 400, "bad_name", "1 to 63 of a-z, 0-9 and -"),
        ("/_mock/nothing", 404, "not_found", "below /_mock"),
        ("/_mock/sandboxes/default/deliveries?wait=soon", 400, "bad_request", "write it as 5s or PT5S"),
        ("/_mock/sandboxes/default/deliveries?colour=red", 400, "bad_request", "event_type"),
        ("/_mock/sandboxes/default/deliveries?status=lost", 400, "bad_request", "delivered"),
        ("/_mock/sandboxes/default/settled?commit=x", 400, "bad_request", "Mock-Commit"),
    ];
    for (path, status, code, hint) in cases {
        let answer = served.get(path).await;
        let error = answer.json()["error"].clone();
        assert_eq!((answer.status, &error["code"]), (status, &json!(code)), "{path}: {error}");
        assert!(error["message"].as_str().unwrap().contains(hint), "{path}: {error}");
    }
    assert_eq!(served.delete("/_mock/health").await.status, 405);
    assert_eq!(served.delete("/_mock/sandboxes/default").await.json()["error"]["code"], "default_sandbox");
    assert_eq!(served.delete("/_mock/sandboxes/nobody").await.status, 404);
    let taken = served.post("/_mock/sandboxes", r#"{"name": "default"}"#).await;
    assert_eq!((taken.status, &taken.json()["error"]["code"]), (409, &json!("taken")));
    let unknown = served.post("/_mock/sandboxes", r#"{"seed": "hospital"}"#).await;
    assert!(unknown.status == 400 && unknown.text.contains("there are clinic"), "{}", unknown.text);
    let misspelt = served.post("/_mock/sandboxes", r#"{"nmae": "x"}"#).await;
    assert!(misspelt.status == 400 && misspelt.text.contains("nmae"), "{}", misspelt.text);
}

#[tokio::test]
async fn a_sandbox_is_made_forked_and_deleted() {
    let served = Served::start().await;
    served.add_location("Main office").await;
    let fork = served.post("/_mock/sandboxes", r#"{"name": "copy", "from": "default"}"#).await;
    assert_eq!(fork.status, 201, "{}", fork.text);
    assert_eq!(fork.json()["keys"]["owner"]["key"], "gh_sbox_copy_owner");
    let places = "{ organization { id } locations { name } }";
    let (original, copied) =
        (served.ask("Bearer gh_sbox_default_owner", places).await, served.ask("Bearer gh_sbox_copy_owner", places).await);
    assert_eq!(original.text, copied.text);
    assert_eq!(served.delete("/_mock/sandboxes/copy").await.status, 200);
    let all = served.get("/_mock/sandboxes").await.json();
    assert_eq!(all["sandboxes"].as_array().unwrap().len(), 1);
    let unnamed = served.post("/_mock/sandboxes", "").await.json();
    assert_eq!(served.put("/_mock/sandboxes/mine", r#"{"clock": {"freeze": "2026-03-02T15:00:00Z"}}"#).await.status, 200);
    assert_eq!(served.get("/_mock/sandboxes/mine").await.json()["now"], "2026-03-02T15:00:00Z");
    assert!(unnamed["id"].as_str().unwrap().starts_with("sandbox-"));
}

#[tokio::test]
async fn the_first_use_of_a_roles_key_makes_its_sandbox() {
    let served = Served::start().await;
    let me = served.ask("Basic gh_sbox_vitest-3_patient", "{ currentUser { email } }").await.json();
    assert_eq!(me["data"]["currentUser"]["email"], "patient@clinic.example");
    let log = served.get("/_mock/sandboxes/vitest-3/requests").await.json();
    assert_eq!((&log["requests"][0]["key"], &log["requests"][0]["status"]), (&json!("gh_sbox_vitest-3_patient"), &json!(200)));
    assert_eq!(served.get("/_mock/sandboxes/default/requests").await.json()["requests"], json!([]));
}

#[tokio::test]
async fn calls_that_match_no_sandbox_are_remembered_with_the_reason() {
    let served = Served::start().await;
    for key in ["gh_sbox_vitest_3_ownr", "gh_sbox_vitest_3_owner", "gh_live_secretsecret"] {
        assert_eq!(served.ask(&format!("Basic {key}"), "{ currentUser { id } }").await.status, 401);
    }
    let unmatched = served.get("/_mock/requests").await.json();
    let reasons: Vec<&str> = unmatched["requests"].as_array().unwrap().iter().map(|call| call["reason"].as_str().unwrap()).collect();
    assert_eq!(reasons[0], "gh_sbox_vitest_3_ownr: no role 'ownr'");
    assert!(reasons[1].contains("no name for a sandbox"), "{}", reasons[1]);
    assert_eq!(reasons[2], "gh_live_…: keys start with gh_sbox_");
    assert_eq!(served.get("/_mock/sandboxes").await.json()["sandboxes"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_full_server_names_the_flag() {
    let served = Served::with(healthie_mock::config::Config { max_sandboxes: 1, ..Default::default() }).await;
    let full = served.ask("Basic gh_sbox_another_owner", "{ currentUser { id } }").await;
    assert!(full.status == 503 && full.text.contains("--max-sandboxes"), "{}", full.text);
    let full = served.get("/_mock/sandboxes/another").await;
    assert_eq!((full.status, &full.json()["error"]["code"]), (503, &json!("too_many_sandboxes")));
}

#[tokio::test]
async fn a_clock_is_frozen_and_runs_on() {
    let served = Served::start().await;
    let clock = "/_mock/sandboxes/default/clock";
    let frozen = served.post(clock, r#"{"freeze": "2020-01-01T00:00:00Z"}"#).await.json();
    assert_eq!(frozen, json!({ "now": "2020-01-01T00:00:00Z", "frozen": true, "effects": [] }));
    assert_eq!(served.get(clock).await.json(), frozen);
    let running = served.post(clock, r#"{"resume": true}"#).await.json();
    assert!(running["frozen"] == false && running["now"].as_str().unwrap().starts_with("2020-01-01T00:"), "{running}");
    assert_eq!(served.post(clock, r#"{"advance": "1h"}"#).await.status, 501);
    assert_eq!(served.post(clock, "{}").await.status, 400);
}

#[tokio::test]
async fn waiting_in_vain_shows_what_came_nearest() {
    let receiver = Receiver::start().await;
    let served = Served::sending_to(&[&receiver.url]).await;
    let commit = served.add_location("Main office").await;
    served.get(&format!("/_mock/sandboxes/default/settled?wait=5s&commit={commit}")).await;
    let vain = served.get("/_mock/sandboxes/default/deliveries?event_type=location.deleted&status=delivered&wait=10ms").await;
    assert_eq!((vain.status, &vain.json()["deliveries"]), (408, &json!([])));
    assert_eq!(vain.json()["nearest"][0]["differs"], json!(["event_type is location.created, not location.deleted"]));
}

#[tokio::test]
async fn commits_tell_who_changed_what_and_what_it_announced() {
    let served = Served::start().await;
    served.add_location("Main office").await;
    let commits = served.get("/_mock/sandboxes/default/commits").await.json();
    let commit = &commits["commits"][0];
    assert_eq!((&commit["number"], &commit["cause"]), (&json!(1), &json!("createLocation")));
    assert_eq!((&commit["changes"][0]["type"], &commit["changes"][0]["change"]), (&json!("Location"), &json!("created")));
    assert_eq!(commit["events"][0]["event_type"], "location.created");
}
