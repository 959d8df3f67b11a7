//! `availabilities`: whose hours, in which days; those that repeat are laid out one by one.

use super::{
    providers,
    record::{kinds, named, repeats},
};
use crate::engine::{Answer, Input, Kind, QueryError, Reading, Value, View, moment};
use crate::schema::names::{Availability, args::availabilities as Args, args::availabilitiesCount as Counted};
use crate::schema::{Date, Named, Slot};
use jiff::Timestamp;
use std::{ops::Range, sync::Arc};

/// Documented: hours of neither kind are listed, unless one is asked for.
pub fn availabilities(on: Reading<'_>, asked: &Input<'_, Args>) -> Result<Answer, QueryError> {
    let one_time = asked.is(Args::one_time);
    let repeating = asked.is(Args::is_repeating) || asked.is(Args::includeRepeating);
    if asked.get(Args::show_availability).ok().flatten() == Some(false) {
        return Ok(Answer::List(vec![]));
    }
    let wanted = |window: &View<'_, Availability>| if window.is(Availability::is_repeating) { repeating } else { one_time };
    let mut found = laid_out(on, asked, wanted);
    found.sort_by_key(|(start, id, _)| (*start, *id));
    Ok(Answer::List(found.into_iter().map(|(_, _, answer)| answer).collect()))
}

/// Assumed: hours of both kinds count, each once.
pub fn count(on: Reading<'_>, asked: &Input<'_, Counted>) -> Result<Answer, QueryError> {
    asked.lifted.each().for_each(|(slot, _)| asked.lifted.mark(slot));
    let renamed = asked.lifted.renamed(Args::TYPE);
    let asked = Input::<Args>::new(&renamed);
    let days = days(&asked);
    let count = of_those_asked(on, &asked).filter(|window| match (&days, repeats(window)) {
        (Some(days), Some(times)) => !times.within(days).is_empty(),
        _ => true,
    });
    Ok(Value::Int(count.count() as i64).into())
}

type Found = (Timestamp, u64, Answer);

fn laid_out(on: Reading<'_>, asked: &Input<'_, Args>, wanted: impl Fn(&View<'_, Availability>) -> bool) -> Vec<Found> {
    let days = days(asked);
    let mut found = vec![];
    for window in of_those_asked(on, asked).filter(wanted) {
        let start = window.get(Availability::range_start).unwrap_or(Timestamp::MIN);
        let (Some(days), Some(times)) = (&days, repeats(&window)) else {
            // Assumed: without days there are no occurrences, so that the availability itself is shown.
            found.push((start, window.id(), Answer::from(window)));
            continue;
        };
        for (day, time) in times.within(days) {
            if !window.is(Availability::is_repeating) {
                found.push((time.start, window.id(), Answer::from(window)));
                break;
            }
            let mut occurrence = window.record().as_ref().clone();
            occurrence.set(Availability::occurs_on.slot, <Date as Kind>::write(day));
            occurrence.set(Availability::range_start.slot, Value::Instant(time.start.as_microsecond()));
            occurrence.set(Availability::range_end.slot, Value::Instant(time.end.as_microsecond()));
            found.push((time.start, window.id(), Answer::Record(Availability::TYPE, Arc::new(occurrence))));
        }
    }
    found
}

/// Documented: from the start on, before the end, and so many hours around both.
fn days(asked: &Input<'_, Args>) -> Option<Range<Timestamp>> {
    let start = asked.get(Args::startDate).ok().flatten()?;
    let end = asked.get(Args::endDate).ok().flatten()?;
    let hours = |field, otherwise: i64| asked.get(field).ok().flatten().unwrap_or(otherwise).clamp(0, 24 * 366);
    let from = moment::later(start, -hours(Args::start_date_padding, 12) * 3600);
    Some(from..moment::later(end, hours(Args::end_date_padding, 24) * 3600))
}

fn of_those_asked<'s>(on: Reading<'s>, asked: &Input<'_, Args>) -> impl Iterator<Item = View<'s, Availability>> + use<'s> {
    let scope = Scope::of(asked);
    let providers = whose(on, asked);
    let all = providers.into_iter().flat_map(move |provider| on.having(Availability::user_id, provider));
    all.filter(move |window| on.may_see(Availability::TYPE, window.record()) && scope.holds(window))
}

