//! `createWebhook`: deliveries of some events go to an address.

use super::{secret::new_secret, url::refuse_invalid_url, webhook_event};
use crate::engine::{CANT_BE_BLANK, Call, Made, Refusal};
use crate::schema::EventDef;
use crate::schema::names::{Webhook, createWebhookInput as Input};

pub fn create_webhook(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let url = refuse_url(call);
    let events = wanted(call);
    let events = match (url, events) {
        (Err(url), Err(events)) => return Err(url.and(events)),
        (url, events) => {
            url?;
            events?
        }
    };
    let secret = new_secret(call);
    let single = call.get(Input::event_type)?.map(str::to_owned);
    let mut webhook = call.draft::<Webhook>().set(Webhook::signature_secret, secret);
    if let Some(event) = single.filter(|event| !event.is_empty()) {
        webhook.set_value(Webhook::event_type.slot, event.into());
    }
    for (flag, default) in [(Webhook::is_enabled, true), (Webhook::should_retry, true)] {
        if webhook.get(flag).is_none() {
            webhook.put(flag, default);
        }
    }
    let webhook = webhook.save(call);
    webhook_event::replace(call, &webhook, &events);
    Ok(webhook.into())
}

fn refuse_url(call: &Call<'_, Input>) -> Result<(), Refusal> {
    refuse_invalid_url(call.require(Input::url)?)
}

/// Documented: an event is needed, either the one in `event_type` or those in `webhook_events`.
fn wanted(call: &Call<'_, Input>) -> Result<Vec<&'static EventDef>, Refusal> {
    let mut events = webhook_event::wanted(&call.get(Input::webhook_events)?.unwrap_or_default())?;
    let single = call.get(Input::event_type)?.and_then(EventDef::find);
    if let Some(single) = single.filter(|single| !events.iter().any(|event| event.name() == single.name())) {
        events.insert(0, single);
    }
    if events.is_empty() { Err(Refusal::on(Input::event_type, CANT_BE_BLANK)) } else { Ok(events) }
}
