//! `createAcceptedInsurancePlan`: one or several at once; those that are accepted already stay as they are.

use super::accepted;
use crate::engine::{Answer, CANT_BE_BLANK, Call, Made, Refusal};
use crate::schema::names::{InsurancePlan, createAcceptedInsurancePlanInput as Input, createAcceptedInsurancePlanPayload as Payload};

pub fn create_accepted_insurance_plan(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let ids = call.require(Input::insurance_plan_ids)?;
    if ids.is_empty() {
        return Err(Refusal::on(Input::insurance_plan_ids, CANT_BE_BLANK));
    }
    let plans = call.targets::<InsurancePlan>(Input::insurance_plan_ids)?;
    let rows: Vec<_> = plans.iter().map(|plan| accepted::accept(call, plan.id())).collect();
    let setting = accepted::appointment_setting(call.on());
    Ok(Made::nothing().also(Payload::accepted_insurance_plans, Answer::records(rows)).also(Payload::appointment_setting, setting))
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_plan_is_accepted_once_and_by_providers_too() {
        let clinic = Clinic::open();
        let [plan, provider] = [clinic.id("InsurancePlan", "humana"), clinic.id("User", "provider2")];
        let accept = format!(
            r#"mutation {{ createAcceptedInsurancePlan(input: {{insurance_plan_ids: ["{plan}"]}}) {{
                accepted_insurance_plans {{ id insurance_plan {{ payer_name }} }} messages {{ message }} }} }}"#
        );
        let first = clinic.run(&accept);
        assert_eq!(clinic.run(&accept), first);
        let row = &first["data"]["createAcceptedInsurancePlan"]["accepted_insurance_plans"][0];
        assert_eq!(row["insurance_plan"], json!({"payer_name": "Humana"}));
        let row = row["id"].as_str().expect("made");
        let link = format!(
            r#"mutation {{ createProviderAcceptedInsurancePlans(input: {{provider_id: "{provider}", accepted_insurance_plan_ids: ["{row}"]}}) {{
                provider_accepted_insurance_plans {{ accepted_insurance_plan {{ id }} provider {{ last_name }} organization {{ name }} }} messages {{ message }} }} }}"#
        );
        assert_eq!(
            clinic.run(&link)["data"]["createProviderAcceptedInsurancePlans"]["provider_accepted_insurance_plans"],
            json!([{"accepted_insurance_plan": {"id": row}, "provider": {"last_name": "Okafor"}, "organization": {"name": "Juniper Family Nutrition"}}])
        );
        let listed = format!(r#"{{ providerAcceptedInsurancePlans(provider_id: "{provider}") {{ id }} }}"#);
        let count = |clinic: &Clinic| clinic.run(&listed)["data"]["providerAcceptedInsurancePlans"].as_array().map(Vec::len);
        let before = count(&clinic).expect("a list");
        // By the plan's id, and the provider's goes with it.
        let delete = format!(
            r#"mutation {{ deleteAcceptedInsurancePlan(input: {{id: "{plan}"}}) {{ accepted_insurance_plan {{ id }} messages {{ message }} }} }}"#
        );
        assert_eq!(clinic.run(&delete)["data"]["deleteAcceptedInsurancePlan"]["accepted_insurance_plan"]["id"], row);
        assert_eq!(count(&clinic), Some(before - 1));
        assert_eq!(clinic.events(), ["accepted_insurance_plan.created", "accepted_insurance_plan.deleted"]);
    }

    #[test]
    fn nothing_is_accepted_of_nothing() {
        let clinic = Clinic::open();
        clinic.refuses("createAcceptedInsurancePlan(input: {})", &[("insurance_plan_ids", "can't be blank")]);
        clinic.refuses(
            r#"createAcceptedInsurancePlan(input: {insurance_plan_ids: ["1"]})"#,
            &[("insurance_plan_ids", "InsurancePlan not found")],
        );
        clinic.refuses(r#"deleteAcceptedInsurancePlan(input: {id: "1"})"#, &[("id", "AcceptedInsurancePlan not found")]);
    }
}
