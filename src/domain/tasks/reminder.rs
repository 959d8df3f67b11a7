//! When somebody is reminded of a task.

use crate::engine::{Call, Draft, Entity, Nested, Refusal, Row};
use crate::schema::Named;
use crate::schema::names::{Reminder, Task, TaskReminderInput as Asked};

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
