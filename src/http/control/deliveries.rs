//! Deliveries: what was sent, what is on its way, and waiting for it.

use super::{Answered, Named, Refused, Server, duration, enter, ok, query, respond};
use crate::webhooks::{Delivery, Filter, Found, Settled, Status};
use axum::{
    extract::State,
    http::{StatusCode, Uri},
};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use std::sync::Arc;
use std::time::Duration;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    event_type: Option<String>,
    resource_id: Option<String>,
    webhook_id: Option<String>,
    status: Option<Status>,
    commit: Option<String>,
    after: Option<u64>,
    count: Option<usize>,
    wait: Option<String>,
}

pub async fn list(State(server): State<Arc<Server>>, Named(id): Named, uri: Uri) -> Answered {
    let sandbox = enter(&server, &id)?;
    let Asked { event_type, resource_id, webhook_id, status, commit, after, count, wait } = query(&uri)?;
    let commits = commit.as_deref().map(numbers).transpose()?.unwrap_or_default();
    let filter = Filter { event_type, resource_id, webhook_id, status, commits, after };
    let Some(wait) = wait else { return ok(&json!({ "deliveries": shown(&sandbox.outbox.list(&filter)) })) };
    let Found { deliveries, complete, nearest } = sandbox.outbox.wait(&filter, count.unwrap_or(1), duration(&wait)?).await;
    if complete {
        return ok(&json!({ "deliveries": shown(&deliveries) }));
    }
    let nearest: Vec<Json> =
        nearest.iter().map(|(delivery, differs)| json!({ "delivery": delivery.to_json(), "differs": differs })).collect();
    Ok(respond::json(StatusCode::REQUEST_TIMEOUT, &json!({ "deliveries": shown(&deliveries), "nearest": nearest })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Which {
    wait: Option<String>,
    commit: Option<String>,
}

pub async fn settled(State(server): State<Arc<Server>>, Named(id): Named, uri: Uri) -> Answered {
    let sandbox = enter(&server, &id)?;
    let which: Which = query(&uri)?;
    let commits = which.commit.as_deref().map(numbers).transpose()?.unwrap_or_default();
    let wait = which.wait.as_deref().map(duration).transpose()?;
    let Settled { settled, deliveries } = sandbox.outbox.settled(&commits, wait.unwrap_or(Duration::ZERO)).await;
    let (retrying, deliveries): (Vec<_>, Vec<_>) = deliveries.into_iter().partition(|delivery| delivery.status == Status::Retrying);
    let status = if settled || wait.is_none() { StatusCode::OK } else { StatusCode::REQUEST_TIMEOUT };
    Ok(respond::json(status, &json!({ "settled": settled, "retrying": shown(&retrying), "deliveries": shown(&deliveries) })))
}

/// `12, 13`, as `Mock-Commit` has them.
fn numbers(text: &str) -> Result<Vec<u64>, Refused> {
    let read: Result<Vec<u64>, _> = text.split(',').map(|number| number.trim().parse()).collect();
    read.map_err(|_| Refused::bad(format!("commit={text:?} is no list of numbers; give what Mock-Commit said: 12,13")))
}

fn shown(deliveries: &[Arc<Delivery>]) -> Vec<Json> {
    deliveries.iter().map(|delivery| delivery.to_json()).collect()
}
