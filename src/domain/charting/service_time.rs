//! When a service was provided, as inputs say it.

use crate::engine::{Call, Refusal, moment};
use crate::schema::{Field, Instant, Named, Text};
use jiff::Timestamp;

/// Where an input says it.
pub struct Times<I> {
    pub formatted_date: Field<I, Instant>,
    pub date: Field<I, Instant>,
    pub time: Field<I, Text>,
}

/// Documented: `formatted_date`, else `date` with `time`, which is written `10 30`.
pub fn service_time<I: Named>(call: &Call<'_, I>, times: &Times<I>) -> Result<Option<Timestamp>, Refusal> {
    let formatted = call.get(times.formatted_date)?;
    let day = call.get(times.date)?;
    let time = call.get(times.time)?.filter(|time| !time.trim().is_empty());
    let time = time.map(|time| moment::parse_time(time).ok_or_else(|| Refusal::on(times.time, "is invalid"))).transpose()?;
    let zone = call.zone();
    let dated = match (day, time) {
        (Some(day), Some(time)) => zone.to_timestamp(zone.to_datetime(day).date().to_datetime(time)).ok(),
        (day, _) => day,
    };
    Ok(formatted.or(dated))
}
