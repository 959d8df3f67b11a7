//! Snapshots of a sandbox: taken, listed, gone back to.

use super::{Answered, Named, NamedPair, Server, enter, ok, read, respond, sandboxes};
use crate::sandboxes::Snapshot;
use axum::{
    extract::{Request, State},
    http::StatusCode,
};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use std::sync::Arc;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    name: Option<String>,
}

/// Oldest first.
pub async fn list(State(server): State<Arc<Server>>, Named(id): Named) -> Answered {
    let all: Vec<Json> = enter(&server, &id)?.snapshots.all().iter().map(shown).collect();
    ok(&json!({ "snapshots": all }))
}

pub async fn take(State(server): State<Arc<Server>>, Named(id): Named, request: Request) -> Answered {
    let sandbox = enter(&server, &id)?;
    let Wanted { name } = read(request).await?;
    Ok(respond::json(StatusCode::CREATED, &shown(&sandbox.take_snapshot(name.as_deref())?)))
}

/// Answers with the sandbox.
pub async fn restore(State(server): State<Arc<Server>>, NamedPair(id, name): NamedPair) -> Answered {
    ok(&sandboxes::shown(&*server.sandboxes.restore(&id, &name).await?))
}

pub async fn delete(State(server): State<Arc<Server>>, NamedPair(id, name): NamedPair) -> Answered {
    enter(&server, &id)?.drop_snapshot(&name)?;
    ok(&json!({ "deleted": name }))
}

fn shown(snapshot: &Snapshot) -> Json {
    json!({ "name": snapshot.name, "created_at": snapshot.created_at, "now": snapshot.now, "commit": snapshot.commit })
}
