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

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    #[test]
    fn a_secret_is_replaced() {
        let clinic = Clinic::open();
        let made = clinic.run(
            r#"mutation { createWebhook(input: { url: "https://hooks.example", event_type: "patient.created" }) { webhook { id signature_secret } } }"#,
        );
        let old = &made["data"]["createWebhook"]["webhook"];
        let renewed = clinic.run(&format!(
            "mutation {{ expireWebhookSignature(input: {{ id: {} }}) {{ webhook {{ id signature_secret }} messages {{ message }} }} }}",
            old["id"]
        ));
        let new = &renewed["data"]["expireWebhookSignature"]["webhook"];
        assert!(old["id"] == new["id"] && old["signature_secret"] != new["signature_secret"], "{renewed}");
    }
}
