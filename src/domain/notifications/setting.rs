//! Who wants to hear of what.

use crate::engine::{Call, Entity, Made, Refusal};
use crate::schema::names::{NotificationSetting, updateNotificationSettingInput as Input};
use crate::schema::{Base, Field, Named, Slot};
use uuid::Builder;

type Setting = NotificationSetting;

/// Documented, by the defaults of the input: what nobody hears of unless they ask.
const OFF: [&str; 2] = ["send_email_on_appt_request_for_anyone", "send_email_on_appt_request_for_you"];

/// One for each person. Assumed: everything is sent until somebody says otherwise.
pub fn entity() -> Entity<Setting> {
    let columns = Setting::TYPE.shape().columns().iter().enumerate();
    let switches = columns.filter(|(_, column)| column.base == Base::Bool && !column.list);
    let entity = Entity::usual()
        .about_only(Setting::user_id)
        .indexed(Setting::uuid)
        .defaults(Setting::marketing_communcation_preference, "email".to_owned());
    switches.fold(entity, |entity, (slot, column)| {
        entity.defaults(Field::<Setting, crate::schema::Bool>::at(slot as Slot), !OFF.contains(&column.name()))
    })
}

/// By id, else the caller's own, which is made on first use.
pub fn update_notification_setting(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let own = || call.having(Setting::user_id, call.viewer_id()).into_iter().next();
    let known = if call.is_blank(Input::id) { own() } else { Some(call.target::<Setting, _>(Input::id)?) };
    let setting = match known {
        Some(known) => call.edit(&known),
        None => {
            let uuid = Builder::from_random_bytes(call.random().bytes16()).into_uuid().to_string();
            let own = call.viewer_id();
            call.draft::<Setting>().set(Setting::user_id, own).set(Setting::uuid, uuid)
        }
    };
    call.check(&setting)?;
    Ok(setting.save(call).into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn everybody_sets_their_own() {
        let clinic = Clinic::open().as_role("provider");
        let set = clinic.run(
            "mutation { updateNotificationSetting(input: { send_message_emails: false }) { notificationSetting { send_message_emails send_email_on_appt_request_for_you user { first_name } } messages { message } } }",
        );
        assert_eq!(
            set["data"]["updateNotificationSetting"],
            json!({ "notificationSetting": { "send_message_emails": false, "send_email_on_appt_request_for_you": false, "user": { "first_name": "Priya" } }, "messages": null })
        );
        let seen =
            clinic.run("{ notificationSetting { send_message_emails } currentUser { notification_setting { send_message_emails } } }");
        assert_eq!(
            seen["data"],
            json!({ "notificationSetting": { "send_message_emails": false }, "currentUser": { "notification_setting": { "send_message_emails": false } } })
        );
        assert_eq!(clinic.events(), ["notification_setting.updated"]);
    }
}
