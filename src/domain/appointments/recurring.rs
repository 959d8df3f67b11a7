//! Series: visits that are booked together and follow each other by weeks or months.

use super::attendance;
use crate::engine::{AnyInput, Call, Draft, Refusal, Row, Value, View};
use crate::schema::Named;
use crate::schema::names::{Appointment, RecurringAppointment, RecurringAppointmentInput as Nested, createAppointmentInput as Input};
use jiff::{Span, Timestamp, ToSpan, tz::TimeZone};

/// Documented: so many at most in the older version's notes; assumed here, so that a slip of the pen books no century.
const MOST: i64 = 260;

pub struct Series {
    name: &'static str,
    step: Span,
    times: i64,
    join_all: bool,
}

/// What the input says of a series, by its own input or by the older flat ones. Documented: the first visit counts.
pub fn asked(call: &Call<'_, Input>) -> Result<Option<Series>, Refusal> {
    let nested = call.get(Input::recurring_appointment)?;
    let flat = (call.get(Input::repeat_interval)?, call.get(Input::repeat_times)?, call.is(Input::join_all));
    let flat_repeats = call.get(Input::repeat)? != Some(false);
    let (interval, times, join_all) = match &nested {
        Some(nested) => (nested.get(Nested::repeat_interval), nested.get(Nested::repeat_times), nested.get(Nested::join_all) == Some(true)),
        None if flat_repeats => flat,
        None => return Ok(None),
    };
    let text = |text: Option<&str>| text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let (Some(interval), Some(times)) = (text(interval), text(times)) else { return Ok(None) };
    let invalid = || Refusal::on(Input::recurring_appointment, "is invalid");
    let (name, step) = step(&interval).ok_or_else(invalid)?;
    let times = times.parse().ok().filter(|times| (1..=MOST).contains(times)).ok_or_else(invalid)?;
    Ok(Some(Series { name, step, times, join_all }))
}

/// Documented: these four.
fn step(interval: &str) -> Option<(&'static str, Span)> {
    let known = [("Weekly", 1.week()), ("Biweekly", 2.weeks()), ("Every 4 Weeks", 4.weeks()), ("Monthly", 1.month())];
    known.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(interval))
}

/// Books the visits that follow. Documented: in the background, and `appointment.*` isn't announced for a series.
pub fn repeat(call: &mut Call<'_, Input>, first: &Row<Appointment>, series: &Series) -> Row<Appointment> {
    let zone = call.zone().clone();
    let later = call.background().filter(|_| series.times > 1);
    let mut record = call
        .blank_draft::<RecurringAppointment>()
        .set(RecurringAppointment::repeat_interval, series.name.to_owned())
        .set(RecurringAppointment::repeat_times, series.times.to_string())
        .set(RecurringAppointment::join_all, series.join_all)
        .set(RecurringAppointment::is_series_creation_complete, later.is_none())
        .belongs_to(first.organization());
    if let Some(at) = later {
        record.put(RecurringAppointment::first_visit_id, first.id());
        record.put(RecurringAppointment::zone, zone.iana_name().unwrap_or("UTC").to_owned());
        record.put(RecurringAppointment::continues_at, at);
    }
    let record = record.save(call);
    let first = call.change(first).set(Appointment::recurring_appointment_id, record.id()).save(call);
    hush(call, &first);
    if later.is_none() {
        book_others(call, &first, series, &zone);
    }
    first
}

/// Books what was left for the background. Assumed: as the first visit is by then, and nothing where it is gone.
pub fn carry_on(call: &mut Call<'_, AnyInput>, record: &Row<RecurringAppointment>) {
    let first = record.get(RecurringAppointment::first_visit_id).and_then(|id| call.find_any::<Appointment>(id));
    let zone = record.get(RecurringAppointment::zone).and_then(|name| TimeZone::get(name).ok()).unwrap_or(TimeZone::UTC);
    let step = record.get(RecurringAppointment::repeat_interval).and_then(step);
    let times = record.get(RecurringAppointment::repeat_times).and_then(|times| times.parse().ok());
    if let (Some(first), Some((name, step)), Some(times)) =
        (first.filter(|first| first.get(Appointment::deleted_at).is_none()), step, times)
    {
        let series = Series { name, step, times, join_all: record.is(RecurringAppointment::join_all) };
        book_others(call, &first, &series, &zone);
    }
    let mut done = call.change(record).set(RecurringAppointment::is_series_creation_complete, true);
    done.clear(RecurringAppointment::continues_at);
    done.save(call);
}

