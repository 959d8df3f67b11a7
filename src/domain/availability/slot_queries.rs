//! The queries that answer with free times: `availableSlotsForRange`, `daysAvailableForRange`, `nextAvailableSlot`,
//! `timesForRange` and `phasedAvailableSlotsForRange`.

use super::{
    providers,
    search::Asked,
    slots::{Search, Slot},
    zone,
};
use crate::domain::scheduling_settings;
use crate::engine::{Answer, Input, Nested, QueryError, Reading, Value, moment};
use crate::schema::names::{
    Appointment, AppointmentSetting, AppointmentType, CombinedPotentialAppointmentSlots as Pair, FiltersInput, PhasedAppointmentType,
    PotentialAppointmentSlot, args,
};
use crate::schema::{Named, Version};
use jiff::{Timestamp, ToSpan, civil, tz::TimeZone};
use std::ops::RangeInclusive;

/// Assumed: how far `nextAvailableSlot` looks where the settings set no end.
const HORIZON: i64 = 90;

pub fn available_slots_for_range(on: Reading<'_>, asked: &Input<'_, args::availableSlotsForRange>) -> Result<Answer, QueryError> {
    type Args = args::availableSlotsForRange;
    let asked = Asked::new(asked.lifted);
    let zone = asked.zone(on);
    let today = zone.to_datetime(on.now()).date();
    let first = asked.day(Args::start_date.name(), &zone).unwrap_or(today);
    let last = asked.day(Args::end_date.name(), &zone).unwrap_or(today.max(first));
    let slots = asked.search(on, zone.clone(), first..=last).slots(on);
    Ok(Answer::List(slots.iter().map(|slot| shown(on, slot, &zone)).collect()))
}

/// Documented: the days that have a slot, in the month of a date, or in a range where both its ends are given.
pub fn days_available_for_range(on: Reading<'_>, asked: &Input<'_, args::daysAvailableForRange>) -> Result<Answer, QueryError> {
    type Args = args::daysAvailableForRange;
    let asked = Asked::new(asked.lifted);
    let zone = asked.zone(on);
    let month = asked.day(Args::date_from_month.name(), &zone).unwrap_or_else(|| zone.to_datetime(on.now()).date());
    let days = match (asked.day(Args::start_date.name(), &zone), asked.day(Args::end_date.name(), &zone)) {
        (Some(first), Some(last)) => first..=last,
        _ => month.first_of_month()..=month.last_of_month(),
    };
    let slots = asked.search(on, zone.clone(), days).slots(on);
    let mut days: Vec<civil::Date> = slots.iter().map(|slot| zone.to_datetime(slot.start).date()).collect();
    days.dedup();
    Ok(Value::List(days.into_iter().map(|day| Value::from(day.to_string())).collect()).into())
}

pub fn next_available_slot(on: Reading<'_>, asked: &Input<'_, args::nextAvailableSlot>) -> Result<Answer, QueryError> {
    type Args = args::nextAvailableSlot;
    let asked = Asked::new(asked.lifted);
    let zone = asked.zone(on);
    let today = zone.to_datetime(on.now()).date();
    let first = asked.day(Args::start_date_boundary.name(), &zone).unwrap_or(today).max(today);
    let search = asked.search(on, zone.clone(), first..=first);
    let until = asked.day(Args::end_date_boundary.name(), &zone).unwrap_or(civil::Date::MAX);
    let horizon = search.providers.iter().map(|provider| ahead(on, *provider, search.kind)).max().unwrap_or(HORIZON);
    let last = first.checked_add(horizon.days()).unwrap_or(first).min(until);
    // A few days at a time, since most providers are free soon.
    let mut from = first;
    while from <= last {
        let to = from.checked_add(6.days()).unwrap_or(last).min(last);
        let found = Search { days: from..=to, ..search.clone() }.slots(on);
        if let Some(slot) = found.first() {
            return Ok(Value::from(moment::show_instant(slot.start, &zone)).into());
        }
        let Ok(next) = to.tomorrow() else { break };
        from = next;
    }
    Ok(Answer::NULL)
}

fn ahead(on: Reading<'_>, provider: u64, kind: Option<u64>) -> i64 {
    let settings = scheduling_settings::effective(on, Some(provider), kind);
    settings.number(AppointmentSetting::max_days_in_future).filter(|days| (0..=366).contains(days)).unwrap_or(HORIZON)
}

