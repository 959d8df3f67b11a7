//! `createOrganizationCptCode`: what the organization charges for a procedure, and what insurers pay for it.

use super::organization_cpt_code::{find, write_fees};
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{Organization, OrganizationCptCodeType, createOrganizationCptCodeInput as Input};

pub fn create_organization_cpt_code(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let own = call.viewer().organization();
    let organization = match call.is_blank(Input::organization_id) {
        true => own,
        false => call.target::<Organization, _>(Input::organization_id)?.id(),
    };
    if !call.viewer().reaches(organization) {
        return Err(Refusal::no_permission("create this organization cpt code"));
    }
    let draft = call.draft::<OrganizationCptCodeType>().belongs_to(organization);
    call.check(&draft)?;
    // Assumed: a procedure has one line in a fee schedule.
    if draft.get(OrganizationCptCodeType::cpt_code_id).is_some_and(|code| find(call.on(), organization, code).is_some()) {
        return Err(Refusal::on(Input::cpt_code_id, "has already been taken"));
    }
    let row = draft.set(OrganizationCptCodeType::organization_id, organization).save(call);
    if let Some(fees) = call.get(Input::organization_cpt_code_insurance_fees)? {
        write_fees(call, &row, &fees)?;
    }
    Ok(row.into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_procedure_has_a_price_and_insurers_fees() {
        let clinic = Clinic::open();
        let [code, aetna, cigna] =
            [clinic.id("CptCode", "c97804"), clinic.id("InsurancePlan", "aetna"), clinic.id("InsurancePlan", "cigna")];
        let create = format!(
            r#"createOrganizationCptCode(input: {{cpt_code_id: "{code}", price_per_unit: "60",
                organization_cpt_code_insurance_fees: [{{insurance_plan_id: "{aetna}", fee_per_unit: 5500}}]}})"#
        );
        let fields = "organization_cpt_code { id price_per_unit organization_cpt_code_insurance_fees_count
            organization_cpt_code_insurance_fees { fee_per_unit insurance_plan { payer_name is_in_fee_schedules } } } messages { message }";
        let made =
            clinic.run(&format!("mutation {{ {create} {{ {fields} }} }}"))["data"]["createOrganizationCptCode"]["organization_cpt_code"]
                .clone();
        let id = made["id"].as_str().expect("made");
        assert_eq!(
            made["organization_cpt_code_insurance_fees"],
            json!([{"fee_per_unit": 5500, "insurance_plan": {"payer_name": "Aetna", "is_in_fee_schedules": true}}])
        );
        clinic.refuses(&create, &[("cpt_code_id", "has already been taken")]);
        let update = format!(
            r#"mutation {{ updateOrganizationCptCode(input: {{id: "{id}", price_per_unit: "65.50", organization_cpt_code_insurance_fees: [
                {{insurance_plan_id: "{aetna}", _destroy: true}}, {{insurance_plan_id: "{cigna}", fee_per_unit: 5000}}]}}) {{ {fields} }} }}"#
        );
        let changed = clinic.run(&update)["data"]["updateOrganizationCptCode"]["organization_cpt_code"].clone();
        assert_eq!((&changed["price_per_unit"], &changed["organization_cpt_code_insurance_fees_count"]), (&json!("65.50"), &json!("1")));
        assert_eq!(changed["organization_cpt_code_insurance_fees"][0]["fee_per_unit"], 5000);
        let read = format!(
            r#"{{ organizationFeeScheduleCptCode(cpt_code_id: "{code}") {{ id code fee_per_unit_cents }}
                organizationFeeScheduleCptCodes(keywords: "group", first: 1) {{ total_count nodes {{ code fee_per_unit_cents }} }} }}"#
        );
        assert_eq!(
            clinic.run(&read)["data"],
            json!({"organizationFeeScheduleCptCode": {"id": code, "code": "97804", "fee_per_unit_cents": 6550},
                "organizationFeeScheduleCptCodes": {"total_count": 1, "nodes": [{"code": "97804", "fee_per_unit_cents": 6550}]}})
        );
    }

    #[test]
    fn a_price_is_an_amount_and_a_fee_an_insurer_s() {
        let clinic = Clinic::open();
        let code = clinic.id("CptCode", "c97804");
        let create = |more: &str| format!(r#"createOrganizationCptCode(input: {{cpt_code_id: "{code}"{more}}})"#);
        clinic.refuses(&create(r#", price_per_unit: "dear""#), &[("price_per_unit", "is not a number")]);
        clinic.refuses(
            &create(", organization_cpt_code_insurance_fees: [{fee_per_unit: 1}]"),
            &[("organization_cpt_code_insurance_fees", "InsurancePlan not found")],
        );
        clinic.refuses("createOrganizationCptCode(input: {})", &[("cpt_code_id", "can't be blank")]);
    }
}