fn book_others<I: Named>(call: &mut Call<'_, I>, first: &Row<Appointment>, series: &Series, zone: &TimeZone) {
    for turn in 1..series.times {
        let mut visit = copied(call, first);
        let moved = |at: Option<Timestamp>| later(at?, zone, series.step, turn);
        let (Some(start), Some(end)) = (moved(first.get(Appointment::date)), moved(first.get(Appointment::ends_at))) else { break };
        visit.put(Appointment::date, start);
        visit.put(Appointment::ends_at, end);
        if first.is(Appointment::is_group) && !series.join_all {
            visit.put(Appointment::attendee_ids, vec![]);
        }
        let visit = visit.save(call);
        hush(call, &visit);
        attendance::follow_attendees(call, &visit);
    }
}

/// Documented: unless support has enabled it.
fn hush<I: Named>(call: &mut Call<'_, I>, visit: &Row<Appointment>) {
    if !call.scene().settings.recurring_appointment_events {
        call.silence(visit);
    }
}

fn copied<I: Named>(call: &mut Call<'_, I>, first: &Row<Appointment>) -> Draft<Appointment> {
    let times = [Appointment::created_at.slot, Appointment::updated_at.slot];
    let mut visit = call.blank_draft::<Appointment>().belongs_to(first.organization());
    for (slot, value) in first.record().values().filter(|(slot, _)| !times.contains(slot)) {
        visit.set_value(slot, value.clone());
    }
    visit
}

/// The time of day stays, whatever the clocks do; a month that is too short has its last day (inferred).
fn later(at: Timestamp, zone: &TimeZone, step: Span, turn: i64) -> Option<Timestamp> {
    let moved = zone.to_datetime(at).checked_add(step.checked_mul(turn).ok()?).ok()?;
    zone.to_timestamp(moved).ok()
}

/// The visits of a series that are still there, in order.
pub fn of_series<'s>(visit: &View<'s, Appointment>) -> Vec<View<'s, Appointment>> {
    let Some(series) = visit.get(Appointment::recurring_appointment_id) else { return vec![] };
    let all = visit.on.having(Appointment::recurring_appointment_id, series);
    let mut all: Vec<_> = all.filter(|visit| visit.get(Appointment::deleted_at).is_none()).collect();
    all.sort_by_key(|visit| (visit.get(Appointment::date), visit.id()));
    all
}

pub fn position(visit: &View<'_, Appointment>) -> Option<i64> {
    of_series(visit).iter().position(|other| other.id() == visit.id()).map(|at| at as i64 + 1)
}

/// Documented: while the other visits of its series are being booked.
pub fn is_in_progress(visit: &View<'_, Appointment>) -> bool {
    series(visit).is_some_and(|series| series.get(RecurringAppointment::continues_at).is_some())
}

pub fn series<'s>(visit: &View<'s, Appointment>) -> Option<View<'s, RecurringAppointment>> {
    visit.follow(Appointment::recurring_appointment_id)
}

/// This visit's series from the next one on.
pub fn after<I: Named>(call: &Call<'_, I>, visit: &Row<Appointment>) -> Vec<Row<Appointment>> {
    let on = call.on();
    let Some(own) = on.find_any::<Appointment>(visit.id()) else { return vec![] };
    let later =
        of_series(&own).into_iter().filter(|other| other.id() != own.id() && other.get(Appointment::date) >= own.get(Appointment::date));
    later.map(|other| other.row().clone()).collect()
}

