//! When a visit begins and ends, from the five inputs that say so.

use crate::engine::{Call, Input, Refusal, moment};
use crate::schema::{Field, Instant, Named, Text};
use jiff::{Timestamp, civil, tz::TimeZone};

/// The inputs of one mutation.
pub struct Times<I> {
    pub datetime: Field<I, Text>,
    pub date: Field<I, Instant>,
    pub time: Field<I, Text>,
    pub end_date: Field<I, Instant>,
    pub end_time: Field<I, Text>,
    pub timezone: Field<I, Text>,
}

impl<I: Named> Times<I> {
    /// Documented (datetime): wins over `date` and `time`. `before` is when the visit began so far, for a new `time` alone.
    pub fn start(&self, call: &Call<'_, I>, before: Option<Timestamp>) -> Result<Option<Timestamp>, Refusal> {
        call.get(self.timezone)?;
        let date = call.get(self.date)?;
        let time = text(call, self.time)?;
        if let Some(datetime) = text(call, self.datetime)? {
            let at = moment::parse_instant(datetime, call.zone());
            return at.map(Some).ok_or_else(|| Refusal::on(self.datetime, "is invalid"));
        }
        match (date, time) {
            (Some(day), Some(time)) => at(day, time, call.zone()).map(Some).ok_or_else(|| Refusal::on(self.time, "is invalid")),
            (Some(start), None) => Ok(Some(start)),
            (None, Some(time)) => match before {
                Some(day) => at(day, time, call.zone()).map(Some).ok_or_else(|| Refusal::on(self.time, "is invalid")),
                None => Ok(None),
            },
            (None, None) => Ok(None),
        }
    }

    /// None where nothing says when the visit ends; refused where it would not be behind the start.
    pub fn end(&self, call: &Call<'_, I>, start: Timestamp) -> Result<Option<Timestamp>, Refusal> {
        let date = call.get(self.end_date)?;
        let time = text(call, self.end_time)?;
        let end = match (date, time) {
            (None, None) => return Ok(None),
            (Some(end), None) => end,
            (day, Some(time)) => at(day.unwrap_or(start), time, call.zone()).ok_or_else(|| Refusal::on(self.end_time, "is invalid"))?,
        };
        let field = if time.is_some() { self.end_time.name() } else { self.end_date.name() };
        if end > start { Ok(Some(end)) } else { Err(Refusal::named(field, "must be after the start")) }
    }

    /// True where any of the inputs that move a visit was sent with a value.
    pub fn is_given(&self, input: &Input<'_, I>) -> bool {
        !input.is_blank(self.datetime) || !input.is_blank(self.date) || !input.is_blank(self.time)
    }
}

/// `time` on the day of `day`. Observed: some send a full datetime as the time, which then is the whole answer.
fn at(day: Timestamp, time: &str, zone: &TimeZone) -> Option<Timestamp> {
    if let Some(at) = moment::parse_instant(time, zone) {
        return Some(at);
    }
    let day: civil::Date = zone.to_datetime(day).date();
    zone.to_timestamp(day.to_datetime(moment::parse_time(time)?)).ok()
}

fn text<'a, I: Named>(call: &Call<'a, I>, field: Field<I, Text>) -> Result<Option<&'a str>, Refusal> {
    Ok(call.get(field)?.map(str::trim).filter(|text| !text.is_empty()))
}

/// A wall-clock time on a day.
pub fn on_day(day: civil::Date, time: &str, zone: &TimeZone) -> Option<Timestamp> {
    zone.to_timestamp(day.to_datetime(moment::parse_time(time)?)).ok()
}
