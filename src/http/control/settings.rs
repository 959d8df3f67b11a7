//! How a sandbox behaves where the real ones differ.

use super::{Answered, Named, Refused, Server, enter, ok, read};
use crate::engine::Settings;
use axum::extract::{Request, State};
use serde_json::{Map, Value as Json, json};
use std::sync::Arc;

pub async fn show(State(server): State<Arc<Server>>, Named(id): Named) -> Answered {
    ok(&json!(*enter(&server, &id)?.world.settings()))
}

/// What the body leaves out stays as it is.
pub async fn change(State(server): State<Arc<Server>>, Named(id): Named, request: Request) -> Answered {
    let sandbox = enter(&server, &id)?;
    let change: Map<String, Json> = read(request).await?;
    let mut all = json!(*sandbox.world.settings());
    let settings = all.as_object_mut().expect("settings are an object");
    settings.extend(change);
    let settings: Settings = serde_json::from_value(all).map_err(|error| bad(&error.to_string()))?;
    settings.check().map_err(|why| bad(&why))?;
    sandbox.world.set_settings(settings.clone());
    ok(&json!(settings))
}

fn bad(why: &str) -> Refused {
    Refused::new(400, "bad_setting", format!("{why}; nothing was changed"))
}
