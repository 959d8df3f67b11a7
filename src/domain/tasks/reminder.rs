//! When somebody is reminded of a task, or of a goal.

use super::task::assigned;
use crate::domain::mails::letters;
use crate::engine::{AnyInput, Call, Draft, Entity, Nested, Reading, Refusal, Row};
use crate::schema::Named;
use crate::schema::names::{Notification, Reminder, Task, TaskReminderInput as Asked, User};
use jiff::{Timestamp, ToSpan, civil, tz::TimeZone};

/// Assumed, where the reminder doesn't say: at nine in the morning.
const MINUTES: i64 = 9 * 60;

pub fn entity() -> Entity<Reminder> {
    Entity::usual().defaults(Reminder::interval_type, "once".to_owned()).defaults(Reminder::is_enabled, false)
}

/// Documented: one without an id is made, one with an id is changed, and one that is to be removed goes.
pub fn write<I: Named>(call: &mut Call<'_, I>, task: Draft<Task>, asked: &Nested<'_, Asked>) -> Result<Draft<Task>, Refusal> {
    let mut task = task;
    let own = task.value(Task::reminder.slot).as_id();
    let named = asked.get(Asked::id);
    if named.is_some() && named != own {
        return Err(Refusal::not_found("reminder", "Reminder"));
    }
    let known = own.and_then(|own| call.find_any::<Reminder>(own));
    if asked.get(Asked::remove_reminder) == Some(true) {
        if let Some(known) = known {
            call.delete(&known);
        }
        task.clear(Task::reminder);
        return Ok(task);
    }
    let reminder = filled(call, known.as_ref(), asked)?;
    Ok(task.set(Task::reminder, reminder.save(call).id()))
}

fn filled<I: Named>(call: &mut Call<'_, I>, known: Option<&Row<Reminder>>, asked: &Nested<'_, Asked>) -> Result<Draft<Reminder>, Refusal> {
    let mut reminder = match known {
        Some(known) => call.change(known),
        None => call.blank_draft::<Reminder>(),
    };
    call.fill_from(&mut reminder, asked);
    if reminder.is_blank(Reminder::interval_type) {
        reminder.put(Reminder::interval_type, "once".to_owned());
    }
    match reminder.get(Reminder::interval_type) {
        Some("daily" | "weekly" | "once") => Ok(reminder),
        _ => Err(Refusal::named("reminder", "Interval type is not included in the list")),
    }
}

/// When somebody in `zone` is reminded next; `day` is the day of a reminder that comes once and names none.
///
/// Documented: every day, on the weekdays it lists, or on one day, so many minutes after midnight. Assumed: a weekly one that lists none
/// comes every seventh day from the one on which it is set.
pub fn next(reminder: &Row<Reminder>, day: Option<civil::Date>, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    if !reminder.is(Reminder::is_enabled) {
        return None;
    }
    let minutes = reminder.get(Reminder::reminder_time).unwrap_or(MINUTES).clamp(0, 24 * 60 - 1);
    let at = |day: civil::Date| zone.to_timestamp(day.at((minutes / 60) as i8, (minutes % 60) as i8, 0, 0)).ok().filter(|at| *at > now);
    let (today, said) = (zone.to_datetime(now).date(), reminder.get(Reminder::interval_value).unwrap_or_default().trim().to_lowercase());
    let ahead = |days: i64| today.checked_add(days.days()).ok();
    match reminder.get(Reminder::interval_type) {
        Some("daily") => (0..=1).filter_map(ahead).find_map(at),
        Some("weekly") if said.is_empty() => at(ahead(7)?),
        Some("weekly") => (0..=7).filter_map(ahead).filter(|day| said.contains(weekday(*day))).find_map(at),
        _ => at(said.parse().ok().or(day)?),
    }
}

fn weekday(day: civil::Date) -> &'static str {
    const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    DAYS[usize::from(day.weekday().to_monday_zero_offset().unsigned_abs())]
}

pub fn zone_of(person: Option<&Row<User>>) -> TimeZone {
    person.and_then(|person| TimeZone::get(person.get(User::timezone)?).ok()).unwrap_or(TimeZone::UTC)
}

/// Sees when the next reminder is due, in the zone of who has to do it; never of what is done.
pub fn plan(task: &mut Draft<Task>, on: Reading<'_>) {
    let reminder = task.value(Task::reminder.slot).as_id().and_then(|id| on.find_any::<Reminder>(id));
    let who = assigned(task.get(Task::assignee_ids), task.get(Task::user_id)).first().and_then(|who| on.find_any::<User>(*who));
    let zone = zone_of(who.as_ref().map(|who| who.row()));
    let day = task.get(Task::due_date).map(|due| zone.to_datetime(due).date());
    let reminder = reminder.filter(|_| task.get(Task::complete) != Some(true));
    match reminder.and_then(|reminder| next(reminder.row(), day, on.now(), &zone)) {
        Some(at) => task.put(Task::remind_at, at),
        None => task.clear(Task::remind_at),
    }
}

/// Assumed: by a mail and a notification.
pub fn remind(call: &mut Call<'_, AnyInput>, task: &Row<Task>) {
    for who in assigned(task.get(Task::assignee_ids), task.get(Task::user_id)) {
        let Some(who) = call.find_any::<User>(who) else { continue };
        letters::task_reminder(call, &who, task);
        let mut notification = call
            .blank_draft::<Notification>()
            .belongs_to(who.organization())
            .set(Notification::other_party_id, who.id())
            .set(Notification::r#type, "TaskNotification".to_owned())
            .set(Notification::message, format!("Reminder: {}", task.get(Task::content).unwrap_or_default()))
            .set(Notification::associated_object, "task".to_owned())
            .set(Notification::link, "/tasks".to_owned());
        if let Some(maker) = task.get(Task::created_by_id) {
            notification.put(Notification::user_id, maker);
        }
        notification.save(call);
    }
    call.change(task).save(call);
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use jiff::SignedDuration;

    fn reminded(clinic: &Clinic) -> usize {
        clinic.mails().iter().filter(|(kind, to)| kind == "task_reminder" && to == "owner@clinic.example").count()
    }

    fn task(clinic: &Clinic, reminder: &str) -> String {
        let made = clinic.run(&format!(
            r#"mutation {{ createTask(input: {{ content: "Call back", due_date: "2026-03-12", reminder: {{ is_enabled: true, {reminder} }} }}) {{
                task {{ id }} messages {{ message }} }} }}"#
        ));
        made["data"]["createTask"]["task"]["id"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned()
    }

    #[test]
    fn whoever_has_to_do_it_is_reminded_until_it_is_done() {
        for (reminder, days, times) in [
            (r#"interval_type: "daily", reminder_time: 660"#, 3, 3),
            (r#"interval_type: "weekly", interval_value: "monday,friday", reminder_time: 540"#, 14, 4),
            (r#"interval_type: "once", interval_value: "2026-03-05""#, 14, 1),
            ("reminder_time: 540", 14, 1),
        ] {
            let clinic = Clinic::open();
            let id = task(&clinic, reminder);
            clinic.events();
            clinic.advance(SignedDuration::from_hours(24 * days));
            assert_eq!(reminded(&clinic), times, "{reminder}");
            assert!(!clinic.events().contains(&"task.updated".to_owned()));
            clinic.run(&format!(r#"mutation {{ updateTask(input: {{ id: "{id}", complete: true }}) {{ messages {{ message }} }} }}"#));
            clinic.advance(SignedDuration::from_hours(24 * 14));
            assert_eq!(reminded(&clinic), times, "{reminder}");
        }
    }
}
