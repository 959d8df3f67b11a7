//! What a payer has authorized for a patient: so many visits, units or hours, from one day to another.

use crate::engine::{Answer, Draft, Entity, Reading, Value, View, days_since_1970};
use crate::schema::names::{InsuranceAuthorizationChartType as Chart, InsuranceAuthorizationType as Authorization};
use crate::schema::{Field, Named, Text};

pub fn entity() -> Entity<Authorization> {
    Entity::usual()
        .indexed(Authorization::policy_id)
        .derives(keep_units)
        .ruled(Authorization::units_left)
        // Documented: what the visits' names say is what the units' say.
        .computed(Authorization::visits_authorized, |one| text(one, Authorization::units_authorized))
        .computed(Authorization::visits_used, |one| text(one, Authorization::units_used))
        .computed(Authorization::units_left, units_left)
        .computed(Authorization::visits_left, units_left)
        .answers(Authorization::chart_info, chart_info)
}

fn text(one: &View<'_, Authorization>, field: Field<Authorization, Text>) -> Option<String> {
    one.get(field).map(str::to_owned)
}

/// Units are kept; what was sent as visits becomes units.
fn keep_units(one: &mut Draft<Authorization>, _: Reading<'_>) {
    let names =
        [(Authorization::visits_authorized, Authorization::units_authorized), (Authorization::visits_used, Authorization::units_used)];
    for (visits, units) in names {
        if let Some(sent) = one.get(visits).map(str::to_owned) {
            one.put(units, sent);
            one.clear(visits);
        }
    }
}

/// Assumed: nothing is left over where nothing is said to be authorized.
fn units_left(one: &View<'_, Authorization>) -> Option<String> {
    let number = |field: Field<Authorization, Text>| one.get(field).and_then(|text| text.trim().parse::<f64>().ok());
    let left = number(Authorization::units_authorized)? - number(Authorization::units_used).unwrap_or(0.0);
    Some(left.to_string())
}

/// The days that a bar from the first to the last authorized one is drawn with, and today between them. Assumed: the titles,
/// and that there is no bar without both ends.
fn chart_info(one: &View<'_, Authorization>) -> Answer {
    let day = |field| one.get(field).map(days_since_1970);
    let (Some(start), Some(end)) = (day(Authorization::start_on), day(Authorization::end_on)) else { return Answer::NULL };
    let today = days_since_1970(one.on.viewer().zone.to_datetime(one.on.now()).date()).clamp(start.min(end), end.max(start));
    let left = 100 * (today - start).abs() / (end - start).abs().max(1);
    let text = |text: &str| Answer::from(Value::text(text));
    let day = |day: i32| Answer::from(Value::Date(day));
    Answer::Object(
        Chart::TYPE,
        vec![
            (Chart::earliest_date_title.slot, text("Start")),
            (Chart::earliest_date_value.slot, day(start)),
            (Chart::middle_date_title.slot, text("Today")),
            (Chart::middle_date_value.slot, day(today)),
            (Chart::latest_date_title.slot, text("End")),
            (Chart::latest_date_value.slot, day(end)),
            (Chart::left_section_width.slot, text(&format!("{left}%"))),
            (Chart::right_section_width.slot, text(&format!("{}%", 100 - left))),
        ],
    )
}
