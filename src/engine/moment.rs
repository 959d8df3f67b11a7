//! Dates and times as callers write them.

use jiff::{SignedDuration, Timestamp, ToSpan, civil, tz::TimeZone};

/// Every form that Healthie takes for a point in time; `zone` says where it is meant when it has no offset.
///
/// Observed: `2026-05-12 04:30:00 -0700`, ISO 8601, a date alone, `Sun Oct 10 2021 00:00:00 GMT-0400 (Eastern Daylight Time)`.
/// Documented: ` UTC`, ` EDT -04:00`, `July 11, 2024`.
pub fn parse_instant(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at);
    }
    let (day, rest) = split_date(text)?;
    let (time, rest) = split_time(rest.trim_start_matches(['T', 't', ' ', ',']));
    let at = day.to_datetime(time.unwrap_or(civil::Time::midnight()));
    match offset(rest.trim())? {
        Some(seconds) => Some(TimeZone::UTC.to_timestamp(at).ok()?.checked_sub(i64::from(seconds).seconds()).ok()?),
        // "For ever", as some write it, is a day further than a timestamp goes.
        None if at.year() == 9999 => Some(zone.to_timestamp(at).unwrap_or(Timestamp::MAX)),
        None => Some(zone.to_timestamp(at).ok()?),
    }
}

/// A calendar day, from any form that [`parse_instant`] takes; a time behind it is left out.
pub fn parse_date(text: &str) -> Option<civil::Date> {
    Some(split_date(text.trim())?.0)
}

/// A wall-clock time: `HH MM` (documented), `HH:MM`, `HH:MM:SS`, with AM or PM, or the time of a full datetime.
pub fn parse_time(text: &str) -> Option<civil::Time> {
    let text = text.trim();
    if let Some((_, rest)) = split_date(text) {
        return split_time(rest.trim_start_matches(['T', 't', ' '])).0;
    }
    split_time(text).0
}

/// So many seconds after `at`, or as far as time goes.
pub fn later(at: Timestamp, seconds: i64) -> Timestamp {
    at.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX)
}

/// As 2024-06-01 prints a datetime: `2026-05-12 04:30:00 -0700`, with `UTC` for the offset where the zone is UTC.
///
/// Observed in the answers of several integrations; the suffix of UTC is in the documented samples.
pub fn show_instant(at: Timestamp, zone: &TimeZone) -> String {
    let (mut text, offset) = on_the_clock(at, zone, ' ');
    match offset {
        None => text.push_str(" UTC"),
        Some((sign, hours, minutes)) => {
            text.push(' ');
            text.push(sign);
            two_digits(&mut text, hours);
            two_digits(&mut text, minutes);
        }
    }
    text
}

/// As ISO8601DateTime prints: `2026-05-12T04:30:00-07:00`, with `Z` where the zone is UTC.
pub fn iso_instant(at: Timestamp, zone: &TimeZone) -> String {
    let (mut text, offset) = on_the_clock(at, zone, 'T');
    match offset {
        None => text.push('Z'),
        Some((sign, hours, minutes)) => {
            text.push(sign);
            two_digits(&mut text, hours);
            text.push(':');
            two_digits(&mut text, minutes);
        }
    }
    text
}

/// Date and time, and the offset's sign, hours and minutes; None where the zone is UTC. Lists print this for each row, so
/// it looks the zone up once and formats by hand.
fn on_the_clock(at: Timestamp, zone: &TimeZone, between: char) -> (String, Option<(char, i32, i32)>) {
    let offset = zone.to_offset(at);
    let datetime = offset.to_datetime(at);
    let mut text = String::with_capacity(25);
    let year = i32::from(datetime.year());
    if (0..=9999).contains(&year) {
        two_digits(&mut text, year / 100);
        two_digits(&mut text, year % 100);
    } else {
        text.push_str(&year.to_string());
    }
    let parts =
        [('-', datetime.month()), ('-', datetime.day()), (between, datetime.hour()), (':', datetime.minute()), (':', datetime.second())];
    for (before, number) in parts {
        text.push(before);
        two_digits(&mut text, i32::from(number));
    }
    let seconds = offset.seconds();
    if seconds == 0 && is_utc(zone) {
        return (text, None);
    }
    let sign = if seconds < 0 { '-' } else { '+' };
    (text, Some((sign, seconds.abs() / 3600, seconds.abs() / 60 % 60)))
}

