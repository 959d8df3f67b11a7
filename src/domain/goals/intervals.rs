//! When a goal could have been met, and when it was.
//!
//! Inferred: every day, every week counted from the first day, or once.

use crate::engine::View;
use crate::schema::names::{Goal, GoalHistory};
use jiff::{ToSpan, civil::Date};

/// From the first to the last day, both within.
#[derive(Clone, Copy)]
pub struct Interval {
    pub from: Date,
    pub to: Date,
    pub is_met: bool,
}

/// More are not counted: a goal that began in another century is one anyway.
const MOST: usize = 4_000;

pub fn today(goal: &View<'_, Goal>) -> Date {
    goal.on.viewer().zone.to_datetime(goal.on.now()).date()
}

/// Those of a goal that touch the days from `from` to `to`; up to today, where nothing is said.
pub fn of(goal: &View<'_, Goal>, from: Option<Date>, to: Option<Date>) -> Vec<Interval> {
    let today = today(goal);
    let start = goal.get(Goal::start_on).unwrap_or(today);
    let last = to.unwrap_or(today).min(goal.get(Goal::due_date).unwrap_or(Date::MAX));
    let met: Vec<Date> = completions(goal).collect();
    let is_met = |from: Date, to: Date| met.iter().any(|day| from <= *day && *day <= to);
    let step = match goal.get(Goal::repeat).unwrap_or_default().to_lowercase().as_str() {
        "daily" => 1,
        "weekly" => 7,
        _ => {
            let end = goal.get(Goal::due_date).unwrap_or(last).max(start);
            let touches = from.is_none_or(|from| from <= end) && start <= last;
            let once = Interval { from: start, to: end, is_met: !met.is_empty() };
            return if touches { vec![once] } else { vec![] };
        }
    };
    let mut all = Vec::new();
    let mut begins = start;
    // What lies before the days that are asked for needs no walk.
    if let Some(from) = from.filter(|from| *from > start) {
        let days = i64::from(from.since(start).map_or(0, |span| span.get_days()));
        begins = start.saturating_add((days / step * step).days());
    }
    while begins <= last && all.len() < MOST {
        let ends = begins.saturating_add((step - 1).days());
        all.push(Interval { from: begins, to: ends, is_met: is_met(begins, ends) });
        let next = begins.saturating_add(step.days());
        if next <= begins {
            break;
        }
        begins = next;
    }
    all
}

/// The days for which a goal was marked as done.
pub fn completions<'s>(goal: &View<'s, Goal>) -> impl Iterator<Item = Date> + use<'s> {
    let histories = goal.on.having(GoalHistory::goal_id, goal.id());
    histories.filter(is_completion).filter_map(|history| history.get(GoalHistory::completed_on))
}

pub fn is_completion(history: &View<'_, GoalHistory>) -> bool {
    history.get(GoalHistory::action).is_none_or(|action| action == "COMPLETED")
}

/// True where the interval around `day` is done.
pub fn is_met_on(goal: &View<'_, Goal>, day: Date) -> bool {
    of(goal, Some(day), Some(day)).last().is_some_and(|interval| interval.is_met)
}

/// Runs of intervals that are done: how long each is, and its first and last day.
pub fn streaks(intervals: &[Interval]) -> Vec<(usize, Date, Date)> {
    let mut runs: Vec<(usize, Date, Date)> = Vec::new();
    let mut before = false;
    for interval in intervals {
        if interval.is_met {
            match runs.last_mut().filter(|_| before) {
                Some(run) => *run = (run.0 + 1, run.1, interval.to),
                None => runs.push((1, interval.from, interval.to)),
            }
        }
        before = interval.is_met;
    }
    runs
}

/// The run that still goes on; the interval that isn't over breaks none.
pub fn current_streak(goal: &View<'_, Goal>) -> i64 {
    let mut all = of(goal, None, None);
    if all.last().is_some_and(|last| !last.is_met) {
        all.pop();
    }
    all.iter().rev().take_while(|interval| interval.is_met).count() as i64
}

/// How often goals were met, and how often they could have been.
pub fn met_of<'s>(goals: impl IntoIterator<Item = &'s View<'s, Goal>>, from: Option<Date>, to: Option<Date>) -> (i64, i64) {
    goals.into_iter().fold((0, 0), |(met, possible), goal| {
        let all = of(goal, from, to);
        (met + all.iter().filter(|interval| interval.is_met).count() as i64, possible + all.len() as i64)
    })
}

pub fn percent((met, possible): (i64, i64)) -> i64 {
    if possible == 0 { 0 } else { (met * 100 + possible / 2) / possible }
}
