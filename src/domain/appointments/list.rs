//! `appointments`: whose calendar, which time, which visits.

use super::{appointment, calendar};
use crate::domain::{members::is_licensed_in, people::full_name};
use crate::engine::{Given, Input, List, Reading, View, Within, moment};
use crate::schema::names::{AppliedTag, Appointment, AppointmentType, User, args::appointments as Args};
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
        .filter(Args::tag_ids, |visit, tags| tags.is_empty() || has_any_tag(visit, &tags))
        .filter(Args::state_license, |visit, state| {
            let provider = visit.follow::<User, _>(Appointment::other_party_id);
            state.trim().is_empty() || provider.is_some_and(|provider| is_licensed_in(&provider, state))
        })
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

/// Documented: the tags of the provider.
fn has_any_tag(visit: &View<'_, Appointment>, tags: &[u64]) -> bool {
    let Some(provider) = visit.get(Appointment::other_party_id) else { return false };
    let mut applied = visit.on.having(AppliedTag::user_id, provider).filter(|applied| applied.get(AppliedTag::deleted_at).is_none());
    applied.any(|applied| applied.get(AppliedTag::tag_id).is_some_and(|tag| tags.contains(&tag)))
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

#[cfg(test)]
mod tests {
    use crate::{schema::Version, testing::Clinic};
    use insta::assert_json_snapshot;

    /// What a list shows: the day of each visit, and its title.
    fn list(clinic: &Clinic, arguments: &str) -> Vec<String> {
        let arguments = if arguments.is_empty() { String::new() } else { format!("({arguments})") };
        let answer = clinic.run(&format!("{{ appointments{arguments} {{ date title }} }}"));
        let visits = answer["data"]["appointments"].as_array().unwrap_or_else(|| panic!("no list: {answer}"));
        let text = |visit: &serde_json::Value, field: &str| visit[field].as_str().unwrap_or_default().to_owned();
        visits.iter().map(|visit| format!("{} {}", &text(visit, "date")[..10], text(visit, "title"))).collect()
    }

    #[test]
    fn what_lies_ahead_on_the_own_calendar_is_the_default() {
        let clinic = Clinic::open();
        assert_json_snapshot!(list(&clinic.as_role("provider"), ""), @r#"
        [
          "2026-03-03 Lunch with the hospital team",
          "2026-03-03 Noor Haddad",
          "2026-03-05 Ava Thornton",
          "2026-03-10 Rosa Delgado",
          "2026-03-12 Mindful Eating Class"
        ]
        "#);
        assert_json_snapshot!(list(&clinic.as_role("patient"), ""), @r#"
        [
          "2026-03-05 Ava Thornton",
          "2026-03-12 Mindful Eating Class"
        ]
        "#);
        assert_json_snapshot!(list(&clinic, ""), @"[]");
    }

    #[test]
    fn filter_says_which_time() {
        let clinic = Clinic::open().as_role("provider");
        assert_json_snapshot!(list(&clinic, r#"filter: "past""#), @r#"
        [
          "2026-01-01 Ava Thornton",
          "2026-01-31 Ava Thornton",
          "2026-02-12 Mindful Eating Class",
          "2026-02-16 Rosa Delgado",
          "2026-02-23 Edith Marsh",
          "2026-02-28 Liam Hartwell"
        ]
        "#);
        assert_eq!(list(&clinic, r#"filter: "ended""#), list(&clinic, r#"filter: "past""#));
        assert_eq!(list(&clinic, r#"filter: "upcoming""#), list(&clinic, ""));
        assert_eq!(list(&clinic, r#"filter: "all""#).len(), list(&clinic, "").len() + list(&clinic, r#"filter: "past""#).len());
        assert_json_snapshot!(list(&clinic, r#"filter: "didnt-occur""#), @r#"
        [
          "2026-02-16 Rosa Delgado",
          "2026-02-23 Edith Marsh"
        ]
        "#);
    }

    #[test]
    fn a_day_a_week_and_two_dates_say_it_better() {
        let clinic = Clinic::open().as_role("provider");
        assert_json_snapshot!(list(&clinic, r#"filter: "all", specificDay: "2026-03-05""#), @r#"
        [
          "2026-03-05 Ava Thornton"
        ]
        "#);
        assert_json_snapshot!(list(&clinic, r#"filter: "all", currentWeek: true"#), @r#"
        [
          "2026-03-03 Lunch with the hospital team",
          "2026-03-03 Noor Haddad",
          "2026-03-05 Ava Thornton"
        ]
        "#);
        assert_json_snapshot!(list(&clinic, r#"startDate: "2026-02-16", endDate: "2026-02-23""#), @r#"
        [
          "2026-02-16 Rosa Delgado",
          "2026-02-23 Edith Marsh"
        ]
        "#);
        assert!(list(&clinic, r#"specificDay: "someday""#).is_empty());
        let newest = clinic.in_version(Version::V2026_01_01);
        let document = r#"{ appointments(startDate: "2026-02-16", endDate: "2026-02-23") { total_count } }"#;
        assert_eq!(newest.run(document)["data"]["appointments"]["total_count"], 2);
    }

    #[test]
    fn the_organization_is_for_those_who_see_its_calendar() {
        let clinic = Clinic::open();
        assert_json_snapshot!(list(&clinic, "is_org: true"), @r#"
        [
          "2026-03-03 Lunch with the hospital team",
          "2026-03-03 Noor Haddad",
          "2026-03-04 Omar Reyes",
          "2026-03-05 Ava Thornton",
          "2026-03-07 Marcus Bell",
          "2026-03-10 Rosa Delgado",
          "2026-03-12 Mindful Eating Class",
          "2026-03-14 Samuel Okoye"
        ]
        "#);
        assert_eq!(list(&clinic.as_role("integration"), "is_org: true").len(), list(&clinic, "is_org: true").len());
        assert_eq!(list(&clinic.as_role("provider"), "is_org: true"), list(&clinic.as_role("provider"), ""));
        let keyless = clinic.as_role("nobody").run("{ appointments(is_org: true) { id } }");
        assert_eq!(keyless["data"]["appointments"], serde_json::json!([]));
    }

    #[test]
    fn a_client_or_a_provider_widens_it() {
        let clinic = Clinic::open();
        let [patient, rosa, provider2] = ["patient", "rosa", "provider2"].map(|handle| clinic.id("User", handle));
        assert_json_snapshot!(list(&clinic, &format!(r#"user_id: "{patient}", filter: "all""#)), @r#"
        [
          "2026-01-01 Ava Thornton",
          "2026-01-31 Ava Thornton",
          "2026-02-12 Mindful Eating Class",
          "2026-03-05 Ava Thornton",
          "2026-03-12 Mindful Eating Class"
        ]
        "#);
        assert_json_snapshot!(list(&clinic, &format!(r#"provider_id: "{provider2}""#)), @r#"
        [
          "2026-03-04 Omar Reyes",
          "2026-03-07 Marcus Bell",
          "2026-03-14 Samuel Okoye"
        ]
        "#);
        assert_json_snapshot!(list(&clinic, &format!(r#"is_org: true, provider_ids: ["{provider2}"]"#)), @r#"
        [
          "2026-03-04 Omar Reyes",
          "2026-03-07 Marcus Bell",
          "2026-03-14 Samuel Okoye"
        ]
        "#);
        assert_json_snapshot!(list(&clinic, &format!(r#"attendee_ids: ["{patient}", "{rosa}"]"#)), @r#"
        [
          "2026-03-05 Ava Thornton",
          "2026-03-10 Rosa Delgado",
          "2026-03-12 Mindful Eating Class"
        ]
        "#);
        assert!(list(&clinic.as_role("provider"), &format!(r#"provider_id: "{provider2}""#)).is_empty());
    }

    #[test]
    fn statuses_and_kinds_are_filtered() {
        let clinic = Clinic::open();
        let kind = clinic.id("AppointmentType", "initial");
        for (arguments, expected) in [
            (r#"is_active: true"#.to_owned(), 5),
            (r#"is_active: true, with_all_statuses: true"#.to_owned(), 8),
            (r#"filter_by_appointment_status: "Occurred""#.to_owned(), 4),
            (r#"filter_by_appointment_status: "x", filter_by_appointment_statuses: ["Cancelled", "No-Show"]"#.to_owned(), 2),
            (r#"without_status: true"#.to_owned(), 1),
            (format!(r#"filter_by_appointment_type_id: "{kind}""#), 2),
            (format!(r#"filter_by_appointment_type_ids: ["{kind}"]"#), 2),
            (r#"filter_by_contact_types: "in person, Phone Call""#.to_owned(), 4),
            (r#"exclude_group_appointments: true"#.to_owned(), 7),
        ] {
            let found = list(&clinic, &format!(r#"is_org: true, filter: "past", {arguments}"#));
            assert_eq!(found.len(), expected, "{arguments}: {found:#?}");
        }
    }

    #[test]
    fn providers_are_found_by_their_tags_and_licenses() {
        let clinic = Clinic::open();
        let tag = clinic.id("Tag", "spanish");
        let of_provider = list(&clinic.as_role("provider"), "");
        assert_eq!(list(&clinic, &format!(r#"is_org: true, tag_ids: ["{tag}"]"#)), of_provider);
        assert!(list(&clinic, r#"is_org: true, state_license: "AK""#).is_empty());
    }

    #[test]
    fn blockers_can_be_left_out() {
        let clinic = Clinic::open().as_role("provider");
        let all = list(&clinic, "").len();
        for arguments in ["include_blockers: false", "with_others: true", "is_with_clients: true"] {
            assert_eq!(list(&clinic, arguments).len(), all - 1, "{arguments}");
        }
    }

    #[test]
    fn words_are_names_of_clients_and_types() {
        let clinic = Clinic::open();
        assert_json_snapshot!(list(&clinic, r#"is_org: true, keywords: "ava follow""#), @r#"
        [
          "2026-03-05 Ava Thornton"
        ]
        "#);
    }

    #[test]
    fn it_is_ordered_as_asked() {
        let clinic = Clinic::open().as_role("provider");
        let mut by_date = list(&clinic, "");
        by_date.reverse();
        assert_eq!(list(&clinic, "order_by: DATE_DESC"), by_date);
        assert_eq!(list(&clinic, r#"sort_by: "date_desc""#), by_date);
        assert_json_snapshot!(list(&clinic, "order_by: CREATED_AT_ASC"), @r#"
        [
          "2026-03-12 Mindful Eating Class",
          "2026-03-05 Ava Thornton",
          "2026-03-10 Rosa Delgado",
          "2026-03-03 Noor Haddad",
          "2026-03-03 Lunch with the hospital team"
        ]
        "#);
    }

    #[test]
    fn pages_follow_a_cursor_until_one_is_empty() {
        let clinic = Clinic::open().as_role("provider");
        let (mut seen, mut after) = (vec![], String::new());
        loop {
            let page = format!(r#"{{ appointments(should_paginate: true, page_size: 2, after: "{after}") {{ title cursor }} }}"#);
            let answer = clinic.run(&page);
            let rows = answer["data"]["appointments"].as_array().expect("a list").clone();
            let Some(last) = rows.last() else { break };
            after = last["cursor"].as_str().expect("a cursor").to_owned();
            seen.extend(rows);
        }
        assert_eq!(seen.len(), list(&clinic, "").len());
        assert_eq!(list(&clinic, "should_paginate: true, page_size: 1000").len(), seen.len());
        assert_eq!(list(&clinic, "should_paginate: true, page_size: 2, offset: 99").len(), 0);
    }

    #[test]
    fn a_size_alone_asks_for_pages() {
        let clinic = Clinic::open().as_role("provider");
        let all = list(&clinic, "");
        assert_eq!(list(&clinic, "page_size: 2"), all[..2]);
        assert_eq!(list(&clinic, "page_size: 2, offset: 2"), all[2..4]);
        assert_eq!(list(&clinic, "page_size: 2, should_paginate: false"), all);
        assert_eq!(list(&clinic, "offset: 1"), all[1..]);
        let pages = r#"query($size: Int = 2) { appointments(page_size: $size) { id } }"#;
        assert_eq!(clinic.run(pages)["data"]["appointments"].as_array().map(Vec::len), Some(2));
    }

    #[test]
    fn the_count_has_the_same_filters() {
        let clinic = Clinic::open();
        let document =
            r#"{ all: appointmentsCount(is_org: true, filter: "all") ahead: appointmentsCount(is_org: true) own: appointmentsCount }"#;
        assert_json_snapshot!(clinic.run(document), @r#"
        {
          "data": {
            "all": 16,
            "ahead": 8,
            "own": 0
          }
        }
        "#);
    }

    #[test]
    fn the_newest_version_shows_a_connection() {
        let clinic = Clinic::open().in_version(Version::V2026_01_01);
        let document = r#"{ appointments(is_org: true, first: 2) {
            nodes { title date } total_count page_info { has_next_page has_previous_page }
        } }"#;
        assert_json_snapshot!(clinic.run(document), @r#"
        {
          "data": {
            "appointments": {
              "nodes": [
                {
                  "title": "Lunch with the hospital team",
                  "date": "2026-03-03T12:00:00-05:00"
                },
                {
                  "title": "Noor Haddad",
                  "date": "2026-03-03T14:00:00-05:00"
                }
              ],
              "total_count": 8,
              "page_info": {
                "has_next_page": true,
                "has_previous_page": false
              }
            }
          }
        }
        "#);
    }
}