fn two_digits(text: &mut String, number: i32) {
    let digit = |digit: i32| char::from(b'0' + (digit % 10) as u8);
    text.push(digit(number / 10));
    text.push(digit(number));
}

fn is_utc(zone: &TimeZone) -> bool {
    *zone == TimeZone::UTC || matches!(zone.iana_name(), Some("UTC" | "Etc/UTC"))
}

fn split_date(text: &str) -> Option<(civil::Date, &str)> {
    // 2026-05-12, 2026/05/12, 20260512
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 4 && matches!(text.as_bytes().get(4), Some(b'-' | b'/')) {
        let year = text[..4].parse().ok()?;
        let (month, rest) = number(&text[5..])?;
        let (day, rest) = number(rest.strip_prefix(['-', '/'])?)?;
        return Some((civil::Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok()?, rest));
    }
    if digits == 8 {
        let date = civil::Date::new(text[..4].parse().ok()?, text[4..6].parse().ok()?, text[6..8].parse().ok()?).ok()?;
        return Some((date, &text[8..]));
    }
    // 05/12/2026
    if (1..=2).contains(&digits) && text.as_bytes().get(digits) == Some(&b'/') {
        let (month, rest) = number(text)?;
        let (day, rest) = number(rest.strip_prefix('/')?)?;
        let (year, rest) = number(rest.strip_prefix('/')?)?;
        return Some((civil::Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()?, rest));
    }
    // [Sun ]Oct 10 2021, July 11, 2024
    let (first, rest) = word(text)?;
    let (month, rest) = match month(first) {
        Some(month) => (month, rest),
        None if weekday(first) => {
            let (second, rest) = word(rest.trim_start_matches([',', ' ']))?;
            (month(second)?, rest)
        }
        None => return None,
    };
    let (day, rest) = number(rest.trim_start())?;
    let (year, rest) = number(rest.trim_start_matches([',', ' ']))?;
    Some((civil::Date::new(year.try_into().ok()?, month, day.try_into().ok()?).ok()?, rest))
}

fn word(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

fn number(text: &str) -> Option<(i32, &str)> {
    let end = text.bytes().take_while(u8::is_ascii_digit).count();
    Some((text.get(..end)?.parse().ok()?, &text[end..]))
}

fn month(word: &str) -> Option<i8> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let word = word.to_ascii_lowercase();
    let at = MONTHS.iter().position(|month| word.len() >= 3 && word.starts_with(month))?;
    Some(at as i8 + 1)
}

fn weekday(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].iter().any(|day| word.starts_with(day))
}

fn split_time(text: &str) -> (Option<civil::Time>, &str) {
    read_time(text).map_or((None, text), |(time, rest)| (Some(time), rest))
}

fn read_time(text: &str) -> Option<(civil::Time, &str)> {
    let (hour, rest) = number(text)?;
    let (minute, mut rest) = number(rest.strip_prefix([':', ' '])?)?;
    let mut second = 0;
    if let Some((read, after)) = rest.strip_prefix(':').and_then(number) {
        (second, rest) = (read, after);
        if let Some(fraction) = rest.strip_prefix('.') {
            rest = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
        }
    }
    let mark = rest.trim_start().get(..2).map(str::to_ascii_lowercase);
    let hour = match mark.as_deref() {
        Some("pm") if hour < 12 => hour + 12,
        Some("am") if hour == 12 => 0,
        _ => hour,
    };
    if matches!(mark.as_deref(), Some("am" | "pm")) {
        rest = &rest.trim_start()[2..];
    }
    let time = civil::Time::new(hour.try_into().ok()?, minute.try_into().ok()?, second.try_into().ok()?, 0).ok()?;
    Some((time, rest))
}

