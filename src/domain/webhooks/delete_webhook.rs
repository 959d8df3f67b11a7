//! `deleteWebhook`: nothing is delivered there any more.

use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{Webhook, WebhookEvent, deleteWebhookInput as Input};

pub fn delete_webhook(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let webhook = call.target::<Webhook, _>(Input::id)?;
    for event in call.having(WebhookEvent::webhook_id, webhook.id()) {
        call.delete(&event);
    }
    call.delete(&webhook);
    Ok(webhook.into())
}
