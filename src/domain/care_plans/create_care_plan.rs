//! `createCarePlan`: a plan for a patient, or one that has no patient yet. Inactive at first (inferred).

use super::care_plan::refuse_template;
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{CarePlan, User, createCarePlanInput as Input};

pub fn create_care_plan(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    if !call.is_blank(Input::patient_id) {
        call.target::<User, _>(Input::patient_id)?;
    }
    // Assumed: who manages templates makes one.
    let is_template = call.is(Input::is_managing_templates);
    refuse_template(call, is_template, "create this care plan")?;
    let plan = call.draft::<CarePlan>().set(CarePlan::is_template, is_template);
    call.check(&plan)?;
    Ok(plan.save(call).into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_plan_is_hidden_and_inactive_at_first() {
        let clinic = Clinic::open().as_role("provider");
        let patient = clinic.id("User", "patient");
        let make = format!(
            r#"mutation {{ createCarePlan(input: {{ patient_id: "{patient}", name: "Sleep" }}) {{ carePlan {{ name is_hidden is_active is_group is_template assigned_to creator {{ last_name }} patient {{ id }} }} messages {{ message }} }} }}"#
        );
        let made = json!({
            "name": "Sleep", "is_hidden": true, "is_active": false, "is_group": false, "is_template": false,
            "assigned_to": "Ava Thornton", "creator": { "last_name": "Raman" }, "patient": { "id": patient },
        });
        assert_eq!(clinic.run(&make)["data"]["createCarePlan"], json!({ "carePlan": made, "messages": null }));
        assert_eq!(clinic.events(), ["care_plan.created"]);
        clinic.refuses("createCarePlan(input: {})", &[("name", "can't be blank")]);
        let limited = clinic.as_role("limited");
        limited.refuses(
            r#"createCarePlan(input: { name: "T", is_managing_templates: true })"#,
            &[("base", "You do not have permission to create this care plan.")],
        );
    }
}