/// Documented: one provider, by any of three names; several or all with `is_org`; else the viewer.
fn whose(on: Reading<'_>, asked: &Input<'_, Args>) -> Vec<u64> {
    let one = |field| asked.get(field).ok().flatten();
    if let Some(provider) = one(Args::availability_provider_id) {
        return vec![provider];
    }
    if !asked.is(Args::is_org) {
        return one(Args::provider_id).or(one(Args::user_id)).or(on.viewer().id()).into_iter().collect();
    }
    let named: Vec<u64> = asked.get(Args::provider_ids).ok().flatten().unwrap_or_default();
    let below = asked.get(Args::include_suborganizations).ok().flatten() != Some(false);
    let organizations: Vec<u64> = match one(Args::organization_id) {
        Some(organization) => vec![organization],
        None if below => on.viewer().organizations.clone(),
        None => vec![on.viewer().organization()],
    };
    let tags: Vec<u64> = asked.get(Args::tag_ids).ok().flatten().unwrap_or_default();
    let plans: Vec<u64> = asked.get(Args::insurance_plan_ids).ok().flatten().unwrap_or_default();
    let state = asked.get(Args::state_license).ok().flatten().map(str::trim).filter(|state| !state.is_empty());
    let members = organizations.into_iter().flat_map(|organization| providers::members_of(on, organization));
    let fits = |provider: &u64| {
        (named.is_empty() || named.contains(provider))
            && (tags.is_empty() || tags.iter().any(|tag| providers::is_tagged(on, *provider, *tag)))
            && (plans.is_empty() || plans.iter().any(|plan| providers::accepts(on, *provider, *plan)))
            && state.is_none_or(|state| providers::is_licensed(on, *provider, state))
    };
    members.filter(fits).collect()
}

/// What the hours have to be for.
struct Scope {
    kinds: Vec<u64>,
    place: Option<u64>,
    way: Option<u64>,
}

impl Scope {
    fn of(asked: &Input<'_, Args>) -> Self {
        let id = |slot: Slot| {
            asked.lifted.mark(slot);
            asked.lifted.sent(slot).and_then(Option::as_ref).and_then(Value::as_id)
        };
        let several: Vec<u64> = asked.get(Args::appointment_type_ids).ok().flatten().unwrap_or_default();
        let kinds = if several.is_empty() { id(Args::appointment_type_id.slot).into_iter().collect() } else { several };
        Self { kinds, place: id(Args::appointment_location_id.slot), way: id(Args::contact_type_id.slot) }
    }

    fn holds(&self, window: &View<'_, Availability>) -> bool {
        let of = kinds(window);
        (self.kinds.is_empty() || self.kinds.iter().any(|kind| of.contains(kind)))
            && self.place.is_none_or(|place| window.get(Availability::appointment_location_id) == Some(place))
            && self.way.is_none_or(|way| window.get(Availability::contact_type_id) == Some(way))
    }
}

