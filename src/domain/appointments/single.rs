//! One visit: by its id, or the next one; and one client's part in it.

use super::{appointment, calendar};
use crate::engine::{Answer, Input, QueryError, Reading};
use crate::schema::names::{Appointment, AppointmentInclusionType, args};

/// Documented: a deleted visit is answered with `include_deleted` only. Observed: null, without an error, for others.
pub fn appointment(on: Reading<'_>, asked: &Input<'_, args::appointment>) -> Result<Answer, QueryError> {
    let with_deleted = asked.is(args::appointment::include_deleted);
    let id = asked.get(args::appointment::id).ok().flatten();
    let found = id.and_then(|id| on.find_any::<Appointment>(id)).filter(calendar::may_see);
    Ok(found.filter(|visit| with_deleted || visit.get(Appointment::deleted_at).is_none()).into())
}

/// The viewer's soonest visit that is still to come and to happen.
pub fn next_appointment(on: Reading<'_>) -> Answer {
    let Some(me) = on.viewer().id() else { return Answer::NULL };
    let own = match on.viewer().is_patient() {
        true => on.having(Appointment::attendee_ids, vec![me]),
        false => on.having(Appointment::provider_ids, vec![me]),
    };
    let ahead = own.filter(|visit| visit.get(Appointment::date) > Some(on.now()) && !visit.is(Appointment::is_blocker));
    ahead.filter(appointment::is_active).min_by_key(|visit| visit.get(Appointment::date)).into()
}

/// Assumed: a `uuid` alone finds nothing without a key, since managing visits from outside is off unless Healthie's
/// support turns it on.
pub fn appointment_inclusion(on: Reading<'_>, asked: &Input<'_, args::appointmentInclusion>) -> Result<Answer, QueryError> {
    if let Some(id) = asked.get(args::appointmentInclusion::id).ok().flatten() {
        return Ok(on.find::<AppointmentInclusionType>(id).into());
    }
    let uuid = asked.lifted.sent(args::appointmentInclusion::uuid.slot).and_then(Option::as_ref).and_then(crate::engine::Value::as_str);
    asked.accept(args::appointmentInclusion::uuid);
    let by_uuid = uuid.and_then(|uuid| {
        let mut all = on.all::<AppointmentInclusionType>();
        all.find(|inclusion| inclusion.value(AppointmentInclusionType::external_uuid.slot).as_str() == Some(uuid))
    });
    Ok(by_uuid.and_then(|inclusion| on.find::<AppointmentInclusionType>(inclusion.id())).into())
}
