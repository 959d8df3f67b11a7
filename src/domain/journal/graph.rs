//! Metrics over time, as a chart shows them.

use super::entry::METRIC;
use crate::engine::{Answer, Input, QueryError, Reading, Value, View};
use crate::schema::Named;
use crate::schema::names::{Entry, MetricDataPointType, MetricGraphDataType as Graph, MultiLineMetricGraphDataType as Lines, User, args};
use jiff::civil::Date;

/// What is charted: whose entries, of what kind, between which days.
struct Asked<'a> {
    user: Option<u64>,
    kind: &'a str,
    days: Option<(Date, Date)>,
    third_party: Option<bool>,
    multiplier: f64,
}

impl Asked<'_> {
    /// Oldest first. Documented: the days count only together.
    fn entries<'s>(&self, on: Reading<'s>) -> Vec<View<'s, Entry>> {
        let Some(user) = self.user.or(on.viewer().id()).and_then(|user| on.find::<User>(user)) else { return vec![] };
        let seen = on.having(Entry::poster_id, user.id()).filter(|entry| on.may_see(Entry::TYPE, entry.record()));
        let mut kept: Vec<_> = seen.filter(|entry| self.keeps(on, entry)).collect();
        kept.sort_by_key(|entry| (entry.get(Entry::created_at), entry.id()));
        kept
    }

    fn keeps(&self, on: Reading<'_>, entry: &View<'_, Entry>) -> bool {
        let by_day = match (self.days, entry.get(Entry::created_at)) {
            (Some((from, to)), Some(at)) => (from..=to).contains(&on.viewer().zone.to_datetime(at).date()),
            _ => true,
        };
        let from_third = entry.get(Entry::third_party_source).is_some();
        entry.get(Entry::r#type) == Some(self.kind) && by_day && self.third_party.is_none_or(|wanted| wanted == from_third)
    }

    fn graph(&self, category: &str, entries: &[View<'_, Entry>], value: impl Fn(&View<'_, Entry>) -> Option<f64>) -> Answer {
        let points: Vec<_> = entries.iter().filter_map(|entry| Some((entry, value(entry)? * self.multiplier))).collect();
        let values = || points.iter().map(|(_, value)| *value);
        let most = values().reduce(f64::max).map_or(Value::Null, Value::Float);
        let least = values().reduce(f64::min).map_or(Value::Null, Value::Float);
        let point = |(entry, value): &(&View<'_, Entry>, f64)| {
            type Point = MetricDataPointType;
            let fields = vec![
                (Point::created_at.slot, entry.value(Entry::created_at.slot).clone().into()),
                (Point::entry_id.slot, Value::Id(entry.id()).into()),
                (Point::value.slot, Value::Float(*value).into()),
                (Point::flex_value.slot, Value::from(value.to_string()).into()),
            ];
            Answer::Object(Point::TYPE, fields)
        };
        let fields = vec![
            (Graph::category.slot, Value::text(category).into()),
            (Graph::category_label.slot, Value::text(category).into()),
            (Graph::has_entry.slot, Value::Bool(!points.is_empty()).into()),
            (Graph::max.slot, most.into()),
            (Graph::min.slot, least.into()),
            (Graph::data_points.slot, Answer::List(points.iter().map(point).collect())),
        ];
        Answer::Object(Graph::TYPE, fields)
    }
}

fn of<'s>(entries: &[View<'s, Entry>], category: &str, on: Reading<'s>) -> Vec<View<'s, Entry>> {
    let same = entries.iter().filter(|entry| entry.get(Entry::category).is_some_and(|own| own.eq_ignore_ascii_case(category)));
    same.map(|entry| View::new(on, entry.record())).collect()
}

fn stat(entry: &View<'_, Entry>) -> Option<f64> {
    entry.get(Entry::metric_stat)
}

pub fn metric_graph_data(on: Reading<'_>, asked: &Input<'_, args::metricGraphData>) -> Result<Answer, QueryError> {
    type Args = args::metricGraphData;
    let wanted = Asked {
        user: asked.get(Args::user_id).ok().flatten(),
        kind: asked.get(Args::entry_type).ok().flatten().unwrap_or(METRIC),
        days: asked.get(Args::start_date).ok().flatten().zip(asked.get(Args::end_date).ok().flatten()),
        third_party: asked.get(Args::has_third_party_source).ok().flatten(),
        multiplier: asked.get(Args::multiplier).ok().flatten().and_then(|by| by.parse().ok()).unwrap_or(1.0),
    };
    let category = asked.get(Args::category).ok().flatten().unwrap_or_default();
    let entries = wanted.entries(on);
    let entries = if wanted.kind == METRIC { of(&entries, category, on) } else { entries };
    Ok(wanted.graph(category, &entries, stat))
}

/// One for each category that something was noted in.
pub fn metric_graphs_data(on: Reading<'_>, asked: &Input<'_, args::metricGraphsData>) -> Result<Answer, QueryError> {
    type Args = args::metricGraphsData;
    let wanted = Asked {
        user: asked.get(Args::user_id).ok().flatten(),
        kind: METRIC,
        days: asked.get(Args::start_date).ok().flatten().zip(asked.get(Args::end_date).ok().flatten()),
        third_party: asked.get(Args::has_third_party_source).ok().flatten(),
        multiplier: 1.0,
    };
    let entries = wanted.entries(on);
    let mut categories: Vec<&str> = entries.iter().filter_map(|entry| entry.get(Entry::category)).collect();
    categories.sort_unstable();
    categories.dedup();
    Ok(Answer::List(categories.into_iter().map(|category| wanted.graph(category, &of(&entries, category, on), stat)).collect()))
}

/// Blood pressure has two lines, by what was entered around the slash; others have one. Documented: no category, no data.
pub fn multi_line_metric_graph_data(on: Reading<'_>, asked: &Input<'_, args::multiLineMetricGraphData>) -> Result<Answer, QueryError> {
    type Args = args::multiLineMetricGraphData;
    let wanted = Asked {
        user: asked.get(Args::user_id).ok().flatten(),
        kind: asked.get(Args::entry_type).ok().flatten().unwrap_or(METRIC),
        days: asked.get(Args::start_date).ok().flatten().zip(asked.get(Args::end_date).ok().flatten()),
        third_party: None,
        multiplier: 1.0,
    };
    let category = asked.get(Args::category).ok().flatten().unwrap_or_default();
    let entries = of(&wanted.entries(on), category, on);
    let part = |at: usize| move |entry: &View<'_, Entry>| entry.get(Entry::metric_stat_string)?.split('/').nth(at)?.trim().parse().ok();
    let graphs = match category {
        "" => vec![],
        "Blood Pressure" => vec![wanted.graph("Systolic", &entries, part(0)), wanted.graph("Diastolic", &entries, part(1))],
        category => vec![wanted.graph(category, &entries, stat)],
    };
    let fields = vec![
        (Lines::category.slot, Value::text(category).into()),
        (Lines::category_label.slot, Value::text(category).into()),
        (Lines::has_entry.slot, Value::Bool(!entries.is_empty()).into()),
        (Lines::metric_graph_datas.slot, Answer::List(graphs)),
    ];
    Ok(Answer::Object(Lines::TYPE, fields))
}
