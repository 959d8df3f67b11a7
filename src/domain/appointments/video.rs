//! Video visits: those that go on or are about to begin, and whether somebody has a camera.

use super::is_active;
use crate::engine::{Answer, Call, Input, Made, QueryError, Reading, Refusal, View, moment};
use crate::schema::names::{Appointment, ChangeDevicesAvailabilityInput as Devices, User, args};
use jiff::Timestamp;

/// Documented: what begins within ten minutes is about to.
const SOON: i64 = 10 * 60;

/// Assumed: from the start to the end, and what is about to begin.
pub fn current(on: Reading<'_>, asked: &Input<'_, args::currentVideoChats>) -> Result<Answer, QueryError> {
    type A = args::currentVideoChats;
    let until = if asked.is(A::only_current) { on.now() } else { moment::later(on.now(), SOON) };
    Ok(visits(on, asked.get(A::user_id).ok().flatten(), |start, end, now| start <= until && end > now))
}

pub fn close_to_current(on: Reading<'_>, asked: &Input<'_, args::closeToCurrentVideoChats>) -> Result<Answer, QueryError> {
    let until = moment::later(on.now(), SOON);
    Ok(visits(on, asked.get(args::closeToCurrentVideoChats::user_id).ok().flatten(), |start, _, now| start > now && start <= until))
}

fn visits(on: Reading<'_>, person: Option<u64>, when: impl Fn(Timestamp, Timestamp, Timestamp) -> bool) -> Answer {
    let Some(person) = person.or(on.viewer().id()) else { return Answer::List(vec![]) };
    let found = of(on, person).into_iter().filter(|visit| {
        let times = visit.get(Appointment::date).zip(visit.get(Appointment::ends_at));
        times.is_some_and(|(start, end)| when(start, end, on.now())) && is_active(visit) && super::calendar::is_on(visit)
    });
    Answer::List(found.map(Into::into).collect())
}

/// The video visits of somebody, also those that do not take place, by when they begin.
pub fn of(on: Reading<'_>, person: u64) -> Vec<View<'_, Appointment>> {
    let provided = on.having(Appointment::provider_ids, vec![person]);
    let attended = on.having(Appointment::attendee_ids, vec![person]);
    let mut found: Vec<View<'_, Appointment>> = provided.chain(attended).filter(|visit| is_by_video(visit)).collect();
    found.sort_by_key(|visit| (visit.get(Appointment::date), visit.id()));
    found.dedup_by_key(|visit| visit.id());
    found
}

fn is_by_video(visit: &View<'_, Appointment>) -> bool {
    visit.get(Appointment::contact_type).is_some_and(|way| way.to_lowercase().contains("video"))
}

/// How far a video visit has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Turn {
    Upcoming,
    Current,
    Ended,
}

/// None long before it begins. A visit that does not take place has ended once it would have come up.
pub fn turn(visit: &View<'_, Appointment>, now: Timestamp) -> Option<Turn> {
    let (start, end) = visit.get(Appointment::date).zip(visit.get(Appointment::ends_at)).filter(|_| is_by_video(visit))?;
    match () {
        () if start > moment::later(now, SOON) => None,
        () if end <= now || !is_active(visit) => Some(Turn::Ended),
        () if start > now => Some(Turn::Upcoming),
        () => Some(Turn::Current),
    }
}

/// Documented: says of whoever calls that they can't be seen or heard.
pub fn change_devices_availability(call: &mut Call<'_, Devices>) -> Result<Made, Refusal> {
    let visit = call.target::<Appointment, _>(Devices::appointment_id)?;
    let unavailable = call.get(Devices::devices_unavailability)?.unwrap_or(false);
    let me = call.find_any::<User>(call.viewer_id()).ok_or_else(|| Refusal::no_permission("change devices availability"))?;
    call.silence(&me);
    let said = call.change(&me).set(User::devices_unavailability, unavailable);
    said.set(User::devices_said_in_id, visit.id()).save(call);
    Ok(Made::nothing())
}
