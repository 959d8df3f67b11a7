//! What was asked of a sandbox, and what came of it.

use super::{Answered, Named, Server, enter, ok};
use crate::engine::{Commit, Event};
use crate::schema::TypeId;
use crate::state::Change;
use axum::extract::State;
use serde_json::{Value as Json, json};
use std::sync::Arc;

pub async fn requests(State(server): State<Arc<Server>>, Named(id): Named) -> Answered {
    ok(&json!({ "requests": enter(&server, &id)?.requests.to_json() }))
}

pub async fn commits(State(server): State<Arc<Server>>, Named(id): Named) -> Answered {
    // Copied first: nothing moves while the journal is held.
    let commits: Vec<Commit> = enter(&server, &id)?.world.commits(|ring| ring.iter().cloned().collect());
    ok(&json!({ "commits": commits.iter().map(shown).collect::<Vec<_>>() }))
}

fn shown(commit: &Commit) -> Json {
    json!({
        "number": commit.number,
        "at": commit.at,
        "actor": commit.actor.map(|id| id.to_string()),
        "cause": commit.cause,
        "changes": commit.changes.iter().map(change).collect::<Vec<_>>(),
        "events": commit.events.iter().map(event).collect::<Vec<_>>(),
    })
}

fn change(change: &Change) -> Json {
    let of = TypeId::at(usize::from(change.table));
    let columns = change.slots().into_iter().filter_map(|slot| Some(of?.shape().column(slot)));
    let fields: Vec<_> = columns.filter(|column| !column.unannounced).map(|column| column.name()).collect();
    json!({ "type": of.map(TypeId::name), "id": change.id.to_string(), "change": change.verb(), "fields": fields })
}

fn event(event: &Event) -> Json {
    json!({
        "event_type": event.def.name(),
        "resource_id": event.resource_id.to_string(),
        "resource_id_type": event.def.resource_type(),
        "changed_fields": event.changed_fields,
    })
}
