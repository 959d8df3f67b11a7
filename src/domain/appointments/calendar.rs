//! Whose calendar a visit is on: who sees it there, and who may write to it.

use super::appointment::is_active;
use crate::domain::availability::Search;
use crate::engine::{Call, Refusal, Row, View, Viewer};
use crate::schema::names::{Appointment, Availability, OrganizationMembership};
use crate::schema::{Bool, Field, Id, Named};
use jiff::Timestamp;
use std::ops::Range;

/// Documented: everybody may look a group visit up by its id, even without a key.
pub fn may_see(visit: &View<'_, Appointment>) -> bool {
    visit.is(Appointment::is_group) || is_on(visit)
}

/// True where the viewer's lists have the visit: members their own, and everybody's where they may; clients those they
/// come to.
pub fn is_on(visit: &View<'_, Appointment>) -> bool {
    let viewer = visit.on.viewer();
    if viewer.is_patient() {
        return viewer.id().is_some_and(|me| attends(visit, me));
    }
    let others_too = viewer.may(OrganizationMembership::can_see_calendar);
    viewer.reaches(visit.organization()) && (others_too || is_own(viewer, visit))
}

/// The visit that `field` names. A group that is open to be looked at is not there to be changed by strangers; clients are
/// told so by the rule that asks.
pub fn target<I: Named>(call: &Call<'_, I>, field: Field<I, Id>) -> Result<Row<Appointment>, Refusal> {
    let visit = call.target::<Appointment, _>(field)?;
    let is_there = call.viewer().is_patient() || call.on().find::<Appointment>(visit.id()).is_some_and(|visit| is_on(&visit));
    if is_there { Ok(visit) } else { Err(Refusal::not_found(field.name(), Appointment::TYPE.name())) }
}

pub fn attends(visit: &Row<Appointment>, client: u64) -> bool {
    visit.get(Appointment::attendee_ids).unwrap_or_default().contains(&client)
}

pub fn is_own(viewer: &Viewer, visit: &Row<Appointment>) -> bool {
    let providers = visit.get(Appointment::provider_ids).unwrap_or_default();
    viewer.id().is_some_and(|me| providers.contains(&me))
}

/// What somebody wants to do to a visit.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    Create,
    Update,
    /// To say how it went, or whether it will be.
    Status,
    Delete,
}

impl Deed {
    fn sentence(self) -> &'static str {
        match self {
            Self::Create => "create this appointment",
            Self::Update | Self::Status => "update this appointment",
            Self::Delete => "delete this appointment",
        }
    }
}

/// The flags of the member who calls. Documented: blocks have flags of their own, and `can_edit_calendar` is the older
/// flag for all of what is done on the calendars of others.
pub fn refuse_without_permission<I: Named>(call: &Call<'_, I>, deed: Deed, own: bool, blocks_time: bool) -> Result<(), Refusal> {
    use OrganizationMembership as Flag;
    let may = |flag| call.viewer().may(flag);
    let allowed = match (own, blocks_time, deed) {
        (true, true, _) => may(Flag::can_manage_own_blocks),
        (true, false, Deed::Create) => may(Flag::can_add_own_appointments),
        (true, false, Deed::Update) => !is_denied(call, Flag::can_edit_own_appointments),
        (true, false, Deed::Status) => !is_denied(call, Flag::can_status_own_appointments),
        (true, false, Deed::Delete) => !is_denied(call, Flag::can_delete_own_appointments),
        (false, true, _) => may(Flag::can_manage_others_blocks),
        (false, false, Deed::Create) => may(Flag::can_add_others_appointments) || may(Flag::can_edit_calendar),
        (false, false, Deed::Update) => may(Flag::can_edit_others_appointments) || may(Flag::can_edit_calendar),
        (false, false, Deed::Status) => may(Flag::can_status_others_appointments) || may(Flag::can_edit_calendar),
        (false, false, Deed::Delete) => may(Flag::can_delete_others_appointments) || may(Flag::can_edit_calendar),
    };
    if allowed { Ok(()) } else { Err(Refusal::no_permission(deed.sentence())) }
}

/// The flags for one's own visits are newer than the right to change them: only a flag that says no takes it away.
fn is_denied<I: Named>(call: &Call<'_, I>, flag: Field<OrganizationMembership, Bool>) -> bool {
    let said = call.viewer().membership.as_ref().and_then(|membership| membership.get(flag));
    said == Some(false) && !call.viewer().is_admin()
}

/// Assumed: no text is documented for a time that is taken.
pub const TAKEN: &str = "is no longer available";

/// A time that has to be free.
pub struct Wanted<'a> {
    pub provider: u64,
    pub others: &'a [u64],
    pub kind: Option<u64>,
    pub time: Range<Timestamp>,
    /// The visit that is moved there.
    pub moving: Option<u64>,
}

/// Refused where the time is no slot of the provider's, or where another who provides it has a visit then. Assumed: who has set
/// no hours at all is asked for none.
pub fn refuse_unavailable<I: Named>(call: &Call<'_, I>, field: &'static str, wanted: &Wanted<'_>) -> Result<(), Refusal> {
    refuse_taken(call, field, &[&[wanted.provider], wanted.others].concat(), wanted.time.clone(), wanted.moving)?;
    let on = call.on();
    if on.count_having(Availability::user_id, wanted.provider) == 0 {
        return Ok(());
    }
    let zone = call.zone().clone();
    let day = zone.to_datetime(wanted.time.start).date();
    let minutes = (wanted.time.end.as_second() - wanted.time.start.as_second()) / 60;
    let search = Search { minutes: Some(minutes), moving: wanted.moving, ..Search::of(wanted.provider, wanted.kind, day..=day, zone) };
    let is_free = search.slots(on).iter().any(|slot| slot.start == wanted.time.start);
    if is_free { Ok(()) } else { Err(Refusal::named(field, TAKEN)) }
}

/// Refused where one of the providers has another active visit at the time.
pub fn refuse_taken<I: Named>(
    call: &Call<'_, I>,
    field: &'static str,
    providers: &[u64],
    time: Range<Timestamp>,
    except: Option<u64>,
) -> Result<(), Refusal> {
    let is_taken = |provider: &u64| {
        let mut visits = call.on().having(Appointment::provider_ids, vec![*provider]);
        visits.any(|visit| {
            let overlaps = visit.get(Appointment::date) < Some(time.end) && visit.get(Appointment::ends_at) > Some(time.start);
            Some(visit.id()) != except && overlaps && is_active(&visit)
        })
    };
    if providers.iter().any(is_taken) { Err(Refusal::named(field, TAKEN)) } else { Ok(()) }
}
