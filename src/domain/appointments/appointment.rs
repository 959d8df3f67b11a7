//! What a visit is: an individual one, a group, or a block of a provider's time.

use super::{attendance, calendar, recurring, reminders};
use crate::domain::{charting, people::full_name};
use crate::engine::{
    Answer, Draft, Entity, Reading, TENANT, Value, View,
    moment::{self, show_instant},
};
use crate::schema::names::{
    Appointment, AppointmentInclusionType, AppointmentType, RecurringAppointment, User,
    args::{Appointment_pm_status, Appointment_providers},
};
use jiff::Timestamp;

pub const CANCELLED: &str = "Cancelled";

/// Documented: a visit in one of the first three is not active. Assumed of the fourth, which the page on statuses leaves out.
const INACTIVE: [&str; 4] = [CANCELLED, "Re-Scheduled", "No-Show", "Late Cancellation"];

/// Assumed: how long a visit takes where neither its end nor its type says so.
pub const MINUTES: i64 = 60;

pub fn entity() -> Entity<Appointment> {
    let by_date = [Appointment::date.slot];
    charting::answer(Entity::new())
        .defaults(Appointment::is_blocker, false)
        .defaults(Appointment::is_group, false)
        .defaults(Appointment::patient_reschedule_count, 0)
        .ordered(&[TENANT], &by_date)
        .ordered(&[Appointment::provider_ids.slot], &by_date)
        .ordered(&[Appointment::attendee_ids.slot], &by_date)
        .derives(derive)
        .ruled(Appointment::repeat)
        .ruled(Appointment::repeat_interval)
        .ruled(Appointment::repeat_times)
        .ruled(Appointment::client_updating)
        .ruled(Appointment::attendee_ids)
        .ruled(Appointment::user_id)
        .ruled(Appointment::date)
        .ruled(Appointment::pm_status)
        .visible(calendar::may_see)
        .kept_when_deleted(Appointment::deleted_at)
        // Documented: visits of a series are not announced, unless support has enabled it.
        .announces_by("appointment", |visit, settings| {
            settings.recurring_appointment_events || visit.row().get(Appointment::recurring_appointment_id).is_none()
        })
        .indexed(Appointment::recurring_appointment_id)
        .ruled(Appointment::recurring_appointment)
        .ruled(Appointment::recurring_appointment_id)
        .computed(Appointment::current_position_in_recurring_series, recurring::position)
        .computed(Appointment::repeat, |visit| Some(visit.get(Appointment::recurring_appointment_id).is_some()))
        .computed(Appointment::repeat_interval, |visit| {
            recurring::series(visit)?.get(RecurringAppointment::repeat_interval).map(str::to_owned)
        })
        .computed(Appointment::repeat_times, |visit| recurring::series(visit)?.get(RecurringAppointment::repeat_times)?.parse().ok())
        .computed(Appointment::has_in_progress_job, |visit| Some(recurring::is_in_progress(visit)))
        .extra("resource_organization_id", |visit| Value::Id(visit.organization()))
        // A type that was deleted since is still what the visit is.
        .answers(Appointment::appointment_type, |visit| visit.follow::<AppointmentType, _>(Appointment::appointment_type_id).into())
        .answers(Appointment::provider, |visit| visit.get(Appointment::other_party_id).and_then(|id| provider(visit, id)).into())
        .answers(Appointment::user, |visit| visit.get(Appointment::user_id).and_then(|id| client(visit, id)).into())
        .computed(Appointment::start, |visit| shown(visit, visit.get(Appointment::date)))
        .computed(Appointment::end, |visit| shown(visit, visit.get(Appointment::ends_at)))
        .computed(Appointment::timezone_abbr, timezone_abbr)
        .answers(Appointment::organization_id, |visit| Value::Id(visit.organization()).into())
        .computed(Appointment::appointment_category, |visit| Some(category(visit).to_owned()))
        .computed(Appointment::title, title)
        .computed(Appointment::appointment_label, |visit| Some(label(visit)))
        .computed(Appointment::provider_name, |visit| person(visit, visit.get(Appointment::other_party_id)))
        // Assumed: the name of whoever booked it.
        .computed(Appointment::scheduled_by, |visit| person(visit, visit.get(Appointment::initiator_id)))
        .computed(Appointment::resourceId, |visit| visit.get(Appointment::other_party_id).map(|id| id.to_string()))
        .answers(Appointment::attendees, attendees)
        .answers(Appointment::attended_clients, attendance::shown)
        .computed(Appointment::appointment_inclusions_count, |visit| {
            Some(visit.on.count_having(AppointmentInclusionType::appointment_id, visit.id()) as i64)
        })
        .answers_to(Appointment::providers, Appointment_providers, |visit, asked| {
            let providers = visit.get(Appointment::provider_ids).unwrap_or_default();
            let hidden = asked.is(Appointment_providers::empty_unless_multiple) && providers.len() < 2;
            let shown = providers.into_iter().filter(|_| !hidden).filter_map(|id| provider(visit, id));
            Answer::List(shown.map(Into::into).collect())
        })
        .answers_to(Appointment::pm_status, Appointment_pm_status, |visit, asked| {
            match asked.is(Appointment_pm_status::check_for_client_cancel) && attendance::is_cancelled_by_client(visit) {
                true => Value::text(CANCELLED).into(),
                false => visit.value(Appointment::pm_status.slot).clone().into(),
            }
        })
        // Documented: for staff only.
        .answers(Appointment::notes, |visit| match visit.on.viewer().reaches(visit.organization()) {
            true => visit.value(Appointment::notes.slot).clone().into(),
            false => Answer::NULL,
        })
}

