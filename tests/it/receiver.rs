//! A webhook receiver as a partner would write one, with a signature check made from the documentation alone.

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, Uri},
};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use tokio::sync::{Mutex, mpsc};

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

/// Listens on a free port and answers every delivery with one status.
pub struct Receiver {
    url: String,
    received: Mutex<mpsc::UnboundedReceiver<Received>>,
    server: tokio::task::JoinHandle<()>,
}

#[derive(Clone)]
struct Desk {
    status: StatusCode,
    out: mpsc::UnboundedSender<Received>,
}

impl Receiver {
    pub async fn start() -> Arc<Self> {
        Self::answering(200).await
    }

    pub async fn answering(status: u16) -> Arc<Self> {
        let (out, received) = mpsc::unbounded_channel();
        let desk = Desk { status: StatusCode::from_u16(status).expect("a status"), out };
        let app = Router::new().fallback(receive).with_state(desk);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("bound"));
        let server = tokio::spawn(async move { axum::serve(listener, app).await.expect("serves until aborted") });
        Arc::new(Self { url, received: Mutex::new(received), server })
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// The next delivery, however long it takes: a test that waits for ever is stopped by its runner.
    pub async fn next(&self) -> Received {
        self.received.lock().await.recv().await.expect("the receiver runs as long as the test")
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn receive(State(desk): State<Desk>, uri: Uri, headers: HeaderMap, body: Bytes) -> StatusCode {
    let received = Received {
        path: uri.path().to_owned(),
        query: uri.query().unwrap_or_default().to_owned(),
        headers,
        body: String::from_utf8(body.to_vec()).expect("JSON is UTF-8"),
    };
    // The test may be over by now.
    let _ = desk.out.send(received);
    desk.status
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
