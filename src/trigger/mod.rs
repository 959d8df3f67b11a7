//! `healthie-mock trigger`: makes a running server change data so that an event fires for real. It is a client of the server's
//! HTTP API, as anybody could write one: what it needs it stores through the control API without a word to webhooks, then the
//! one who would do it sends the mutation; what only third parties do goes through `records` and `events`.

mod client;
mod names;
mod plan;

pub use plan::{By, PLANS, Plan};

use crate::schema::EventDef;
use crate::webhooks::Courier;
use client::Client;
use names::Names;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// Fires events in one sandbox of a running server.
pub struct Trigger<'a> {
    client: Client<'a>,
}

/// Why an event did not fire; the message says what to do.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Unfired(String);

/// An event that fired.
#[derive(Debug)]
pub struct Fired {
    pub event: &'static EventDef,
    pub commit: u64,
    pub resource_id: String,
    /// The mutation, or the call of the control API.
    pub cause: String,
    /// What the plan's names stood for.
    pub names: BTreeMap<String, String>,
}

impl<'a> Trigger<'a> {
    /// With `token`, as who knows the server's `--admin-token`.
    pub fn new(courier: &'a Courier, url: &str, sandbox: &str, token: Option<&str>) -> Self {
        Self { client: Client::new(courier, url, sandbox, token) }
    }

    /// Makes `event` happen: to the record `resource`, or to one that is made for it.
    pub async fn fire(&self, event: &str, resource: Option<&str>) -> Result<Fired, Unfired> {
        let def =
            EventDef::find(event).ok_or_else(|| Unfired(format!("there is no event {event:?}; `healthie-mock events` lists them")))?;
        let plan = Plan::of(def).ok_or_else(|| Unfired(format!("nobody has said how {} comes about", def.name())))?;
        let mut names = Names::new(&self.client).await?;
        match (resource, plan.about) {
            (Some(id), "") => return Err(Unfired(format!("{} makes a record of its own; leave --resource {id} out", def.name()))),
            (Some(id), about) => names.take(about, id)?,
            (None, "") => {}
            (None, about) => drop(names.find(&self.client, about).await?),
        }
        for needed in &plan.needs {
            names.find(&self.client, needed).await?;
        }
        let what = names.fill(&self.client, plan.what).await?;
        let before = names.last_commit;
        let cause = self.carry_out(plan, &what, names.get(plan.about)).await?;
        self.fired(def, before, cause, names).await
    }

    /// Gives back what was called.
    async fn carry_out(&self, plan: &Plan, what: &str, about: Option<&str>) -> Result<String, Unfired> {
        match plan.by {
            By::Role(role) => {
                self.client.mutate(role, what).await?;
                Ok(format!("{} as {role}", what.split('(').next().unwrap_or_default()))
            }
            By::Records => self.client.control("records", &read(what)).await.map(|_| "POST records".to_owned()),
            By::Clock => self.client.control("clock", &read(what)).await.map(|_| "POST clock".to_owned()),
            By::Events => {
                let mut wanted = read(what);
                wanted["event_type"] = json!(plan.event);
                wanted["resource_id"] = json!(about);
                self.client.control("events", &wanted).await.map(|_| "POST events".to_owned())
            }
        }
    }

    /// The event among those of the commits after `before`.
    async fn fired(&self, def: &'static EventDef, before: u64, cause: String, names: Names) -> Result<Fired, Unfired> {
        let commits = self.client.get("commits").await?;
        let commits = commits["commits"].as_array().map(Vec::as_slice).unwrap_or_default();
        let later = commits.iter().filter(|commit| commit["number"].as_u64() > Some(before));
        let events = later.flat_map(|commit| {
            commit["events"].as_array().into_iter().flatten().map(move |event| (commit["number"].as_u64().unwrap_or(0), event))
        });
        let found = events.into_iter().rfind(|(_, event)| event["event_type"] == def.name());
        let (commit, event) = found.ok_or_else(|| {
            Unfired(format!(
                "{cause} was carried out, but {} did not follow from it; does the record differ from what it becomes?",
                def.name()
            ))
        })?;
        let resource_id = event["resource_id"].as_str().unwrap_or_default().to_owned();
        Ok(Fired { event: def, commit, resource_id, cause, names: names.into_known() })
    }
}

/// The tables are JSON; their tests say so.
fn read(text: &str) -> Json {
    serde_json::from_str(text).expect("what is filled in keeps JSON as it is")
}
