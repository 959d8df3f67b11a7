//! What arrives as a body, and what bad bodies get.

use crate::server::{Server, quiet};
use healthie_mock::{
    Mock,
    engine::{Area, Catalogue},
    sandboxes::SeedSource,
    schema::names::Mutation,
    seeds::Seeded,
};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    io::{Read, Write},
    net::TcpStream,
    sync::Arc,
};

async fn post(server: &Server, body: impl Into<reqwest::Body>) -> (u16, Value) {
    let request = server.request(reqwest::Method::POST, "/graphql").header("Authorization", "Basic gh_sbox_default_owner");
    let response = request.header("Content-Type", "application/json").body(body).send().await.expect("up");
    (response.status().as_u16(), response.json().await.expect("JSON"))
}

#[tokio::test]
async fn variables_come_in_every_form_that_clients_send() {
    let server = Server::start().await;
    let id = server.id("User", "patient").await;
    let query = "query Q($id: ID) { user(id: $id) { id } }";
    let found = json!({ "data": { "user": { "id": id } } });
    let none = json!({ "data": { "user": null } });
    for (variables, expected) in [
        (json!({ "id": id }), &found),
        (json!({ "id": id.parse::<u64>().expect("a number") }), &found),
        (json!({ "id": id, "undeclared": 1 }), &found),
        (json!(json!({ "id": id }).to_string()), &found),
        (json!(""), &none),
        (json!(null), &none),
    ] {
        let (status, answer) = server.role("owner").send(&json!({ "query": query, "variables": variables, "operationName": "Q" })).await;
        assert_eq!((status, &answer), (200, expected), "{variables}");
    }
    let (_, answer) = server.role("owner").send(&json!({ "query": query })).await;
    assert_eq!(answer, none);
}

#[tokio::test]
async fn an_array_is_answered_with_an_array() {
    let server = Server::start().await;
    let batch = json!([{ "query": "{ currentUser { __typename } }" }, { "query": "{ nope }" }, { "query": "{ usersCount }" }]);
    let (status, answer) = server.role("owner").send(&batch).await;
    assert_eq!(status, 200);
    assert_eq!(answer[0], json!({ "data": { "currentUser": { "__typename": "User" } } }));
    assert_eq!(answer[1]["errors"][0]["message"], "Field 'nope' doesn't exist on type 'Query'");
    assert!(answer[2]["data"]["usersCount"].is_i64());
}

