//! `bulkApplyCarePlanTemplate`: everybody named, and every group, gets a plan like the template.

use super::activation::activate;
use super::template::{copy_items, copy_plan};
use crate::engine::{Answer, Call, Made, Refusal};
use crate::schema::names::{
    CarePlan, User, UserGroup, bulkApplyCarePlanTemplateInput as Input, bulkApplyCarePlanTemplatePayload as Payload,
};

pub fn bulk_apply_care_plan_template(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let template = call.target::<CarePlan, _>(Input::id)?;
    let users = call.targets::<User>(Input::user_ids)?;
    let groups = call.targets::<UserGroup>(Input::user_group_ids)?;
    let forces = call.is(Input::force_activation);
    let mut made = Vec::new();
    for user in users {
        let plan = copy_plan(call, &template).set(CarePlan::patient_id, user.id()).save(call);
        copy_items(call, template.id(), &plan);
        // Assumed: without force, only who has no active plan gets this one as such.
        if forces || user.value(User::active_care_plan.slot).is_null() {
            activate(call, plan.id(), user.id());
        }
        made.push(plan.id());
    }
    for group in groups {
        let plan = copy_plan(call, &template).set(CarePlan::user_group_id, group.id()).save(call);
        copy_items(call, template.id(), &plan);
        made.push(plan.id());
    }
    let made: Vec<_> = made.into_iter().filter_map(|plan| call.find::<CarePlan>(plan)).collect();
    Ok(Made::nothing().also(Payload::carePlans, Answer::records(made)))
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_template_becomes_a_plan_for_each() {
        let clinic = Clinic::open();
        let (template, rosa, group) = (clinic.id("CarePlan", "template"), clinic.id("User", "rosa"), clinic.id("UserGroup", "heart"));
        let answer = clinic.run(&format!(
            r#"mutation {{ bulkApplyCarePlanTemplate(input: {{ id: "{template}", user_ids: ["{rosa}"], user_group_ids: ["{group}"] }}) {{
                carePlans {{ name is_template is_active assigned_to recommendations {{ sanitized_body }} }} messages {{ message }} }} }}"#
        ));
        let plan = |active: bool, to: &str| json!({ "name": "Heart basics", "is_template": false, "is_active": active, "assigned_to": to, "recommendations": [{ "sanitized_body": "Less salt." }] });
        let expected = json!({ "carePlans": [plan(true, "Rosa Delgado"), plan(false, "Heart Health")], "messages": null });
        assert_eq!(answer["data"]["bulkApplyCarePlanTemplate"], expected);
    }
}
