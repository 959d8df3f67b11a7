//! What a delivery leaves in the world: a `SentWebhook` for each attempt, and how the webhook's event is doing.

use super::{Attempt, Delivery};
use crate::engine::{Kind, World, table};
use crate::schema::names::{SentWebhook, WebhookEvent};
use crate::schema::{Field, Named};
use crate::state::{Record, State, Transaction, Value};
use std::sync::Arc;

/// The name of these commits in the journal.
const CAUSE: &str = "delivery";

pub fn record(world: &World, delivery: &Delivery, attempt: &Attempt) {
    world.change(CAUSE, |tx| {
        sent_webhook(tx, delivery, attempt);
        if let Some(event) = webhook_event(tx.state(), delivery.webhook, delivery.event.choice()).cloned() {
            tx.put(table(WebhookEvent::TYPE), failures(&event, delivery, attempt));
        }
    });
}

fn sent_webhook(tx: &mut Transaction, delivery: &Delivery, attempt: &Attempt) {
    let id = tx.new_id(table(SentWebhook::TYPE));
    let mut record = Record::new(id, delivery.organization);
    set(&mut record, SentWebhook::webhook_id, delivery.webhook);
    set(&mut record, SentWebhook::url, delivery.url.to_string());
    set(&mut record, SentWebhook::resource_id, delivery.resource_id);
    set(&mut record, SentWebhook::resource_id_type, delivery.event.resource_type().to_owned());
    set(&mut record, SentWebhook::created_at, attempt.at);
    set(&mut record, SentWebhook::delivery_id, delivery.id);
    if let Some(status) = attempt.status {
        set(&mut record, SentWebhook::http_response_status, status.to_string());
    }
    // `test.created` is no value of the enum: the newer version shows null, the older one its name.
    let choice = delivery.event.choice();
    record.set(SentWebhook::event_type.slot, Value::text(if choice.is_empty() { delivery.event.name() } else { choice }));
    tx.put(table(SentWebhook::TYPE), record);
}

/// Failures count up until one succeeds.
fn failures(event: &Record, delivery: &Delivery, attempt: &Attempt) -> Record {
    let mut event = event.clone();
    if attempt.succeeded() {
        event.set(WebhookEvent::first_failed_at.slot, Value::Null);
        event.set(WebhookEvent::last_failed_at.slot, Value::Null);
        set(&mut event, WebhookEvent::retry_count, 0);
        return event;
    }
    if event.get(WebhookEvent::first_failed_at.slot).is_null() {
        set(&mut event, WebhookEvent::first_failed_at, attempt.at);
    }
    set(&mut event, WebhookEvent::last_failed_at, attempt.at);
    set(&mut event, WebhookEvent::retry_count, delivery.attempts.len() as i64);
    event
}

/// What a webhook keeps about the event whose enum value is `choice`: by an index of both columns, where there is one.
pub fn webhook_event<'s>(state: &'s State, webhook: u64, choice: &str) -> Option<&'s Arc<Record>> {
    let of = table(WebhookEvent::TYPE);
    let (by, named) = (WebhookEvent::webhook_id.slot, WebhookEvent::event_type.slot);
    if let Some(index) = state.exact_index(of, &[by, named], &[]) {
        return state.find(of, index, &[Value::Id(webhook), Value::text(choice)], false, None).next();
    }
    let its = match state.exact_index(of, &[by], &[]) {
        Some(index) => state.find(of, index, &[Value::Id(webhook)], false, None),
        None => Box::new(state.all(of).filter(move |event| event.get(by).as_id() == Some(webhook))),
    };
    its.into_iter().find(|event| event.get(named).as_str() == Some(choice))
}

fn set<T, K: Kind>(record: &mut Record, field: Field<T, K>, value: K::Write) {
    record.set(field.slot, K::write(value));
}
