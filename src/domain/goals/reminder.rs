//! Patients are reminded of their goals.

use crate::domain::{
    appointments,
    mails::{self, letters},
    tasks,
};
use crate::engine::{AnyInput, Call, Draft, Reading, Row};
use crate::schema::names::{Goal, NotificationSetting, Reminder, User};

/// Sees when the next reminder is due, in the patient's zone. Assumed: none comes after the goal's last day.
pub fn plan(goal: &mut Draft<Goal>, on: Reading<'_>) {
    let reminder = goal.value(Goal::reminder.slot).as_id().and_then(|id| on.find_any::<Reminder>(id));
    let patient = goal.get(Goal::user_id).and_then(|patient| on.find_any::<User>(patient));
    let zone = tasks::zone_of(patient.as_ref().map(|patient| patient.row()));
    let last = goal.get(Goal::due_date);
    let at = reminder.and_then(|reminder| tasks::next_reminder(reminder.row(), last, on.now(), &zone));
    match at.filter(|at| last.is_none_or(|last| zone.to_datetime(*at).date() <= last)) {
        Some(at) => goal.put(Goal::remind_at, at),
        None => goal.clear(Goal::remind_at),
    }
}

/// Documented (NotificationSetting): a patient may not want it. What was sent is on record.
pub fn remind(call: &mut Call<'_, AnyInput>, goal: &Row<Goal>) {
    let patient = goal.get(Goal::user_id).and_then(|patient| call.find_any::<User>(patient));
    let patient = patient.filter(|patient| patient.get(User::email).is_some_and(|email| !email.trim().is_empty()));
    if let Some(patient) = patient.filter(|patient| appointments::wants(call, patient.id(), NotificationSetting::send_goal_reminder_email))
    {
        letters::goal_reminder(call, &patient, goal);
        mails::on_record(call, &patient, "email", "goal_reminder", "goals").save(call);
    }
    call.change(goal).save(call);
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use jiff::SignedDuration;

    #[test]
    fn a_patient_is_reminded_every_day_until_the_goals_last_one() {
        let clinic = Clinic::open().as_role("provider");
        let patient = clinic.id("User", "patient");
        let made = clinic.run(&format!(
            r#"mutation {{ createGoal(input: {{ user_id: "{patient}", name: "Drink water", repeat: "Daily", due_date: "2026-03-05",
                reminder: {{ is_enabled: true, interval_type: "daily" }} }}) {{ goal {{ id reminder {{ interval_type }} }} messages {{ message }} }} }}"#
        ));
        assert_eq!(made["data"]["createGoal"]["goal"]["reminder"]["interval_type"], "daily", "{made}");
        clinic.events();
        clinic.advance(SignedDuration::from_hours(24 * 7));
        let reminded = clinic.mails().iter().filter(|(kind, to)| kind == "goal_reminder" && to == "patient@clinic.example").count();
        assert_eq!(reminded, 3, "on the third, the fourth and the fifth");
        assert!(!clinic.events().contains(&"goal.updated".to_owned()));
    }
}
