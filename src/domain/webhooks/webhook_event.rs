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

/// The events that a list names, each once.
pub fn wanted(inputs: &[Nested<'_, Input>]) -> Result<Vec<&'static EventDef>, Refusal> {
    let mut events: Vec<&'static EventDef> = vec![];
    for input in inputs {
        let name = input.get(Input::event_type).unwrap_or_default();
        // Documented for the list of the newest version; assumed to be the same text before.
        let event = EventDef::find(name).ok_or_else(|| Refusal::named("event_type", "is not included in the list"))?;
        if !events.iter().any(|known| known.name() == event.name()) {
            events.push(event);
        }
    }
    Ok(events)
}

/// Documented (updateWebhookInput.webhook_events): what is given is the whole new set. Events that stay keep their record.
pub fn replace<I: Named>(call: &mut Call<'_, I>, webhook: &Row<Webhook>, events: &[&'static EventDef]) {
    let known = call.having(WebhookEvent::webhook_id, webhook.id());
    for gone in known.iter().filter(|known| !events.iter().any(|event| known.get(WebhookEvent::event_type) == Some(event.choice()))) {
        call.delete(gone);
    }
    for event in events {
        if !known.iter().any(|known| known.get(WebhookEvent::event_type) == Some(event.choice())) {
            add(call, webhook, event);
        }
    }
}

fn add<I: Named>(call: &mut Call<'_, I>, webhook: &Row<Webhook>, event: &EventDef) {
    let mut record = call.blank_draft::<WebhookEvent>().belongs_to(webhook.organization());
    record.set_value(WebhookEvent::event_type.slot, event.choice().into());
    record.set(WebhookEvent::webhook_id, webhook.id()).save(call);
}
