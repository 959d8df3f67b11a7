//! A server of the test's own, and a person who calls it.

use healthie_mock::{
    Mock,
    config::{Config, VersionPhase, WebhookFlag},
};
use serde_json::{Value, json};

/// A running server with the clinic, on a free port; gone with the test.
pub struct Server {
    pub mock: Mock,
    http: reqwest::Client,
}

/// As without any flag, but on a free port, and without a word about versions: those are `versions.rs`'s.
pub fn quiet() -> Config {
    Config { version_phase: VersionPhase::Before, ..Config::default() }
}

impl Server {
    pub async fn start() -> Self {
        Self::start_with(quiet()).await
    }

    /// Where every sandbox's clock stands at `now` at first.
    pub async fn standing_at(now: &str) -> Self {
        Self::start_with(Config { now: Some(now.parse().expect("a time")), ..quiet() }).await
    }

    /// What the clock of `default` says after `change`: `{now, frozen, effects}`.
    pub async fn clock(&self, change: Value) -> Value {
        let (status, clock) = self.control("POST", "/sandboxes/default/clock", Some(change)).await;
        assert_eq!(status, 200, "{clock}");
        clock
    }

    pub async fn start_with(config: Config) -> Self {
        Self::of(Mock::start_with(config).await.expect("a free port and the built-in seed"))
    }

    /// Every sandbox sends everything to `urls`.
    pub async fn sending_to(urls: &[String]) -> Self {
        let webhooks = urls.iter().map(|url| WebhookFlag { url: url.clone(), events: vec![] }).collect();
        Self::start_with(Config { webhooks, ..quiet() }).await
    }

    pub fn of(mock: Mock) -> Self {
        // The client asks for one even where it speaks plain HTTP. Another test may have been first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self { mock, http: reqwest::Client::builder().no_proxy().build().expect("no TLS to set up") }
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.mock.url)
    }

    /// Somebody who calls with this key.
    pub fn caller(&self, key: &str) -> Caller<'_> {
        Caller { server: self, key: Some(key.to_owned()), version: None }
    }

    /// The one with this role in the sandbox `default`.
    pub fn role(&self, role: &str) -> Caller<'_> {
        self.caller(&format!("gh_sbox_default_{role}"))
    }

    /// Somebody without a key.
    pub fn nobody(&self) -> Caller<'_> {
        Caller { server: self, key: None, version: None }
    }

    pub fn request(&self, method: reqwest::Method, path: &str) -> reqwest::RequestBuilder {
        self.http.request(method, self.url(path))
    }

    /// Status and body of a call to the control API.
    pub async fn control(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let method = method.parse().expect("a method");
        let request = self.request(method, &format!("/_mock{path}"));
        let request = if let Some(body) = body { request.json(&body) } else { request };
        let response = request.send().await.expect("the server is up");
        let status = response.status().as_u16();
        let text = response.text().await.expect("a body");
        (status, if text.is_empty() { Value::Null } else { serde_json::from_str(&text).expect("JSON") })
    }

    /// The body of a GET that succeeds.
    pub async fn get(&self, path: &str) -> Value {
        let (status, body) = self.control("GET", path, None).await;
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    /// The id of a seeded record.
    pub async fn id(&self, ty: &str, handle: &str) -> String {
        let sandbox = self.get("/sandboxes/default").await;
        let id = &sandbox["records"][ty][handle];
        id.as_str().map(str::to_owned).or_else(|| id.as_u64().map(|id| id.to_string())).unwrap_or_else(|| panic!("no {ty} {handle}"))
    }
}

/// A person with a key and a version.
#[derive(Clone)]
pub struct Caller<'s> {
    server: &'s Server,
    key: Option<String>,
    version: Option<&'static str>,
}

impl Caller<'_> {
    pub fn in_version(mut self, version: &'static str) -> Self {
        self.version = Some(version);
        self
    }

    /// The whole answer to a document.
    pub async fn answer(&self, query: &str, variables: Value) -> Value {
        let (_, answer) = self.send(&json!({ "query": query, "variables": variables })).await;
        answer
    }

    /// The `data` of a document that has no errors.
    pub async fn run(&self, query: &str) -> Value {
        let answer = self.answer(query, Value::Null).await;
        assert!(answer.get("errors").is_none(), "{query}\n{answer}");
        answer["data"].clone()
    }

    /// Registers a webhook for one event, and says its id.
    pub async fn hook(&self, url: &str, event: &str) -> String {
        let query = "mutation ($url: String, $event: String) { createWebhook(input: { url: $url, event_type: $event }) { webhook { id } messages { message } } }";
        let made = self.answer(query, json!({ "url": url, "event": event })).await;
        made["data"]["createWebhook"]["webhook"]["id"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned()
    }

    /// Adds a location, which `location.created` tells of.
    pub async fn add_location(&self, name: &str) -> String {
        let made = self.run(&format!(r#"mutation {{ createLocation(input: {{ name: "{name}" }}) {{ location {{ id }} }} }}"#)).await;
        made["createLocation"]["location"]["id"].as_str().expect("made").to_owned()
    }

    /// Status and answer of a body.
    pub async fn send(&self, body: &Value) -> (u16, Value) {
        let mut request = self.server.request(reqwest::Method::POST, "/graphql").header("AuthorizationSource", "API").json(body);
        if let Some(key) = &self.key {
            request = request.header("Authorization", format!("Basic {key}"));
        }
        if let Some(version) = self.version {
            request = request.header("Healthie-GraphQL-API-Version", version);
        }
        let response = request.send().await.expect("the server is up");
        (response.status().as_u16(), response.json().await.expect("JSON"))
    }
}
