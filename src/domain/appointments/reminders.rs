//! What reminds clients of a visit: mails and text messages, days, hours and minutes before it.

use super::{appointment::takes_place, notices::wants};
use crate::domain::{
    mails::{self, letters},
    scheduling_settings,
};
use crate::engine::{AnyInput, Call, Draft, Reading, Row, moment};
use crate::schema::names::{
    Appointment, AppointmentInclusionType, AppointmentSetting as Said, AppointmentType, NotificationSetting, SentNotificationRecord, User,
};
use crate::schema::{Bool, Field, Named};
use jiff::Timestamp;

type Switch = Field<Said, Bool>;

const HOUR: i64 = 3_600;

/// Documented: how many seconds before the visit, and what has to be switched on for a text message and for a mail.
const BEFORE: [(i64, Switch, Option<Switch>); 7] = [
    (96 * HOUR, Said::send_text_reminder_four_days_before, Some(Said::send_reminder_four_days_before)),
    (72 * HOUR, Said::send_text_reminder_three_days_before, Some(Said::send_reminder_three_days_before)),
    (48 * HOUR, Said::send_text_reminder_two_days_before, Some(Said::send_reminder_two_days_before)),
    (24 * HOUR, Said::send_text_reminder_one_day_before, Some(Said::send_reminder_one_day_before)),
    (2 * HOUR, Said::send_text_reminder_two_hours_before, Some(Said::send_reminder_two_hours_before)),
    (HOUR, Said::send_text_reminder_one_hour_before, Some(Said::send_reminder_one_hour_before)),
    (300, Said::send_text_reminder_five_minutes_before, None),
];

/// When clients are reminded of a visit next, by what is switched on now; never of one that doesn't take place.
pub fn next(on: Reading<'_>, visit: &Draft<Appointment>) -> Option<Timestamp> {
    let starts_at = visit.get(Appointment::date).filter(|starts_at| *starts_at > on.now())?;
    let is_told = takes_place(visit.get(Appointment::deleted_at), visit.get(Appointment::pm_status))
        && visit.get(Appointment::is_blocker) != Some(true);
    if !is_told {
        return None;
    }
    let settings = scheduling_settings::effective(on, visit.get(Appointment::other_party_id), visit.get(Appointment::appointment_type_id));
    let due = BEFORE.into_iter().filter(|(_, text, mail)| settings.is(*text) || mail.is_some_and(|mail| settings.is(mail)));
    due.map(|(before, _, _)| moment::later(starts_at, -before)).filter(|at| *at > on.now()).min()
}

/// Reminds those who come, as the settings say by now, and sees when that is due again.
pub fn remind(call: &mut Call<'_, AnyInput>, visit: &Row<Appointment>) {
    let (at, starts_at) = (visit.get(Appointment::remind_at), visit.get(Appointment::date));
    if let (Some(at), Some(starts_at)) = (at, starts_at.filter(|starts_at| *starts_at > call.now())) {
        let (mut mail, mut text) = (false, false);
        let on = call.on();
        let kind = visit.get(Appointment::appointment_type_id);
        let settings = scheduling_settings::effective(on, visit.get(Appointment::other_party_id), kind);
        if let Some((_, by_text, by_mail)) = BEFORE.iter().find(|(before, _, _)| moment::later(starts_at, -before) == at) {
            text = settings.is(*by_text);
            mail = by_mail.is_some_and(|by_mail| settings.is(by_mail));
        }
        for client in coming(call, visit) {
            if mail && wants(call, client.id(), NotificationSetting::send_email_before_appointment) && !is_blank(&client, User::email) {
                letters::visit(call, &client, visit, "appointment_reminder");
                note(call, &client, visit, "email");
            }
            if text && !is_blank(&client, User::phone_number) {
                note(call, &client, visit, "sms");
            }
        }
    }
    call.change(visit).save(call);
}

