//! Faults: what a test wants to go wrong.

use super::{Answered, Named, Refused, Server, enter, ok, read};
use crate::faults::{Match, Spec, Standing};
use crate::schema::names::{Mutation, Query, Subscription};
use crate::schema::{EventDef, Named as _, TypeId};
use axum::extract::{Path, Request, State};
use serde_json::{Value as Json, json};
use std::sync::Arc;

const ROOTS: [TypeId; 3] = [Query::TYPE, Mutation::TYPE, Subscription::TYPE];

/// All of them, or none.
pub async fn add(State(server): State<Arc<Server>>, Named(id): Named, request: Request) -> Answered {
    let sandbox = enter(&server, &id)?;
    let specs: Vec<Spec> = read(request).await?;
    for (at, spec) in specs.iter().enumerate() {
        spec.check().map_err(|why| bad(at, why))?;
        names(&spec.matches).map_err(|why| bad(at, &why))?;
    }
    ok(&json!({ "faults": shown(&sandbox.faults.add(specs)) }))
}

fn bad(at: usize, why: &str) -> Refused {
    Refused::new(400, "bad_fault", format!("[{at}]: {why}; none was set"))
}

/// A name that is misspelt would never match, and nobody would know why.
fn names(matches: &Match) -> Result<(), String> {
    let is_root = |field: &str| ROOTS.iter().any(|root| root.shape().slot(field).is_some());
    if let Some(field) = matches.root_field.as_ref().filter(|field| !is_root(field)) {
        return Err(format!("match.root_field: there is no root field {field:?}; GET /_mock/coverage lists them"));
    }
    let is_event = |event: &str| event == "*" || EventDef::find(event).is_some_and(|def| def.name() == event);
    if let Some(event) = matches.event_type.as_ref().filter(|event| !is_event(event)) {
        return Err(format!("match.event_type: there is no event {event:?}; GET /_mock/events lists them, and * is any"));
    }
    Ok(())
}

pub async fn list(State(server): State<Arc<Server>>, Named(id): Named) -> Answered {
    ok(&json!({ "faults": shown(&enter(&server, &id)?.faults.all()) }))
}

pub async fn clear(State(server): State<Arc<Server>>, Named(id): Named) -> Answered {
    enter(&server, &id)?.faults.remove(None);
    ok(&json!({ "faults": [] }))
}

pub async fn remove(State(server): State<Arc<Server>>, Path((id, fault)): Path<(String, String)>) -> Answered {
    let faults = enter(&server, &id)?.faults.clone();
    let removed = fault.parse().is_ok_and(|fault| faults.remove(Some(fault)));
    match removed {
        true => ok(&json!({ "faults": shown(&faults.all()) })),
        false => Err(Refused::not_found(format!("there is no fault {fault:?}; GET /_mock/sandboxes/{id}/faults lists them"))),
    }
}

/// What was sent, with how it stands.
fn shown(faults: &[Standing]) -> Vec<Json> {
    let shown = |fault: &Standing| {
        let mut shown = json!(fault.spec);
        shown["id"] = json!(fault.id.to_string());
        shown["matched"] = json!(fault.matched);
        shown["remaining"] = json!(fault.remaining);
        shown
    };
    faults.iter().map(shown).collect()
}
