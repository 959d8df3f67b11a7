//! `bulkCreateAvailability`: a provider's week in one call; what is said once goes for all that don't say it themselves.

use super::{
    create_availability::until,
    record::{provider, refuse_unknown_scope},
    times::{Times, on_weekday},
    zone,
};
use crate::engine::{Answer, CANT_BE_BLANK, Call, Draft, Made, Nested, Refusal, Row};
use crate::schema::names::{
    AppointmentLocation, AppointmentType, Availability, AvailabilityInput as One, User, bulkCreateAvailabilityInput as Input,
    bulkCreateAvailabilityPayload as Payload,
};
use crate::schema::{Named, Slot};

const DEED: &str = "bulk create availability";

pub fn bulk_create_availability(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let shared = provider(call, Input::user_id, DEED)?;
    refuse_unknown_scope(call, Input::appointment_type_id, Input::appointment_location_id)?;
    let wanted = call.get(Input::availabilities)?.unwrap_or_default();
    if wanted.is_empty() {
        return Err(Refusal::on(Input::availabilities, CANT_BE_BLANK));
    }
    let mut made = vec![];
    for one in &wanted {
        let provider = provider_of(call, one, &shared)?;
        let draft = draft(call, one, &provider)?;
        made.push(draft.save(call));
    }
    Ok(Made::nothing().also(Payload::availabilities, Answer::records(made)))
}

fn provider_of(call: &Call<'_, Input>, one: &Nested<'_, One>, shared: &Row<User>) -> Result<Row<User>, Refusal> {
    let Some(id) = one.value.field(One::user_id.slot).and_then(crate::engine::Value::as_id) else { return Ok(shared.clone()) };
    let found = call.find::<User>(id).ok_or_else(|| Refusal::not_found(Input::user_id.name(), User::TYPE.name()))?;
    super::record::refuse_without_permission(call, id, DEED)?;
    Ok(found)
}

fn draft(call: &mut Call<'_, Input>, one: &Nested<'_, One>, provider: &Row<User>) -> Result<Draft<Availability>, Refusal> {
    let named = one.get(One::timezone).filter(|name| !name.trim().is_empty());
    let zone_name = named.or(provider.get(User::timezone)).unwrap_or(zone::PRACTICE).to_owned();
    let zone = zone::named(Some(&zone_name));
    let repeats = one.get(One::is_repeating) == Some(true);
    let times = Times {
        range_start: one.get(One::range_start),
        range_end: one.get(One::range_end),
        time: one.get(One::time),
        end_time: one.get(One::end_time),
        today: repeats.then(|| zone.to_datetime(call.now()).date()),
        ..Times::default()
    };
    let mut times = times.read(&zone)?;
    if repeats {
        times = on_weekday(times, one.get(One::day_of_week), &zone)?;
    }
    let mut window = call
        .blank_draft::<Availability>()
        .set(Availability::user_id, provider.id())
        .set(Availability::timezone, zone_name)
        .set(Availability::is_repeating, repeats)
        .set(Availability::range_start, times.start)
        .set(Availability::range_end, times.end)
        .set(Availability::origin_start_date, times.start)
        .belongs_to(provider.organization());
    window.put(Availability::day_of_week, i64::from(zone.to_datetime(times.start).weekday().to_sunday_zero_offset()));
    until(call, Input::end_on, &mut window)?;
    scope(call, one, &mut window)?;
    Ok(window)
}

fn scope(call: &Call<'_, Input>, one: &Nested<'_, One>, window: &mut Draft<Availability>) -> Result<(), Refusal> {
    let columns: [(Slot, Slot, Slot); 3] = [
        (One::appointment_type_id.slot, Input::appointment_type_id.slot, Availability::appointment_type_id.slot),
        (One::appointment_location_id.slot, Input::appointment_location_id.slot, Availability::appointment_location_id.slot),
        (One::contact_type_id.slot, Input::contact_type_id.slot, Availability::contact_type_id.slot),
    ];
    for (own, shared, column) in columns {
        call.lifted.mark(shared);
        let own = one.value.field(own).filter(|value| value.as_id().is_some());
        let shared = || call.lifted.sent(shared).and_then(Option::as_ref).filter(|value| value.as_id().is_some());
        if let Some(value) = own.or_else(shared) {
            window.set_value(column, value.as_id().map_or(crate::engine::Value::Null, crate::engine::Value::Id));
        }
    }
    if window.get(Availability::appointment_type_id).is_some_and(|kind| call.find::<AppointmentType>(kind).is_none()) {
        return Err(Refusal::not_found(Input::appointment_type_id.name(), AppointmentType::TYPE.name()));
    }
    if window.get(Availability::appointment_location_id).is_some_and(|place| call.find::<AppointmentLocation>(place).is_none()) {
        return Err(Refusal::not_found(Input::appointment_location_id.name(), AppointmentLocation::TYPE.name()));
    }
    Ok(())
}
