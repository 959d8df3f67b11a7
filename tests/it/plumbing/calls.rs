use super::receiver::Receiver;
use super::served::Served;
use healthie_mock::config::Config;
use healthie_mock::engine::{Area, Catalogue};
use healthie_mock::mock::Mock;
use healthie_mock::sandboxes::SeedSource;
use healthie_mock::schema::names::Mutation;
use healthie_mock::seeds::Seeded;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;

const ME: &str = r#"{"query": "{ currentUser { email } }"}"#;

#[tokio::test]
async fn what_is_no_operation_is_refused_with_json() {
    let served = Served::start().await;
    for (body, hint) in [("", "Send {"), ("nonsense", "Send {"), (r#"{"query":"{a}","variables":[1]}"#, "JSON object")] {
        let answer = served.post("/graphql", body).await;
        let message = answer.json()["errors"][0]["message"].as_str().unwrap().to_owned();
        assert!(answer.status == 400 && message.contains(hint), "{body}: {message}");
    }
    let not_text = served.post("/graphql", vec![0xff, 0xfe]).await;
    assert!(not_text.status == 400 && not_text.text.contains("UTF-8"), "{}", not_text.text);
    let long = format!(r#"{{"query": "{}"}}"#, " ".repeat(20 * 1024 * 1024));
    assert_eq!(served.post("/graphql", long).await.status, 413);
    assert_eq!(served.get("/graphql").await.status, 404);
}

#[tokio::test]
async fn an_array_is_answered_by_an_array() {
    let served = Served::start().await;
    let body = format!(r#"[{ME}, {{"query": "{{ __typename }}"}}]"#);
    let answer = served.answered(served.request("/graphql").header("Authorization", "bearer gh_sbox_default_owner").body(body)).await;
    assert_eq!(
        answer.json(),
        json!([{ "data": { "currentUser": { "email": "owner@clinic.example" } } }, { "data": { "__typename": "Query" } }])
    );
}

#[tokio::test]
async fn without_a_key_a_call_is_nobodys_in_the_sandbox_it_is_pinned_to() {
    let served = Served::start().await;
    for request in [served.request("/s/widgets/graphql"), served.request("/graphql").header("Mock-Sandbox", "widgets")] {
        assert_eq!(served.answered(request.body(ME)).await.text, r#"{"data":{"currentUser":null}}"#);
    }
    assert_eq!(served.post("/graphql", ME).await.status, 200);
    let log = served.get("/_mock/sandboxes/widgets/requests").await.json();
    assert_eq!(log["requests"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_version_that_was_never_published_is_refused() {
    let served = Served::start().await;
    let request = served.request("/graphql").header("Healthie-GraphQL-API-Version", "latest").body(ME);
    let answer = served.answered(request).await;
    assert_eq!((answer.status, &answer.json()["errors"][0]["extensions"]["code"]), (400, &json!("UNSUPPORTED_API_VERSION")));
}

#[tokio::test]
async fn a_web_page_may_call_from_anywhere() {
    let served = Served::start().await;
    let url = format!("{}/graphql", served.mock.url);
    let preflight = super::served::client().request(reqwest::Method::OPTIONS, url).send().await.unwrap();
    assert_eq!((preflight.status().as_u16(), &preflight.headers()["access-control-allow-origin"]), (204, &"*".parse().unwrap()));
}

#[tokio::test]
async fn a_server_that_is_told_to_stop_finishes_first() {
    let silent = Receiver::silent().await;
    let served = Served::sending_to(&[&silent.url]).await;
    served.add_location("Main office").await;
    let waiting = served.request_for("/_mock/sandboxes/default/settled?wait=10m").send();
    let waiting = tokio::spawn(waiting);
    while silent.read(<[_]>::is_empty) || served.get("/_mock/health").await.status != 200 {
        tokio::task::yield_now().await;
    }
    // Neither the receiver that never answers nor who waits for it holds up the end.
    served.mock.stop().await.unwrap();
    drop(waiting);
}

#[tokio::test]
async fn a_rule_that_breaks_is_an_error_of_one_call() {
    let area = Area::new("broken").mutation(Mutation::revokeToken, |_| panic!("a mistake in a rule")).public();
    let catalogue = Catalogue::new(vec![area], |_, _, _| None);
    let served = Served::of(Mock::start_seeded(Config::default(), catalogue.clone(), Arc::new(Empty(catalogue))).await.unwrap());
    for _ in 0..2 {
        let broken = served.post("/graphql", r#"{"query": "mutation { revokeToken(input: {}) { messages { message } } }"}"#).await;
        assert_eq!((broken.status, &*broken.text), (500, r#"{"errors":[{"message":"Internal server error"}]}"#));
    }
    assert_eq!(served.post("/graphql", r#"{"query": "{ __typename }"}"#).await.status, 200);
}

struct Empty(Arc<Catalogue>);

impl SeedSource for Empty {
    fn names(&self) -> Vec<String> {
        vec!["clinic".to_owned()]
    }

    fn seeded(&self, _name: &str, _now: jiff::Timestamp) -> Result<Seeded, String> {
        Ok(Seeded { state: self.0.empty(), roles: vec![], records: BTreeMap::default() })
    }
}
