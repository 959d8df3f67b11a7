//! Rules that make tasks by themselves. They are kept; the emulator makes no tasks of them.

use crate::engine::{Call, Draft, Entity, List, Made, Refusal, Within};
use crate::schema::Named;
use crate::schema::names::{AutoTaskGenerator, User, args, createAutoTaskGeneratorInput as Input, updateAutoTaskGeneratorInput};

type Rule = AutoTaskGenerator;

/// Documented: what a rule may look at.
const CATEGORIES: [&str; 8] = [
    "chart_note_unsigned_after_session",
    "client_inactivity",
    "metrics_in_month",
    "days_from_client_creation",
    "weeks_following_client_creation",
    "odd_weeks_starting_given_weeks_after_client_creation",
    "days_from_added_to_group",
    "sequential_cancel",
];

pub fn entity() -> Entity<Rule> {
    Entity::usual()
        .requires(Rule::category)
        .requires(Rule::task_description)
        .defaults(Rule::is_enabled, true)
        .defaults(Rule::number_to_check, 0.0)
}

/// Documented: those of one person; assumed, the caller's where nobody is named.
pub fn auto_task_generators() -> List<Rule, args::autoTaskGenerators> {
    List::new().unpaged().within(|on, asked| {
        let whose = asked.get(args::autoTaskGenerators::user_id).ok().flatten().or(on.viewer().id());
        whose.map_or_else(Within::nothing, |whose| Within::having(Rule::user_id, whose))
    })
}

pub fn create_auto_task_generator(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let rule = call.draft::<Rule>();
    refuse(call, &rule)?;
    Ok(rule.save(call).into())
}

pub fn update_auto_task_generator(call: &mut Call<'_, updateAutoTaskGeneratorInput>) -> Result<Made, Refusal> {
    let rule = call.target::<Rule, _>(updateAutoTaskGeneratorInput::id)?;
    let draft = call.edit(&rule);
    refuse(call, &draft)?;
    Ok(draft.save(call).into())
}

fn refuse<I: Named>(call: &Call<'_, I>, rule: &Draft<Rule>) -> Result<(), Refusal> {
    call.check(rule)?;
    if !rule.get(Rule::category).is_some_and(|category| CATEGORIES.contains(&category)) {
        return Err(Refusal::named("category", "is not included in the list"));
    }
    let given = rule.get(Rule::user_id_for_task).filter(|user| !user.is_empty());
    if given.is_some_and(|user| user.parse().ok().and_then(|user| call.find::<User>(user)).is_none()) {
        return Err(Refusal::not_found("user_id_for_task", "User"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_rule_is_kept() {
        let clinic = Clinic::open();
        let made = clinic.run(
            r#"mutation { createAutoTaskGenerator(input: { category: "client_inactivity", number_to_check: "14", task_description: "Check in", days_due_from_created_at: 2 }) {
                auto_task_generator { category number_to_check task_description is_enabled days_due_from_created_at } messages { field message } } }"#,
        );
        assert_eq!(
            made["data"]["createAutoTaskGenerator"],
            json!({
                "auto_task_generator": { "category": "client_inactivity", "number_to_check": 14.0, "task_description": "Check in", "is_enabled": true, "days_due_from_created_at": 2 },
                "messages": null
            })
        );
        clinic.refuses(
            r#"createAutoTaskGenerator(input: { category: "moon", task_description: "Howl" })"#,
            &[("category", "is not included in the list")],
        );
        clinic
            .as_role("limited")
            .refuses("createAutoTaskGenerator(input: {})", &[("base", "You do not have permission to create this auto task generator.")]);
    }
}