/// On whose calendars the visit is, when it ends where nothing said so, and how long it takes. The length is what tells
/// receivers of `appointment.updated` that only the end moved.
fn derive(visit: &mut Draft<Appointment>, on: Reading<'_>) {
    let others = visit.get(Appointment::additional_provider_ids).unwrap_or_default();
    let primary = visit.get(Appointment::other_party_id);
    let all = primary.into_iter().chain(others.into_iter().filter(|other| Some(*other) != primary)).collect();
    visit.put(Appointment::provider_ids, all);
    if let Some(client) = visit.get(Appointment::user_id).filter(|_| visit.is_blank(Appointment::attendee_ids)) {
        visit.put(Appointment::attendee_ids, vec![client]);
    }
    if let Some(start) = visit.get(Appointment::date).filter(|_| visit.is_blank(Appointment::ends_at)) {
        let kind = visit.get(Appointment::appointment_type_id).and_then(|kind| on.find_any::<AppointmentType>(kind));
        let minutes = kind.and_then(|kind| kind.get(AppointmentType::length)).unwrap_or(MINUTES);
        visit.put(Appointment::ends_at, moment::later(start, minutes * 60));
    }
    if let (Some(start), Some(end)) = (visit.get(Appointment::date), visit.get(Appointment::ends_at)) {
        visit.put(Appointment::length, minutes(start, end));
    }
    match reminders::next(on, visit) {
        Some(at) => visit.put(Appointment::remind_at, at),
        None => visit.clear(Appointment::remind_at),
    }
}

pub fn is_active(visit: &View<'_, Appointment>) -> bool {
    takes_place(visit.get(Appointment::deleted_at), visit.get(Appointment::pm_status))
}

pub fn takes_place(deleted_at: Option<Timestamp>, status: Option<&str>) -> bool {
    deleted_at.is_none() && !status.is_some_and(|status| INACTIVE.contains(&status))
}

/// Documented: `didnt-occur` lists what was cancelled, missed or booked anew.
pub fn did_not_occur(visit: &View<'_, Appointment>) -> bool {
    visit.get(Appointment::pm_status).is_some_and(|status| INACTIVE.contains(&status))
}

fn shown(visit: &View<'_, Appointment>, at: Option<Timestamp>) -> Option<String> {
    Some(show_instant(at?, &visit.on.viewer().zone))
}

fn minutes(starts_at: Timestamp, ends_at: Timestamp) -> i64 {
    (ends_at.as_second() - starts_at.as_second()) / 60
}

fn timezone_abbr(visit: &View<'_, Appointment>) -> Option<String> {
    Some(visit.on.viewer().zone.to_offset_info(visit.get(Appointment::date)?).abbreviation().to_owned())
}

fn category(visit: &View<'_, Appointment>) -> &'static str {
    if visit.is(Appointment::is_group) { "Group" } else { "Individual" }
}

fn person(visit: &View<'_, Appointment>, id: Option<u64>) -> Option<String> {
    visit.on.find_any::<User>(id?).map(|user| full_name(&user))
}

/// Assumed: what a calendar writes on the visit: the client, the group's type, or what a blocker is for.
fn title(visit: &View<'_, Appointment>) -> Option<String> {
    if visit.is(Appointment::is_blocker) {
        return visit.get(Appointment::notes).filter(|_| visit.on.viewer().is_member()).map(str::to_owned);
    }
    person(visit, visit.get(Appointment::user_id)).or_else(|| Some(label(visit)))
}

/// Assumed from a documented warning, which calls a visit `1:1 Session`: the type's name where there is one.
fn label(visit: &View<'_, Appointment>) -> String {
    let kind = visit.follow::<AppointmentType, _>(Appointment::appointment_type_id);
    let named = kind.and_then(|kind| kind.get(AppointmentType::name).map(str::to_owned));
    let otherwise = || match (visit.is(Appointment::is_blocker), visit.is(Appointment::is_group)) {
        (true, _) => "Blocked",
        (_, true) => "Group Session",
        _ => "1:1 Session",
    };
    named.unwrap_or_else(|| otherwise().to_owned())
}

fn attendees(visit: &View<'_, Appointment>) -> Answer {
    let clients = visit.get(Appointment::attendee_ids).unwrap_or_default().into_iter();
    Answer::List(clients.filter_map(|id| client(visit, id)).map(Into::into).collect())
}

/// Members see who comes to the visits on their calendar. Who only looks a group up, as everybody may, sees themselves
/// there, and whom they may see anyway.
pub fn client<'s>(visit: &View<'s, Appointment>, id: u64) -> Option<View<'s, User>> {
    let knows_clients = visit.on.viewer().is_member() && calendar::is_on(visit);
    if knows_clients { visit.on.find_any(id) } else { visit.on.find(id) }
}

/// Whoever comes to a visit sees its providers; callers without a key see those that are public.
fn provider<'s>(visit: &View<'s, Appointment>, id: u64) -> Option<View<'s, User>> {
    if visit.on.viewer().id().is_some() { visit.on.find_any(id) } else { visit.on.find(id) }
}
