//! Webhooks whose deliveries fail for days: somebody is warned, then they are disabled.

use crate::domain::mails::{self, Mail};
use crate::engine::{AnyInput, Call, Row};
use crate::schema::names::{Organization, User, Webhook};

/// Documented: after about a day a mail is sent, and the webhook says so. Assumed: to the owner, once for each time that it fails.
pub fn warn(call: &mut Call<'_, AnyInput>, webhook: &Row<Webhook>) {
    let mut warned = call.change(webhook);
    warned.clear(Webhook::warns_at);
    let warned = warned.set(Webhook::warned_at, call.now()).save(call);
    let url = warned.get(Webhook::url).unwrap_or_default().to_owned();
    let text = format!("Deliveries to {url} have been failing for a day. The webhook will be disabled unless they succeed.");
    tell(call, &warned, "webhook_warning", format!("Deliveries to {url} are failing"), text);
}

/// Documented: after about three days the webhook is disabled, and a mail says so.
pub fn disable(call: &mut Call<'_, AnyInput>, webhook: &Row<Webhook>) {
    let mut disabled = call.change(webhook);
    disabled.clear(Webhook::warns_at);
    disabled.clear(Webhook::disables_at);
    let disabled = disabled.set(Webhook::is_enabled, false).save(call);
    let url = disabled.get(Webhook::url).unwrap_or_default().to_owned();
    let text = format!("Deliveries to {url} have been failing for three days. The webhook is disabled until somebody enables it again.");
    tell(call, &disabled, "webhook_disabled", format!("The webhook to {url} is disabled"), text);
}

fn tell(call: &mut Call<'_, AnyInput>, webhook: &Row<Webhook>, kind: &'static str, subject: String, text: String) {
    let organization = call.find_any::<Organization>(webhook.organization());
    let owner = organization.and_then(|organization| call.find_any::<User>(organization.get(Organization::owner_id)?));
    if let Some(owner) = owner {
        mails::send(call, &owner, webhook, Mail { kind, subject, text, link: None });
    }
}
