//! What was sent to whom, and whether it arrived.

use crate::engine::{Call, Entity, List, Made, Refusal, Value, View, Within};
use crate::schema::names::{
    SendSpeakToTrainerNotificationInput, SendSpeakToTrainerNotificationPayload, SentNotificationRecord, User, args,
    bulkUpdateNotificationRecordsInput as Input, bulkUpdateNotificationRecordsPayload as Payload,
};

type Sent = SentNotificationRecord;
type Asked = args::sentNotificationRecords;

pub fn entity() -> Entity<Sent> {
    Entity::usual()
        .about_only(Sent::user_id)
        .defaults(Sent::category, "email".to_owned())
        .defaults(Sent::delivery_status, "sent".to_owned())
}

/// Documented: a patient's; else, in pages and for administrators, those of a provider's patients or of the whole
/// organization. Assumed: a provider asks about the own patients too.
pub fn sent_notification_records() -> List<Sent, Asked> {
    List::new()
        .unpaged()
        .within(|on, asked| {
            let viewer = on.viewer();
            let provider = asked.get(Asked::provider_id).ok().flatten();
            let may_ask = |provider| viewer.is_admin() || viewer.is(provider);
            match (provider, asked.get(Asked::patient_id).ok().flatten()) {
                (Some(provider), _) if may_ask(provider) && asked.is(Asked::should_paginate) => Within::organization(viewer.organization()),
                (Some(_), _) => Within::nothing(),
                (None, Some(patient)) => Within::having(Sent::user_id, patient),
                (None, None) if viewer.is_patient() => Within::having(Sent::user_id, viewer.id().unwrap_or(0)),
                (None, None) => Within::nothing(),
            }
        })
        .keep(|sent, asked| {
            let Some(provider) = asked.get(Asked::provider_id).ok().flatten().filter(|_| !asked.is(Asked::org_level)) else { return true };
            let patient = sent.follow::<User, _>(Sent::user_id);
            patient.is_some_and(|patient| patient.get(User::cared_for_by_ids).unwrap_or_default().contains(&provider))
        })
        .reads(Asked::org_level)
        .filter(Asked::status, |sent, status| says(sent.get(Sent::delivery_status), status))
        .filter(Asked::r#type, |sent, kind| {
            [Sent::notification_type, Sent::representation_type, Sent::category].into_iter().any(|field| says(sent.get(field), kind))
        })
        .filter(Asked::start_date, |sent, from| sent.get(Sent::created_at) >= Some(from))
        .filter(Asked::end_date, |sent, until| sent.get(Sent::created_at) <= Some(until))
        .default_order("CREATED_AT_DESC")
}

fn says(value: Option<&str>, wanted: &str) -> bool {
    wanted.eq_ignore_ascii_case("all") || value.is_some_and(|value| value.eq_ignore_ascii_case(wanted))
}

pub fn is_unseen_bounce(sent: &View<'_, Sent>) -> bool {
    says(sent.get(Sent::delivery_status), "bounced") && !sent.is(Sent::viewed)
}

/// Documented: what bounced of a patient's counts as seen.
pub fn update_notification_records(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let user = call.target::<User, _>(Input::user_id)?;
    if call.get(Input::viewed_bounced_records)? != Some(false) {
        let bounced: Vec<_> = call.on().having(Sent::user_id, user.id()).filter(is_unseen_bounce).map(|sent| sent.row().clone()).collect();
        for sent in bounced {
            call.change(&sent).set(Sent::viewed, true).save(call);
        }
    }
    // Assumed: any text.
    Ok(Made::nothing().also(Payload::success_string, Value::from("Notification records have been updated")))
}

/// Documented: it does nothing any more.
pub fn send_speak_to_trainer_notification(call: &mut Call<'_, SendSpeakToTrainerNotificationInput>) -> Result<Made, Refusal> {
    call.accept(SendSpeakToTrainerNotificationInput::email);
    call.accept(SendSpeakToTrainerNotificationInput::user_id);
    Ok(Made::nothing().also(SendSpeakToTrainerNotificationPayload::success_string, Value::from("Notification sent")))
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn who_reads_what_was_sent() {
        let clinic = Clinic::open();
        let (patient, provider) = (clinic.id("User", "patient"), clinic.id("User", "provider"));
        let of_patient = format!("{{ sentNotificationRecords(patient_id: {patient}) {{ category delivery_status }} }}");
        let all = json!([{ "category": "sms", "delivery_status": "bounced" }, { "category": "email", "delivery_status": "delivered" }]);
        assert_eq!(clinic.run(&of_patient)["data"]["sentNotificationRecords"], all);
        assert_eq!(clinic.as_role("provider2").run(&of_patient)["data"]["sentNotificationRecords"], json!([]));
        let of_provider = |more: &str| {
            let asked = format!("{{ sentNotificationRecords(provider_id: {provider}{more}) {{ category }} }}");
            clinic.run(&asked)["data"]["sentNotificationRecords"].as_array().map(Vec::len)
        };
        assert_eq!(of_provider(""), Some(0));
        assert_eq!(of_provider(", should_paginate: true"), Some(2));
        assert_eq!(of_provider(r#", should_paginate: true, status: "bounced""#), Some(1));
    }

    #[test]
    fn bounces_are_seen_once() {
        let clinic = Clinic::open();
        let patient = clinic.id("User", "patient");
        let unseen = || {
            clinic.run(&format!("{{ user(id: {patient}) {{ unseen_sent_notification_records_count }} }}"))["data"]["user"]["unseen_sent_notification_records_count"].clone()
        };
        assert_eq!(unseen(), 1);
        clinic.run(&format!(
            "mutation {{ updateNotificationRecords(input: {{ user_id: {patient}, viewed_bounced_records: true }}) {{ success_string }} }}"
        ));
        assert_eq!(unseen(), 0);
        assert_eq!(clinic.events(), [] as [&str; 0]);
    }
}
