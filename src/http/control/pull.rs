//! For `listen --from`: deliveries that are fetched, and what became of them.

use super::{Answered, Refused, Server, duration, enter, ok, query, read, respond};
use crate::webhooks::Deliver;
use axum::{
    extract::{Path, Request, State},
    http::{StatusCode, Uri},
};
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    wait: Option<String>,
}

/// The next delivery, as its receiver gets it; 204 where there is none.
pub async fn fetch(State(server): State<Arc<Server>>, super::Named(id): super::Named, uri: Uri) -> Answered {
    let sandbox = enter(&server, &id)?;
    if server.sandboxes.deliver() != Deliver::Pull {
        let message = "this server sends deliveries by itself; start it with --deliver pull, and each is kept until it is fetched";
        return Err(Refused::new(409, "not_pulled", message));
    }
    let Asked { wait } = query(&uri)?;
    let wait = wait.as_deref().map(duration).transpose()?.unwrap_or(Duration::ZERO);
    match sandbox.outbox.fetch(wait).await {
        Some(delivery) => {
            let attempt = delivery.attempts.len() + 1;
            let headers: Vec<_> = delivery.headers(attempt).into_iter().map(|(name, value)| json!([name, value])).collect();
            ok(&json!({
                "id": delivery.id.to_string(), "attempt": attempt, "url": &*delivery.url, "headers": headers, "body": &*delivery.body,
            }))
        }
        None => Ok(respond::written(StatusCode::NO_CONTENT, vec![])),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Report {
    attempt: usize,
    status: Option<u16>,
    error: Option<String>,
    #[serde(default)]
    duration_ms: u64,
}

/// What became of a delivery that was fetched.
pub async fn report(State(server): State<Arc<Server>>, Path((id, delivery)): Path<(String, u64)>, request: Request) -> Answered {
    let sandbox = enter(&server, &id)?;
    let Report { attempt, status, error, duration_ms } = read(request).await?;
    if !sandbox.outbox.report(delivery, attempt.saturating_sub(1), status, error, duration_ms) {
        let message = format!("attempt {attempt} of delivery {delivery} is not under way: it was not fetched, or has been reported");
        return Err(Refused::new(409, "not_under_way", message));
    }
    ok(&json!({ "reported": delivery.to_string() }))
}