/// By the real id, or by an occurrence's.
pub fn availability(on: Reading<'_>, asked: &Input<'_, crate::schema::names::args::availability>) -> Result<Answer, QueryError> {
    let slot = crate::schema::names::args::availability::id.slot;
    asked.lifted.mark(slot);
    let id = asked.lifted.sent(slot).and_then(Option::as_ref).and_then(named);
    Ok(id.and_then(|id| on.find::<Availability>(id)).into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn hours_that_repeat_are_laid_out_day_by_day() {
        let clinic = Clinic::open().as_role("provider2");
        let answer = clinic.run(
            r#"{ availabilities(is_repeating: true, one_time: true, startDate: "2026-03-03", endDate: "2026-03-08",
                start_date_padding: 0, end_date_padding: 0) { id range_start repeating_availability_id is_repeating } }"#,
        );
        let [tuesday, thursday, evening] =
            ["provider2_tuesday", "provider2_thursday", "provider2_evening"].map(|handle| clinic.id("Availability", handle));
        let one = |id: String, start: &str, of: Option<&String>| json!({ "id": id, "range_start": start, "repeating_availability_id": of, "is_repeating": of.is_some() });
        assert_eq!(
            answer["data"]["availabilities"],
            json!([
                one(format!("{tuesday}-20260303"), "2026-03-03 10:00:00 -0800", Some(&tuesday)),
                one(format!("{thursday}-20260305"), "2026-03-05 10:00:00 -0800", Some(&thursday)),
                one(evening, "2026-03-06 18:00:00 -0800", None),
            ])
        );
    }

    #[test]
    fn neither_kind_is_listed_unasked() {
        let clinic = Clinic::open().as_role("provider");
        assert_eq!(
            clinic.run("{ availabilities { id } availabilitiesCount }"),
            json!({ "data": { "availabilities": [], "availabilitiesCount": 5 } })
        );
    }

    #[test]
    fn an_occurrence_stands_for_its_availability() {
        let clinic = Clinic::open().as_role("provider2");
        let id = clinic.id("Availability", "provider2_tuesday");
        let answer = clinic.run(&format!(r#"{{ availability(id: "{id}-20260303") {{ id day_of_week }} }}"#));
        assert_eq!(answer["data"]["availability"], json!({ "id": id, "day_of_week": 2 }));
        let edit = format!(r#"editAvailability(input: {{id: "{id}-20260303", end_time: "15 00"}})"#);
        let answer = clinic.run(&format!("mutation {{ {edit} {{ availability {{ duration_string }} messages {{ message }} }} }}"));
        assert_eq!(answer["data"]["editAvailability"], json!({ "availability": { "duration_string": "5h" }, "messages": null }));
        assert_eq!(clinic.events(), ["availability.updated"]);
    }

    #[test]
    fn other_calendars_are_for_those_who_may_see_them() {
        let clinic = Clinic::open();
        let provider = clinic.id("User", "provider");
        let document = format!(r#"{{ availabilities(is_repeating: true, provider_id: "{provider}") {{ id }} }}"#);
        for (role, count) in [("provider", 5), ("integration", 5), ("provider2", 0), ("patient", 0), ("outsider", 0)] {
            let answer = clinic.as_role(role).run(&document);
            assert_eq!(answer["data"]["availabilities"].as_array().map(Vec::len), Some(count), "{role}: {answer}");
        }
    }

    #[test]
    fn many_go_at_once_and_nobody_hears_of_it() {
        let clinic = Clinic::open().as_role("provider");
        let [monday, tuesday] = ["provider_monday", "provider_tuesday"].map(|handle| clinic.id("Availability", handle));
        let theirs = clinic.id("Availability", "provider2_tuesday");
        clinic.refuses(&format!(r#"bulkDeleteAvailability(input: {{ids: ["{theirs}"]}})"#), &[("ids", "Availability not found")]);
        let answer = clinic.run(&format!(
            r#"mutation {{ bulkDeleteAvailability(input: {{ids: ["{monday}", "{tuesday}"]}}) {{ deleted_count success messages {{ field }} }} }}"#
        ));
        assert_eq!(answer["data"]["bulkDeleteAvailability"], json!({ "deleted_count": 2, "success": true, "messages": null }));
        assert_eq!(clinic.events(), [] as [&str; 0]);
    }

    #[test]
    fn a_week_is_made_in_one_call() {
        let clinic = Clinic::open().as_role("provider2");
        let answer = clinic.run(
            r#"mutation { bulkCreateAvailability(input: {availabilities: [
                {is_repeating: true, day_of_week: 1, range_start: "March 2, 2026", time: "09 00", end_time: "12 00"},
                {range_start: "March 14, 2026", time: "09 00", end_time: "12 00"}]}) { availabilities { is_repeating } messages { field } } }"#,
        );
        let made = json!([{ "is_repeating": true }, { "is_repeating": false }]);
        assert_eq!(answer["data"]["bulkCreateAvailability"], json!({ "availabilities": made, "messages": null }));
        assert_eq!(clinic.events(), ["availability.created", "availability.created"]);
    }
}
