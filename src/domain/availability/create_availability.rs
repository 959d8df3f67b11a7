//! `createAvailability`: a provider can be booked at a time, or each week.

use super::{
    record::{provider, refuse_unknown_scope, zone_name},
    times::{Times, on_weekday},
    zone,
};
use crate::engine::{Call, Draft, Made, Nested, Refusal, moment};
use crate::schema::names::{AppointmentType, AppointmentTypeSelectionInput, Availability, createAvailabilityInput as Input};
use crate::schema::{Field, Named, Text};

pub fn create_availability(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let provider = provider(call, Input::user_id, "create this availability")?;
    refuse_unknown_scope(call, Input::appointment_type_id, Input::appointment_location_id)?;
    let zone_name = zone_name(call, Input::timezone, &provider)?;
    let zone = zone::named(Some(&zone_name));
    let repeats = call.is(Input::is_repeating);
    let times = Times {
        start_datetime: call.get(Input::start_datetime)?,
        end_datetime: call.get(Input::end_datetime)?,
        range_start: text(call, Input::range_start)?,
        range_end: text(call, Input::range_end)?,
        time: text(call, Input::time)?,
        end_time: text(call, Input::end_time)?,
        today: repeats.then(|| zone.to_datetime(call.now()).date()),
        before: None,
    };
    let mut times = times.read(&zone)?;
    let weekday = call.get(Input::day_of_week)?;
    if repeats {
        times = on_weekday(times, weekday, &zone)?;
    }
    let mut window = call
        .draft::<Availability>()
        .set(Availability::user_id, provider.id())
        .set(Availability::timezone, zone_name)
        .set(Availability::is_repeating, repeats)
        .set(Availability::range_start, times.start)
        .set(Availability::range_end, times.end)
        .set(Availability::origin_start_date, times.start)
        .belongs_to(provider.organization());
    window.put(Availability::day_of_week, i64::from(zone.to_datetime(times.start).weekday().to_sunday_zero_offset()));
    until(call, Input::end_on, &mut window)?;
    select(call, Input::appointment_types, provider.id(), &mut window)?;
    call.check(&window)?;
    Ok(window.save(call).into())
}

pub fn text<'a, I: Named>(call: &Call<'a, I>, field: Field<I, Text>) -> Result<Option<&'a str>, Refusal> {
    Ok(call.get(field)?.map(str::trim).filter(|text| !text.is_empty()))
}

/// The last day of hours that repeat.
pub fn until<I: Named>(call: &Call<'_, I>, field: Field<I, Text>, window: &mut Draft<Availability>) -> Result<(), Refusal> {
    if let Some(day) = text(call, field)? {
        window.put(Availability::end_on, moment::parse_date(day).ok_or_else(|| Refusal::on(field, "is invalid"))?);
    } else if call.given(field)?.is_sent() {
        window.clear(Availability::end_on);
    }
    Ok(())
}

/// The types that the window is for, chosen one by one or all that are no groups.
pub fn select<I: Named>(
    call: &Call<'_, I>,
    field: Field<I, crate::schema::One<AppointmentTypeSelectionInput>>,
    provider: u64,
    window: &mut Draft<Availability>,
) -> Result<(), Refusal> {
    let Some(chosen): Option<Nested<'_, AppointmentTypeSelectionInput>> = call.get(field)? else { return Ok(()) };
    let all = chosen.get(AppointmentTypeSelectionInput::all_non_group) == Some(true);
    let ids = if all { no_groups_of(call, provider) } else { chosen.get(AppointmentTypeSelectionInput::ids).unwrap_or_default() };
    if ids.iter().any(|id| call.find::<AppointmentType>(*id).is_none()) {
        return Err(Refusal::not_found(field.name(), AppointmentType::TYPE.name()));
    }
    window.put(Availability::has_all_appointment_types, all);
    window.put(Availability::appointment_types, ids);
    Ok(())
}

/// Every type that the provider offers to single clients.
pub fn no_groups_of<I: Named>(call: &Call<'_, I>, provider: u64) -> Vec<u64> {
    let on = call.on();
    let offered = on.all::<AppointmentType>().filter(|kind| {
        let is_there = kind.get(AppointmentType::deleted_at).is_none() && !kind.is(AppointmentType::is_group);
        is_there && crate::domain::appointment_types::offers(kind, provider)
    });
    offered.map(|kind| kind.id()).collect()
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn hours_are_meant_where_the_provider_is() {
        let clinic = Clinic::open().as_role("provider2");
        let answer = clinic.run(
            r#"mutation { createAvailability(input: {range_start: "March 13, 2026", time: "09 00", end_time: "13 20"}) {
                availability { range_start range_end timezone timezone_abbr duration_string is_repeating resourceId } messages { field message } } }"#,
        );
        let made = json!({
            "range_start": "2026-03-13 09:00:00 -0700", "range_end": "2026-03-13 13:20:00 -0700", "timezone": "America/Los_Angeles",
            "timezone_abbr": "PDT", "duration_string": "4h 20min", "is_repeating": false, "resourceId": clinic.id("User", "provider2"),
        });
        assert_eq!(answer["data"]["createAvailability"], json!({ "availability": made, "messages": null }));
        assert_eq!(clinic.events(), ["availability.created"]);
    }

    #[test]
    fn hours_that_repeat_begin_on_their_day() {
        let clinic = Clinic::open().as_role("provider");
        let answer = clinic.run(
            r#"mutation { createAvailability(input: {range_start: "March 2, 2026", time: "18 00", end_time: "20 00", is_repeating: true,
                day_of_week: 6, end_on: "2026-04-30"}) { availability { range_start day_of_week end_on } messages { field message } } }"#,
        );
        let made = json!({ "range_start": "2026-03-07 18:00:00 -0500", "day_of_week": 6, "end_on": "2026-04-30" });
        assert_eq!(answer["data"]["createAvailability"], json!({ "availability": made, "messages": null }));
    }

    #[test]
    fn what_hours_need() {
        let clinic = Clinic::open().as_role("provider");
        let blank = [("range_start", "can't be blank"), ("time", "can't be blank"), ("end_time", "can't be blank")];
        clinic.refuses("createAvailability(input: {})", &blank);
        let day = r#"range_start: "March 2, 2026""#;
        clinic.refuses(
            &format!(r#"createAvailability(input: {{{day}, time: "18 00", end_time: "09 00"}})"#),
            &[("end_time", "must be after the start")],
        );
        clinic.refuses(
            &format!(r#"createAvailability(input: {{{day}, time: "18 00", end_time: "19 00", is_repeating: true}})"#),
            &[("day_of_week", "can't be blank")],
        );
        clinic.refuses(
            &format!(r#"createAvailability(input: {{{day}, time: "18 00", end_time: "19 00", appointment_type_id: "1"}})"#),
            &[("appointment_type_id", "AppointmentType not found")],
        );
    }

    #[test]
    fn the_hours_of_others_take_a_flag() {
        let clinic = Clinic::open();
        let other = clinic.id("User", "provider2");
        let hours =
            format!(r#"createAvailability(input: {{user_id: "{other}", range_start: "March 2, 2026", time: "18 00", end_time: "19 00"}})"#);
        clinic.as_role("provider").refuses(&hours, &[("base", "You do not have permission to create this availability.")]);
        let answer = clinic.as_role("integration").run(&format!("mutation {{ {hours} {{ availability {{ user {{ first_name }} }} }} }}"));
        assert_eq!(answer["data"]["createAvailability"]["availability"]["user"]["first_name"], "Daniel");
    }
}
