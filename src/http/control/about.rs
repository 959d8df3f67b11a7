//! About the server: is it well, what can it announce, who called in vain.

use super::{Answered, Refused, Server, ok, query};
use crate::coverage::Coverage;
use crate::sandboxes::Unmatched;
use crate::schema::{EventDef, Version};
use axum::{extract::State, http::Uri};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use std::sync::Arc;
use tokio::task::spawn_blocking;

pub async fn health(State(server): State<Arc<Server>>) -> Answered {
    ok(&json!({
        "status": "ok",
        "version": env!("CARGO_PKG_VERSION"),
        "uptime_ms": server.started.elapsed().as_millis() as u64,
        "memory": { "resident_bytes": resident_bytes() },
        "rings": rings(&server),
    }))
}

/// What the rings of all sandboxes hold together, and what they had to drop.
pub fn rings(server: &Server) -> Json {
    let all = server.sandboxes.all();
    let sum = |ring: &dyn Fn(&crate::sandboxes::Sandbox) -> (usize, u64)| {
        let (bytes, dropped) = all.iter().map(|sandbox| ring(sandbox)).fold((0, 0), |sum, ring| (sum.0 + ring.0, sum.1 + ring.1));
        json!({ "bytes": bytes, "dropped": dropped })
    };
    let (bytes, dropped) = server.sandboxes.unmatched(|ring| (ring.bytes(), ring.dropped()));
    json!({
        "requests": sum(&|sandbox| sandbox.requests.ring()),
        "commits": sum(&|sandbox| sandbox.world.commits(|ring| (ring.bytes(), ring.dropped()))),
        "deliveries": sum(&|sandbox| sandbox.outbox.ring()),
        "unmatched": { "bytes": bytes, "dropped": dropped },
    })
}

/// None where the system doesn't say.
pub fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

/// The server listens only once the default sandbox is seeded.
pub async fn ready() -> Answered {
    ok(&json!({ "status": "ready" }))
}

pub async fn events() -> Answered {
    let events = EventDef::all().iter().map(|event| {
        json!({
            "event_type": event.name(),
            "enum": event.choice(),
            "resource_id_type": event.resource_type(),
            "extra": event.extra().collect::<Vec<_>>(),
            "in_short_list": event.in_short_list,
        })
    });
    ok(&json!({ "events": events.collect::<Vec<_>>() }))
}

/// What is emulated of one version; the oldest, where none is named.
pub async fn coverage(State(server): State<Arc<Server>>, uri: Uri) -> Answered {
    #[derive(Deserialize)]
    struct Asked {
        version: Option<String>,
    }
    let asked: Asked = query(&uri)?;
    let date = asked.version.as_deref().unwrap_or(Version::V2024_06_01.date());
    let known = Version::ALL.into_iter().find(|version| version.date() == date);
    let dates = Version::ALL.map(Version::date).join(" and ");
    let version = known.ok_or_else(|| Refused::bad(format!("there is no version {date:?}; there are {dates}")))?;
    // Measured once, which takes a moment.
    let measured = spawn_blocking(move || {
        let coverage = server.coverage.get_or_init(|| Coverage::measure(server.sandboxes.catalogue()));
        coverage.to_json(version)
    });
    ok(&measured.await.map_err(|error| Refused::new(500, "not_measured", error.to_string()))?)
}

pub async fn unmatched(State(server): State<Arc<Server>>) -> Answered {
    let requests: Vec<Json> = server.sandboxes.unmatched(|ring| ring.iter().map(Unmatched::to_json).collect());
    ok(&json!({ "requests": requests }))
}
