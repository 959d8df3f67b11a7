//! What was asked of a sandbox, and what came of it.

use super::{Answered, Named, NamedPair, Refused, Server, enter, ok, query, time};
use crate::engine::{Commit, Event, written};
use crate::schema::TypeId;
use crate::state::Change;
use crate::webhooks::Filter;
use axum::{extract::State, http::Uri};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use std::sync::Arc;

pub async fn requests(State(server): State<Arc<Server>>, Named(id): Named) -> Answered {
    ok(&json!({ "requests": enter(&server, &id)?.requests.to_json() }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    after: Option<u64>,
    since: Option<String>,
}

/// Oldest first: those behind the commit `after`, at or after the time `since` of the sandbox's clock.
pub async fn commits(State(server): State<Arc<Server>>, Named(id): Named, uri: Uri) -> Answered {
    let sandbox = enter(&server, &id)?;
    let Asked { after, since } = query(&uri)?;
    let since = since.as_deref().map(time).transpose()?;
    let wanted = |commit: &&Commit| after.is_none_or(|after| commit.number > after) && since.is_none_or(|since| commit.at >= since);
    // Copied first: nothing moves while the journal is held.
    let commits: Vec<Commit> = sandbox.world.commits(|ring| ring.iter().filter(wanted).cloned().collect());
    ok(&json!({ "commits": commits.iter().map(shown).collect::<Vec<_>>() }))
}

/// One commit, with the deliveries that it caused.
pub async fn commit(State(server): State<Arc<Server>>, NamedPair(id, number): NamedPair) -> Answered {
    let sandbox = enter(&server, &id)?;
    let asked: Option<u64> = number.parse().ok();
    let found = sandbox.world.commits(|ring| ring.iter().find(|commit| Some(commit.number) == asked).cloned());
    let unknown = || {
        Refused::not_found(format!(
            "there is no commit {number:?}, or no longer: old ones are dropped; GET /_mock/sandboxes/{id}/commits lists them"
        ))
    };
    let mut shown = shown(&found.ok_or_else(unknown)?);
    let deliveries = sandbox.outbox.list(&Filter { commits: asked.into_iter().collect(), ..Filter::default() });
    shown["deliveries"] = deliveries.iter().map(|delivery| delivery.to_json()).collect();
    ok(&shown)
}

pub fn shown(commit: &Commit) -> Json {
    json!({
        "number": commit.number,
        "at": commit.at,
        "actor": commit.actor.map(|id| id.to_string()),
        "cause": commit.cause,
        "changes": commit.changes.iter().map(change).collect::<Vec<_>>(),
        "events": commit.events.iter().map(event).collect::<Vec<_>>(),
    })
}

/// With every column that has another value than before; those of a record that is new or gone, too.
fn change(change: &Change) -> Json {
    let of = TypeId::at(usize::from(change.table));
    let mut slots: Vec<u16> =
        [&change.before, &change.after].into_iter().flatten().flat_map(|record| record.values()).map(|(slot, _)| slot).collect();
    slots.sort_unstable();
    slots.dedup();
    let fields = slots.into_iter().filter_map(|slot| {
        let column = of?.shape().column(slot);
        let value = |record: &Option<Arc<crate::state::Record>>| {
            record.as_ref().map_or(Json::Null, |record| written::to_json(column, record.get(slot)))
        };
        let (before, after) = (value(&change.before), value(&change.after));
        (before != after).then(|| json!({ "field": column.name(), "before": before, "after": after }))
    });
    let fields: Vec<Json> = fields.collect();
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
