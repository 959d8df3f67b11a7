//! A receiver that answers as the model says.

use super::expected::{ADDRESSES, Answer, Answers, Heard};
use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, StatusCode, Uri},
    response::Response,
};
use futures_util::stream;
use serde_json::Value;
use std::io;
use std::sync::{Arc, Mutex};

pub struct Scripted {
    url: String,
    shared: Arc<Mutex<Shared>>,
}

struct Shared {
    answers: Answers,
    heard: Vec<Heard>,
}

impl Scripted {
    pub async fn start() -> Self {
        let shared = Arc::new(Mutex::new(Shared { answers: [Answer::Well; ADDRESSES], heard: vec![] }));
        let routes = Router::new().fallback(receive).with_state(shared.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("bound"));
        tokio::spawn(async move { axum::serve(listener, routes).await.expect("serves until the runtime ends") });
        Self { url, shared }
    }

    pub fn url(&self, address: usize) -> String {
        format!("{}/{address}", self.url)
    }

    pub fn answers(&self) -> Answers {
        self.shared.lock().expect("no test panics here").answers
    }

    pub fn answer(&self, answers: Answers) {
        self.shared.lock().expect("no test panics here").answers = answers;
    }

    /// What has been heard since the last call.
    pub fn heard(&self) -> Vec<Heard> {
        std::mem::take(&mut self.shared.lock().expect("no test panics here").heard)
    }
}

async fn receive(State(shared): State<Arc<Mutex<Shared>>>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).expect("one of ours").to_owned();
    let told: Value = serde_json::from_slice(&body).expect("JSON");
    let heard = Heard {
        address: uri.path().trim_start_matches('/').parse().expect("an address of ours"),
        sandbox: header("mock-sandbox"),
        event: told["event_type"].as_str().expect("a text").to_owned(),
        resource: told["resource_id"].as_u64().expect("a number"),
        attempt: header("mock-attempt").parse().expect("a number"),
    };
    let mut shared = shared.lock().expect("no test panics here");
    let status = shared.answers[heard.address].status(heard.resource, heard.attempt);
    shared.heard.push(heard);
    let (status, body) = match status {
        Some(status) => (status, Body::empty()),
        None => (200, Body::from_stream(stream::iter([Ok("half"), Err(io::Error::other("crashed"))]))),
    };
    Response::builder().status(StatusCode::from_u16(status).expect("a status")).body(body).expect("an answer")
}