#[tokio::test]
async fn what_production_integrations_send_is_taken() {
    let server = Server::start().await;
    for query in ["query webhooks() { webhooks { id } }", "{ users(offset: 0 page_size: 2,) { id, first_name, } }"] {
        let answer = server.role("owner").answer(query, json!({})).await;
        assert!(answer["errors"].is_null(), "{query}: {answer}");
    }
    let (_, answer) = post(&server, r#"{"query":null}"#).await;
    assert_eq!(answer, json!({ "errors": [{ "message": "No query string was present" }] }));
}

#[tokio::test]
async fn what_is_no_request_gets_a_clear_error_and_the_server_goes_on() {
    let server = Server::start().await;
    for body in ["", "{", "query=1", "[1,", "\"text\"", "{\"query\":7}"] {
        let (status, answer) = post(&server, body).await;
        assert_eq!(status, 400, "{body}: {answer}");
        assert!(!answer["errors"][0]["message"].as_str().unwrap_or_default().is_empty(), "{body}: {answer}");
    }
    let (status, _) = post(&server, vec![b'{', 0xff, 0xfe, b'}']).await;
    assert_eq!(status, 400);
    let (status, answer) = post(&server, vec![b' '; 20 * 1024 * 1024 + 1]).await;
    assert_eq!(status, 413, "{answer}");
    for hostile in ["{".repeat(200_000), format!("{{ a(x: {}", "[".repeat(100_000)), "\u{0}".repeat(1000), "a ".repeat(200_000)] {
        let (status, answer) = post(&server, json!({ "query": hostile }).to_string()).await;
        assert_eq!(status, 200);
        assert!(answer["errors"].is_array() && answer["data"].is_null(), "{answer}");
    }
    assert!(server.role("owner").run("{ currentUser { id } }").await["currentUser"]["id"].is_string());
}

#[tokio::test]
async fn only_posts_are_answered() {
    let server = Server::start().await;
    let response = server.request(reqwest::Method::GET, "/graphql").send().await.expect("up");
    assert_eq!(response.status(), 404);
    let body: Value = response.json().await.expect("a JSON body");
    assert!(body.is_object(), "{body}");
}

#[tokio::test]
async fn a_webhook_url_that_is_not_http_is_refused() {
    let server = Server::start().await;
    for url in ["ftp://partner.example/x", "partner.example", "", "http://", "javascript:alert(1)"] {
        let answer = server
            .role("owner")
            .answer("mutation ($url: String) { createWebhook(input: { url: $url, event_type: \"patient.created\" }) { webhook { id } messages { field } } }", json!({ "url": url }))
            .await;
        assert_eq!(answer["data"]["createWebhook"], json!({ "webhook": null, "messages": [{ "field": "url" }] }), "{url}");
    }
}

#[tokio::test]
async fn a_mutation_says_which_commits_it_made() {
    let server = Server::start().await;
    let make = |name: &str| json!({ "query": format!("mutation {{ createTag(input: {{ name: \"{name}\" }}) {{ tag {{ id }} }} }}") });
    for (name, commit) in [("first", "1"), ("second", "2")] {
        let request = server.request(reqwest::Method::POST, "/graphql").header("Authorization", "Basic gh_sbox_fresh_owner");
        let response = request.json(&make(name)).send().await.expect("up");
        assert_eq!(response.headers().get("mock-commit").and_then(|value| value.to_str().ok()), Some(commit));
    }
}

#[tokio::test]
async fn the_version_header_chooses_the_schema() {
    let server = Server::start().await;
    let owner = server.role("owner");
    let old = owner.answer("{ users(page_size: 1) { id } }", json!({})).await;
    assert!(old["errors"].is_null(), "{old}");
    let new = owner
        .clone()
        .in_version("2026-01-01")
        .answer("{ users(first: 1) { nodes { id } total_count page_info { has_next_page } } }", json!({}))
        .await;
    assert!(new["errors"].is_null(), "{new}");
    assert_eq!(new["data"]["users"]["page_info"]["has_next_page"], true);
    let (status, refused) = owner.in_version("yesterday").send(&json!({ "query": "{ __typename }" })).await;
    assert_eq!((status, &refused["errors"][0]["extensions"]["code"]), (400, &json!("UNSUPPORTED_API_VERSION")));
}

#[tokio::test]
async fn a_web_page_may_call_from_anywhere() {
    let server = Server::start().await;
    for path in ["/graphql", "/s/booking/graphql", "/_mock/sandboxes", "/files/default/x"] {
        let preflight = server.request(reqwest::Method::OPTIONS, path).send().await.expect("up");
        assert_eq!(
            (preflight.status().as_u16(), &preflight.headers()["access-control-allow-origin"]),
            (204, &"*".parse().expect("a header"))
        );
        let allowed = preflight.headers()["access-control-allow-headers"].to_str().expect("text").to_lowercase();
        for header in ["authorization", "authorizationsource", "authorizationshard", "content-type", "healthie-graphql-api-version"] {
            assert!(allowed.split(", ").any(|name| name == header), "{header}: {allowed}");
        }
    }
}

#[tokio::test]
async fn headers_that_are_no_text_are_refused() {
    let server = Server::start().await;
    for (header, status, hint) in [
        ("Authorization", 401, "API Key is Invalid"),
        ("Mock-Sandbox", 400, "is no name for a sandbox"),
        ("Healthie-GraphQL-API-Version", 400, "no longer supported"),
    ] {
        let garbled = reqwest::header::HeaderValue::from_bytes(b"\xff\xfe").expect("bytes that HTTP carries");
        let request = server.request(reqwest::Method::POST, "/graphql").header(header, garbled);
        let response = request.json(&json!({ "query": "{ __typename }" })).send().await.expect("up");
        assert_eq!(response.status(), status, "{header}");
        let answer: Value = response.json().await.expect("JSON");
        assert!(answer["errors"][0]["message"].as_str().unwrap_or_default().contains(hint), "{header}: {answer}");
    }
}

#[tokio::test]
async fn many_aliases_and_long_batches_are_answered() {
    let server = Server::start().await;
    let owner = server.role("owner");
    let aliases = |many| (0..many).map(|number| format!("a{number}: __typename ")).collect::<String>();
    let most = owner.run(&format!("{{ {} }}", aliases(2000))).await;
    assert_eq!(most.as_object().map(serde_json::Map::len), Some(2000));
    let more = owner.answer(&format!("{{ {} }}", aliases(2001)), json!({})).await;
    let message = "Query has complexity of 2001, which exceeds max complexity of 2000";
    assert_eq!(more, json!({ "errors": [{ "message": message }] }));
    let (status, answer) = owner.send(&json!(vec![json!({ "query": "{ __typename }" }); 100_000])).await;
    assert_eq!((status, answer.as_array().map(Vec::len)), (200, Some(100_000)));
}

#[tokio::test]
async fn a_rule_that_breaks_is_an_error_of_one_call() {
    let area = Area::new("broken").mutation(Mutation::revokeToken, |_| panic!("a mistake in a rule")).public();
    let catalogue = Catalogue::new(vec![area], |_, _| None);
    let mock = Mock::start_seeded(quiet(), catalogue.clone(), Arc::new(Empty(catalogue))).await;
    let server = Server::of(mock.expect("a free port"));
    for _ in 0..2 {
        let (status, broken) =
            server.nobody().send(&json!({ "query": "mutation { revokeToken(input: {}) { messages { message } } }" })).await;
        assert_eq!((status, broken), (500, json!({ "errors": [{ "message": "Internal server error" }] })));
    }
    assert_eq!(server.nobody().run("{ __typename }").await, json!({ "__typename": "Query" }));
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

#[tokio::test]
async fn text_that_is_no_value_of_the_newer_enum_finds_nothing() {
    let server = Server::start().await;
    let asked = "{ courses(course_type: \"no such kind\") { id } all: courses { id } coursesCount(course_type: \"no such kind\") }";
    let found = server.role("owner").run(asked).await;
    assert_eq!((&found["courses"], &found["coursesCount"]), (&json!([]), &json!(0)), "{found}");
    assert_ne!(found["all"], json!([]), "{found}");
}

#[tokio::test]
async fn a_web_page_may_read_answers_and_their_commits() {
    let server = Server::start().await;
    let request = server.request(reqwest::Method::POST, "/graphql").header("Origin", "https://partner.example");
    let response = request.json(&json!({ "query": "{ __typename }" })).send().await.expect("up");
    let header = |name: &str| response.headers()[name].to_str().expect("text").to_owned();
    assert_eq!((header("access-control-allow-origin"), header("access-control-expose-headers")), ("*".into(), "Mock-Commit".into()));
}

#[tokio::test]
async fn long_answers_are_squeezed_for_those_who_take_it() {
    let server = Server::start().await;
    let ask = async |query: &str, accept: &str| {
        let request = server.request(reqwest::Method::POST, "/graphql").header("Accept-Encoding", accept.to_owned());
        let response = request.json(&json!({ "query": query })).send().await.expect("up");
        let coded = response.headers().get("content-encoding").and_then(|coding| coding.to_str().ok()).map(str::to_owned);
        (coded, response.bytes().await.expect("a body"))
    };
    let long = "{ __schema { types { name fields { name description } } } }";
    let (coding, plain) = ask(long, "identity").await;
    assert_eq!(coding, None);
    let (coding, squeezed) = ask(long, "br, gzip").await;
    assert_eq!(coding.as_deref(), Some("gzip"));
    let mut read = Vec::new();
    flate2::read::GzDecoder::new(&*squeezed).read_to_end(&mut read).expect("gzip");
    assert!(read == plain && squeezed.len() * 4 < plain.len(), "{} of {}", squeezed.len(), plain.len());
    assert_eq!(ask("{ __typename }", "gzip").await.0, None, "what is short stays as it is");
}

#[tokio::test]
async fn a_connection_takes_call_after_call() {
    let server = Server::start().await;
    let address = server.url("").trim_start_matches("http://").to_owned();
    let talk = move || {
        let mut connection = TcpStream::connect(address).expect("up");
        let body = r#"{"query":"{ __typename }"}"#;
        let call = format!(
            "POST /graphql HTTP/1.1\r\nHost: mock\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        for _ in 0..3 {
            connection.write_all(call.as_bytes()).expect("open");
            let mut heard = String::new();
            while !heard.ends_with(r#"{"data":{"__typename":"Query"}}"#) {
                let mut bytes = [0; 1024];
                let read = connection.read(&mut bytes).expect("open");
                assert!(read > 0, "closed after {heard}");
                heard.push_str(std::str::from_utf8(&bytes[..read]).expect("text"));
            }
            assert!(heard.starts_with("HTTP/1.1 200 OK"), "{heard}");
        }
    };
    tokio::task::spawn_blocking(talk).await.expect("no panic");
}

#[tokio::test]
async fn an_error_says_where_it_stands_and_takes_no_more_with_it_than_it_must() {
    let server = Server::start().await;
    let owner = server.role("owner");
    // May be null: only itself.
    let query = r#"{ mine: organization { id plans: accepted_insurance_plans(after: "x") { nodes { id } } } currentUser { id } }"#;
    let answer = owner.answer(query, Value::Null).await;
    assert_eq!(
        answer["errors"],
        json!([{ "message": r#"Invalid input: "x""#, "locations": [{ "line": 1, "column": 27 }], "path": ["mine", "plans"] }])
    );
    assert!(answer["data"]["mine"]["id"].is_string() && answer["data"]["mine"]["plans"].is_null(), "{answer}");
    assert!(answer["data"]["currentUser"]["id"].is_string(), "{answer}");
    assert_eq!(answer.as_object().expect("an object").keys().collect::<Vec<_>>(), ["errors", "data"]);
    // May not, nor may what holds it: the list of these.
    let query = r#"{ people: users(page_size: 2) { id keys: api_keys(after: "x") { nodes { id } } } }"#;
    let answer = owner.answer(query, Value::Null).await;
    assert_eq!(answer["data"], json!({ "people": null }), "{answer}");
    assert_eq!(answer["errors"][0]["path"], json!(["people", 0, "keys"]), "{answer}");
    assert_eq!(answer["errors"].as_array().map(Vec::len), Some(1), "{answer}");
    // In the newer version each of the edges may be without its node.
    let query = r#"{ people: users(first: 2) { edges { node { id keys: api_keys(after: "x") { nodes { id } } } } } currentUser { id } }"#;
    let answer = owner.in_version("2026-01-01").answer(query, Value::Null).await;
    assert_eq!(answer["data"]["people"], json!({ "edges": [{ "node": null }, { "node": null }] }), "{answer}");
    assert_eq!(answer["errors"][1]["path"], json!(["people", "edges", 1, "node", "keys"]), "{answer}");
    assert!(answer["data"]["currentUser"]["id"].is_string(), "{answer}");
}
