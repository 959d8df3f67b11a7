//! `webhookEventTypes`: what can be heard of.

use crate::engine::{Answer, Reading, Value};
use crate::schema::EventDef;

/// Documented: the dotted names, sorted.
pub fn webhook_event_types(_: Reading<'_>) -> Answer {
    let mut names: Vec<&str> = EventDef::all().iter().map(EventDef::name).collect();
    names.sort_unstable();
    Value::List(names.into_iter().map(Value::from).collect()).into()
}
