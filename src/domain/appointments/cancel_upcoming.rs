//! What happens to the visits of a patient who is archived.

use super::{
    appointment::{CANCELLED, is_active},
    attendance, notices,
    update_appointment::set_status,
};
use crate::domain::packages::credits;
use crate::engine::{Call, Row};
use crate::schema::Named;
use crate::schema::names::{Appointment, AppointmentInclusionType};

/// Documented: the visits that have not begun are cancelled. Assumed: a group goes on without the patient.
pub fn cancel_upcoming_of<I: Named>(call: &mut Call<'_, I>, patient: u64) {
    let on = call.on();
    let upcoming = on.having(Appointment::attendee_ids, vec![patient]);
    let upcoming = upcoming.filter(|visit| is_active(visit) && visit.get(Appointment::date) >= Some(on.now()));
    let upcoming: Vec<Row<Appointment>> = upcoming.map(|visit| visit.row().clone()).collect();
    for visit in upcoming {
        cancel(call, &visit, patient);
    }
}

fn cancel<I: Named>(call: &mut Call<'_, I>, visit: &Row<Appointment>, patient: u64) {
    let had_credit = credits::takers(call, visit);
    let included = attendance::of_visit(call, visit.id()).into_iter();
    for own in included.filter(|inclusion| inclusion.get(AppointmentInclusionType::user_id) == Some(patient)) {
        let mut draft = call.change(&own);
        attendance::cancel(call, &mut draft, true);
        draft.save(call);
    }
    credits::follow_visit(call, &had_credit, visit);
    if !visit.is(Appointment::is_group) {
        let mut draft = call.change(visit);
        set_status(call, visit, &mut draft, Some(CANCELLED));
        let cancelled = draft.save(call);
        notices::tell(call, Some(visit), &cancelled);
    }
}