/// Assumed: the older query answers for whoever calls, and for a patient's provider.
pub fn times_for_range(on: Reading<'_>, asked: &Input<'_, args::timesForRange>) -> Result<Answer, QueryError> {
    type Args = args::timesForRange;
    let Some(provider) = scheduling_settings::whom(on) else { return Ok(Answer::List(vec![])) };
    let zone = on.viewer().zone.clone();
    let asked = Asked::new(asked.lifted);
    let today = zone.to_datetime(on.now()).date();
    let first = asked.day(Args::startDate.name(), &zone).unwrap_or(today);
    let last = asked.day(Args::endDate.name(), &zone).unwrap_or(today.max(first));
    let search = Search { providers: vec![provider], ..asked.search(on, zone.clone(), first..=last) };
    let times = search.slots(on).into_iter().map(|slot| Value::from(moment::show_instant(slot.start, &zone)));
    Ok(Value::List(times.collect()).into())
}

/// Two visits on one day: the second begins when the first ends, or with it.
pub fn phased_available_slots_for_range(
    on: Reading<'_>,
    asked: &Input<'_, args::phasedAvailableSlotsForRange>,
) -> Result<Answer, QueryError> {
    type Args = args::phasedAvailableSlotsForRange;
    let Some(organization) = asked.get(Args::organization_id).ok().flatten() else { return Ok(Answer::List(vec![])) };
    let zone = zone::named(asked.get(Args::timezone).ok().flatten());
    let together = asked.get(Args::phase_type).ok().flatten() == Some(PhasedAppointmentType::CONCURRENT_START.name);
    let day = Asked::new(asked.lifted).day(Args::date.name(), &zone).unwrap_or_else(|| zone.to_datetime(on.now()).date());
    let of =
        |filters: Option<Nested<'_, FiltersInput>>| filters.map_or_else(Vec::new, |of| filtered(on, &of, organization, &zone, day..=day));
    let first = of(asked.get(Args::appointment_1_filters).ok().flatten());
    let second = of(asked.get(Args::appointment_2_filters).ok().flatten());
    let mut pairs = vec![];
    for one in &first {
        let wanted = if together { one.start } else { moment::later(one.start, one.minutes * 60) };
        // Nobody is with two clients at once.
        let other = second.iter().find(|other| other.start == wanted && !(together && other.provider == one.provider));
        if let Some(other) = other {
            let fields = [(Pair::potential_appointment_1_slot.slot, one), (Pair::potential_appointment_2_slot.slot, other)];
            pairs.push(Answer::Object(Pair::TYPE, fields.into_iter().map(|(at, slot)| (at, shown(on, slot, &zone))).collect()));
        }
    }
    Ok(Answer::List(pairs))
}

fn filtered(
    on: Reading<'_>,
    filters: &Nested<'_, FiltersInput>,
    organization: u64,
    zone: &TimeZone,
    days: RangeInclusive<civil::Date>,
) -> Vec<Slot> {
    let named: Vec<u64> = filters.get(FiltersInput::provider_ids).unwrap_or_default();
    let tags: Vec<u64> = filters.get(FiltersInput::tag_ids).unwrap_or_default();
    let mut all = providers::of_organization(on, organization);
    all.retain(|provider| named.is_empty() || named.contains(provider));
    all.retain(|provider| tags.iter().all(|tag| providers::is_tagged(on, *provider, *tag)));
    if let Some(state) = filters.get(FiltersInput::licensed_in_state).filter(|state| !state.trim().is_empty()) {
        all.retain(|provider| providers::is_licensed(on, *provider, state));
    }
    let search = Search {
        providers: all,
        place: filters.get(FiltersInput::appt_loc_id),
        way: filters.get(FiltersInput::contact_type).map(str::to_owned),
        one_each: false,
        ..Search::of(0, filters.get(FiltersInput::appt_type_id), days, zone.clone())
    };
    search.slots(on)
}

/// Documented: a slot is told in the zone that was asked for, not in the caller's.
fn shown(on: Reading<'_>, slot: &Slot, zone: &TimeZone) -> Answer {
    type S = PotentialAppointmentSlot;
    let session = slot.session.as_ref();
    let kind = session.and_then(|session| on.find_any::<AppointmentType>(session.get(Appointment::appointment_type_id)?));
    Answer::Object(
        S::TYPE,
        vec![
            (S::user_id.slot, Value::Id(slot.provider).into()),
            (S::date.slot, Value::from(written(on, slot.start, zone)).into()),
            (S::length.slot, Value::Int(slot.minutes).into()),
            (S::appointment_id.slot, session.map(|session| Value::Id(session.id())).into()),
            (S::appointment_type.slot, kind.into()),
            (S::is_fully_booked.slot, Value::Bool(slot.is_full).into()),
            (S::has_waitlist_enabled.slot, Value::Bool(slot.has_waitlist).into()),
        ],
    )
}

