//! A sandbox's clock: what it shows, and whether it stands.

use super::{Answered, Named, Refused, Server, enter, ok, read, time};
use crate::sandboxes::{Sandbox, standing};
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
    ok(&shown(&*enter(&server, &id)?))
}

pub async fn set(State(server): State<Arc<Server>>, Named(id): Named, request: Request) -> Answered {
    let sandbox = enter(&server, &id)?;
    let change: Change = read(request).await?;
    match change {
        Change { freeze: Some(at), advance: None, resume: false } => sandbox.world.set_clock(standing(time(&at)?)?),
        Change { freeze: None, advance: None, resume: true } => sandbox.world.set_clock(sandbox.world.clock().resumed()),
        Change { freeze: None, advance: Some(_), resume: false } => {
            return Err(Refused::new(501, "not_emulated", "the clock cannot be advanced yet; freeze it at a later time"));
        }
        _ => return Err(Refused::bad(r#"say one of {"freeze": TIME} and {"resume": true}"#)),
    }
    ok(&shown(&sandbox))
}

fn shown(sandbox: &Sandbox) -> Json {
    let clock = sandbox.world.clock();
    json!({ "now": clock.now(), "frozen": clock.is_frozen(), "effects": [] })
}
