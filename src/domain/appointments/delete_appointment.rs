//! `deleteAppointment`: members remove a visit; a client cancels it, and it stays to be seen.

use super::{
    appointment::CANCELLED,
    attendance,
    calendar::{self, Deed, refuse_without_permission},
    update_appointment::set_status,
};
use crate::engine::{Call, Made, Refusal, Row};
use crate::schema::names::{Appointment, AppointmentInclusionType, CancellationReasonOptionInput, deleteAppointmentInput as Input};

pub fn delete_appointment(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let visit = call.target::<Appointment, _>(Input::id)?;
    if call.is(Input::suppress_webhook_notifications) {
        call.silence(&visit);
    }
    if call.viewer().is_patient() {
        return cancel(call, &visit);
    }
    let own = calendar::is_own(call.viewer(), &visit);
    refuse_without_permission(call, Deed::Delete, own, visit.is(Appointment::is_blocker))?;
    let now = call.now();
    let mut draft = call.change(&visit).set(Appointment::deleted_at, now);
    if let Some(reason) = reason(call)? {
        draft.put(Appointment::other_cancellation_reason, reason.to_owned());
    }
    Ok(draft.save(call).into())
}

/// Documented: a client's visit gets the status. Assumed: a group goes on without the client, and what is announced is an
/// update.
fn cancel(call: &mut Call<'_, Input>, visit: &Row<Appointment>) -> Result<Made, Refusal> {
    let me = call.viewer_id();
    if !calendar::attends(visit, me) {
        return Err(Refusal::no_permission("delete this appointment"));
    }
    let reason = reason(call)?;
    let mut included = attendance::of_visit(call, visit.id()).into_iter();
    if let Some(own) = included.find(|inclusion| inclusion.get(AppointmentInclusionType::user_id) == Some(me)) {
        let mut draft = call.change(&own);
        attendance::cancel(call, &mut draft, true);
        if let Some(reason) = reason {
            draft.put(AppointmentInclusionType::other_cancellation_reason, reason.to_owned());
        }
        draft.save(call);
    }
    if visit.is(Appointment::is_group) {
        return Ok(visit.clone().into());
    }
    let mut draft = call.change(visit);
    set_status(call, visit, &mut draft, Some(CANCELLED));
    draft.put(Appointment::last_updated_by_id, me);
    if let Some(reason) = reason {
        draft.put(Appointment::other_cancellation_reason, reason.to_owned());
    }
    Ok(draft.save(call).into())
}

fn reason<'a>(call: &Call<'a, Input>) -> Result<Option<&'a str>, Refusal> {
    let given = call.get(Input::cancellation_reason)?;
    Ok(given.and_then(|reason| reason.get(CancellationReasonOptionInput::other_cancellation_reason)))
}
