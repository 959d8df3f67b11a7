//! `unsubscribeFromNotification`: the link at the end of an e-mail.

use crate::engine::{Call, Made, Refusal, Value};
use crate::schema::names::{NotificationSetting, unsubscribeFromNotificationInput as Input, unsubscribeFromNotificationPayload as Payload};
use crate::schema::{Base, Named};

/// Documented: by the setting's uuid, without a key. Assumed: the type is the name of the switch.
pub fn unsubscribe_from_notification(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let uuid = call.get(Input::notification_setting_uuid)?.unwrap_or_default().to_owned();
    let by_uuid = if uuid.is_empty() { vec![] } else { call.having(NotificationSetting::uuid, uuid) };
    let setting = by_uuid.into_iter().next().ok_or_else(|| Refusal::not_found("notification_setting_uuid", "NotificationSetting"))?;
    if call.get(Input::user_id)?.is_some_and(|user| setting.get(NotificationSetting::user_id) != Some(user)) {
        return Err(Refusal::not_found("user_id", "User"));
    }
    let kind = call.require(Input::type_of_notification)?;
    let shape = NotificationSetting::TYPE.shape();
    let switch = shape.slot(kind).filter(|slot| shape.column(*slot).base == Base::Bool);
    let switch = switch.ok_or_else(|| Refusal::on(Input::type_of_notification, "is not included in the list"))?;
    let mut draft = call.change(&setting);
    draft.set_value(switch, Value::Bool(false));
    draft.save(call);
    Ok(Made::nothing().also(Payload::notificationSettingUpdated, Value::Bool(true)))
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    #[test]
    fn a_link_switches_one_kind_off() {
        let clinic = Clinic::open();
        let link = r#"unsubscribeFromNotification(input: { notification_setting_uuid: "5f0c2a52-6d5e-4a57-9f3f-0d9b8f1f2c11", type_of_notification: "send_message_emails" })"#;
        let done = clinic.as_role("nobody").run(&format!("mutation {{ {link} {{ notificationSettingUpdated messages {{ message }} }} }}"));
        assert_eq!(done["data"]["unsubscribeFromNotification"]["notificationSettingUpdated"], true);
        let seen = clinic.as_role("patient").run("{ notificationSetting { send_message_emails send_comment_emails } }");
        assert_eq!(seen["data"]["notificationSetting"], serde_json::json!({ "send_message_emails": false, "send_comment_emails": true }));
        clinic.as_role("nobody").refuses(
            r#"unsubscribeFromNotification(input: { notification_setting_uuid: "x" })"#,
            &[("notification_setting_uuid", "NotificationSetting not found")],
        );
    }
}
