//! Where an organization wants to hear of events, and the list of those places.

use super::webhook_event::NEVER_SENT;
use crate::engine::{Answer, Entity, List, View, Within};
use crate::schema::Version;
use crate::schema::names::{Webhook, WebhookEvent, args};

pub fn entity() -> Entity<Webhook> {
    Entity::new()
        // Assumed: nothing says what a new webhook is. Documented: retries are on.
        .defaults(Webhook::is_enabled, true)
        .defaults(Webhook::should_retry, true)
        .collects(Webhook::webhook_events, WebhookEvent::webhook_id)
        .answers(Webhook::webhook_events, |webhook| {
            let events = webhook.on.having(WebhookEvent::webhook_id, webhook.id());
            let is_shown = |event: &View<'_, WebhookEvent>| webhook.on.scene.version == Version::V2024_06_01 || !is_never_sent(event);
            Answer::List(events.filter(is_shown).map(Answer::from).collect())
        })
        .indexed(Webhook::url)
        .ruled(Webhook::webhook_events)
        .ruled(Webhook::event_type)
        .searched(Webhook::url)
        .searched(Webhook::event_type)
}

/// True for what only the older version has a word for: the newer would have to show another event.
fn is_never_sent(event: &View<'_, WebhookEvent>) -> bool {
    event.value(WebhookEvent::event_type.slot).as_str() == Some(NEVER_SENT)
}

/// Documented: the organization's, newest first.
pub fn webhooks() -> List<Webhook, args::webhooks> {
    List::new()
        .within(|on, _| Within::organization(on.viewer().organization()).all_visible())
        .filter(args::webhooks::keywords, |webhook, words| is_found(webhook, words))
        .default_order("CREATED_AT_DESC")
        .page_size(20)
}

/// Inferred: keywords are looked for in the address and in the events, of which each spelling is found.
fn is_found(webhook: &View<'_, Webhook>, words: &str) -> bool {
    let events = webhook.on.having(WebhookEvent::webhook_id, webhook.id());
    let mut texts: Vec<String> = events.filter_map(|event| event.get(WebhookEvent::event_type).map(str::to_lowercase)).collect();
    texts.extend(webhook.value(Webhook::event_type.slot).as_str().map(str::to_lowercase));
    texts.extend(webhook.get(Webhook::url).map(str::to_lowercase));
    words.to_lowercase().split_whitespace().all(|word| {
        let spelled = word.replace('.', "_");
        texts.iter().any(|text| text.contains(word) || text.contains(&spelled))
    })
}
