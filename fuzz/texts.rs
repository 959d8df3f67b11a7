//! What holds for any text that is sent as a date, a time or a cursor. Shared by the fuzz targets and by the bounded runs in
//! `tests/documents.rs`.

use super::promises;
use healthie_mock::engine::moment;
use jiff::{Timestamp, tz::TimeZone};

/// Clocks that change by an hour, by half an hour, and by a whole day once.
const ZONES: [&str; 4] = ["UTC", "America/New_York", "Australia/Lord_Howe", "Pacific/Kiritimati"];

/// Panics where `text` is read as a date or a time that isn't read again from what is printed.
pub fn hold_as_date(text: &str) {
    if let Some(day) = moment::parse_date(text) {
        assert_eq!(moment::parse_date(&format!("{:04}-{:02}-{:02}", day.year(), day.month(), day.day())), Some(day), "{text:?}");
    }
    if let Some(time) = moment::parse_time(text) {
        assert_eq!(moment::parse_time(&time.strftime("%H:%M:%S").to_string()).map(|read| read.second()), Some(time.second()), "{text:?}");
    }
    for zone in ZONES {
        let zone = TimeZone::get(zone).expect("a name of the database");
        let Some(at) = moment::parse_instant(text, &zone) else { continue };
        let printed = [moment::show_instant(at, &zone), moment::iso_instant(at, &zone)];
        // Before the zones of today, offsets had seconds, which are not printed; nor are years beyond four digits.
        let year = zone.to_datetime(at).year();
        if (1972..9999).contains(&year) {
            let whole = Timestamp::from_second(at.as_second()).expect("as large as before");
            let whole = if whole > at { whole.checked_sub(jiff::SignedDuration::from_secs(1)).expect("after 1972") } else { whole };
            for printed in printed {
                assert_eq!(moment::parse_instant(&printed, &TimeZone::UTC), Some(whole), "{text:?} is printed as {printed}");
            }
        }
    }
}

/// Lists by offset and cursor, a connection of records, one that is put together, and lists below a record.
const LISTS: [&str; 4] = [
    "query($c: String) { users(after: $c, page_size: 2, order_by: LAST_NAME_ASC) { id cursor } appointments(after: $c, should_paginate: true) { id } }",
    "query($c: String) { users(after: $c, first: 2) { edges { cursor node { id } } page_info { end_cursor } } a: users(before: $c, last: 2) { nodes { id } } }",
    "query($c: String) { tagsPaginated(after: $c, first: 1) { nodes { id } } conversationMemberships(after: $c) { id } }",
    "query($c: String) { organization { providers(after: $c, first: 1) { nodes { id } } } }",
];

/// Panics where a list that is asked to go on behind `text` breaks a promise.
pub fn hold_as_cursor(text: &str) {
    for list in LISTS {
        let variables = serde_json::json!({ "c": text });
        promises::hold(&format!("{list}\n---\n{variables}"));
    }
}
