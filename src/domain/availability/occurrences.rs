//! The times that hours stand for. Those that repeat keep their time of day in their zone, whatever the clocks do.

use jiff::{Timestamp, ToSpan, civil, tz::TimeZone};
use std::ops::Range;

/// So many occurrences of one availability are enough for any answer: twenty years of weeks.
const MOST: usize = 1_040;

/// One window, or one each week.
pub struct Repeats {
    zone: TimeZone,
    from: civil::DateTime,
    until: civil::DateTime,
    /// Some where it repeats: the last day on which it may begin, if there is one.
    last: Option<Option<civil::Date>>,
    once: Range<Timestamp>,
}

impl Repeats {
    pub fn of(start: Timestamp, end: Timestamp, zone: TimeZone, last: Option<Option<civil::Date>>) -> Option<Self> {
        let (from, until) = (zone.to_datetime(start), zone.to_datetime(end));
        (start < end).then_some(Self { from, until, last, once: start..end, zone })
    }

    /// Those that touch `window`, in order.
    pub fn within(&self, window: &Range<Timestamp>) -> Vec<(civil::Date, Range<Timestamp>)> {
        let touches = |time: &Range<Timestamp>| time.start < window.end && time.end > window.start;
        let Some(last) = self.last else {
            return Some((self.from.date(), self.once.clone())).filter(|(_, time)| touches(time)).into_iter().collect();
        };
        let first = self.first_on_or_after(self.zone.to_datetime(window.start).date().checked_sub(8.days()).unwrap_or(self.from.date()));
        let weeks = std::iter::successors(Some(first), |day| day.checked_add(1.week()).ok());
        let days = weeks.take(MOST).take_while(|day| last.is_none_or(|last| *day <= last));
        let times = days.filter_map(|day| Some((day, self.on(day)?))).take_while(|(_, time)| time.start < window.end);
        times.filter(|(_, time)| touches(time)).collect()
    }

    fn first_on_or_after(&self, day: civil::Date) -> civil::Date {
        let begins = self.from.date();
        if day <= begins {
            return begins;
        }
        let past = i64::from((day - begins).get_days()) % 7;
        if past == 0 { day } else { day.checked_add((7 - past).days()).unwrap_or(begins) }
    }

    fn on(&self, day: civil::Date) -> Option<Range<Timestamp>> {
        let nights = self.until.date() - self.from.date();
        let start = self.zone.to_timestamp(day.to_datetime(self.from.time())).ok()?;
        let end = self.zone.to_timestamp(day.checked_add(nights).ok()?.to_datetime(self.until.time())).ok()?;
        (start < end).then_some(start..end)
    }
}

/// Intervals that overlap or touch become one.
pub fn merged(mut times: Vec<Range<Timestamp>>) -> Vec<Range<Timestamp>> {
    times.sort_by_key(|time| time.start);
    let mut merged: Vec<Range<Timestamp>> = vec![];
    for time in times {
        match merged.last_mut().filter(|last| last.end >= time.start) {
            Some(last) => last.end = last.end.max(time.end),
            None => merged.push(time),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("RFC 3339")
    }

    fn weekly(zone: &str, from: &str, until: &str) -> Repeats {
        Repeats::of(at(from), at(until), TimeZone::get(zone).expect("bundled"), Some(None)).expect("a window")
    }

    #[test]
    fn nine_stays_nine_when_the_clocks_change() {
        let hours = weekly("America/New_York", "2026-03-02T14:00:00Z", "2026-03-02T22:00:00Z");
        let found = hours.within(&(at("2026-03-01T00:00:00Z")..at("2026-03-10T00:00:00Z")));
        let starts: Vec<String> = found.iter().map(|(_, time)| time.start.to_string()).collect();
        assert_eq!(starts, ["2026-03-02T14:00:00Z", "2026-03-09T13:00:00Z"]);
    }

    #[test]
    fn years_later_it_is_still_the_same_day_of_the_week() {
        let hours = weekly("Asia/Kathmandu", "2026-03-02T03:15:00Z", "2026-03-02T11:15:00Z");
        let found = hours.within(&(at("2031-07-01T00:00:00Z")..at("2031-07-15T00:00:00Z")));
        let days: Vec<String> = found.iter().map(|(day, _)| day.to_string()).collect();
        assert_eq!(days, ["2031-07-07", "2031-07-14"]);
    }

    #[test]
    fn a_night_that_the_window_cuts_belongs_to_it() {
        let night = weekly("UTC", "2026-03-02T22:00:00Z", "2026-03-03T06:00:00Z");
        assert_eq!(night.within(&(at("2026-03-10T00:00:00Z")..at("2026-03-10T01:00:00Z"))).len(), 1);
        assert_eq!(night.within(&(at("2026-03-10T06:00:00Z")..at("2026-03-10T07:00:00Z"))).len(), 0);
    }

    #[test]
    fn what_touches_is_one() {
        let hour = |from: &str, until: &str| at(from)..at(until);
        let times = vec![
            hour("2026-03-02T11:00:00Z", "2026-03-02T12:00:00Z"),
            hour("2026-03-02T09:00:00Z", "2026-03-02T11:00:00Z"),
            hour("2026-03-02T14:00:00Z", "2026-03-02T15:00:00Z"),
        ];
        assert_eq!(merged(times).len(), 2);
    }
}
