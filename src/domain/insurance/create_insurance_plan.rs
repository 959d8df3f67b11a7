//! `createInsurancePlan`: a plan that the catalogue lacks.

use super::accepted;
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{InsurancePlan, createInsurancePlanInput as Input};

pub fn create_insurance_plan(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let draft = call.draft::<InsurancePlan>();
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
    fn a_plan_that_the_catalogue_lacks_is_made_changed_and_dropped() {
        let clinic = Clinic::open();
        let answer = clinic.run(
            r#"mutation { createInsurancePlan(input: {payer_name: "Elm Mutual", payer_id: "00991", add_as_accepted_insurance_plan: true}) {
            insurance_plan { id name_and_id is_custom is_accepted is_in_fee_schedules known: is_accepted(known_value: false) } messages { message } } }"#,
        );
        let plan = &answer["data"]["createInsurancePlan"]["insurance_plan"];
        let id = plan["id"].as_str().expect("made").to_owned();
        assert_eq!(
            *plan,
            json!({"id": id, "name_and_id": "Elm Mutual - 00991", "is_custom": true, "is_accepted": true, "is_in_fee_schedules": false, "known": false})
        );
        let found = |clinic: &Clinic| {
            clinic.run(r#"{ insurancePlans(is_custom: true, keywords: "elm") { payer_name } }"#)["data"]["insurancePlans"].clone()
        };
        assert_eq!(found(&clinic), json!([{"payer_name": "Elm Mutual"}]));
        assert_eq!(found(&clinic.as_role("outsider")), json!([]));
        clinic.run(&format!(r#"mutation {{ deleteInsurancePlan(input: {{id: "{id}"}}) {{ messages {{ message }} }} }}"#));
        assert_eq!(found(&clinic), json!([]));
        assert_eq!(clinic.events(), ["accepted_insurance_plan.created", "accepted_insurance_plan.deleted"]);
    }
}
