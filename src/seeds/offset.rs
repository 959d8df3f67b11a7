//! Times as seeds write them: from the sandbox's now, or fixed.

use crate::engine::moment;
use jiff::{SignedDuration, Timestamp, ToSpan, civil, tz::TimeZone};

/// A time that is known only once there is a now.
#[derive(Clone, Debug, PartialEq)]
pub enum Offset {
    /// `now`, `+90m`, `-2h`
    After(SignedDuration),
    /// `+3d 14:30`: that many days on, at that time of day; `+3d`: at the time of day that it is now.
    Day { days: i32, at: Option<civil::Time> },
    /// `2026-03-02T15:00:00Z`
    Fixed(Timestamp),
}

pub const READABLE: &str = "`+3d 14:30`, `-90m`, `now`, or a time such as 2026-03-02T15:00:00Z";

/// Whatever the unit; a mistyped number should not lead to the end of the calendar.
const FARTHEST: i32 = 100_000;

impl Offset {
    /// Absolute times without an offset of their own are meant in `zone`.
    pub fn parse(text: &str, zone: &TimeZone) -> Option<Self> {
        let text = text.trim();
        if text == "now" {
            return Some(Self::After(SignedDuration::ZERO));
        }
        let sign = match text.as_bytes().first()? {
            b'+' => 1,
            b'-' => -1,
            _ => return moment::parse_instant(text, zone).map(Self::Fixed),
        };
        let (amount, time) = text[1..].split_once(' ').map_or((&text[1..], None), |(amount, time)| (amount, Some(time)));
        let digits = amount.bytes().take_while(u8::is_ascii_digit).count();
        let number: i32 = amount[..digits].parse().ok()?;
        if number > FARTHEST {
            return None;
        }
        let number = sign * number;
        let time = match time {
            Some(time) => Some(moment::parse_time(time)?),
            None => None,
        };
        match (&amount[digits..], time) {
            ("d", at) => Some(Self::Day { days: number, at }),
            ("w", at) => Some(Self::Day { days: number * 7, at }),
            ("h", None) => Some(Self::After(SignedDuration::from_hours(number.into()))),
            ("m", None) => Some(Self::After(SignedDuration::from_mins(number.into()))),
            ("s", None) => Some(Self::After(SignedDuration::from_secs(number.into()))),
            _ => None,
        }
    }

    /// The point in time, counted from `now`; a day's end where the calendar does.
    pub fn at(&self, now: Timestamp, zone: &TimeZone) -> Timestamp {
        match self {
            Self::After(distance) => now.saturating_add(*distance).unwrap_or(now),
            Self::Fixed(at) => *at,
            Self::Day { days, at } => {
                let here = zone.to_datetime(now);
                let day = here.date().saturating_add(days.days());
                zone.to_timestamp(day.to_datetime(at.unwrap_or(here.time()))).unwrap_or(now)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_day_is_meant_in_the_zone_whatever_the_season() {
        let zone = TimeZone::get("America/New_York").expect("bundled");
        let now: Timestamp = "2026-03-02T15:00:00Z".parse().expect("a time");
        for (text, expected) in [
            ("now", "2026-03-02T15:00:00Z"),
            ("+90m", "2026-03-02T16:30:00Z"),
            ("-2h", "2026-03-02T13:00:00Z"),
            ("+0d 09:00", "2026-03-02T14:00:00Z"),
            ("+3d 14:30", "2026-03-05T19:30:00Z"),
            ("-1w 08:00", "2026-02-23T13:00:00Z"),
            // Behind the change to summer time.
            ("+7d 14:30", "2026-03-09T18:30:00Z"),
            ("+7d", "2026-03-09T14:00:00Z"),
            ("2026-01-05T09:00:00-05:00", "2026-01-05T14:00:00Z"),
            ("2026-01-05 09:00", "2026-01-05T14:00:00Z"),
        ] {
            let at = Offset::parse(text, &zone).map(|offset| offset.at(now, &zone).to_string());
            assert_eq!(at.as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_not_guessed() {
        for text in ["", "+", "+3", "+3x", "3d", "+3d soon", "+90m 14:30", "tomorrow", "+100001d", "+99999999999d"] {
            assert_eq!(Offset::parse(text, &TimeZone::UTC), None, "{text}");
        }
    }
}
