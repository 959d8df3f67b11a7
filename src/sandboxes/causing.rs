//! What nobody can do through the API, done to a sandbox: records of third parties, and events that only they cause.

use super::Sandbox;
use crate::engine::{Event, NO_ROOM, Reading, Refusal, Viewer, table};
use crate::schema::{EventDef, TypeId, Version};
use crate::seeds::{Added, Addition, Handles, SeedError};
use crate::state::Value;
use serde_json::{Map, Value as Json};
use std::sync::PoisonError;

/// Why nothing was done; the message says what would be.
#[derive(Debug, thiserror::Error)]
pub enum NotCaused {
    #[error("{0}; nothing was stored")]
    Record(#[from] SeedError),
    #[error("{0}; nothing was announced")]
    Event(String),
    #[error("{NO_ROOM}; try again once some are delivered")]
    NoRoom,
}

impl From<Refusal> for NotCaused {
    /// A commit that no rule refuses is refused for its deliveries alone.
    fn from(_: Refusal) -> Self {
        Self::NoRoom
    }
}

/// An event, as a third party would cause it.
pub struct Announced<'a> {
    pub event_type: &'a str,
    pub resource_id: u64,
    pub changed_fields: &'a [String],
    /// Instead of what the record says.
    pub extra: &'a Map<String, Json>,
}

impl Sandbox {
    /// Stores all of `sent`, or nothing. Gives back what became of them and the commit's number, where anything changed.
    pub fn add(&self, sent: &Json) -> Result<(Vec<Added>, Option<u64>), NotCaused> {
        let addition = Addition::read(sent, self.records())?;
        let organization = self.main_organization();
        let now = self.world.now();
        let (added, commit) = self.world.add::<_, NotCaused>("records", |tx, silenced| {
            let added = addition.store(tx, &self.world.catalogue, now, organization)?;
            silenced.extend(added.iter().filter(|added| added.is_quiet).map(|added| (added.ty, added.id)));
            Ok(added)
        })?;
        let mut known = self.added.lock().unwrap_or_else(PoisonError::into_inner);
        for Added { ty, id, handle, is_removed, .. } in &added {
            let Some(handle) = handle.clone().filter(|_| !is_removed) else { continue };
            known.entry(ty.name().to_owned()).or_default().insert(handle, *id);
        }
        Ok((added, commit))
    }

    /// The ids of the seed's records and of those that were added, by type and handle.
    pub fn records(&self) -> Handles {
        let mut records = self.seeded().clone();
        for (ty, by_handle) in self.added_handles() {
            records.entry(ty).or_default().extend(by_handle);
        }
        records
    }

    /// Announces an event that no change of ours says. Gives back the commit's number.
    pub fn announce(&self, wanted: &Announced<'_>) -> Result<u64, NotCaused> {
        let event = self.event(wanted).map_err(NotCaused::Event)?;
        Ok(self.world.announce("events", event)?)
    }

    fn event(&self, wanted: &Announced<'_>) -> Result<Event, String> {
        let def = EventDef::find(wanted.event_type).ok_or_else(|| unknown_event(wanted.event_type))?;
        let state = &self.world.snapshot().state;
        let scene = self.world.scene(Viewer::nobody(), Version::V2026_01_01, "".into());
        let mut event =
            Event::about(Reading { state, scene: &scene }, def, wanted.resource_id, self.main_organization()).map_err(|why| {
                let elsewhere = TypeId::all().filter(|ty| state.get(table(*ty), wanted.resource_id).is_some()).map(TypeId::name);
                match elsewhere.collect::<Vec<_>>()[..] {
                    [] => format!("{why}; no record has the id {}", wanted.resource_id),
                    ref types => format!("{why}; {} is the id of a record of {}", wanted.resource_id, types.join(" and ")),
                }
            })?;
        event.changed_fields = wanted.changed_fields.iter().map(|name| event.changed(name)).collect::<Result<_, _>>()?;
        for (name, value) in wanted.extra {
            let known: Vec<_> = def.extra().collect();
            let Some(at) = known.iter().position(|field| field == name) else {
                let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
                return Err(format!("{} has no field {name:?} of its own; it has {known}", def.name()));
            };
            event.extra[at].1 = value_of(known[at], value);
        }
        Ok(event)
    }
}

/// Ids are ids in either form, so that all of a delivery's are alike.
fn value_of(field: &str, sent: &Json) -> Value {
    let id = match sent {
        Json::String(digits) => digits.parse().ok(),
        sent => sent.as_u64(),
    };
    match id.filter(|_| field.ends_with("_id")) {
        Some(id) => Value::Id(id),
        None => Value::Json(sent.to_string().into()),
    }
}

fn unknown_event(name: &str) -> String {
    let mut near: Vec<_> = EventDef::all().iter().map(|event| (distance(name, event.name()), event.name())).collect();
    near.sort_unstable();
    let near: Vec<_> = near.into_iter().take(3).map(|(_, name)| name).collect();
    format!("there is no event {name:?}; near it are {}, and GET /_mock/events lists all", near.join(", "))
}

/// How much of the words is not shared; of events that share alike, the more alike name is nearer.
fn distance(a: &str, b: &str) -> (usize, usize) {
    let words = |name: &str| name.to_lowercase().split(['.', '_']).map(str::to_owned).collect::<Vec<_>>();
    let (a_words, b_words) = (words(a), words(b));
    let missing = |these: &[String], those: &[String]| these.iter().filter(|word| !those.contains(word)).count();
    let prefix = a.bytes().zip(b.bytes()).take_while(|(a, b)| a.eq_ignore_ascii_case(b)).count();
    (missing(&a_words, &b_words) + missing(&b_words, &a_words), usize::MAX - prefix)
}
