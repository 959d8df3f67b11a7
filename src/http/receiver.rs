//! The receiver behind `listen`: prints each delivery on one line, checks its signature, passes it on.

use crate::webhooks::{Courier, signature};
use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri},
};
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;
use std::time::Instant;
use tokio::net::TcpListener;

pub struct Receiver {
    /// What signatures are checked with; None: they aren't.
    pub secret: Option<String>,
    /// Where the same bytes and headers go.
    pub forward: Option<String>,
    pub courier: Courier,
    /// Is given each line.
    pub print: fn(&str),
}

impl Receiver {
    pub async fn serve(self, listener: TcpListener, stop: impl Future<Output = ()> + Send + 'static) -> std::io::Result<()> {
        let routes = Router::new().fallback(receive).with_state(Arc::new(self));
        axum::serve(listener, routes).with_graceful_shutdown(stop).await
    }

    fn verdict(&self, path: &str, query: &str, headers: &HeaderMap, body: &[u8]) -> &'static str {
        let Some(secret) = &self.secret else { return "signature not checked" };
        let expected = signature::sign(secret, path, query, body);
        let sent = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        match (sent("content-digest"), sent("signature")) {
            (_, None) => "NOT SIGNED",
            (Some(digest), _) if digest != expected.content_digest() => "WRONG DIGEST",
            (_, Some(signature)) if signature == expected.header() => "signature verified",
            _ => "WRONG SIGNATURE",
        }
    }
}

async fn receive(State(receiver): State<Arc<Receiver>>, request: Request) -> StatusCode {
    let (parts, body) = request.into_parts();
    let Ok(body) = super::body::read(body).await else { return StatusCode::PAYLOAD_TOO_LARGE };
    let answer = receiver.take(&parts.method, &parts.uri, &parts.headers, &body).await;
    answer.unwrap_or(StatusCode::BAD_GATEWAY)
}

impl Receiver {
    /// Prints a delivery, and says what it is answered with: what it is passed on to answers, if it is, else 200.
    async fn take(&self, method: &Method, uri: &Uri, headers: &HeaderMap, body: &[u8]) -> Result<StatusCode, String> {
        let verdict = self.verdict(uri.path(), uri.query().unwrap_or_default(), headers, body);
        let answer = match &self.forward {
            Some(url) => forward(self, url, headers, body.to_vec()).await,
            None => Ok(StatusCode::OK),
        };
        let passed_on = match &answer {
            _ if self.forward.is_none() => String::new(),
            Ok(status) => format!(" -> {}", status.as_u16()),
            Err(why) => format!(" -> {why}"),
        };
        let place = uri.path_and_query().map_or("/", |place| place.as_str());
        (self.print)(&format!("{method} {place} {verdict} {}{passed_on}", String::from_utf8_lossy(body).replace('\n', " ")));
        answer
    }
}

/// Where deliveries are fetched from.
pub struct Source {
    /// A server's origin; it runs with `--deliver pull`.
    pub mock: String,
    pub sandbox: String,
    pub admin_token: Option<String>,
}

/// A delivery as it is fetched.
#[derive(Deserialize)]
struct Fetched {
    id: String,
    attempt: usize,
    url: String,
    headers: Vec<(String, String)>,
    body: String,
}

/// How long a server is asked to wait for a delivery at a time; its answer may take ten.
const WAIT: &str = "5s";

impl Receiver {
    /// Fetches deliveries and reports what became of them, until `stop`. Err says why the server gives none.
    pub async fn fetch(&self, source: &Source, stop: impl Future<Output = ()>) -> Result<(), String> {
        let base = format!("{}/_mock/sandboxes/{}", source.mock.trim_end_matches('/'), source.sandbox);
        (self.print)(&format!("fetching from {base}"));
        tokio::select! {
            ended = self.fetch_from(&base, source.admin_token.as_deref()) => ended,
            () = stop => Ok(()),
        }
    }

    async fn fetch_from(&self, base: &str, token: Option<&str>) -> Result<(), String> {
        let post = async |path: &str, body: String| {
            let answer = self.courier.exchange("POST", &format!("{base}/{path}"), &[], token, Some(body)).await;
            answer.map_err(|why| format!("{base} does not answer: {why}"))
        };
        loop {
            let (status, text) = post(&format!("pull?wait={WAIT}"), String::new()).await?;
            match status {
                204 => continue,
                200 => {}
                status => return Err(format!("{base} answers {status}: {text}")),
            }
            let delivery: Fetched = serde_json::from_str(&text).map_err(|error| format!("{base} gives no delivery: {error}"))?;
            let started = Instant::now();
            let report = match self.take_fetched(&delivery).await {
                Ok(status) => json!({ "attempt": delivery.attempt, "status": status.as_u16(), "duration_ms": millis(started) }),
                Err(why) => json!({ "attempt": delivery.attempt, "error": why, "duration_ms": millis(started) }),
            };
            // A server that has been reset meanwhile doesn't want to know.
            post(&format!("deliveries/{}/report", delivery.id), report.to_string()).await?;
        }
    }

    async fn take_fetched(&self, delivery: &Fetched) -> Result<StatusCode, String> {
        let uri: Uri = delivery.url.parse().map_err(|error| format!("{} is no URL: {error}", delivery.url))?;
        let header = |(name, value): &(String, String)| Some((name.parse::<HeaderName>().ok()?, value.parse::<HeaderValue>().ok()?));
        let headers: HeaderMap = delivery.headers.iter().filter_map(header).collect();
        self.take(&Method::POST, &uri, &headers, delivery.body.as_bytes()).await
    }
}

fn millis(since: Instant) -> u64 {
    since.elapsed().as_millis() as u64
}

/// Headers of the connection itself stay behind.
async fn forward(receiver: &Receiver, url: &str, headers: &HeaderMap, body: Vec<u8>) -> Result<StatusCode, String> {
    let of_connection = ["host", "connection", "content-length", "transfer-encoding", "keep-alive", "accept"];
    let kept = headers.iter().filter(|(name, _)| !of_connection.contains(&name.as_str()));
    let kept: Vec<_> = kept.filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?.to_owned()))).collect();
    let status = receiver.courier.post(url, &kept, body).await?;
    Ok(StatusCode::from_u16(status).unwrap_or(StatusCode::OK))
}
