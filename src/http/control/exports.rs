//! Whole states: a sandbox's as a document, and back; seeds that callers bring.

use super::{Answered, Named, Refused, Server, enter, ok, respond, sandboxes};
use crate::http::{archive, body};
use axum::{
    extract::{Request, State},
    http::StatusCode,
};
use serde_json::json;
use std::borrow::Cow;
use std::sync::Arc;
use tokio::task::spawn_blocking;

/// The longest document that is read, in bytes.
const MOST: usize = 256 * 1024 * 1024;

pub async fn export(State(server): State<Arc<Server>>, Named(id): Named) -> Answered {
    let sandbox = enter(&server, &id)?;
    Ok(respond::written(StatusCode::OK, apart(move || Ok(sandbox.export())).await?))
}

/// Answers with the sandbox.
pub async fn import(State(server): State<Arc<Server>>, Named(id): Named, request: Request) -> Answered {
    enter(&server, &id)?;
    let read = body::read_up_to(MOST, request.into_body()).await?;
    let all = server.clone();
    let held = apart(move || Ok(all.sandboxes.read_export(body::text(&read)?)?)).await?;
    ok(&sandboxes::shown(&*server.sandboxes.import(&id, held).await?))
}

pub async fn seeds(State(server): State<Arc<Server>>) -> Answered {
    ok(&json!({ "seeds": server.sandboxes.seeds() }))
}

pub async fn add_seed(State(server): State<Arc<Server>>, Named(name): Named, request: Request) -> Answered {
    let read = body::read_up_to(MOST, request.into_body()).await?;
    let added = name.clone();
    apart(move || {
        // An archive is as good as an object of its files.
        let text = match archive::files(&read)? {
            Some(files) => Cow::Owned(json!(files).to_string()),
            None => Cow::Borrowed(body::text(&read)?),
        };
        Ok(server.sandboxes.add_seed(&added, &text)?)
    })
    .await?;
    ok(&json!({ "seed": name }))
}

/// Off the threads that answer calls: a large document takes a while.
async fn apart<T: Send + 'static>(work: impl FnOnce() -> Result<T, Refused> + Send + 'static) -> Result<T, Refused> {
    spawn_blocking(work).await.map_err(|error| Refused::new(500, "broken", error.to_string()))?
}
