//! What a patient sets out to do.

use super::intervals::{self, is_met_on, percent, streaks, today};
use super::reminder;
use crate::engine::{Answer, Draft, Entity, List, Reading, Value, View, days_since_1970, moment};
use crate::schema::Named;
use crate::schema::names::{Goal, GoalStreakInfo, GoalTemplate, User, args};
use jiff::civil::Date;

pub fn entity() -> Entity<Goal> {
    let entity = Entity::usual()
        .requires(Goal::name)
        .requires(Goal::repeat)
        .searched(Goal::description)
        .collects(Goal::subgoals, Goal::parent_id)
        .indexed(Goal::parent_id)
        .derives(begin_today)
        .derives(reminder::plan)
        .computed(Goal::is_used_as_template, |goal| Some(goal.on.having(GoalTemplate::goal_id, goal.id()).next().is_some()))
        .computed(Goal::subgoals_count, |goal| Some(goal.on.count_having(Goal::parent_id, goal.id()).to_string()))
        .computed(Goal::is_current, |goal| Some(is_current(goal)))
        .computed(Goal::completion_rate, |goal| Some(rate(intervals::met_of([goal], None, None))))
        .computed(Goal::subgoal_completion_rate, |goal| Some(rate(subgoals_met(goal, goal.id()))))
        .computed(Goal::parent_subgoal_completion_rate, |goal| Some(rate(subgoals_met(goal, goal.get(Goal::parent_id)?))));
    ranges(entity)
}

fn ranges(entity: Entity<Goal>) -> Entity<Goal> {
    entity
        .answers_to(Goal::is_completed_for_date, args::Goal_is_completed_for_date, |goal, asked| {
            let day = asked.get(args::Goal_is_completed_for_date::date).ok().flatten().and_then(day);
            day.map(|day| Value::Bool(is_met_on(goal, day))).into()
        })
        .answers_to(Goal::completion_percentage_for_range, args::Goal_completion_percentage_for_range, |goal, asked| {
            type Asked = args::Goal_completion_percentage_for_range;
            let from = asked.get(Asked::start_range).ok().flatten().and_then(day);
            let to = asked.get(Asked::end_range).ok().flatten().and_then(day);
            Value::Int(percent(intervals::met_of([goal], from, to))).into()
        })
        .answers_to(Goal::streak_info, args::Goal_streak_info, |goal, asked| {
            type Asked = args::Goal_streak_info;
            let from = asked.get(Asked::start_range).ok().flatten().and_then(day);
            let to = asked.get(Asked::end_range).ok().flatten().and_then(day);
            let runs = streaks(&intervals::of(goal, from, to));
            let at = |day: Date| Answer::Value(Value::Instant(start_of(day)));
            let shown = |(count, from, to): (usize, Date, Date)| {
                let fields = vec![
                    (GoalStreakInfo::count.slot, Value::Int(count as i64).into()),
                    (GoalStreakInfo::start_date.slot, at(from)),
                    (GoalStreakInfo::end_date.slot, at(to)),
                ];
                Answer::Object(GoalStreakInfo::TYPE, fields)
            };
            Answer::List(runs.into_iter().map(shown).collect())
        })
}

/// Midnight of a day, as a point in time.
pub fn start_of(day: Date) -> i64 {
    i64::from(days_since_1970(day)) * 86_400_000_000
}

pub fn day(text: &str) -> Option<Date> {
    moment::parse_date(text)
}

/// Inferred: today, where no first day is named.
fn begin_today(goal: &mut Draft<Goal>, on: Reading<'_>) {
    if goal.is_blank(Goal::start_on) {
        goal.put(Goal::start_on, on.viewer().zone.to_datetime(on.now()).date());
    }
}

fn is_current(goal: &View<'_, Goal>) -> bool {
    let today = today(goal);
    goal.get(Goal::start_on).is_none_or(|start| start <= today) && goal.get(Goal::due_date).is_none_or(|due| today <= due)
}

fn subgoals_met(goal: &View<'_, Goal>, parent: u64) -> (i64, i64) {
    let subgoals: Vec<_> = goal.on.having(Goal::parent_id, parent).collect();
    let met = subgoals.iter().filter(|goal| is_met_on(goal, today(goal))).count() as i64;
    (met, subgoals.len() as i64)
}

/// The form is assumed.
fn rate((met, possible): (i64, i64)) -> String {
    format!("{met}/{possible}")
}

/// Documented: of one person, else of all whom the viewer cares for. Inferred: subgoals are found through their goals.
pub fn goals() -> List<Goal, args::goals> {
    List::new()
        .keep(|goal, asked| goal.get(Goal::parent_id).is_none() && super::report::fits(goal, asked))
        .reads(args::goals::user_id)
        .reads(args::goals::category)
        .reads(args::goals::frequency_filter)
        .reads(args::goals::status_filter)
        .reads(args::goals::start_range)
        .reads(args::goals::end_range)
        .reads(args::goals::rel_goal_id)
        .keywords(args::goals::keywords)
        .order("FREQUENCY", &[Goal::repeat.slot])
        .order("TITLE", &[Goal::name.slot])
        .order_by("STATUS", |goal| Value::Bool(is_met_on(goal, today(goal))))
        .order_by("CREATED_BY", |goal| {
            let creator = goal.follow::<User, _>(Goal::created_user_id);
            creator.map_or(Value::Null, |creator| creator.value(User::sort_name.slot).clone())
        })
        .default_order("DUE_DATE_START_DATE_DESC")
}

pub fn sub_goals() -> List<Goal, args::subGoals> {
    List::new()
        .keep(|goal, asked| {
            let parent = goal.get(Goal::parent_id);
            parent.is_some() && asked.get(args::subGoals::goal_id).ok().flatten().is_none_or(|wanted| parent == Some(wanted))
        })
        .reads(args::subGoals::goal_id)
        .filter_eq(args::subGoals::user_id, Goal::user_id)
}
