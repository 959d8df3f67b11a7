//! What a delivery leaves in the world: a `SentWebhook` for each attempt, and how the webhook's event is doing.

use super::{Attempt, Delivery};
use crate::engine::{Kind, Row, World, failing, table};
use crate::schema::names::{SentWebhook, Webhook, WebhookEvent};
use crate::schema::{Field, Instant, Int, Named};
use crate::state::{Record, State, Transaction, Value};
use std::sync::Arc;

/// The name of these commits in the journal.
const CAUSE: &str = "delivery";

/// Records attempts that are over, in one commit.
pub fn record(world: &World, attempts: &[(Arc<Delivery>, &Attempt)]) {
    world.change(CAUSE, |tx| {
        for (delivery, attempt) in attempts {
            sent_webhook(tx, delivery, attempt);
            count_failures(tx, delivery, attempt);
        }
    });
}

fn count_failures(tx: &mut Transaction, delivery: &Delivery, attempt: &Attempt) {
    let Some(before) = webhook_event(tx.state(), delivery.webhook, delivery.event.choice()).cloned() else { return };
    if attempt.succeeded() && before.get(WebhookEvent::last_failed_at.slot).is_null() {
        return;
    }
    let after = failures(&before, delivery, attempt);
    let turned = before.get(WebhookEvent::first_failed_at.slot) != after.get(WebhookEvent::first_failed_at.slot);
    tx.put(table(WebhookEvent::TYPE), after);
    if turned {
        watch(tx, delivery.webhook);
    }
}

/// Says when the webhook is warned about and disabled, if it goes on like this.
fn watch(tx: &mut Transaction, webhook: u64) {
    let Some(before) = tx.state().get(table(Webhook::TYPE), webhook).cloned() else { return };
    let mut webhook = Record::clone(&before);
    let before = Row::<Webhook>::new(before);
    let watched = events(tx.state(), before.id()).filter(|_| before.is(Webhook::is_enabled));
    let failing = watched.filter_map(|event| Row::<WebhookEvent>::new(event.clone()).get(WebhookEvent::first_failed_at));
    let (warns_at, disables_at) = failing::watch(failing, before.get(Webhook::warned_at));
    for (field, at) in [(Webhook::warns_at, warns_at), (Webhook::disables_at, disables_at)] {
        webhook.set(field.slot, at.map_or(Value::Null, <Instant as Kind>::write));
    }
    tx.put(table(Webhook::TYPE), webhook);
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
    // Assumed: that of the delivery that has been tried most often.
    let retries = <Int as Kind>::read(event.get(WebhookEvent::retry_count.slot)).unwrap_or(0).max(delivery.attempts.len() as i64);
    set(&mut event, WebhookEvent::retry_count, retries);
    event
}

/// What a webhook keeps about the event whose enum value is `choice`: by an index of both columns, where there is one.
pub fn webhook_event<'s>(state: &'s State, webhook: u64, choice: &str) -> Option<&'s Arc<Record>> {
    let of = table(WebhookEvent::TYPE);
    let (by, named) = (WebhookEvent::webhook_id.slot, WebhookEvent::event_type.slot);
    if let Some(index) = state.exact_index(of, &[by, named], &[]) {
        return state.find(of, index, &[Value::Id(webhook), Value::text(choice)], false, None).next();
    }
    events(state, webhook).find(|event| event.get(named).as_str() == Some(choice))
}

fn events(state: &State, webhook: u64) -> Box<dyn Iterator<Item = &Arc<Record>> + '_> {
    let of = table(WebhookEvent::TYPE);
    let by = WebhookEvent::webhook_id.slot;
    match state.exact_index(of, &[by], &[]) {
        Some(index) => state.find(of, index, &[Value::Id(webhook)], false, None),
        None => Box::new(state.all(of).filter(move |event| event.get(by).as_id() == Some(webhook))),
    }
}

fn set<T, K: Kind>(record: &mut Record, field: Field<T, K>, value: K::Write) {
    record.set(field.slot, K::write(value));
}
