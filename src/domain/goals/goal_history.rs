//! What was done of a goal, day by day.

use crate::engine::{Call, Entity, List, Made, Refusal, Row, Value, View, moment};
use crate::schema::names::{
    Goal, GoalHistory, GoalHistoryActionTypeEnum, args, createGoalHistoryInput as Create, createGoalHistoryPayload as Created,
    deleteGoalHistoryInput as Delete,
};
use crate::schema::{Field, Named, Text};
use jiff::civil::Date;

pub fn entity() -> Entity<GoalHistory> {
    Entity::usual()
        .indexed(GoalHistory::goal_id)
        .defaults(GoalHistory::action, GoalHistoryActionTypeEnum::COMPLETED)
        .computed(GoalHistory::name, |history| of_goal(history, Goal::name))
        .computed(GoalHistory::description, |history| of_goal(history, Goal::description))
        .computed(GoalHistory::repeat, |history| of_goal(history, Goal::repeat))
        .computed(GoalHistory::is_subgoal, |history| Some(is_subgoal(history)))
}

fn of_goal(history: &View<'_, GoalHistory>, field: Field<Goal, Text>) -> Option<String> {
    history.follow::<Goal, _>(GoalHistory::goal_id)?.get(field).map(str::to_owned)
}

fn is_subgoal(history: &View<'_, GoalHistory>) -> bool {
    history.follow::<Goal, _>(GoalHistory::goal_id).is_some_and(|goal| goal.get(Goal::parent_id).is_some())
}

/// Documented: one for each goal, unless `unique` is off. Inferred: the latest.
pub fn goal_histories() -> List<GoalHistory, args::goalHistories> {
    type Asked = args::goalHistories;
    List::new()
        .filter_eq(Asked::user_id, GoalHistory::user_id)
        .filter(Asked::category, |history, category| {
            of_goal(history, Goal::repeat).is_some_and(|repeat| repeat.eq_ignore_ascii_case(category))
        })
        .filter(Asked::include_subgoals, |history, wanted| wanted || !is_subgoal(history))
        .keep(|history, asked| asked.get(Asked::unique).ok().flatten() == Some(false) || is_latest(history))
        .reads(Asked::unique)
        .order_by("ID", |history| Value::Id(history.id()))
        .default_order("ID_DESC")
}

fn is_latest(history: &View<'_, GoalHistory>) -> bool {
    let Some(goal) = history.get(GoalHistory::goal_id) else { return true };
    let when = |history: &View<'_, GoalHistory>| (history.get(GoalHistory::completed_on), history.id());
    history.on.having(GoalHistory::goal_id, goal).all(|other| when(&other) <= when(history))
}

/// Assumed: what is marked twice for a day is marked once.
pub fn create(call: &mut Call<'_, Create>) -> Result<Made, Refusal> {
    let goal = call.target::<Goal, _>(Create::goal_id)?;
    let day = day(call, call.get(Create::completed_on)?, "completed_on")?;
    let draft = call.draft::<GoalHistory>();
    call.check(&draft)?;
    if call.is(Create::mark_parent_complete) {
        let parent = goal.get(Goal::parent_id).and_then(|parent| call.find::<Goal>(parent));
        let parent = parent.ok_or_else(|| Refusal::on(Create::mark_parent_complete, "the goal has no parent"))?;
        complete(call, &parent, day);
    }
    let action = draft.value(GoalHistory::action.slot).clone();
    let completes = action.as_str() == Some("COMPLETED");
    let known = on_day(call, goal.id(), day).filter(|_| completes);
    let made = match known {
        Some(known) => known,
        None => {
            let person = goal.value(Goal::user_id.slot).clone();
            let mut draft = draft.belongs_to(goal.organization()).set(GoalHistory::goal_id, goal.id()).set(GoalHistory::completed_on, day);
            draft.set_value(GoalHistory::user_id.slot, person);
            draft.save(call)
        }
    };
    Ok(Made::nothing().also(Created::goalHistory, made))
}

fn complete(call: &mut Call<'_, Create>, goal: &Row<Goal>, day: Date) {
    if on_day(call, goal.id(), day).is_some() {
        return;
    }
    let mut draft = call.blank_draft::<GoalHistory>().belongs_to(goal.organization()).set(GoalHistory::goal_id, goal.id());
    draft.put(GoalHistory::completed_on, day);
    draft.set_value(GoalHistory::user_id.slot, goal.value(Goal::user_id.slot).clone());
    draft.save(call);
}

/// Documented: `id` is the goal's.
pub fn delete(call: &mut Call<'_, Delete>) -> Result<Made, Refusal> {
    let goal = call.target::<Goal, _>(Delete::id)?;
    let day = day(call, call.get(Delete::completed_on)?, "completed_on")?;
    let history = on_day(call, goal.id(), day).ok_or_else(|| Refusal::not_found("completed_on", GoalHistory::TYPE.name()))?;
    call.delete(&history);
    Ok(history.into())
}

fn on_day<I: Named>(call: &Call<'_, I>, goal: u64, day: Date) -> Option<Row<GoalHistory>> {
    let all = call.having(GoalHistory::goal_id, goal);
    let is_done = |own: &Row<GoalHistory>| own.get(GoalHistory::action).is_none_or(|action| action == "COMPLETED");
    all.into_iter().find(|own| own.get(GoalHistory::completed_on) == Some(day) && is_done(own))
}

/// Assumed: today, where no day is named.
fn day<I: Named>(call: &Call<'_, I>, text: Option<&str>, field: &'static str) -> Result<Date, Refusal> {
    match text.map(str::trim).filter(|text| !text.is_empty()) {
        Some(text) => moment::parse_date(text).ok_or_else(|| Refusal::named(field, "is invalid")),
        None => Ok(call.viewer().zone.to_datetime(call.now()).date()),
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_goal_is_done_once_a_day_and_undone_by_the_goals_id() {
        let clinic = Clinic::open().as_role("patient");
        let goal = clinic.id("Goal", "walk");
        let done = format!(
            r#"mutation {{ createGoalHistory(input: {{goal_id: "{goal}", completed_on: "2026-03-02"}}) {{ goalHistory {{ completed_on name user {{ first_name }} }} messages {{ message }} }} }}"#
        );
        let expected = json!({"goalHistory": {"completed_on": "2026-03-02", "name": "Walk after dinner", "user": {"first_name": "Ava"}}, "messages": null});
        assert_eq!(clinic.run(&done)["data"]["createGoalHistory"], expected);
        assert_eq!(clinic.run(&done)["data"]["createGoalHistory"], expected);
        assert_eq!(clinic.events(), ["goal_history.created"]);
        let met = format!(r#"{{ goal(id: "{goal}") {{ is_completed_for_date(date: "2026-03-02") }} }}"#);
        assert_eq!(clinic.run(&met)["data"]["goal"]["is_completed_for_date"], true);
        clinic.run(&format!(
            r#"mutation {{ deleteGoalHistory(input: {{id: "{goal}", completed_on: "2026-03-02"}}) {{ messages {{ message }} }} }}"#
        ));
        assert_eq!(clinic.events(), ["goal_history.deleted"]);
        assert_eq!(clinic.run(&met)["data"]["goal"]["is_completed_for_date"], false);
    }
}
