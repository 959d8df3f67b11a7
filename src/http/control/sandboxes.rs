//! Sandboxes: listed, made, made fresh, deleted.

use super::{Answered, Named, Refused, Server, enter, ok, read, respond, time};
use crate::sandboxes::{Beginning, Sandbox};
use axum::{
    extract::{Request, State},
    http::StatusCode,
};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use std::sync::Arc;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    name: Option<String>,
    seed: Option<String>,
    from: Option<String>,
    clock: Option<WantedClock>,
    ids: Option<WantedIds>,
}

#[derive(Deserialize, Clone, Copy, PartialEq)]
#[serde(rename_all = "lowercase")]
enum WantedIds {
    Restart,
    Unique,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = r#"clock is {"freeze": TIME}, or the time alone"#)]
enum WantedClock {
    At(String),
    Set(Standing),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Standing {
    freeze: Option<String>,
}

impl Wanted {
    fn into_beginning(self) -> Result<Beginning, Refused> {
        if self.from.is_some() && self.seed.is_some() {
            return Err(Refused::bad("a sandbox begins with a seed or as a copy; say one of seed and from"));
        }
        let freeze = self.clock.and_then(|clock| match clock {
            WantedClock::At(at) => Some(at),
            WantedClock::Set(standing) => standing.freeze,
        });
        let freeze = freeze.map(|at| time(&at)).transpose()?;
        Ok(Beginning { seed: self.seed, from: self.from, freeze, unique_ids: self.ids.map(|ids| ids == WantedIds::Unique) })
    }
}

pub async fn list(State(server): State<Arc<Server>>) -> Answered {
    let all: Vec<Json> = server.sandboxes.all().iter().map(|sandbox| shown(sandbox)).collect();
    ok(&json!({ "sandboxes": all }))
}

pub async fn show(State(server): State<Arc<Server>>, Named(id): Named) -> Answered {
    ok(&shown(&*enter(&server, &id)?))
}

pub async fn create(State(server): State<Arc<Server>>, request: Request) -> Answered {
    let mut wanted: Wanted = read(request).await?;
    let name = wanted.name.take();
    let made = server.sandboxes.create(name.as_deref(), &wanted.into_beginning()?)?;
    Ok(respond::json(StatusCode::CREATED, &shown(&made)))
}

pub async fn renew(State(server): State<Arc<Server>>, Named(id): Named, request: Request) -> Answered {
    let wanted: Wanted = read(request).await?;
    if let Some(name) = wanted.name.as_ref().filter(|name| **name != id) {
        return Err(Refused::bad(format!("the path names {id:?}, the body {name:?}; leave the latter out")));
    }
    ok(&shown(&*server.sandboxes.renew(&id, &wanted.into_beginning()?).await?))
}

pub async fn reset(State(server): State<Arc<Server>>, Named(id): Named) -> Answered {
    ok(&shown(&*server.sandboxes.reset(&id).await?))
}

pub async fn delete(State(server): State<Arc<Server>>, Named(id): Named) -> Answered {
    server.sandboxes.delete(&id).await?;
    ok(&json!({ "deleted": id }))
}

pub fn shown(sandbox: &Sandbox) -> Json {
    let mut keys = Map::new();
    for (role, key) in sandbox.keys() {
        let shown = json!({ "key": key, "user_id": role.user_id.to_string(), "email": role.email, "password": role.password });
        keys.insert(role.role.clone(), shown);
    }
    let mut records = Map::new();
    for (of, by_handle) in &sandbox.records() {
        let ids: Map<String, Json> = by_handle.iter().map(|(handle, id)| (handle.clone(), id.to_string().into())).collect();
        records.insert(of.clone(), ids.into());
    }
    json!({
        "id": &*sandbox.world.name,
        "seed": &*sandbox.seed,
        "created_at": sandbox.created_at,
        "now": sandbox.world.now(),
        "keys": keys,
        "records": records,
    })
}
