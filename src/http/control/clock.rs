//! A sandbox's clock: what it shows, and whether it stands.

use super::{Answered, Named, Refused, Server, enter, ok, read, time};
use crate::env::Clock;
use crate::sandboxes::{Effect, Refused as NoSandbox, span, standing};
use axum::extract::{Request, State};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use std::sync::Arc;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    freeze: Option<String>,
    advance: Option<String>,
    #[serde(default)]
    resume: bool,
}

pub async fn show(State(server): State<Arc<Server>>, Named(id): Named) -> Answered {
    ok(&shown(enter(&server, &id)?.world.clock(), &[]))
}

pub async fn set(State(server): State<Arc<Server>>, Named(id): Named, request: Request) -> Answered {
    let sandbox = enter(&server, &id)?;
    let change: Change = read(request).await?;
    let clockwork = &sandbox.clockwork;
    let (clock, effects) = match change {
        Change { freeze: Some(at), advance: None, resume: false } => {
            let frozen = standing(time(&at)?)?;
            (clockwork.set(|_| frozen).await?, vec![])
        }
        Change { freeze: None, advance: None, resume: true } => (clockwork.set(|clock| clock.resumed()).await?, vec![]),
        Change { freeze: None, advance: Some(by), resume: false } => {
            // In a task of its own: it goes on where the caller doesn't wait for it.
            let advance = tokio::spawn(clockwork.clone().advance(span(&by).ok_or(NoSandbox::Span(by))?));
            advance.await.map_err(|error| Refused::new(500, "not_advanced", error.to_string()))??
        }
        _ => return Err(Refused::bad(r#"say one of {"freeze": TIME}, {"advance": DURATION} and {"resume": true}"#)),
    };
    ok(&shown(clock, &effects))
}

fn shown(clock: Clock, effects: &[Effect]) -> Json {
    let effects: Vec<Json> = effects.iter().map(effect).collect();
    json!({ "now": clock.now(), "frozen": clock.is_frozen(), "effects": effects })
}

fn effect(effect: &Effect) -> Json {
    match effect {
        Effect::Due(done) => json!({ "at": done.at, "what": done.what, "type": done.of.name(), "id": done.id.to_string() }),
        Effect::Tried(tried) => {
            let what = if tried.attempt == 1 { "delivery" } else { "retry" };
            json!({
                "at": tried.at, "what": what, "delivery": tried.delivery.to_string(), "attempt": tried.attempt, "status": tried.status,
            })
        }
    }
}
