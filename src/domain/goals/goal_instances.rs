//! `goalInstances`: the days or weeks of one goal.

use super::{
    goal::{day, start_of},
    intervals,
};
use crate::engine::{Answer, Input, QueryError, Reading, Value};
use crate::schema::names::{Goal, GoalInstance, GoalInstancePaginationConnection, args};
use crate::schema::{Named, Version};

type Asked = args::goalInstances;

pub fn goal_instances(on: Reading<'_>, asked: &Input<'_, Asked>) -> Result<Answer, QueryError> {
    let items = all(on, asked);
    match on.scene.version {
        Version::V2024_06_01 => Ok(Answer::offset_list(items, asked.lifted, "per_page")),
        Version::V2026_01_01 => Ok(Answer::connection(GoalInstancePaginationConnection::TYPE, items, asked.lifted)?),
    }
}

pub fn count(on: Reading<'_>, asked: &Input<'_, args::goalInstancesCount>) -> Result<Answer, QueryError> {
    let lifted = asked.lifted.renamed(Asked::TYPE);
    Ok(Value::Int(all(on, &Input::new(&lifted)).len() as i64).into())
}

/// The newest first (assumed).
fn all(on: Reading<'_>, asked: &Input<'_, Asked>) -> Vec<Answer> {
    let text = |field| asked.get(field).ok().flatten().filter(|text: &&str| !text.is_empty());
    let Some(goal) = asked.get(Asked::goal_id).ok().flatten().and_then(|id| on.find::<Goal>(id)) else { return vec![] };
    let words = text(Asked::keywords).unwrap_or_default().to_lowercase();
    if !goal.get(Goal::name).unwrap_or_default().to_lowercase().contains(&words) {
        return vec![];
    }
    let mut intervals = intervals::of(&goal, text(Asked::start_range).and_then(day), text(Asked::end_range).and_then(day));
    match text(Asked::status_filter) {
        Some("complete") => intervals.retain(|interval| interval.is_met),
        Some("not_complete") => intervals.retain(|interval| !interval.is_met),
        _ => {}
    }
    let shown = |interval: &intervals::Interval| {
        let fields = vec![
            (GoalInstance::cursor.slot, Value::from(interval.from.to_string()).into()),
            (GoalInstance::goal.slot, goal.row().clone().into()),
            (GoalInstance::start_range.slot, Value::Instant(start_of(interval.from)).into()),
            (GoalInstance::end_range.slot, Value::Instant(start_of(interval.to)).into()),
            (GoalInstance::is_completed_for_interval.slot, Value::Bool(interval.is_met).into()),
        ];
        Answer::Object(GoalInstance::TYPE, fields)
    };
    intervals.iter().rev().map(shown).collect()
}
