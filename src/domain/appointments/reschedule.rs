//! `updateAppointment`, called by a client: to move a visit of their own, or to say that they come.

use super::{
    appointment, calendar,
    update_appointment::{TIMES, move_to, save},
};
use crate::engine::{Call, Made, Refusal, Row};
use crate::schema::names::{Appointment, updateAppointmentInput as Input};
use jiff::Timestamp;

pub fn reschedule(call: &mut Call<'_, Input>, before: &Row<Appointment>) -> Result<Made, Refusal> {
    let comes = calendar::attends(before, call.viewer_id());
    let is_group = before.is(Appointment::is_group);
    // Documented (client_updating): clients have to send it. Assumed: a group doesn't move for one of its clients.
    if !comes || is_group || !call.is(Input::client_updating) {
        return Err(Refusal::no_permission("update this appointment"));
    }
    let mut visit = call.change(before);
    if let Some(confirmed) = call.get(Input::client_confirmed)? {
        visit.put(Appointment::client_confirmed, confirmed);
    }
    if TIMES.is_given(&call.input) {
        move_to(call, before, &mut visit)?;
        let (start, end) = (visit.get(Appointment::date), visit.get(Appointment::ends_at));
        if let (Some(start), Some(end)) = (start, end) {
            refuse_taken(call, before, start, end)?;
        }
        if start != before.get(Appointment::date) {
            let count = before.get(Appointment::patient_reschedule_count).unwrap_or(0);
            visit.put(Appointment::patient_reschedule_count, count + 1);
        }
    }
    Ok(save(call, before, visit).into())
}

/// Documented: the new time has to be free. Assumed: the text, and that the past never is. Hours are not looked at, since
/// availability is not emulated.
fn refuse_taken(call: &Call<'_, Input>, before: &Row<Appointment>, start: Timestamp, end: Timestamp) -> Result<(), Refusal> {
    let providers = before.get(Appointment::provider_ids).unwrap_or_default();
    let is_in_the_way = |provider: u64| {
        let mut others = call.on().having(Appointment::provider_ids, vec![provider]);
        others.any(|other| {
            let overlaps = other.get(Appointment::date) < Some(end) && other.get(Appointment::ends_at) > Some(start);
            other.id() != before.id() && overlaps && appointment::is_active(&other)
        })
    };
    match start < call.now() || providers.into_iter().any(is_in_the_way) {
        true => Err(Refusal::named("datetime", "is no longer available")),
        false => Ok(()),
    }
}