/// What was changed of one visit goes for those after it too. Documented: unless it is the first, they are a series of their
/// own from then on, which knows where it comes from.
pub fn follow<I: Named>(call: &mut Call<'_, I>, before: &Row<Appointment>, visit: &Row<Appointment>) -> Row<Appointment> {
    let others = after(call, before);
    let at = call.on().find_any::<Appointment>(before.id()).and_then(|own| position(&own)).unwrap_or(1);
    let known = before.get(Appointment::recurring_appointment_id).and_then(|id| call.find_any::<RecurringAppointment>(id));
    let Some(known) = known else { return visit.clone() };
    let mut own = known.id();
    if at > 1 {
        let split = call
            .blank_draft::<RecurringAppointment>()
            .belongs_to(visit.organization())
            .set(RecurringAppointment::repeat_interval, known.get(RecurringAppointment::repeat_interval).unwrap_or_default().to_owned())
            .set(RecurringAppointment::repeat_times, (others.len() + 1).to_string())
            .set(RecurringAppointment::join_all, known.is(RecurringAppointment::join_all))
            .set(RecurringAppointment::is_series_creation_complete, true)
            .set(RecurringAppointment::previous_recurring_appointment_id, known.id())
            .save(call);
        call.change(&known).set(RecurringAppointment::repeat_times, (at - 1).to_string()).save(call);
        own = split.id();
    }
    let moved = shift(call.zone(), before, visit);
    let zone = call.zone().clone();
    for other in others {
        let mut draft = call.change(&other).set(Appointment::recurring_appointment_id, own);
        for slot in changed(before, visit) {
            draft.set_value(slot, visit.value(slot).clone());
        }
        let at = |at: Option<Timestamp>, span: Span| zone.to_timestamp(zone.to_datetime(at?).checked_add(span).ok()?).ok();
        if let Some((start, end)) = at(other.get(Appointment::date), moved.0).zip(at(other.get(Appointment::ends_at), moved.1)) {
            draft.put(Appointment::date, start);
            draft.put(Appointment::ends_at, end);
        }
        let other = draft.save(call);
        attendance::follow_attendees(call, &other);
    }
    call.change(visit).set(Appointment::recurring_appointment_id, own).save(call)
}

/// By how much the start and the end moved on the clock.
fn shift(zone: &TimeZone, before: &Row<Appointment>, after: &Row<Appointment>) -> (Span, Span) {
    let by = |field: crate::schema::Field<Appointment, crate::schema::Instant>| {
        let (Some(before), Some(after)) = (before.get(field), after.get(field)) else { return Span::new() };
        zone.to_datetime(after).since(zone.to_datetime(before)).unwrap_or_default()
    };
    (by(Appointment::date), by(Appointment::ends_at))
}

/// What one visit got that others can have too.
fn changed(before: &Row<Appointment>, after: &Row<Appointment>) -> Vec<crate::schema::Slot> {
    let own = [
        Appointment::date.slot,
        Appointment::ends_at.slot,
        Appointment::length.slot,
        Appointment::pm_status.slot,
        Appointment::pm_status_changed_at.slot,
        Appointment::pm_status_last_changed_by_id.slot,
        Appointment::updated_at.slot,
    ];
    let slots = after.record().values().chain(before.record().values()).map(|(slot, _)| slot);
    let differs = |slot: &crate::schema::Slot| before.value(*slot) != after.value(*slot) && *after.value(*slot) != Value::Null;
    slots.filter(|slot| !own.contains(slot)).filter(differs).collect()
}

#[cfg(test)]
mod tests {
    use crate::schema::{Named, names::Appointment};
    use crate::testing::Clinic;
    use jiff::SignedDuration;
    use serde_json::json;