/// Assumed: who has called off coming is not reminded.
fn coming(call: &Call<'_, AnyInput>, visit: &Row<Appointment>) -> Vec<Row<User>> {
    let gone: Vec<_> = super::attendance::of_visit(call, visit.id())
        .into_iter()
        .filter(|inclusion| inclusion.is(AppointmentInclusionType::cancelled))
        .filter_map(|inclusion| inclusion.get(AppointmentInclusionType::user_id))
        .collect();
    let clients = visit.get(Appointment::attendee_ids).unwrap_or_default().into_iter();
    clients.filter(|client| !gone.contains(client)).filter_map(|client| call.find_any::<User>(client)).collect()
}

fn is_blank(person: &Row<User>, field: Field<User, crate::schema::Text>) -> bool {
    person.get(field).is_none_or(|text| text.trim().is_empty())
}

fn note(call: &mut Call<'_, AnyInput>, client: &Row<User>, visit: &Row<Appointment>, category: &str) {
    let kind = visit.get(Appointment::appointment_type_id).and_then(|kind| call.find_any::<AppointmentType>(kind));
    let mut sent = mails::on_record(call, client, category, "appointment_reminder", "appointments");
    if let Some(name) = kind.as_ref().and_then(|kind| kind.get(AppointmentType::name)) {
        sent.put(SentNotificationRecord::notification_description, name.to_owned());
    }
    sent.save(call);
}

/// Other settings, other reminders of what is still to come.
pub fn plan_anew<I: Named>(call: &mut Call<'_, I>, organization: u64) {
    let on = call.on();
    let ahead = on.of_organization::<Appointment>(organization).filter(|visit| visit.get(Appointment::date) > Some(on.now()));
    let moved = ahead.filter(|visit| next(on, &call.change(visit.row())) != visit.get(Appointment::remind_at));
    for visit in moved.map(|visit| visit.row().clone()).collect::<Vec<_>>() {
        call.change(&visit).save(call);
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use jiff::SignedDuration;

    fn reminded(clinic: &Clinic) -> usize {
        clinic.mails().iter().filter(|(kind, to)| kind == "appointment_reminder" && to == "patient@clinic.example").count()
    }

    #[test]
    fn clients_are_reminded_when_the_practice_says_so() {
        let clinic = Clinic::open();
        let hours = |hours| clinic.advance(SignedDuration::from_hours(hours));
        // Ava's visit is on Thursday, at the same time of day; the practice reminds a day before.
        hours(47);
        assert_eq!(reminded(&clinic), 0);
        clinic.events();
        hours(1);
        assert_eq!(reminded(&clinic), 1);
        assert!(clinic.events().contains(&"sent_notification_record.created".to_owned()));
        clinic.run(
            "mutation { updateAppointmentSetting(input: { send_reminder_one_hour_before: true, send_text_reminder_two_hours_before: true }) { messages { message } } }",
        );
        clinic
            .as_role("patient")
            .run("mutation { updateNotificationSetting(input: { send_email_before_appointment: false }) { messages { message } } }");
        let sent = || {
            let of_patient = format!("{{ sentNotificationRecords(patient_id: {}) {{ category }} }}", clinic.id("User", "patient"));
            clinic.run(&of_patient)["data"]["sentNotificationRecords"].as_array().map(Vec::len)
        };
        let before = sent();
        hours(25);
        assert_eq!(reminded(&clinic), 1, "not who doesn't want it");
        assert_eq!(sent(), before.map(|before| before + 1), "a text message");
    }

    #[test]
    fn nobody_is_reminded_of_what_doesnt_take_place() {
        let clinic = Clinic::open();
        let visit = clinic.id("Appointment", "patient_next");
        clinic.run(&format!(
            r#"mutation {{ updateAppointment(input: {{ id: "{visit}", pm_status: "Cancelled" }}) {{ messages {{ message }} }} }}"#
        ));
        clinic.advance(SignedDuration::from_hours(72));
        assert_eq!(reminded(&clinic), 0);
    }
}
