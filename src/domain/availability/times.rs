//! When hours begin and end, from the inputs that say so.

use crate::engine::{CANT_BE_BLANK, Refusal, moment};
use jiff::{Timestamp, ToSpan, civil, tz::TimeZone};
use std::ops::Range;

/// What an input says, and what was so before.
#[derive(Default)]
pub struct Times<'a> {
    pub start_datetime: Option<Timestamp>,
    pub end_datetime: Option<Timestamp>,
    pub range_start: Option<&'a str>,
    pub range_end: Option<&'a str>,
    pub time: Option<&'a str>,
    pub end_time: Option<&'a str>,
    pub before: Option<Range<Timestamp>>,
    /// The day on which hours begin that repeat and name none.
    pub today: Option<civil::Date>,
}

/// Assumed, as of visits: no text is documented.
pub const BACKWARDS: &str = "must be after the start";

impl Times<'_> {
    /// Documented: a day in `range_start`, `time` and `end_time`; or two points in time, which assumed win.
    pub fn read(&self, zone: &TimeZone) -> Result<Range<Timestamp>, Refusal> {
        let start = self.start(zone)?;
        let end = self.end(start, zone)?;
        let field = if self.end_datetime.is_some() { "end_datetime" } else { "end_time" };
        if start < end { Ok(start..end) } else { Err(Refusal::named(field, BACKWARDS)) }
    }

    fn start(&self, zone: &TimeZone) -> Result<Timestamp, Refusal> {
        if let Some(start) = self.start_datetime {
            return Ok(start);
        }
        let before = self.before.as_ref().map(|before| zone.to_datetime(before.start));
        let day = match self.range_start {
            Some(text) => Some(moment::parse_date(text).ok_or_else(|| Refusal::named("range_start", "is invalid"))?),
            None => before.map(|before| before.date()).or(self.today),
        };
        let time = match (self.time, self.range_start) {
            (Some(time), _) => Some(clock("time", time)?),
            // Assumed: `range_start` may say both.
            (None, Some(text)) => moment::parse_time(text).or(before.map(|before| before.time())),
            (None, None) => before.map(|before| before.time()),
        };
        let (Some(day), Some(time)) = (day, time) else {
            let blank = [("range_start", day.is_none()), ("time", time.is_none()), ("end_time", self.end_time.is_none())];
            Refusal::all(blank.into_iter().filter(|(_, blank)| *blank).map(|(field, _)| Refusal::named(field, CANT_BE_BLANK)))?;
            return Err(Refusal::named("range_start", CANT_BE_BLANK));
        };
        zone.to_timestamp(day.to_datetime(time)).map_err(|_| Refusal::named("range_start", "is invalid"))
    }

    fn end(&self, start: Timestamp, zone: &TimeZone) -> Result<Timestamp, Refusal> {
        if let Some(end) = self.end_datetime {
            return Ok(end);
        }
        let day = match self.range_end {
            Some(text) => Some(moment::parse_date(text).ok_or_else(|| Refusal::named("range_end", "is invalid"))?),
            None => None,
        };
        let time = match (self.end_time, self.range_end, &self.before) {
            (Some(time), _, _) => Some(clock("end_time", time)?),
            (None, Some(text), _) if moment::parse_time(text).is_some() => moment::parse_time(text),
            // Assumed: hours that are moved last as long as before.
            (None, None, Some(before)) => return Ok(moment::later(start, before.end.as_second() - before.start.as_second())),
            _ => None,
        };
        let time = time.ok_or_else(|| Refusal::named("end_time", CANT_BE_BLANK))?;
        let begins = zone.to_datetime(start);
        let mut day = day.unwrap_or(begins.date());
        // Assumed: who works until midnight works until the end of the day.
        if time == civil::Time::midnight() && day == begins.date() {
            day = day.checked_add(1.day()).unwrap_or(day);
        }
        zone.to_timestamp(day.to_datetime(time)).map_err(|_| Refusal::named("end_time", "is invalid"))
    }
}

fn clock(field: &'static str, text: &str) -> Result<civil::Time, Refusal> {
    moment::parse_time(text).ok_or_else(|| Refusal::named(field, "is invalid"))
}

/// Hours that repeat begin on the first such day. Documented: they say which, 0 is Sunday.
pub fn on_weekday(times: Range<Timestamp>, weekday: Option<i64>, zone: &TimeZone) -> Result<Range<Timestamp>, Refusal> {
    let Some(wanted) = weekday else { return Err(Refusal::named("day_of_week", CANT_BE_BLANK)) };
    if !(0..7).contains(&wanted) {
        return Err(Refusal::named("day_of_week", "is not included in the list"));
    }
    let (from, until) = (zone.to_datetime(times.start), zone.to_datetime(times.end));
    let ahead = (wanted - i64::from(from.weekday().to_sunday_zero_offset())).rem_euclid(7).days();
    let moved = |at: civil::DateTime| at.checked_add(ahead).ok().and_then(|at| zone.to_timestamp(at).ok());
    match (moved(from), moved(until)) {
        (Some(start), Some(end)) => Ok(start..end),
        _ => Err(Refusal::named("range_start", "is invalid")),
    }
}
