//! Which goals are meant, and what is said of them together.

use super::{
    goal::day,
    intervals::{self, current_streak, is_met_on, percent, today},
};
use crate::engine::{Answer, Input, QueryError, Reading, Value, View};
use crate::schema::Named;
use crate::schema::names::{Goal, GoalDataType, GoalOverallCompletionRateInfo as RateInfo, args};

type Asked = args::goals;

/// What lists and reports of goals are filtered by.
pub fn fits(goal: &View<'_, Goal>, asked: &Input<'_, Asked>) -> bool {
    let text = |field| asked.get(field).ok().flatten().filter(|text: &&str| !text.is_empty());
    let repeat = goal.get(Goal::repeat).unwrap_or_default();
    let frequency = text(Asked::frequency_filter).map(|wanted| if wanted == "one_time" { "once" } else { wanted });
    let (from, to) = (text(Asked::start_range).and_then(day), text(Asked::end_range).and_then(day));
    let met = || match from.is_some() || to.is_some() {
        true => intervals::of(goal, from, to).iter().any(|interval| interval.is_met),
        false => is_met_on(goal, today(goal)),
    };
    let starts = goal.get(Goal::start_on);
    asked.get(Asked::user_id).ok().flatten().is_none_or(|user| goal.get(Goal::user_id) == Some(user))
        && text(Asked::category).is_none_or(|wanted| wanted == "all" || repeat.eq_ignore_ascii_case(wanted))
        && frequency.is_none_or(|wanted| wanted == "all" || repeat.eq_ignore_ascii_case(wanted))
        && asked.get(Asked::rel_goal_id).ok().flatten().is_none_or(|id| goal.id() == id)
        && to.is_none_or(|to| starts.is_none_or(|starts| starts <= to))
        && from.is_none_or(|from| goal.get(Goal::due_date).is_none_or(|due| from <= due))
        && match text(Asked::status_filter) {
            Some("complete") => met(),
            Some("not_complete") => !met(),
            _ => true,
        }
}

/// The goals that the arguments of another field of the same filters name.
fn selected<'s, A: Named>(on: Reading<'s>, asked: &Input<'_, A>) -> Vec<View<'s, Goal>> {
    let lifted = asked.lifted.renamed(Asked::TYPE);
    for (slot, _) in asked.lifted.each() {
        asked.lifted.mark(slot);
    }
    let as_list = Input::<Asked>::new(&lifted);
    let words = as_list.get(Asked::keywords).ok().flatten().unwrap_or_default().to_lowercase();
    let called = |goal: &View<'_, Goal>| {
        let texts = [Goal::name, Goal::description].map(|field| goal.get(field).unwrap_or_default().to_lowercase());
        words.split_whitespace().all(|word| texts.iter().any(|text| text.contains(word)))
    };
    let goals = on.all::<Goal>().filter(|goal| goal.get(Goal::parent_id).is_none() && on.may_see(Goal::TYPE, goal.record()));
    goals.filter(|goal| called(goal) && fits(goal, &as_list)).collect()
}

fn range<A: Named>(asked: &Input<'_, A>) -> (Option<jiff::civil::Date>, Option<jiff::civil::Date>) {
    let lifted = asked.lifted.renamed(Asked::TYPE);
    let as_list = Input::<Asked>::new(&lifted);
    let bound = |field| as_list.get(field).ok().flatten().and_then(day);
    (bound(Asked::start_range), bound(Asked::end_range))
}

pub fn completion_rate(on: Reading<'_>, asked: &Input<'_, args::goalsOverallCompletionRate>) -> Result<Answer, QueryError> {
    let (from, to) = range(asked);
    Ok(Value::Int(percent(intervals::met_of(&selected(on, asked), from, to))).into())
}

pub fn completion_rate_info(on: Reading<'_>, asked: &Input<'_, args::goalsOverallCompletionRateInfo>) -> Result<Answer, QueryError> {
    let goal = asked.get(args::goalsOverallCompletionRateInfo::goal_id).ok().flatten();
    let mut goals = selected(on, asked);
    goals.retain(|own| goal.is_none_or(|goal| own.id() == goal));
    let (from, to) = range(asked);
    Ok(rate_info(intervals::met_of(&goals, from, to)))
}

fn rate_info(met_of: (i64, i64)) -> Answer {
    let fields = vec![
        (RateInfo::percent.slot, Value::Int(percent(met_of)).into()),
        (RateInfo::actual_times_completed.slot, Value::Int(met_of.0).into()),
        (RateInfo::possible_times_completed.slot, Value::Int(met_of.1).into()),
    ];
    Answer::Object(RateInfo::TYPE, fields)
}

/// Assumed of several goals: the longest run that still goes on.
pub fn streak_count(on: Reading<'_>, asked: &Input<'_, args::goalsStreakCount>) -> Result<Answer, QueryError> {
    let goal = asked.get(args::goalsStreakCount::goal_id).ok().flatten();
    let goals = selected(on, asked);
    let streaks = goals.iter().filter(|own| goal.is_none_or(|goal| own.id() == goal)).map(current_streak);
    Ok(Value::Int(streaks.max().unwrap_or(0)).into())
}

pub fn goals_data(on: Reading<'_>, asked: &Input<'_, args::goalsData>) -> Result<Answer, QueryError> {
    let goals = selected(on, asked);
    let (from, to) = range(asked);
    let count =
        |wanted: &dyn Fn(&View<'_, Goal>) -> bool| Answer::from(Value::Int(goals.iter().filter(|goal| wanted(goal)).count() as i64));
    let repeats =
        |word: &'static str| move |goal: &View<'_, Goal>| goal.get(Goal::repeat).is_some_and(|own| own.eq_ignore_ascii_case(word));
    let met = |goal: &View<'_, Goal>| is_met_on(goal, today(goal));
    let streak = goals.iter().map(current_streak).max().unwrap_or(0);
    let rate = rate_info(intervals::met_of(&goals, from, to));
    let mut fields = vec![
        (GoalDataType::all_goals_frequency_count.slot, count(&|_| true)),
        (GoalDataType::all_goals_status_count.slot, count(&|_| true)),
        (GoalDataType::all_time_goals_count.slot, count(&|_| true)),
        (GoalDataType::goals_count.slot, count(&|_| true)),
        (GoalDataType::completed_goals_count.slot, count(&met)),
        (GoalDataType::not_completed_goals_count.slot, count(&|goal| !met(goal))),
        (GoalDataType::daily_goals_count.slot, count(&repeats("daily"))),
        (GoalDataType::weekly_goals_count.slot, count(&repeats("weekly"))),
        (GoalDataType::one_time_goals_count.slot, count(&repeats("once"))),
        (GoalDataType::goals_overall_completion_rate_info.slot, rate),
        (GoalDataType::goals_streak_count.slot, Value::Int(streak).into()),
    ];
    let Answer::List(shown) = Answer::offset_list(goals.into_iter().map(Answer::from).collect(), asked.lifted, "per_page") else {
        return Ok(Answer::NULL);
    };
    fields.push((GoalDataType::goals.slot, Answer::List(shown)));
    Ok(Answer::Object(GoalDataType::TYPE, fields))
}
