//! A receiver of webhooks, as a user's application would be one.

use axum::Router;
use axum::body::{Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use std::sync::atomic::{AtomicU16, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use tokio::sync::Semaphore;

pub struct Received {
    pub path: String,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Received {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("headers are ASCII"))
    }
}

pub struct Receiver {
    pub url: String,
    shared: Arc<Shared>,
}

struct Shared {
    received: Mutex<Vec<Received>>,
    /// Each answer takes a permit.
    may_answer: Semaphore,
    status: AtomicU16,
    at_once: AtomicUsize,
    most_at_once: AtomicUsize,
}

impl Receiver {
    /// Answers everything with 200.
    pub async fn start() -> Self {
        Self::with_permits(Semaphore::MAX_PERMITS).await
    }

    /// Takes what comes, and answers nothing until it may.
    pub async fn silent() -> Self {
        Self::with_permits(0).await
    }

    async fn with_permits(permits: usize) -> Self {
        let shared = Arc::new(Shared {
            received: Mutex::default(),
            may_answer: Semaphore::new(permits),
            status: AtomicU16::new(200),
            at_once: AtomicUsize::new(0),
            most_at_once: AtomicUsize::new(0),
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("bound"));
        let routes = Router::new().fallback(receive).with_state(shared.clone());
        tokio::spawn(async { axum::serve(listener, routes).await.expect("serves until the test is over") });
        Self { url, shared }
    }

    pub fn answer_with(&self, status: u16) {
        self.shared.status.store(status, SeqCst);
    }

    pub fn may_answer(&self, times: usize) {
        self.shared.may_answer.add_permits(times);
    }

    pub fn read<T>(&self, read: impl FnOnce(&[Received]) -> T) -> T {
        read(&self.shared.received.lock().expect("no test panics here"))
    }

    pub fn most_at_once(&self) -> usize {
        self.shared.most_at_once.load(SeqCst)
    }
}

async fn receive(State(shared): State<Arc<Shared>>, request: Request) -> StatusCode {
    let at_once = shared.at_once.fetch_add(1, SeqCst) + 1;
    shared.most_at_once.fetch_max(at_once, SeqCst);
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.expect("a whole body");
    shared.received.lock().expect("no test panics here").push(Received { path: parts.uri.to_string(), headers: parts.headers, body });
    shared.may_answer.acquire().await.expect("never closed").forget();
    shared.at_once.fetch_sub(1, SeqCst);
    StatusCode::from_u16(shared.status.load(SeqCst)).expect("a status")
}
