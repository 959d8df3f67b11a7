//! A webhook receiver as a partner would write one, with a signature check made from the documentation alone.

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, Uri, header::LOCATION},
    response::IntoResponse,
};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU16, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;

/// One delivery as it came over the wire.
#[derive(Debug)]
pub struct Received {
    pub path: String,
    pub query: String,
    pub headers: HeaderMap,
    pub body: String,
}

impl Received {
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).expect("a JSON body")
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Digest of the body, then an HMAC over method, path, query, digest, content type and length.
    pub fn verifies_with(&self, secret: &str) -> bool {
        let digest = hex(&Sha256::digest(self.body.as_bytes()));
        let signed = format!("post {} {} {digest} application/json {}", self.path, self.query, self.body.len());
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any length will do");
        mac.update(signed.as_bytes());
        let signature = hex(&mac.finalize().into_bytes());
        self.header("content-digest") == format!("SHA-256={digest}") && self.header("signature") == format!("sig1={signature}")
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// Listens on a free port; gone with the test.
pub struct Receiver {
    url: String,
    shared: Arc<Shared>,
    /// How many `next` has shown.
    seen: AtomicUsize,
    serving: JoinHandle<()>,
}

struct Shared {
    received: Mutex<Vec<Arc<Received>>>,
    arrived: watch::Sender<usize>,
    /// Each answer takes a permit.
    may_answer: Semaphore,
    status: AtomicU16,
    /// Where it is not empty: the statuses of the answers, again and again.
    in_turn: Mutex<VecDeque<u16>>,
    at_once: AtomicUsize,
    most_at_once: AtomicUsize,
}

impl Receiver {
    pub async fn start() -> Self {
        Self::with(200, Semaphore::MAX_PERMITS).await
    }

    pub async fn answering(status: u16) -> Self {
        Self::with(status, Semaphore::MAX_PERMITS).await
    }

    /// Takes what comes, and answers nothing until it may.
    pub async fn silent() -> Self {
        Self::with(200, 0).await
    }

    async fn with(status: u16, permits: usize) -> Self {
        let shared = Arc::new(Shared {
            received: Mutex::default(),
            arrived: watch::Sender::new(0),
            may_answer: Semaphore::new(permits),
            status: AtomicU16::new(status),
            in_turn: Mutex::default(),
            at_once: AtomicUsize::new(0),
            most_at_once: AtomicUsize::new(0),
        });
        let routes = Router::new().fallback(receive).with_state(shared.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("bound"));
        let serving = tokio::spawn(async move { axum::serve(listener, routes).await.expect("serves until aborted") });
        Self { url, shared, seen: AtomicUsize::new(0), serving }
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    pub fn port(&self) -> &str {
        self.url.rsplit(':').next().expect("an address ends in its port")
    }

    pub fn answer_with(&self, status: u16) {
        self.shared.status.store(status, SeqCst);
    }

    /// Each answer has the next of these statuses; after the last comes the first.
    pub fn answer_in_turn(&self, statuses: &[u16]) {
        *self.shared.in_turn.lock().expect("no test panics here") = statuses.iter().copied().collect();
    }

    pub fn may_answer(&self, times: usize) {
        self.shared.may_answer.add_permits(times);
    }

    /// The next delivery, however long it takes: a test that waits for ever is stopped by its runner.
    pub async fn next(&self) -> Arc<Received> {
        let next = self.seen.fetch_add(1, SeqCst);
        self.shared.arrived.subscribe().wait_for(|count| *count > next).await.expect("the receiver runs as long as the test");
        self.all()[next].clone()
    }

    /// What has arrived so far.
    pub fn all(&self) -> Vec<Arc<Received>> {
        self.shared.received.lock().expect("no test panics here").clone()
    }

    pub fn most_at_once(&self) -> usize {
        self.shared.most_at_once.load(SeqCst)
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn receive(State(shared): State<Arc<Shared>>, uri: Uri, headers: HeaderMap, body: Bytes) -> impl IntoResponse {
    let at_once = shared.at_once.fetch_add(1, SeqCst) + 1;
    shared.most_at_once.fetch_max(at_once, SeqCst);
    let received = Received {
        path: uri.path().to_owned(),
        query: uri.query().unwrap_or_default().to_owned(),
        headers,
        body: String::from_utf8(body.to_vec()).expect("JSON is UTF-8"),
    };
    shared.received.lock().expect("no test panics here").push(Arc::new(received));
    shared.arrived.send_modify(|count| *count += 1);
    shared.may_answer.acquire().await.expect("never closed").forget();
    shared.at_once.fetch_sub(1, SeqCst);
    let mut in_turn = shared.in_turn.lock().expect("no test panics here");
    let next = in_turn.pop_front();
    in_turn.extend(next);
    let status = StatusCode::from_u16(next.unwrap_or(shared.status.load(SeqCst))).expect("a status");
    // For redirects, which nobody is to follow.
    (status, [(LOCATION, "/elsewhere")])
}

#[test]
fn the_check_agrees_with_the_published_vector() {
    let mut received = Received {
        path: "/webhooks/healthie".to_owned(),
        query: String::new(),
        headers: HeaderMap::new(),
        body: r#"{"resource_id":72499,"resource_id_type":"Appointment","event_type":"appointment.updated","changed_fields":["date","pm_status"]}"#
            .to_owned(),
    };
    let digest = "SHA-256=53f1ac646c1c69cca0690496b19cac84007f145c7c247849ef48c09f20c5ba70";
    received.headers.insert("content-digest", digest.parse().expect("a header"));
    let signature = "sig1=5cf1ce95d06188aebbc923f03eebed31d76e128206bc8501560d6c3751b43b49";
    received.headers.insert("signature", signature.parse().expect("a header"));
    assert!(received.verifies_with("whsec_emulator_test_secret"));
    assert!(!received.verifies_with("whsec_another"));
}
