//! `appointments`: whose calendar, which time, which visits.

use super::{appointment, calendar};
use crate::domain::people::full_name;
use crate::engine::{Given, Input, List, Reading, View, Within, moment};
use crate::schema::names::{Appointment, AppointmentType, User, args::appointments as Args};
use jiff::{Timestamp, ToSpan, civil};

pub fn appointments() -> List<Appointment, Args> {
    let list = List::new()
        .unpaged()
        // Documented.
        .most(500)
        .within(|on, asked| in_time(on, asked, on_calendar(on, asked)))
        .keep(|visit, _| calendar::is_on(visit))
        .keep(is_of_those_asked)
        .keep(has_status)
        .keep(is_of_kind)
        // Assumed: nothing says which order is the default.
        .default_order("DATE_ASC");
    who(what(list))
}

/// Whose visits.
fn who(list: List<Appointment, Args>) -> List<Appointment, Args> {
    list.reads(Args::user_id)
        .reads(Args::provider_id)
        .reads(Args::provider_ids)
        .reads(Args::attendee_ids)
        .reads(Args::is_org)
        .reads(Args::organization_id)
        .reads(Args::include_suborganizations)
        // Documented (October 2025): additional providers count, whatever is sent.
        .accepts(Args::use_provider_inclusions)
        .filter(Args::is_with_clients, |visit, only| !only || visit.get(Appointment::attendee_ids).is_some_and(|all| !all.is_empty()))
        .filter(Args::keywords, |visit, words| has_words(visit, words))
}

/// Which of them.
fn what(list: List<Appointment, Args>) -> List<Appointment, Args> {
    list.reads(Args::with_all_statuses)
        .reads(Args::is_active)
        .reads(Args::filter_by_appointment_status)
        .reads(Args::filter_by_appointment_statuses)
        .reads(Args::filter_by_appointment_type_id)
        .reads(Args::filter_by_appointment_type_ids)
        .reads(Args::filter_by_location_id)
        .reads(Args::filter_by_appointment_location_ids)
        .filter(Args::without_status, |visit, only| !only || visit.get(Appointment::pm_status).is_none())
        .filter(Args::is_confirmed, |visit, yes| visit.is(Appointment::confirmed) == yes)
        .filter(Args::unconfirmed, |visit, only| !only || !visit.is(Appointment::confirmed))
        .filter(Args::filter_by_provider_confirmed, |visit, yes| visit.is(Appointment::confirmed) == yes)
        .filter(Args::filter_by_client_confirmed, |visit, yes| visit.is(Appointment::client_confirmed) == yes)
        .filter(Args::filter_by_contact_types, |visit, ways| {
            let way = visit.get(Appointment::contact_type).unwrap_or_default();
            ways.split(',').any(|wanted| wanted.trim().eq_ignore_ascii_case(way))
        })
        .filter(Args::include_blockers, |visit, too| too || !visit.is(Appointment::is_blocker))
        // Documented: true leaves blockers out.
        .filter(Args::with_others, |visit, others| !others || !visit.is(Appointment::is_blocker))
        .filter(Args::exclude_group_appointments, |visit, without| !without || !visit.is(Appointment::is_group))
        // Documented: false leaves only what was synced from another calendar.
        .filter(Args::show_appointments, |visit, own| own || visit.get(Appointment::external_id_type).is_some())
}

/// Observed: a key sees its owner's visits, until a client, a provider or the organization is asked for.
fn on_calendar(on: Reading<'_>, asked: &Input<'_, Args>) -> Within {
    let viewer = on.viewer();
    let Some(me) = viewer.id() else { return Within::nothing() };
    if viewer.is_patient() {
        return Within::having(Appointment::attendee_ids, vec![me]);
    }
    let ids = |field| asked.get(field).ok().flatten().unwrap_or_default();
    if let Some(client) = asked.get(Args::user_id).ok().flatten() {
        return Within::having(Appointment::attendee_ids, vec![client]);
    }
    if let Some(provider) = asked.get(Args::provider_id).ok().flatten() {
        return Within::having(Appointment::provider_ids, vec![provider]);
    }
    match (&ids(Args::attendee_ids)[..], &ids(Args::provider_ids)[..]) {
        ([client], _) => return Within::having(Appointment::attendee_ids, vec![*client]),
        ([], [provider]) => return Within::having(Appointment::provider_ids, vec![*provider]),
        ([], []) => {}
        _ => return all_that_viewer_reaches(on),
    }
    let organization = asked.get(Args::organization_id).ok().flatten();
    match organization {
        Some(organization) => Within::organization(organization),
        None if asked.is(Args::include_suborganizations) => all_that_viewer_reaches(on),
        None if asked.is(Args::is_org) => Within::organization(viewer.organization()),
        None => Within::having(Appointment::provider_ids, vec![me]),
    }
}

fn all_that_viewer_reaches(on: Reading<'_>) -> Within {
    match on.viewer().organizations[..] {
        [only] => Within::organization(only),
        _ => Within::everything(),
    }
}