/// Seconds east of UTC; None inside where there is no offset; None outside where it cannot be read.
fn offset(text: &str) -> Option<Option<i32>> {
    let text = text.split('(').next().unwrap_or_default().trim();
    if text.is_empty() {
        return Some(None);
    }
    let name_end = text.find(['+', '-']).unwrap_or(text.len());
    let (name, sign_and_digits) = text.split_at(name_end);
    if sign_and_digits.is_empty() {
        return match name.trim() {
            "UTC" | "GMT" | "Z" | "z" => Some(Some(0)),
            _ => None,
        };
    }
    if !name.trim().bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return None;
    }
    let sign = if sign_and_digits.starts_with('-') { -1 } else { 1 };
    let digits: String = sign_and_digits[1..].chars().filter(|c| *c != ':').collect();
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (hours, minutes) = match digits.len() {
        4 => (digits[..2].parse::<i32>().ok()?, digits[2..].parse::<i32>().ok()?),
        1 | 2 => (digits.parse::<i32>().ok()?, 0),
        _ => return None,
    };
    (hours <= 18 && minutes < 60).then_some(Some(sign * (hours * 3600 + minutes * 60)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        parse_instant(text, &TimeZone::get("America/New_York").expect("bundled")).map(|at| at.to_string())
    }

    #[test]
    fn every_form_that_clients_send_is_read() {
        for (text, expected) in [
            ("2026-05-12 04:30:00 -0700", "2026-05-12T11:30:00Z"),
            ("2026-05-12T04:30:00-07:00", "2026-05-12T11:30:00Z"),
            ("2026-05-12T04:30:00.123Z", "2026-05-12T04:30:00.123Z"),
            ("2026-05-12 04:30:00 UTC", "2026-05-12T04:30:00Z"),
            ("2026-05-12 04:30:00", "2026-05-12T08:30:00Z"),
            ("2026-05-12 04:30", "2026-05-12T08:30:00Z"),
            ("2026-05-12", "2026-05-12T04:00:00Z"),
            ("2021-10-10 10:00:00 EDT -04:00", "2021-10-10T14:00:00Z"),
            ("Sun Oct 10 2021 00:00:00 GMT-0400 (Eastern Daylight Time)", "2021-10-10T04:00:00Z"),
            ("July 11, 2024", "2024-07-11T04:00:00Z"),
            ("20260512", "2026-05-12T04:00:00Z"),
            ("9999-12-31", "9999-12-30T22:00:00.999999999Z"),
        ] {
            assert_eq!(read(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn a_point_in_time_is_printed_in_its_zone() {
        let at: Timestamp = "2026-05-02T03:04:05Z".parse().expect("RFC 3339");
        for (zone, old, new) in [
            ("America/New_York", "2026-05-01 23:04:05 -0400", "2026-05-01T23:04:05-04:00"),
            ("Asia/Kathmandu", "2026-05-02 08:49:05 +0545", "2026-05-02T08:49:05+05:45"),
            ("UTC", "2026-05-02 03:04:05 UTC", "2026-05-02T03:04:05Z"),
            ("Africa/Abidjan", "2026-05-02 03:04:05 +0000", "2026-05-02T03:04:05+00:00"),
        ] {
            let zone = TimeZone::get(zone).expect("bundled");
            assert_eq!((show_instant(at, &zone).as_str(), iso_instant(at, &zone).as_str()), (old, new));
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "soon",
            "2026-13-01",
            "2026-05-12 later",
            "2026-05-12 04:30:00 +9999",
            "2026-05-12 04:30 +€a",
            "2026-05-12 04:30 +-5",
            "99",
            "é2026",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn a_wall_clock_time_may_have_a_space() {
        for text in ["14 05", "14:05", "14:05:00", "2:05 PM", "2026-05-12T14:05:00-07:00"] {
            assert_eq!(parse_time(text), Some(civil::time(14, 5, 0, 0)), "{text}");
        }
    }
}
