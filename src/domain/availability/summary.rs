//! `availabilitySummaryJson`: how long each provider can be booked on one day.

use super::{occurrences::merged, providers, record::repeats, slots::bounds};
use crate::engine::{Answer, Input, QueryError, Reading, Value, moment};
use crate::schema::names::{Availability, args::availabilitySummaryJson as Args};
use serde_json::{Map, json};

/// Assumed, since its shape is not documented: the minutes of the day's hours by the provider's id.
pub fn availability_summary_json(on: Reading<'_>, asked: &Input<'_, Args>) -> Result<Answer, QueryError> {
    let zone = &on.viewer().zone;
    let day = asked.get(Args::date).ok().flatten().and_then(moment::parse_date).unwrap_or_else(|| zone.to_datetime(on.now()).date());
    let organization = asked.get(Args::organization_id).ok().flatten().unwrap_or(on.viewer().organization());
    let (Some(day), true) = (bounds(day, zone), on.viewer().reaches(organization)) else { return Ok(Value::text("{}").into()) };
    let mut summary = Map::new();
    for provider in providers::of_organization(on, organization) {
        let windows = on.having(Availability::user_id, provider).filter_map(|window| repeats(&window));
        let times = windows.flat_map(|times| times.within(&day)).map(|(_, time)| time.start.max(day.start)..time.end.min(day.end));
        let minutes: i64 = merged(times.collect()).iter().map(|time| (time.end.as_second() - time.start.as_second()) / 60).sum();
        summary.insert(provider.to_string(), json!(minutes));
    }
    Ok(Value::from(serde_json::Value::Object(summary).to_string()).into())
}
