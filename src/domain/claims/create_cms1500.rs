//! `createCms1500`: a claim, with its rows, policies and what the form says of patient and provider.

use super::{permission, write::Parts};
use crate::engine::{CANT_BE_BLANK, Call, Made, Refusal, Row};
use crate::schema::names::{
    Appointment, Cms1500, DietitianInput, FormAnswerGroup, Location, PatientInput, User, createCms1500Input as Input,
};

pub fn create_cms1500(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    permission::refuse_claims(call)?;
    let parts = Parts {
        patient: call.get(Input::patient)?,
        dietitian: call.get(Input::dietitian)?,
        organization_info: call.get(Input::organization_info)?,
        other_id: call.get(Input::rendering_provider_other_id_number)?,
    };
    let patient = patient(call, &parts)?;
    let provider = provider(call, &parts)?;
    refuse_blanks(call, &parts, &patient)?;
    let draft = call.draft::<Cms1500>().set(Cms1500::patient_id, patient.id()).set(Cms1500::dietitian_id, provider.id());
    call.check(&draft)?;
    let claim = draft.save(call);
    let claim = call.save_nested(&claim)?;
    Ok(parts.write_through(call, claim)?.into())
}

/// Documented: named in `patient`; `patient_id` is the old way.
fn patient(call: &Call<'_, Input>, parts: &Parts<'_>) -> Result<Row<User>, Refusal> {
    let named = parts.patient.as_ref().and_then(|patient| patient.get(PatientInput::id)).or(call.get(Input::patient_id)?);
    let id = named.ok_or_else(|| Refusal::on(Input::patient, CANT_BE_BLANK))?;
    let found = call.find::<User>(id).filter(|user| user.is(User::is_patient));
    found.ok_or_else(|| Refusal::not_found("patient", "User"))
}

fn provider(call: &Call<'_, Input>, parts: &Parts<'_>) -> Result<Row<User>, Refusal> {
    let named = parts.dietitian.as_ref().and_then(|dietitian| dietitian.get(DietitianInput::id)).or(call.get(Input::dietitian_id)?);
    let id = named.ok_or_else(|| Refusal::on(Input::dietitian_id, CANT_BE_BLANK))?;
    let found = call.find::<User>(id).filter(|user| !user.is(User::is_patient));
    found.ok_or_else(|| Refusal::not_found("dietitian_id", "User"))
}

/// Documented: the patient's address, the place of service and the policies, of which there may be none. Assumed: an address
/// that is known already will do.
fn refuse_blanks(call: &Call<'_, Input>, parts: &Parts<'_>, patient: &Row<User>) -> Result<(), Refusal> {
    let address = parts.patient.as_ref().and_then(|patient| patient.get(PatientInput::location)).is_some();
    let blanks = [
        (!address && call.having(Location::user_id, patient.id()).is_empty(), "patient.location"),
        (call.is_blank(Input::service_location_id) && call.is_blank(Input::service_location), "service_location_id"),
        (call.is_blank(Input::cms1500_policies), "cms1500_policies"),
    ];
    Refusal::all(blanks.into_iter().filter(|(blank, _)| *blank).map(|(_, field)| Refusal::named(field, CANT_BE_BLANK)))?;
    if !call.is_blank(Input::appointment_id) {
        call.target::<Appointment, _>(Input::appointment_id)?;
    }
    if !call.is_blank(Input::form_answer_group_id) {
        call.target::<FormAnswerGroup, _>(Input::form_answer_group_id)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    fn input(clinic: &Clinic, more: &str) -> String {
        let [patient, provider, place] = [clinic.id("User", "noor"), clinic.id("User", "provider"), clinic.id("Location", "provider")];
        format!(
            r#"createCms1500(input: {{patient: {{id: "{patient}", dob: "1991-04-05", location: {{line1: "8 Oak Row", zip: "10003"}}}},
                dietitian: {{id: "{provider}", npi: "1000000046"}}, service_location_id: "{place}"{more}}})"#
        )
    }

    #[test]
    fn a_claim_is_made_with_its_rows_and_writes_through() {
        let clinic = Clinic::open();
        let [cpt, icd, plan] = [clinic.id("CptCode", "c97802"), clinic.id("IcdCode", "e11_9"), clinic.id("InsurancePlan", "cigna")];
        let create = input(
            &clinic,
            &format!(
                r#", cms1500_policies: [{{policy: {{num: "N1", holder_dob: "1991-04-05", holder_relationship: "Self", insurance_plan_id: "{plan}"}}}}],
                cpt_codes_cms1500s: [{{cpt_code_id: "{cpt}", units: "2", fee: "45", service_date: "2026-02-27", mod1: "95"}}],
                icd_codes_cms1500s: [{{icd_code_id: "{icd}"}}], referral_info: {{prior_auth_number: "P-9"}},
                rendering_provider_other_id_number: {{other_id: "G7", other_id_qualifier: "G2"}}"#
            ),
        );
        let answer = clinic.run(&format!(
            "mutation {{ {create} {{ cms1500 {{ id status total_charge primary_plan_name date_of_service referral_info {{ prior_auth_number }}
                patient {{ dob location {{ line1 }} policies {{ num }} }} rendering_provider {{ npi }} icd_codes_cms1500s {{ icd_code {{ code }} }}
                rendering_provider_other_id_object {{ other_id }} }} messages {{ field message }} }} }}"
        ));
        let claim = &answer["data"]["createCms1500"]["cms1500"];
        let id = claim["id"].as_str().unwrap_or_else(|| panic!("made: {answer}"));
        assert_eq!(
            *claim,
            json!({"id": id, "status": "Not Sent", "total_charge": "90.00", "primary_plan_name": "Cigna", "date_of_service": "2026-02-27",
                "referral_info": {"prior_auth_number": "P-9"}, "patient": {"dob": "1991-04-05", "location": {"line1": "8 Oak Row"}, "policies": [{"num": "N1"}]},
                "rendering_provider": {"npi": "1000000046"}, "icd_codes_cms1500s": [{"icd_code": {"code": "E11.9"}}],
                "rendering_provider_other_id_object": {"other_id": "G7"}})
        );
        let events = clinic.events();
        assert_eq!(events[0], "cms1500.created");
        assert!(
            ["policy.created", "patient.updated", "other_id_number.created"].iter().all(|event| events.iter().any(|told| told == event)),
            "{events:?}"
        );
        let update = format!(
            r#"mutation {{ updateCms1500(input: {{id: "{id}", status: "Sent", amount_paid: "10"}}) {{ cms1500 {{ status client_responsibility }} messages {{ message }} }} }}"#
        );
        assert_eq!(
            clinic.run(&update)["data"]["updateCms1500"],
            json!({"cms1500": {"status": "Sent", "client_responsibility": "80.00"}, "messages": null})
        );
        assert_eq!(clinic.events(), ["cms1500.updated"]);
    }

    #[test]
    fn what_a_claim_needs_is_asked_for() {
        let clinic = Clinic::open();
        clinic.refuses(&input(&clinic, ""), &[("cms1500_policies", "can't be blank")]);
        clinic.refuses("createCms1500(input: {})", &[("patient", "can't be blank")]);
        clinic
            .refuses(&input(&clinic, r#", cms1500_policies: [], cpt_codes_cms1500s: [{fee: "1"}]"#), &[("cpt_code_id", "can't be blank")]);
        assert_eq!(clinic.events(), [] as [&str; 0]);
    }
}
