//! A server of one test, and what a client does with it.

use healthie_mock::config::{Config, WebhookFlag};
use healthie_mock::mock::Mock;
use serde_json::{Value as Json, json};

pub struct Served {
    pub mock: Mock,
    client: reqwest::Client,
}

/// A status, the value of `Mock-Commit`, and a body.
pub struct Answer {
    pub status: u16,
    pub commit: String,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Json {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }
}

pub fn client() -> reqwest::Client {
    // An error means that another test was first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::new()
}

impl Served {
    pub async fn start() -> Self {
        Self::with(Config::default()).await
    }

    /// Every sandbox sends everything to `urls`.
    pub async fn sending_to(urls: &[&str]) -> Self {
        let webhooks = urls.iter().map(|url| WebhookFlag { url: (*url).to_owned(), events: vec![] }).collect();
        Self::with(Config { webhooks, ..Config::default() }).await
    }

    pub async fn with(config: Config) -> Self {
        Self::of(Mock::start_with(config).await.expect("a free port and a sound seed"))
    }

    pub fn of(mock: Mock) -> Self {
        Self { mock, client: client() }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.answered(self.client.get(self.at(path))).await
    }

    pub async fn post(&self, path: &str, body: impl Into<reqwest::Body>) -> Answer {
        self.answered(self.client.post(self.at(path)).body(body)).await
    }

    pub async fn put(&self, path: &str, body: &'static str) -> Answer {
        self.answered(self.client.put(self.at(path)).body(body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.answered(self.client.delete(self.at(path))).await
    }

    /// One operation with a key, in any form of the header.
    pub async fn ask(&self, authorization: &str, document: &str) -> Answer {
        let body = json!({ "query": document }).to_string();
        self.answered(self.client.post(self.at("/graphql")).header("authorization", authorization).body(body)).await
    }

    /// As the owner in `default`; what it says of its commit.
    pub async fn add_location(&self, name: &str) -> String {
        let document =
            format!(r#"mutation {{ createLocation(input: {{name: "{name}"}}) {{ location {{ id }} messages {{ message }} }} }}"#);
        let answer = self.ask("Basic gh_sbox_default_owner", &document).await;
        assert!(answer.status == 200 && !answer.commit.is_empty(), "{}", answer.text);
        answer.commit
    }

    pub fn request_for(&self, path: &str) -> reqwest::RequestBuilder {
        self.client.get(self.at(path))
    }

    pub fn request(&self, path: &str) -> reqwest::RequestBuilder {
        self.client.post(self.at(path))
    }

    pub async fn answered(&self, request: reqwest::RequestBuilder) -> Answer {
        let answer = request.send().await.expect("the server is up");
        let commit = answer.headers().get("mock-commit").map_or("", |value| value.to_str().expect("headers are ASCII")).to_owned();
        Answer { status: answer.status().as_u16(), commit, text: answer.text().await.expect("a whole body") }
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.mock.url)
    }
}
