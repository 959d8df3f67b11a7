//! What a visit announces beside `appointment.created`, `.updated` and `.deleted`.

use crate::engine::{Changed, Row};
use crate::schema::names::Appointment;

/// Assumed: the client of a new 1:1 visit is no news beside `appointment.created`; a group's clients are.
pub fn patient_added(visit: &Changed<Appointment>) -> bool {
    let worth_saying = !visit.created() || visit.row().is(Appointment::is_group);
    worth_saying && has_more(visit.after.as_ref(), visit.before.as_ref())
}

pub fn patient_removed(visit: &Changed<Appointment>) -> bool {
    visit.after.is_some() && has_more(visit.before.as_ref(), visit.after.as_ref())
}

/// True where `visit` has a client whom `other` has not.
fn has_more(visit: Option<&Row<Appointment>>, other: Option<&Row<Appointment>>) -> bool {
    let clients = |visit: Option<&Row<Appointment>>| visit.and_then(|visit| visit.get(Appointment::attendee_ids)).unwrap_or_default();
    let others = clients(other);
    clients(visit).iter().any(|client| !others.contains(client))
}
