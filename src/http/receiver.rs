//! The receiver behind `listen`: prints each delivery on one line, checks its signature, passes it on.

use crate::webhooks::{Courier, signature};
use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, StatusCode},
};
use std::sync::Arc;
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
    let query = parts.uri.query().unwrap_or_default();
    let verdict = receiver.verdict(parts.uri.path(), query, &parts.headers, &body);
    let answer = match &receiver.forward {
        Some(url) => forward(&receiver, url, &parts.headers, body.to_vec()).await,
        None => Ok(StatusCode::OK),
    };
    let passed_on = match &answer {
        _ if receiver.forward.is_none() => String::new(),
        Ok(status) => format!(" -> {}", status.as_u16()),
        Err(why) => format!(" -> {why}"),
    };
    (receiver.print)(&format!("{} {} {verdict} {}{passed_on}", parts.method, parts.uri, String::from_utf8_lossy(&body).replace('\n', " ")));
    answer.unwrap_or(StatusCode::BAD_GATEWAY)
}

/// Headers of the connection itself stay behind.
async fn forward(receiver: &Receiver, url: &str, headers: &HeaderMap, body: Vec<u8>) -> Result<StatusCode, String> {
    let of_connection = ["host", "connection", "content-length", "transfer-encoding", "keep-alive", "accept"];
    let kept = headers.iter().filter(|(name, _)| !of_connection.contains(&name.as_str()));
    let kept: Vec<_> = kept.filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?.to_owned()))).collect();
    let status = receiver.courier.post(url, &kept, body).await?;
    Ok(StatusCode::from_u16(status).unwrap_or(StatusCode::OK))
}
