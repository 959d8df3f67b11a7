//! `editAvailability`: other hours, for the whole of an availability that repeats. Only what is sent changes.

use super::{
    create_availability::{select, text, until},
    record::{provider, refuse_unknown_scope, refuse_without_permission, target, zone_of},
    times::{Times, on_weekday},
    zone,
};
use crate::engine::{Call, Draft, Made, Refusal, Row};
use crate::schema::names::{Availability, editAvailabilityInput as Input};

const DEED: &str = "update this availability";

pub fn edit_availability(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let before = target(call, Input::id)?;
    let owner = before.get(Availability::user_id).unwrap_or_default();
    refuse_without_permission(call, owner, DEED)?;
    refuse_unknown_scope(call, Input::appointment_type_id, Input::appointment_location_id)?;
    let mut window = call.change(&before);
    if !call.is_blank(Input::user_id) {
        window.put(Availability::user_id, provider(call, Input::user_id, DEED)?.id());
    }
    scope(call, &mut window);
    let owner = window.get(Availability::user_id).unwrap_or_default();
    select(call, Input::appointment_types, owner, &mut window)?;
    until(call, Input::end_on, &mut window)?;
    change_times(call, &before, &mut window)?;
    call.check(&window)?;
    Ok(window.save(call).into())
}

/// A type, a place and a way to meet are taken as they are sent; null clears.
fn scope(call: &Call<'_, Input>, window: &mut Draft<Availability>) {
    for (sent, column) in [
        (Input::appointment_type_id.slot, Availability::appointment_type_id.slot),
        (Input::appointment_location_id.slot, Availability::appointment_location_id.slot),
        (Input::contact_type_id.slot, Availability::contact_type_id.slot),
    ] {
        if let Some(Some(value)) = call.lifted.sent(sent) {
            call.lifted.mark(sent);
            window.set_value(column, value.clone());
        }
    }
}

fn change_times(call: &Call<'_, Input>, before: &Row<Availability>, window: &mut Draft<Availability>) -> Result<(), Refusal> {
    let named = text(call, Input::timezone)?;
    let zone = named.map_or_else(|| zone_of(before), |name| zone::named(Some(name)));
    if let Some(name) = named {
        window.put(Availability::timezone, name.to_owned());
    }
    let repeats = call.get(Input::is_repeating)?.unwrap_or(before.is(Availability::is_repeating));
    let weekday = call.get(Input::day_of_week)?.or(before.get(Availability::day_of_week));
    let (Some(start), Some(end)) = (before.get(Availability::range_start), before.get(Availability::range_end)) else { return Ok(()) };
    let times = Times {
        start_datetime: call.get(Input::start_datetime)?,
        end_datetime: call.get(Input::end_datetime)?,
        range_start: text(call, Input::range_start)?,
        range_end: text(call, Input::range_end)?,
        time: text(call, Input::time)?,
        end_time: text(call, Input::end_time)?,
        before: Some(start..end),
        today: None,
    };
    let mut times = times.read(&zone)?;
    if repeats {
        times = on_weekday(times, weekday, &zone)?;
    }
    window.put(Availability::is_repeating, repeats);
    window.put(Availability::range_start, times.start);
    window.put(Availability::range_end, times.end);
    window.put(Availability::day_of_week, i64::from(zone.to_datetime(times.start).weekday().to_sunday_zero_offset()));
    Ok(())
}