    fn series(clinic: &Clinic, interval: &str, times: &str, date: &str) -> serde_json::Value {
        let (client, kind) = (clinic.id("User", "patient"), clinic.id("AppointmentType", "follow_up"));
        clinic.run(&format!(
            r#"mutation {{ createAppointment(input: {{user_id: "{client}", appointment_type_id: "{kind}", contact_type: "Phone Call",
                datetime: "{date}", recurring_appointment: {{repeat_interval: "{interval}", repeat_times: "{times}"}}}}) {{
                appointment {{ id current_position_in_recurring_series recurring_appointment {{ id repeat_times appointments {{ nodes {{ id date }} }} }} }}
                messages {{ field message }} }} }}"#
        ))["data"]["createAppointment"]
            .clone()
    }

    fn dates(made: &serde_json::Value) -> Vec<String> {
        let visits = made["appointment"]["recurring_appointment"]["appointments"]["nodes"].as_array().unwrap_or_else(|| panic!("{made}"));
        visits.iter().map(|visit| visit["date"].as_str().unwrap_or_default()[..16].to_owned()).collect()
    }

    #[test]
    fn the_later_visits_are_booked_in_the_background() {
        let clinic = Clinic::open().as_role("provider");
        clinic.in_background();
        let made = series(&clinic, "Weekly", "3", "2026-03-04 10:00");
        assert_eq!(dates(&made), ["2026-03-04 10:00"]);
        let read = format!(
            "{{ appointment(id: {}) {{ has_in_progress_job recurring_appointment {{ is_series_creation_complete appointments {{ nodes {{ date }} }} }} }} }}",
            made["appointment"]["id"]
        );
        let seen = || clinic.run(&read)["data"].clone();
        let state = |seen: &serde_json::Value| {
            let visit = &seen["appointment"];
            (visit["has_in_progress_job"].clone(), visit["recurring_appointment"]["is_series_creation_complete"].clone())
        };
        assert_eq!(state(&seen()), (json!(true), json!(false)));
        clinic.advance(SignedDuration::from_secs(1));
        assert_eq!(state(&seen()), (json!(false), json!(true)));
        assert_eq!(dates(&seen()), ["2026-03-04 10:00", "2026-03-11 10:00", "2026-03-18 10:00"]);
        assert_eq!(clinic.events(), [] as [&str; 0]);
        let gone = series(&clinic, "Weekly", "3", "2026-04-01 10:00");
        clinic
            .run(&format!("mutation {{ deleteAppointment(input: {{ id: {} }}) {{ messages {{ message }} }} }}", gone["appointment"]["id"]));
        let visits = || clinic.world.snapshot().state.all(crate::engine::table(<Appointment as Named>::TYPE)).count();
        let before = visits();
        clinic.advance(SignedDuration::from_secs(1));
        assert_eq!(visits(), before, "what was deleted meanwhile isn't carried on");
    }

    #[test]
    fn a_series_keeps_its_time_of_day_and_nobody_is_told() {
        let clinic = Clinic::open().as_role("provider");
        let made = series(&clinic, "Weekly", "3", "2026-03-04 10:00");
        assert_eq!(dates(&made), ["2026-03-04 10:00", "2026-03-11 10:00", "2026-03-18 10:00"]);
        assert_eq!(made["appointment"]["current_position_in_recurring_series"], 1);
        assert_eq!(clinic.events(), [] as [&str; 0]);
        let monthly = series(&clinic, "Monthly", "3", "2026-03-31 10:00");
        assert_eq!(dates(&monthly), ["2026-03-31 10:00", "2026-04-30 10:00", "2026-05-31 10:00"]);
        let wrong = series(&clinic, "Hourly", "3", "2026-03-31 10:00");
        assert_eq!(wrong["messages"], json!([{ "field": "recurring_appointment", "message": "is invalid" }]));
    }

    #[test]
    fn those_after_one_move_along_as_a_series_of_their_own() {
        let clinic = Clinic::open().as_role("provider");
        let made = series(&clinic, "Weekly", "4", "2026-03-04 10:00");
        let third = made["appointment"]["recurring_appointment"]["appointments"]["nodes"][2]["id"].as_str().expect("an id").to_owned();
        let moved = clinic.run(&format!(
            r#"mutation {{ updateAppointment(input: {{id: "{third}", datetime: "2026-03-19 11:00", updateRecurring: true}}) {{
                appointment {{ recurring_appointment {{ repeat_times previous_recurring_appointment_id appointments {{ nodes {{ date }} }} }} }} messages {{ message }} }} }}"#
        ));
        let moved = &moved["data"]["updateAppointment"];
        assert_eq!(dates(moved), ["2026-03-19 11:00", "2026-03-26 11:00"]);
        assert_eq!(
            moved["appointment"]["recurring_appointment"]["previous_recurring_appointment_id"],
            made["appointment"]["recurring_appointment"]["id"]
        );
        clinic.run(&format!(
            r#"mutation {{ deleteAppointment(input: {{id: "{third}", deleteRecurring: true}}) {{ messages {{ message }} }} }}"#
        ));
        let left = clinic.run(r#"{ appointments(filter: "all", startDate: "2026-03-19", endDate: "2026-03-27") { date } }"#);
        assert_eq!(left["data"]["appointments"], json!([]));
    }
}
