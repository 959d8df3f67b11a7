//! When a provider can be booked: a window of time, once or each week.

use super::{occurrences::Repeats, times::on_weekday, zone};
use crate::domain::{members, people::is_member};
use crate::engine::{Answer, Call, Entity, Given, Refusal, Row, Value, View};
use crate::schema::names::{AppointmentLocation, AppointmentType, Availability, OrganizationMembership, User};
use crate::schema::{Field, Named};
use jiff::tz::TimeZone;

pub fn entity() -> Entity<Availability> {
    Entity::new()
        .indexed(Availability::user_id)
        .defaults(Availability::is_repeating, false)
        .defaults(Availability::has_all_appointment_types, false)
        .visible(may_see)
        .announces("availability")
        .answers(Availability::id, |window| shown_id(window).into())
        .computed(Availability::repeating_availability_id, |window| window.is(Availability::is_repeating).then(|| window.id()))
        .computed(Availability::resourceId, |window| window.get(Availability::user_id).map(|id| id.to_string()))
        .computed(Availability::duration_string, duration)
        .computed(Availability::timezone_abbr, |window| {
            let start = window.get(Availability::range_start)?;
            Some(zone_of(window).to_offset_info(start).abbreviation().to_owned())
        })
        .answers(Availability::appointment_types, |window| {
            let kinds = kinds(window).into_iter().filter_map(|kind| window.on.find::<AppointmentType>(kind));
            Answer::List(kinds.map(Into::into).collect())
        })
}

/// The types that the window is for; none where it is for all.
pub fn kinds(window: &Row<Availability>) -> Vec<u64> {
    let listed = window.value(Availability::appointment_types.slot).as_list().unwrap_or_default().iter().filter_map(Value::as_id);
    window.get(Availability::appointment_type_id).into_iter().chain(listed).collect()
}

/// Assumed: of an occurrence the day belongs to the id; how they are put together is not documented.
fn shown_id(window: &View<'_, Availability>) -> Value {
    match window.get(Availability::occurs_on) {
        Some(day) => Value::from(format!("{}-{}", window.id(), day.strftime("%Y%m%d"))),
        None => Value::Id(window.id()),
    }
}

/// The window that an id names, be it the window's own or an occurrence's.
pub fn named(id: &Value) -> Option<u64> {
    id.as_id().or_else(|| Value::id_or_text(id.as_str()?.split('-').next()?).as_id())
}

/// The window that `field` of the input names.
pub fn target<I: Named, K>(call: &Call<'_, I>, field: Field<I, K>) -> Result<Row<Availability>, Refusal> {
    call.accept(field);
    let sent = call.lifted.sent(field.slot).and_then(Option::as_ref);
    let found = sent.and_then(named).and_then(|id| call.find::<Availability>(id));
    found.ok_or_else(|| Refusal::not_found(field.name(), "Availability"))
}

/// Documented: members see other calendars where their flag says so. Assumed: clients see slots, not hours.
fn may_see(window: &View<'_, Availability>) -> bool {
    let viewer = window.on.viewer();
    let own = window.get(Availability::user_id).is_some_and(|provider| viewer.is(provider));
    let others = viewer.may(OrganizationMembership::can_see_calendar) || viewer.may(OrganizationMembership::can_manage_others_availability);
    viewer.reaches(window.organization()) && (own || others)
}

/// Documented: `5h`, `4h 20min`. Assumed of less than an hour: `20min`.
fn duration(window: &View<'_, Availability>) -> Option<String> {
    let (start, end) = (window.get(Availability::range_start)?, window.get(Availability::range_end)?);
    let minutes = (end.as_second() - start.as_second()) / 60;
    Some(match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes}min"),
        (hours, 0) => format!("{hours}h"),
        (hours, minutes) => format!("{hours}h {minutes}min"),
    })
}

/// Where its times of day are meant.
pub fn zone_of(window: &Row<Availability>) -> TimeZone {
    zone::named(window.get(Availability::timezone))
}

/// When it is. Hours that repeat begin on the first of their days.
pub fn repeats(window: &Row<Availability>) -> Option<Repeats> {
    let zone = zone_of(window);
    let times = window.get(Availability::range_start)?..window.get(Availability::range_end)?;
    if !window.is(Availability::is_repeating) {
        return Repeats::of(times.start, times.end, zone, None);
    }
    let times = match window.get(Availability::day_of_week) {
        Some(day) => on_weekday(times, Some(day), &zone).ok()?,
        None => times,
    };
    Repeats::of(times.start, times.end, zone, Some(window.get(Availability::end_on)))
}

/// The provider whose hours they are: the one that `field` names, else whoever calls.
pub fn provider<I: Named, K>(call: &Call<'_, I>, field: Field<I, K>, deed: &str) -> Result<Row<User>, Refusal>
where
    K: crate::engine::Kind,
{
    let provider = match call.is_blank(field) {
        true => call.find_any::<User>(call.viewer_id()).ok_or_else(|| Refusal::no_permission(deed))?,
        false => call.target::<User, _>(field)?,
    };
    call.accept(field);
    let on = call.on();
    let has_calendar = on.find_any::<User>(provider.id()).is_some_and(|user| is_member(&user) && user.get(User::active) != Some(false));
    let support = members::of_user(on, provider.id()).and_then(|found| Some(found.get(OrganizationMembership::org_role)? == "Support"));
    if !has_calendar || support == Some(true) {
        return Err(Refusal::not_found(field.name(), User::TYPE.name()));
    }
    refuse_without_permission(call, provider.id(), deed)?;
    Ok(provider)
}

pub fn refuse_without_permission<I: Named>(call: &Call<'_, I>, provider: u64, deed: &str) -> Result<(), Refusal> {
    let flag = match call.viewer().is(provider) {
        true => OrganizationMembership::can_manage_own_availability,
        false => OrganizationMembership::can_manage_others_availability,
    };
    call.needs(flag, deed)
}

/// Refused where a type or place that is named isn't there.
pub fn refuse_unknown_scope<I: Named, K: crate::engine::Kind, L: crate::engine::Kind>(
    call: &Call<'_, I>,
    kind: Field<I, K>,
    place: Field<I, L>,
) -> Result<(), Refusal> {
    if !call.is_blank(kind) {
        call.target::<AppointmentType, _>(kind)?;
    }
    if !call.is_blank(place) {
        call.target::<AppointmentLocation, _>(place)?;
    }
    Ok(())
}

/// The name of the zone in which hours are meant: as sent, else the provider's.
pub fn zone_name<I: Named>(call: &Call<'_, I>, sent: Field<I, crate::schema::Text>, provider: &Row<User>) -> Result<String, Refusal> {
    let named = match call.given(sent)? {
        Given::Value(name) if !name.trim().is_empty() => Some(name),
        _ => None,
    };
    Ok(named.or(provider.get(User::timezone)).unwrap_or(zone::PRACTICE).to_owned())
}
