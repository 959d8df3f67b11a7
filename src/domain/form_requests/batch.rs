//! Many people are asked in the background, where the sandbox has one.

use super::create_requested_form_completion::{Asked, Form, ask};
use crate::engine::{AnyInput, Call, Row, Value};
use crate::schema::names::{RequestedFormBatch as Batch, User, createRequestedFormInput as Input};
use jiff::Timestamp;

pub fn put_off(call: &mut Call<'_, Input>, form: &Form, recipients: &[Row<User>], asked: Asked, at: Timestamp) {
    let mut batch = call
        .blank_draft::<Batch>()
        .belongs_to(call.viewer().organization())
        .set(Batch::recipient_ids, recipients.iter().map(Row::id).collect())
        .set(Batch::item_type, form.item_type.clone())
        .set(Batch::sender_id, asked.sender)
        .set(Batch::skip_notification_email, asked.quietly)
        .set(Batch::due_at, at);
    batch.set_value(Batch::custom_module_form_id.slot, form.template.map_or(Value::Null, Value::Id));
    batch.set_value(Batch::recurring_form_id.slot, asked.recurring.map_or(Value::Null, Value::Id));
    batch.set_value(Batch::metadata.slot, asked.metadata.into());
    batch.save(call);
}

pub fn fall_due(call: &mut Call<'_, AnyInput>, batch: &Row<Batch>) {
    let form =
        Form { template: batch.get(Batch::custom_module_form_id), item_type: batch.get(Batch::item_type).unwrap_or("cmf").to_owned() };
    let asked = Asked {
        sender: batch.get(Batch::sender_id).unwrap_or_default(),
        recurring: batch.get(Batch::recurring_form_id),
        metadata: batch.get(Batch::metadata).map(str::to_owned),
        quietly: batch.is(Batch::skip_notification_email),
    };
    for recipient in batch.get(Batch::recipient_ids).unwrap_or_default() {
        if let Some(recipient) = call.find_any::<User>(recipient) {
            ask(call, &form, &recipient, &asked);
        }
    }
    call.delete(batch);
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use jiff::SignedDuration;

    #[test]
    fn many_are_asked_in_the_background() {
        let clinic = Clinic::open();
        clinic.in_background();
        let (user, group, form) = (clinic.id("User", "noor"), clinic.id("UserGroup", "heart"), clinic.id("CustomModuleForm", "checkin"));
        let answer = clinic.run(&format!(
            r#"mutation {{ createRequestedFormCompletion(input: {{recipient_ids: "{user},group-{group}", form: "{form}"}}) {{
                requestedFormCompletionStatus {{ status }} messages {{ message }} }} }}"#
        ));
        assert_eq!(answer["data"]["createRequestedFormCompletion"]["requestedFormCompletionStatus"]["status"], "success");
        assert_eq!(clinic.events(), [] as [&str; 0]);
        clinic.advance(SignedDuration::from_secs(1));
        assert_eq!(clinic.events(), ["requested_form_completion.created"; 4]);
        clinic.advance(SignedDuration::from_secs(1));
        assert_eq!(clinic.events(), [] as [&str; 0]);
    }
}
