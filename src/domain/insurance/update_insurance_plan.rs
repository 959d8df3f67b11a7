//! `updateInsurancePlan`: changes a plan that the organization made for itself.

use super::{accepted, insurance_plan::refuse_catalogue};
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{InsurancePlan, updateInsurancePlanInput as Input};

pub fn update_insurance_plan(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let plan = call.target::<InsurancePlan, _>(Input::id)?;
    refuse_catalogue(&plan, "update this insurance plan")?;
    let draft = call.edit(&plan);
    call.check(&draft)?;
    let plan = draft.save(call);
    if call.is(Input::add_as_accepted_insurance_plan) {
        accepted::accept(call, plan.id());
    }
    Ok(plan.into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn the_catalogue_is_everybody_s_and_nobody_s() {
        let clinic = Clinic::open();
        let id = clinic.id("InsurancePlan", "aetna");
        assert_eq!(
            clinic.as_role("patient").run(&format!(r#"{{ insurancePlans(ids: "[{id}]") {{ payer_name is_custom }} }}"#))["data"],
            json!({"insurancePlans": [{"payer_name": "Aetna", "is_custom": false}]})
        );
        clinic.refuses(
            &format!(r#"updateInsurancePlan(input: {{id: "{id}", payer_name: "Mine"}})"#),
            &[("base", "You do not have permission to update this insurance plan.")],
        );
        clinic.refuses(r#"createInsurancePlan(input: {payer_id: "1"})"#, &[("payer_name", "can't be blank")]);
    }
}
