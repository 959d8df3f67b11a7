//! `createGoal`, `updateGoal` and `deleteGoal`: a goal with the smaller ones below it.

use super::goal_template;
use crate::engine::{Call, Draft, Made, Refusal, Row};
use crate::schema::Named;
use crate::schema::names::{CarePlan, Goal, GoalHistory, createGoalInput as Create, deleteGoalInput as Delete, updateGoalInput as Update};

pub fn create_goal(call: &mut Call<'_, Create>) -> Result<Made, Refusal> {
    if !call.is_blank(Create::care_plan_id) {
        call.target::<CarePlan, _>(Create::care_plan_id)?;
    }
    if !call.is_blank(Create::parent_id) {
        call.target::<Goal, _>(Create::parent_id)?;
    }
    // Nothing says how a program's goals differ.
    call.accept(Create::program_goal);
    let goal = call.draft::<Goal>();
    call.check(&goal)?;
    refuse_frequency(&goal)?;
    let goal = save_with_subgoals(call, goal)?;
    if call.is(Create::use_as_template) {
        goal_template::keep(call, &goal, None);
    }
    Ok(goal.into())
}

pub fn update_goal(call: &mut Call<'_, Update>) -> Result<Made, Refusal> {
    let goal = call.target::<Goal, _>(Update::id)?;
    call.accept(Update::from_update_form);
    call.accept(Update::program_goal);
    let draft = call.edit(&goal);
    call.check(&draft)?;
    refuse_frequency(&draft)?;
    let goal = save_with_subgoals(call, draft)?;
    match call.get(Update::use_as_template)? {
        Some(true) => goal_template::keep(call, &goal, None),
        Some(false) => goal_template::drop(call, &goal),
        None => {}
    }
    Ok(goal.into())
}

/// Inferred: what is below it goes too.
pub fn delete_goal(call: &mut Call<'_, Delete>) -> Result<Made, Refusal> {
    let goal = call.target::<Goal, _>(Delete::id)?;
    for subgoal in call.having(Goal::parent_id, goal.id()) {
        remove(call, &subgoal);
    }
    remove(call, &goal);
    Ok(goal.into())
}

fn remove(call: &mut Call<'_, Delete>, goal: &Row<Goal>) {
    for history in call.having(GoalHistory::goal_id, goal.id()) {
        call.silence(&history);
        call.delete(&history);
    }
    call.delete(goal);
}

/// Documented: one of three.
fn refuse_frequency(goal: &Draft<Goal>) -> Result<(), Refusal> {
    let known = ["Daily", "Weekly", "Once"];
    match goal.get(Goal::repeat) {
        Some(repeat) if !known.iter().any(|known| known.eq_ignore_ascii_case(repeat)) => {
            Err(Refusal::named("repeat", "is not included in the list"))
        }
        _ => Ok(()),
    }
}

/// What a subgoal doesn't say is as its goal has it.
fn save_with_subgoals<I: Named>(call: &mut Call<'_, I>, goal: Draft<Goal>) -> Result<Row<Goal>, Refusal> {
    let goal = goal.save(call);
    call.save_nested(&goal)
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_goal_has_smaller_ones_and_may_be_kept_as_a_template() {
        let clinic = Clinic::open().as_role("provider");
        let noor = clinic.id("User", "noor");
        let document = format!(
            r#"mutation {{ createGoal(input: {{user_id: "{noor}", name: "Drink water", repeat: "Daily", use_as_template: true, subgoals: [{{name: "Two glasses", repeat: "Daily"}}]}}) {{
                goal {{ name start_on repeat subgoals_count subgoals {{ name }} is_used_as_template user {{ first_name }} created_user {{ first_name }} }} messages {{ message }}
            }} }}"#
        );
        let goal = json!({
            "name": "Drink water", "start_on": "2026-03-02", "repeat": "Daily", "subgoals_count": "1",
            "subgoals": [{"name": "Two glasses"}], "is_used_as_template": true,
            "user": {"first_name": "Noor"}, "created_user": {"first_name": "Priya"},
        });
        assert_eq!(clinic.run(&document)["data"]["createGoal"], json!({"goal": goal, "messages": null}));
        let events = ["goal.created", "goal.created", "goal_template.created", "goal_template.created"];
        assert_eq!(clinic.events(), events);
        assert_eq!(clinic.run(&format!(r#"{{ goals(user_id: "{noor}") {{ name }} }}"#))["data"]["goals"], json!([{"name": "Drink water"}]));
        clinic.refuses(r#"createGoal(input: {name: "Run"})"#, &[("repeat", "can't be blank")]);
        clinic.refuses(r#"createGoal(input: {name: "Run", repeat: "Hourly"})"#, &[("repeat", "is not included in the list")]);
    }
}
