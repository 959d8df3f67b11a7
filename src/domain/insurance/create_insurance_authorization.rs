//! `createInsuranceAuthorization`: what a payer has authorized, for a patient or one of the patient's policies.

use crate::engine::{CANT_BE_BLANK, Call, Made, Refusal};
use crate::schema::names::{InsuranceAuthorizationType, Policy, User, createInsuranceAuthorizationInput as Input};

pub fn create_insurance_authorization(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let policy = match call.is_blank(Input::policy_id) {
        true => None,
        false => Some(call.target::<Policy, _>(Input::policy_id)?),
    };
    let patient = match call.is_blank(Input::user_id) {
        true => policy.as_ref().and_then(|policy| policy.get(Policy::user_id)),
        false => Some(call.target::<User, _>(Input::user_id)?.id()),
    };
    // Assumed: of nobody there is nothing to authorize.
    let patient = patient.ok_or_else(|| Refusal::on(Input::user_id, CANT_BE_BLANK))?;
    let draft = call.draft::<InsuranceAuthorizationType>().set(InsuranceAuthorizationType::user_id, patient);
    call.check(&draft)?;
    Ok(draft.save(call).into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn it_says_what_is_left() {
        let clinic = Clinic::open();
        let patient = clinic.id("User", "noor");
        let answer = clinic.run(&format!(
            r#"mutation {{ createInsuranceAuthorization(input: {{user_id: "{patient}", visits_authorized: "10", visits_used: "4",
                start_on: "2026-02-20", end_on: "2026-03-12"}}) {{
            insuranceAuthorization {{ id units_authorized units_used units_left visits_left user_id
                chart_info {{ middle_date_value left_section_width right_section_width }} }} messages {{ message }} }} }}"#
        ));
        let made = &answer["data"]["createInsuranceAuthorization"]["insuranceAuthorization"];
        let id = made["id"].as_str().expect("made");
        assert_eq!(
            *made,
            json!({"id": id, "units_authorized": "10", "units_used": "4", "units_left": "6", "visits_left": "6", "user_id": patient,
                "chart_info": {"middle_date_value": "2026-03-02", "left_section_width": "50%", "right_section_width": "50%"}})
        );
        assert_eq!(
            clinic.run(&format!(r#"{{ insuranceAuthorization(client_id: "{patient}") {{ id }} user(id: "{patient}") {{ insurance_authorization {{ id }} }} }}"#))
                ["data"],
            json!({"insuranceAuthorization": {"id": id}, "user": {"insurance_authorization": {"id": id}}})
        );
        clinic.run(&format!(
            r#"mutation {{ updateInsuranceAuthorization(input: {{id: "{id}", visits_used: "5"}}) {{ messages {{ message }} }} }}"#
        ));
        assert_eq!(clinic.events(), ["insurance_authorization.created", "insurance_authorization.updated"]);
        clinic.refuses("createInsuranceAuthorization(input: {})", &[("user_id", "can't be blank")]);
    }
}
