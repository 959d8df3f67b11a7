//! One event that a webhook wants, with how its deliveries go.

use crate::engine::{Call, Entity, Nested, Refusal, Row};
use crate::schema::names::{Webhook, WebhookEvent, WebhookEventInput as Input};
use crate::schema::{EventDef, Named};

pub fn entity() -> Entity<WebhookEvent> {
    Entity::new()
        .defaults(WebhookEvent::retry_count, 0)
        .indexed(WebhookEvent::webhook_id)
        .ordered(&[WebhookEvent::webhook_id.slot, WebhookEvent::event_type.slot], &[])
}

/// What the help article lists and nothing ever sends: no reference has ever documented it. See the engine's reading of choices.
pub const NEVER_SENT: &str = "conversation_membership.updated";

/// An event as webhooks keep it: a value of the enum, but for the one that is none.
pub fn kept_as(name: &str) -> Option<&'static str> {
    EventDef::find(name).map(EventDef::choice).or_else(|| (name == NEVER_SENT).then_some(NEVER_SENT))
}

/// The events that a list names, each once.
pub fn wanted(inputs: &[Nested<'_, Input>]) -> Result<Vec<&'static str>, Refusal> {
    let mut events = vec![];
    for input in inputs {
        let name = input.get(Input::event_type).unwrap_or_default();
        // Documented for the list of the newest version; assumed to be the same text before.
        let event = kept_as(name).ok_or_else(|| Refusal::named("event_type", "is not included in the list"))?;
        if !events.contains(&event) {
            events.push(event);
        }
    }
    Ok(events)
}

/// Notes in the request log that an event is accepted and never sent.
pub fn note_never_sent<I: Named>(call: &mut Call<'_, I>, events: &[&'static str]) {
    if events.contains(&NEVER_SENT) {
        call.has_no_effect("webhook_events.event_type: conversation_membership.updated");
    }
}

/// Documented (updateWebhookInput.webhook_events): what is given is the whole new set. Events that stay keep their record.
pub fn replace<I: Named>(call: &mut Call<'_, I>, webhook: &Row<Webhook>, events: &[&'static str]) {
    let known = call.having(WebhookEvent::webhook_id, webhook.id());
    for gone in known.iter().filter(|known| !events.iter().any(|event| known.get(WebhookEvent::event_type) == Some(*event))) {
        call.delete(gone);
    }
    for event in events {
        if !known.iter().any(|known| known.get(WebhookEvent::event_type) == Some(*event)) {
            add(call, webhook, event);
        }
    }
}

fn add<I: Named>(call: &mut Call<'_, I>, webhook: &Row<Webhook>, event: &'static str) {
    let mut record = call.blank_draft::<WebhookEvent>().belongs_to(webhook.organization());
    record.set_value(WebhookEvent::event_type.slot, event.into());
    record.set(WebhookEvent::webhook_id, webhook.id()).save(call);
}
