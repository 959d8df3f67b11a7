//! `createSentDirectMessage`: a secure e-mail to another provider. Nothing is sent anywhere; it counts as sent at once.

use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{Document, SentDirectMessage, User, createSentDirectMessageInput as Input};

/// Documented, in characters.
const LONGEST: usize = 100;

pub fn create_sent_direct_message(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    if !call.is_blank(Input::patient_id) {
        call.target::<User, _>(Input::patient_id)?;
    }
    for field in [Input::outbound_recipient, Input::subject] {
        if call.get(field)?.is_some_and(|text| text.chars().count() > LONGEST) {
            return Err(Refusal::on(field, format!("is too long (maximum is {LONGEST} characters)")));
        }
    }
    let mut message = call.draft::<SentDirectMessage>().set(SentDirectMessage::status, "sent".to_owned());
    message.put(SentDirectMessage::sender_id, call.viewer_id());
    if let Some(xml) = call.get(Input::include_patient_xml)? {
        message.put(SentDirectMessage::include_patient_xml, xml.to_owned());
    }
    if !call.is_blank(Input::binary_attachment_document_id) {
        let document = call.target::<Document, _>(Input::binary_attachment_document_id)?;
        message.put(SentDirectMessage::attachment_ids, vec![document.id()]);
    }
    call.check(&message)?;
    Ok(message.save(call).into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    #[test]
    fn a_message_says_something_and_not_too_much_before() {
        let clinic = Clinic::open();
        clinic.refuses("createSentDirectMessage(input: {})", &[("message_body", "can't be blank")]);
        let long = "s".repeat(101);
        let refused = [("subject", "is too long (maximum is 100 characters)")];
        clinic.refuses(&format!(r#"createSentDirectMessage(input: {{ message_body: "x", subject: "{long}" }})"#), &refused);
        let document = clinic.run(r#"mutation { createSentDirectMessage(input: { message_body: "Results", include_patient_xml: cda }) { sent_direct_message { status has_cda attachments_count } messages { message } } }"#);
        let made = &document["data"]["createSentDirectMessage"];
        assert_eq!(
            made["sent_direct_message"],
            serde_json::json!({ "status": "sent", "has_cda": true, "attachments_count": 0 }),
            "{document}"
        );
    }
}
