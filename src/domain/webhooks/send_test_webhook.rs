//! `sendTestWebhook`: a delivery by which a receiver can be tried.

use crate::engine::{Call, Made, Refusal, Value};
use crate::schema::names::{Webhook, sendTestWebhookInput as Input, sendTestWebhookPayload as Payload};

/// Assumed: `sent` says that the delivery is on its way, whatever the receiver will make of it.
pub fn send_test_webhook(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let webhook = call.target::<Webhook, _>(Input::id)?;
    call.send_test(&webhook);
    Ok(Made::nothing().also(Payload::sent, Value::Bool(true)))
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    #[test]
    fn a_test_goes_to_the_webhook() {
        let clinic = Clinic::open();
        let made = clinic.run(
            r#"mutation { createWebhook(input: { url: "https://hooks.example", event_type: "patient.created" }) { webhook { id } } }"#,
        );
        let id = &made["data"]["createWebhook"]["webhook"]["id"];
        insta::assert_json_snapshot!(clinic.run(&format!("mutation {{ sendTestWebhook(input: {{ id: {id} }}) {{ sent messages {{ message }} }} }}")), @r#"
        {
          "data": {
            "sendTestWebhook": {
              "sent": true,
              "messages": null
            }
          }
        }
        "#);
        clinic.refuses(r#"sendTestWebhook(input: { id: "1" })"#, &[("id", "Webhook not found")]);
    }
}
