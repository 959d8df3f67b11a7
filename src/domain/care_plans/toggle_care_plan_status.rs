//! `toggleCarePlanStatusForSpecificUser`: a plan becomes somebody's active one, or stops being it.

use super::activation::{activate, deactivate};
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{CarePlan, User, toggleCarePlanStatusForSpecificUserInput as Input};

pub fn toggle_care_plan_status(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let plan = call.target::<CarePlan, _>(Input::id)?;
    let patient = match call.is_blank(Input::patient_id) {
        // Assumed: the plan's own, where nobody is named.
        true => plan.get(CarePlan::patient_id).ok_or_else(|| Refusal::not_found("patient_id", "User"))?,
        false => call.target::<User, _>(Input::patient_id)?.id(),
    };
    match call.require(Input::activate)? {
        true => activate(call, plan.id(), patient),
        false => deactivate(call, plan.id(), patient),
    }
    Ok(call.find::<CarePlan>(plan.id()).unwrap_or(plan).into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn one_plan_at_a_time_is_active() {
        let clinic = Clinic::open();
        let patient = clinic.id("User", "patient");
        let (before, other) = (clinic.id("CarePlan", "heart_health"), clinic.id("CarePlan", "sleep"));
        let toggle = |plan: &str, activate: bool| {
            clinic.run(&format!(
                r#"mutation {{ toggleCarePlanStatusForSpecificUser(input: {{ id: "{plan}", patient_id: "{patient}", activate: {activate} }}) {{ carePlan {{ is_active }} messages {{ message }} }} }}"#
            ))["data"]["toggleCarePlanStatusForSpecificUser"].clone()
        };
        let active = || {
            clinic.run(&format!(r#"{{ user(id: "{patient}") {{ active_care_plan {{ id }} }} }}"#))["data"]["user"]["active_care_plan"]
                .clone()
        };
        assert_eq!(active(), json!({ "id": before }));
        assert_eq!(toggle(&other, true), json!({ "carePlan": { "is_active": true }, "messages": null }));
        assert_eq!(active(), json!({ "id": other }));
        assert_eq!(clinic.events(), ["care_plan.deactivated", "patient.updated", "care_plan.activated"]);
        assert_eq!(toggle(&other, false)["carePlan"], json!({ "is_active": false }));
        assert_eq!(clinic.events(), ["care_plan.deactivated", "patient.updated"]);
    }
}