/// A day, a week or two dates stand in for what `filter` says of time.
fn in_time(on: Reading<'_>, asked: &Input<'_, Args>, within: Within) -> Within {
    let zone = &on.viewer().zone;
    let today = zone.to_datetime(on.now()).date();
    let filter = match asked.given(Args::filter) {
        Ok(Given::Absent) => "future",
        Ok(Given::Value(filter)) => filter,
        // Assumed: null is no filter, as is a word that nobody knows.
        Ok(Given::Null) | Err(_) => "all",
    };
    let day = asked.get(Args::specificDay).ok().flatten().filter(|day| !day.trim().is_empty());
    let dates = (asked.get(Args::startDate).ok().flatten(), asked.get(Args::endDate).ok().flatten());
    let now = on.now();
    let within = match asked.get(Args::is_upcoming) {
        Ok(Some(true)) => within.from(Appointment::date, now),
        _ => within,
    };
    if let Some(day) = day {
        return match moment::parse_date(day) {
            Some(day) => days(on, within, day, day),
            None => Within::nothing(),
        };
    }
    if asked.is(Args::currentWeek) {
        // Assumed: a week begins on Sunday.
        let sunday = today.checked_sub(i64::from(today.weekday().to_sunday_zero_offset()).days()).unwrap_or(today);
        return days(on, within, sunday, sunday.checked_add(6.days()).unwrap_or(sunday));
    }
    if let (Some(first), Some(last)) = dates {
        return days(on, within, zone.to_datetime(first).date(), zone.to_datetime(last).date());
    }
    match filter.to_ascii_lowercase().as_str() {
        "future" => within.from(Appointment::date, now),
        "upcoming" => within.from(Appointment::ends_at, now),
        "past" => within.before(Appointment::date, now),
        "ended" => within.before(Appointment::ends_at, now),
        _ => within,
    }
}

/// Both days included, as the viewer's zone has them.
fn days(on: Reading<'_>, within: Within, first: civil::Date, last: civil::Date) -> Within {
    let midnight = |day: civil::Date| on.viewer().zone.to_timestamp(day.to_datetime(civil::Time::midnight())).ok();
    let (from, before) = (midnight(first), last.tomorrow().ok().and_then(midnight));
    within.from(Appointment::date, from.unwrap_or(Timestamp::MIN)).before(Appointment::date, before.unwrap_or(Timestamp::MAX))
}

/// Where several are named, the index knows only the first.
fn is_of_those_asked(visit: &View<'_, Appointment>, asked: &Input<'_, Args>) -> bool {
    let any = |field, of: Option<Vec<u64>>| {
        let wanted: Vec<u64> = asked.get(field).ok().flatten().unwrap_or_default();
        let there = of.unwrap_or_default();
        wanted.is_empty() || wanted.iter().any(|id| there.contains(id))
    };
    let one = |field, of: Option<Vec<u64>>| asked.get(field).ok().flatten().is_none_or(|id| of.unwrap_or_default().contains(&id));
    any(Args::attendee_ids, visit.get(Appointment::attendee_ids))
        && any(Args::provider_ids, visit.get(Appointment::provider_ids))
        && one(Args::user_id, visit.get(Appointment::attendee_ids))
        && one(Args::provider_id, visit.get(Appointment::provider_ids))
        && asked.get(Args::organization_id).ok().flatten().is_none_or(|id| visit.organization() == id)
}

/// Documented: `with_all_statuses` beats `is_active` and `didnt-occur`; with none of them inactive visits are listed too.
fn has_status(visit: &View<'_, Appointment>, asked: &Input<'_, Args>) -> bool {
    let status = visit.get(Appointment::pm_status);
    let one = asked.get(Args::filter_by_appointment_status).ok().flatten().filter(|wanted| !wanted.is_empty());
    let several = asked.get(Args::filter_by_appointment_statuses).ok().flatten().unwrap_or_default();
    // Documented: the plural argument wins.
    let is_wanted = match several.is_empty() {
        true => one.is_none_or(|wanted| status == Some(wanted)),
        false => status.is_some_and(|status| several.contains(&status)),
    };
    if asked.is(Args::with_all_statuses) {
        return is_wanted;
    }
    let didnt_occur = asked.get(Args::filter).ok().flatten() == Some("didnt-occur");
    is_wanted && (!didnt_occur || appointment::did_not_occur(visit)) && (!asked.is(Args::is_active) || appointment::is_active(visit))
}

fn is_of_kind(visit: &View<'_, Appointment>, asked: &Input<'_, Args>) -> bool {
    let matches = |one, several, of: Option<u64>| {
        let several: Vec<u64> = asked.get(several).ok().flatten().unwrap_or_default();
        match several.is_empty() {
            true => asked.get(one).ok().flatten().is_none_or(|wanted: u64| of == Some(wanted)),
            false => of.is_some_and(|of| several.contains(&of)),
        }
    };
    let kind = visit.get(Appointment::appointment_type_id);
    let place = visit.get(Appointment::appointment_location_id);
    matches(Args::filter_by_appointment_type_id, Args::filter_by_appointment_type_ids, kind)
        && matches(Args::filter_by_location_id, Args::filter_by_appointment_location_ids, place)
}

/// Assumed: words are looked for in the names of the clients and of the type.
fn has_words(visit: &View<'_, Appointment>, words: &str) -> bool {
    let clients = visit.get(Appointment::attendee_ids).unwrap_or_default();
    let mut names: Vec<String> = clients.into_iter().filter_map(|id| visit.on.find_any::<User>(id)).map(|user| full_name(&user)).collect();
    let kind = visit.follow::<AppointmentType, _>(Appointment::appointment_type_id);
    names.extend(kind.and_then(|kind| kind.get(AppointmentType::name).map(str::to_owned)));
    let names = names.join(" ").to_lowercase();
    words.to_lowercase().split_whitespace().all(|word| names.contains(word))
}
