//! `createAvailabilityWithAppointmentTypes` and `editAvailabilityWithAppointmentTypes`: hours for several types.

use super::{
    create_availability::no_groups_of,
    record::{provider, refuse_without_permission, target, zone_name, zone_of},
    times::{BACKWARDS, on_weekday},
    zone,
};
use crate::engine::{CANT_BE_BLANK, Call, Draft, Made, Refusal};
use crate::schema::Named;
use crate::schema::names::{
    AppointmentType, Availability, CreateAvailabilityWithAppointmentTypesInput as Create, EditAvailabilityWithAppointmentTypesInput as Edit,
};
use jiff::{Timestamp, tz::TimeZone};
use std::ops::Range;

/// Documented: an edit names from 1 to 200 types.
const MOST: usize = 200;

pub fn create(call: &mut Call<'_, Create>) -> Result<Made, Refusal> {
    let provider = provider(call, Create::user_id, "create this availability with appointment types")?;
    let zone_name = zone_name(call, Create::timezone, &provider)?;
    let zone = zone::named(Some(&zone_name));
    let times = call.require(Create::start_datetime)?..call.require(Create::end_datetime)?;
    let ids = call.get(Create::appointment_type_ids)?.unwrap_or_default();
    let all = call.is(Create::link_all_non_group_types);
    // Documented: one or the other. Assumed: the text.
    if ids.is_empty() != all {
        return Err(Refusal::on(Create::appointment_type_ids, "must be given, or link_all_non_group_types, but not both"));
    }
    let kinds = if all { no_groups_of(call, provider.id()) } else { ids };
    refuse_kinds(call, &kinds, provider.id())?;
    let repeats = call.is(Create::is_repeating);
    let times = checked(times, repeats, call.get(Create::day_of_week)?, &zone)?;
    let window = call
        .draft::<Availability>()
        .set(Availability::user_id, provider.id())
        .set(Availability::timezone, zone_name)
        .set(Availability::origin_start_date, times.start)
        .set(Availability::has_all_appointment_types, all)
        .set(Availability::appointment_types, kinds)
        .belongs_to(provider.organization());
    call.check(&window)?;
    Ok(timed(window, times, repeats, &zone).save(call).into())
}

pub fn edit(call: &mut Call<'_, Edit>) -> Result<Made, Refusal> {
    let before = target(call, Edit::id)?;
    let owner = before.get(Availability::user_id).unwrap_or_default();
    refuse_without_permission(call, owner, "edit this availability with appointment types")?;
    let ids = call.get(Edit::appointment_type_ids)?.unwrap_or_default();
    let all = call.is(Edit::link_all_non_group_types);
    let kinds = if all { no_groups_of(call, owner) } else { ids };
    if kinds.is_empty() {
        return Err(Refusal::on(Edit::appointment_type_ids, CANT_BE_BLANK));
    }
    refuse_kinds(call, &kinds, owner)?;
    let start = call.get(Edit::start_datetime)?.or(before.get(Availability::range_start)).unwrap_or(call.now());
    let end = call.get(Edit::end_datetime)?.or(before.get(Availability::range_end)).unwrap_or(start);
    let mut window = call.edit(&before);
    window.put(Availability::has_all_appointment_types, all);
    window.put(Availability::appointment_types, kinds);
    let zone = call.get(Edit::timezone)?.map_or_else(|| zone_of(&before), |name| zone::named(Some(name)));
    let repeats = window.get(Availability::is_repeating) == Some(true);
    let times = checked(start..end, repeats, window.get(Availability::day_of_week), &zone)?;
    call.check(&window)?;
    Ok(timed(window, times, repeats, &zone).save(call).into())
}

fn checked(times: Range<Timestamp>, repeats: bool, weekday: Option<i64>, zone: &TimeZone) -> Result<Range<Timestamp>, Refusal> {
    if times.start >= times.end {
        return Err(Refusal::named("end_datetime", BACKWARDS));
    }
    if repeats { on_weekday(times, weekday, zone) } else { Ok(times) }
}

fn timed(window: Draft<Availability>, times: Range<Timestamp>, repeats: bool, zone: &TimeZone) -> Draft<Availability> {
    let weekday = zone.to_datetime(times.start).weekday().to_sunday_zero_offset();
    window
        .set(Availability::is_repeating, repeats)
        .set(Availability::range_start, times.start)
        .set(Availability::range_end, times.end)
        .set(Availability::day_of_week, i64::from(weekday))
}

/// Documented: the types belong to the provider whose hours they are.
fn refuse_kinds<I: Named>(call: &Call<'_, I>, kinds: &[u64], provider: u64) -> Result<(), Refusal> {
    const FIELD: &str = "appointment_type_ids";
    if kinds.len() > MOST {
        return Err(Refusal::named(FIELD, format!("is too long (maximum is {MOST} ids)")));
    }
    let on = call.on();
    let offered =
        |kind: &u64| on.find::<AppointmentType>(*kind).is_some_and(|kind| crate::domain::appointment_types::offers(&kind, provider));
    if kinds.iter().all(offered) { Ok(()) } else { Err(Refusal::not_found(FIELD, AppointmentType::TYPE.name())) }
}