fn written(on: Reading<'_>, at: Timestamp, zone: &TimeZone) -> String {
    if on.scene.version < Version::V2026_01_01 { moment::show_instant(at, zone) } else { moment::iso_instant(at, zone) }
}

#[cfg(test)]
mod tests {
    use crate::{schema::Version, testing::Clinic};
    use serde_json::json;

    /// What a query that takes a provider and a type answers, and `more` arguments.
    fn ask(clinic: &Clinic, query: &str, provider: &str, kind: &str, more: &str, shown: &str) -> serde_json::Value {
        let (provider, kind) = (clinic.id("User", provider), clinic.id("AppointmentType", kind));
        let answer = clinic.run(&format!(r#"{{ {query}(provider_id: "{provider}", appt_type_id: "{kind}" {more}) {shown} }}"#));
        assert!(answer["errors"].is_null(), "{answer}");
        answer["data"][query].clone()
    }

    fn dates(clinic: &Clinic, provider: &str, kind: &str, more: &str) -> Vec<String> {
        let slots = ask(clinic, "availableSlotsForRange", provider, kind, more, "{ date }");
        slots.as_array().into_iter().flatten().map(|slot| slot["date"].as_str().unwrap_or_default().to_owned()).collect()
    }

    #[test]
    fn a_booking_page_sees_free_times_without_a_key() {
        let clinic = Clinic::open().as_role("nobody");
        let more = r#"start_date: "2026-03-03", end_date: "2026-03-03", timezone: "America/New_York""#;
        let slots =
            ask(&clinic, "availableSlotsForRange", "provider", "initial", more, "{ user_id date length is_fully_booked appointment_id }");
        let first = json!({
            "user_id": clinic.id("User", "provider"), "date": "2026-03-03 09:00:00 -0500", "length": 60,
            "is_fully_booked": false, "appointment_id": null,
        });
        assert_eq!(slots[0], first);
    }

    #[test]
    fn visits_and_blocks_take_time() {
        let clinic = Clinic::open();
        let free = dates(&clinic, "provider", "initial", r#"start_date: "2026-03-03", end_date: "2026-03-03""#);
        let hours: Vec<&str> = free.iter().map(|date| &date[11..16]).collect();
        // Blocked from 12 to 13, booked from 14 to 15, and an hour has to fit before five.
        let morning = ["09:00", "09:15", "09:30", "09:45", "10:00", "10:15", "10:30", "10:45", "11:00"];
        let afternoon = ["13:00", "15:00", "15:15", "15:30", "15:45", "16:00"];
        assert_eq!(hours, [&morning[..], &afternoon[..]].concat());
    }

    #[test]
    fn the_zone_that_is_asked_for_is_that_of_the_answer() {
        let clinic = Clinic::open();
        let more = r#"start_date: "2026-03-09", end_date: "2026-03-09", timezone: "Asia/Kolkata""#;
        assert_eq!(dates(&clinic, "provider", "follow_up", more)[0], "2026-03-09 18:30:00 +0530");
        let newest = clinic.in_version(Version::V2026_01_01);
        assert_eq!(
            dates(&newest, "provider", "follow_up", &more.replace(r#"Asia/Kolkata"#, "America/New_York"))[0],
            "2026-03-09T09:00:00-04:00"
        );
    }

    #[test]
    fn days_without_a_free_time_are_left_out() {
        let clinic = Clinic::open().as_role("nobody");
        let days = ask(&clinic, "daysAvailableForRange", "provider2", "follow_up", r#"date_from_month: "2026-03-15""#, "");
        assert_eq!(
            days,
            json!([
                "2026-03-03",
                "2026-03-05",
                "2026-03-06",
                "2026-03-10",
                "2026-03-12",
                "2026-03-17",
                "2026-03-19",
                "2026-03-24",
                "2026-03-26",
                "2026-03-31"
            ])
        );
    }

    #[test]
    fn the_next_free_time_is_found_weeks_ahead() {
        let clinic = Clinic::open().as_role("nobody");
        assert_eq!(ask(&clinic, "nextAvailableSlot", "provider", "follow_up", "", ""), "2026-03-02 11:00:00 -0500");
        let later = r#"start_date_boundary: "2026-04-18""#;
        assert_eq!(ask(&clinic, "nextAvailableSlot", "provider", "follow_up", later, ""), "2026-04-20 09:00:00 -0400");
        assert!(ask(&clinic, "nextAvailableSlot", "limited", "follow_up", "", "").is_null());
    }

    #[test]
    fn several_providers_share_a_time_unless_each_is_wanted() {
        let clinic = Clinic::open();
        let day = r#"org_level: true, start_date: "2026-03-10", end_date: "2026-03-10""#;
        let unique = dates(&clinic, "provider", "follow_up", day);
        let each = dates(&clinic, "provider", "follow_up", &format!("{day}, make_unique: false"));
        assert!(each.len() > unique.len(), "{} {}", each.len(), unique.len());
        let one = clinic.id("User", "provider");
        let without = dates(&clinic, "provider", "follow_up", &format!(r#"{day}, exclude_provider_ids: ["{one}"]"#));
        assert_eq!(without[0], "2026-03-10 13:00:00 -0400");
    }

    #[test]
    fn a_group_is_booked_into_its_sessions() {
        let clinic = Clinic::open().as_role("nobody");
        let more = r#"start_date: "2026-03-12", end_date: "2026-03-12""#;
        let shown = "{ appointment_id date length is_fully_booked has_waitlist_enabled appointment_type { name } }";
        let slots = ask(&clinic, "availableSlotsForRange", "provider", "class", more, shown);
        assert_eq!(
            slots,
            json!([{
                "appointment_id": clinic.id("Appointment", "class"), "date": "2026-03-12 17:30:00 -0400", "length": 45,
                "is_fully_booked": false, "has_waitlist_enabled": true, "appointment_type": { "name": "Mindful Eating Class" },
            }])
        );
    }

    #[test]
    fn the_settings_set_the_grid_the_gap_and_the_notice() {
        let clinic = Clinic::open();
        let id = clinic.id("AppointmentSetting", "clinic");
        let set = |input: &str| {
            clinic.run(&format!(r#"mutation {{ updateAppointmentSetting(input: {{id: "{id}", {input}}}) {{ messages {{ message }} }} }}"#))
        };
        set(r#"booking_interval_restriction: 60, buffer: "20""#);
        let free = |day: &str| dates(&clinic, "provider", "follow_up", &format!(r#"start_date: "{day}", end_date: "{day}""#));
        let hours: Vec<String> = free("2026-03-03").iter().map(|date| date[11..16].to_owned()).collect();
        assert_eq!(hours, ["09:00", "10:00", "11:00", "13:00", "16:00"]);
        set("minimum_advance_schedule_time: 2880, same_day_appointments: true");
        assert!(free("2026-03-03").is_empty() && !free("2026-03-05").is_empty());
        set(r#"max_days_in_future: "2""#);
        assert!(free("2026-03-05").is_empty());
    }

    #[test]
    fn what_clients_cannot_book_they_do_not_see() {
        let clinic = Clinic::open();
        let more = r#"start_date: "2026-03-04", end_date: "2026-03-04""#;
        assert!(!dates(&clinic, "provider", "internal", more).is_empty());
        for role in ["nobody", "patient"] {
            assert!(dates(&clinic.as_role(role), "provider", "internal", more).is_empty(), "{role}");
        }
    }

    #[test]
    fn two_visits_follow_each_other() {
        let clinic = Clinic::open();
        let [first, second] = ["initial", "follow_up"].map(|kind| clinic.id("AppointmentType", kind));
        let one = |kind: &str, provider: &str| {
            let provider = clinic.id("User", provider);
            format!(r#"{{appt_type_id: "{kind}", provider_ids: ["{provider}"]}}"#)
        };
        let answer = clinic.run(&format!(
            r#"{{ phasedAvailableSlotsForRange(organization_id: "{}", date: "2026-03-10", appointment_1_filters: {}, appointment_2_filters: {}) {{
                potential_appointment_1_slot {{ date }} potential_appointment_2_slot {{ date }} }} }}"#,
            clinic.id("Organization", "clinic"), one(&first, "provider"), one(&second, "provider2"),
        ));
        let pair = &answer["data"]["phasedAvailableSlotsForRange"][0];
        assert_eq!(pair["potential_appointment_1_slot"]["date"], "2026-03-10 12:00:00 -0400", "{answer}");
        assert_eq!(pair["potential_appointment_2_slot"]["date"], "2026-03-10 13:00:00 -0400");
    }
}
