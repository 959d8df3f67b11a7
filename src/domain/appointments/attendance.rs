//! Who comes: one inclusion for each client of a visit, 1:1 or group.

use super::calendar;
use crate::engine::{Answer, Call, Draft, Entity, Row, View};
use crate::schema::Named;
use crate::schema::names::{Appointment, AppointmentInclusionType};
use uuid::Builder;

pub fn entity() -> Entity<AppointmentInclusionType> {
    Entity::new().indexed(AppointmentInclusionType::appointment_id).defaults(AppointmentInclusionType::cancelled, false).visible(
        |inclusion| {
            let viewer = inclusion.on.viewer();
            let own = inclusion.get(AppointmentInclusionType::user_id).is_some_and(|client| viewer.is(client));
            let visit = inclusion.follow::<Appointment, _>(AppointmentInclusionType::appointment_id);
            own || viewer.is_member() && visit.is_some_and(|visit| calendar::is_on(&visit))
        },
    )
}

/// The inclusions of a visit that the viewer may see: all for members, their own for clients.
pub fn shown(visit: &View<'_, Appointment>) -> Answer {
    let all = visit.on.having(AppointmentInclusionType::appointment_id, visit.id());
    let seen = all.filter(|inclusion| visit.on.may_see(AppointmentInclusionType::TYPE, inclusion.record()));
    Answer::List(seen.map(Into::into).collect())
}

pub fn of_visit<I: Named>(call: &Call<'_, I>, visit: u64) -> Vec<Row<AppointmentInclusionType>> {
    call.having(AppointmentInclusionType::appointment_id, visit)
}

/// Makes the inclusions of a visit those of its clients.
pub fn follow_attendees<I: Named>(call: &mut Call<'_, I>, visit: &Row<Appointment>) {
    let clients = visit.get(Appointment::attendee_ids).unwrap_or_default();
    let included = of_visit(call, visit.id());
    let client_of = |inclusion: &Row<AppointmentInclusionType>| inclusion.get(AppointmentInclusionType::user_id);
    for gone in included.iter().filter(|inclusion| !client_of(inclusion).is_some_and(|client| clients.contains(&client))) {
        call.delete(gone);
    }
    for client in clients {
        if included.iter().any(|inclusion| client_of(inclusion) == Some(client)) {
            continue;
        }
        let uuid = Builder::from_random_bytes(call.random().bytes16()).into_uuid().to_string();
        let draft = call.blank_draft::<AppointmentInclusionType>().belongs_to(visit.organization());
        let draft = draft.set(AppointmentInclusionType::appointment_id, visit.id()).set(AppointmentInclusionType::user_id, client);
        let mut draft = draft.set(AppointmentInclusionType::confirmed, true);
        draft.set_value(AppointmentInclusionType::external_uuid.slot, crate::engine::Value::from(uuid));
        draft.save(call);
    }
}

/// Marks an inclusion as cancelled by whoever calls, or as no longer so.
pub fn cancel<I: Named>(call: &Call<'_, I>, draft: &mut Draft<AppointmentInclusionType>, cancelled: bool) {
    if draft.get(AppointmentInclusionType::cancelled_at).is_some() == cancelled {
        return;
    }
    draft.put(AppointmentInclusionType::cancelled, cancelled);
    if cancelled {
        draft.put(AppointmentInclusionType::cancelled_at, call.now());
        draft.put(AppointmentInclusionType::cancelled_by_id, call.viewer_id());
    } else {
        draft.clear(AppointmentInclusionType::cancelled_at);
        draft.clear(AppointmentInclusionType::cancelled_by_id);
    }
}

/// Assumed: a 1:1 visit counts as cancelled where its client has called off coming.
pub fn is_cancelled_by_client(visit: &View<'_, Appointment>) -> bool {
    let client = visit.get(Appointment::user_id).or_else(|| visit.on.viewer().id().filter(|_| visit.on.viewer().is_patient()));
    let mut all = visit.on.having(AppointmentInclusionType::appointment_id, visit.id());
    client.is_some()
        && all.any(|inclusion| {
            inclusion.get(AppointmentInclusionType::user_id) == client && inclusion.is(AppointmentInclusionType::cancelled)
        })
}
