//! Webhooks as records: what is registered, what was sent.

mod create_webhook;
mod delete_webhook;
mod event_types;
mod expire_webhook_signature;
mod failing;
mod secret;
mod send_test_webhook;
mod sent_webhook;
mod update_webhook;
mod url;
mod webhook;
mod webhook_event;

use crate::engine::Area;
use crate::schema::names::{Mutation, OrganizationMembership, Query, Webhook};

pub fn area() -> Area {
    let is_developer = OrganizationMembership::is_developer;
    Area::new("webhooks")
        .entity(webhook::entity())
        .entity(webhook_event::entity())
        .entity(sent_webhook::entity())
        .due("warning", Webhook::warns_at, failing::warn)
        .due("disabled", Webhook::disables_at, failing::disable)
        .mutation(Mutation::createWebhook, create_webhook::create_webhook)
        .needs(is_developer)
        .mutation(Mutation::updateWebhook, update_webhook::update_webhook)
        .needs(is_developer)
        .mutation(Mutation::deleteWebhook, delete_webhook::delete_webhook)
        .needs(is_developer)
        .mutation(Mutation::expireWebhookSignature, expire_webhook_signature::expire_webhook_signature)
        .needs(is_developer)
        .mutation(Mutation::sendTestWebhook, send_test_webhook::send_test_webhook)
        .needs(is_developer)
        .lists(Query::webhooks, webhook::webhooks())
        .needs(is_developer)
        .counts(Query::webhooksCount, Query::webhooks)
        .needs(is_developer)
        .lists(Query::sentWebhooks, sent_webhook::sent_webhooks())
        .needs(is_developer)
        .query(Query::sentWebhooksCount, sent_webhook::sent_webhooks_count)
        .needs(is_developer)
        .question(Query::webhookEventTypes, event_types::webhook_event_types)
        .needs(is_developer)
}
