//! `expireWebhookSignature`: a new secret; the old one signs nothing any more.

use super::secret::new_secret;
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{Webhook, expireWebhookSignatureInput as Input};

/// Inferred: at once, without a time in which both hold.
pub fn expire_webhook_signature(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let webhook = call.target::<Webhook, _>(Input::id)?;
    let secret = new_secret(call);
    Ok(call.change(&webhook).set(Webhook::signature_secret, secret).save(call).into())
}
