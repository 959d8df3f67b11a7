//! What only third parties do: records that no API call can make, and events of theirs.

use super::{Answered, Named, Refused, Server, enter, ok, read};
use crate::sandboxes::{Announced, NotCaused};
use crate::webhooks::Filter;
use axum::extract::{Request, State};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use std::sync::Arc;

/// `[{type, handle?, fields, fire?, remove?}]`, all or nothing.
pub async fn records(State(server): State<Arc<Server>>, Named(id): Named, request: Request) -> Answered {
    let sandbox = enter(&server, &id)?;
    let sent: Json = read(request).await?;
    let (added, commit) = sandbox.add(&sent)?;
    let records = added.iter().map(|added| json!({ "type": added.ty.name(), "id": added.id.to_string(), "handle": added.handle }));
    ok(&json!({ "records": records.collect::<Vec<_>>(), "commit": commit }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    event_type: String,
    resource_id: Json,
    #[serde(default)]
    changed_fields: Vec<String>,
    #[serde(default)]
    extra: Map<String, Json>,
}

/// `{event_type, resource_id, changed_fields?, extra?}`
pub async fn events(State(server): State<Arc<Server>>, Named(id): Named, request: Request) -> Answered {
    let sandbox = enter(&server, &id)?;
    let Wanted { event_type, resource_id, changed_fields, extra } = read(request).await?;
    let id = resource_id.as_u64().or_else(|| resource_id.as_str()?.parse().ok());
    let resource_id = id.ok_or_else(|| Refused::bad(format!("{resource_id} is no id; give the record's, as 10000007 or \"10000007\"")))?;
    let commit = sandbox.announce(&Announced { event_type: &event_type, resource_id, changed_fields: &changed_fields, extra: &extra })?;
    let deliveries = sandbox.outbox.list(&Filter { commits: vec![commit], ..Filter::default() });
    ok(&json!({ "commit": commit, "deliveries": deliveries.iter().map(|delivery| delivery.to_json()).collect::<Vec<_>>() }))
}

impl From<NotCaused> for Refused {
    fn from(why: NotCaused) -> Self {
        let (status, code) = match why {
            NotCaused::Record(_) => (400, "bad_record"),
            NotCaused::Event(_) => (400, "bad_event"),
            NotCaused::NoRoom => (503, "too_many_deliveries"),
        };
        Self::new(status, code, why.to_string())
    }
}
