//! Prescribing elsewhere: who has signed up for it, and the page that would open for a patient.

use crate::engine::{Answer, Entity, Input, QueryError, Reading, Value};
use crate::schema::names::{DoseSpot, Location, User, args};

pub fn entity() -> Entity<DoseSpot> {
    Entity::usual()
        .defaults(DoseSpot::approved, false)
        .defaults(DoseSpot::notification_count, 0)
        .defaults(DoseSpot::registration_status, false)
}

/// Documented: the patient needs a phone number, a day of birth and an address. The text is assumed; the page is nowhere.
pub fn ui_link(on: Reading<'_>, asked: &Input<'_, args::dosespot_ui_link>) -> Result<Answer, QueryError> {
    type Asked = args::dosespot_ui_link;
    asked.accept(Asked::form_answer_group_id);
    let patient = asked.get(Asked::patient_id).ok().flatten().filter(|_| on.viewer().is_member()).and_then(|id| on.find::<User>(id));
    let Some(patient) = patient else { return Ok(Answer::NULL) };
    let home = on.having(Location::user_id, patient.id()).next();
    let lives = |field| home.as_ref().and_then(|home| home.get(field)).is_some_and(|part: &str| !part.trim().is_empty());
    let parts = [
        (patient.get(User::phone_number).is_some_and(|number| !number.is_empty()), "phone_number"),
        (patient.get(User::dob).is_some(), "dob"),
        (lives(Location::line1), "location.line1"),
        (lives(Location::city), "location.city"),
        (lives(Location::state), "location.state"),
        (lives(Location::zip), "location.zip"),
    ];
    let missing: Vec<&str> = parts.into_iter().filter(|(there, _)| !there).map(|(_, name)| name).collect();
    match missing.is_empty() {
        true => Ok(Value::from(format!("{}/dosespot/patients/{}", on.scene.origin, patient.id())).into()),
        false => Err(QueryError(format!("Patient is missing required fields: {}", missing.join(", ")))),
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    #[test]
    fn a_page_opens_for_patients_whose_address_is_known() {
        let clinic = Clinic::open();
        let link = |handle: &str| clinic.run(&format!(r#"{{ dosespot_ui_link(patient_id: "{}") }}"#, clinic.id("User", handle)));
        assert!(
            link("patient")["data"]["dosespot_ui_link"].as_str().is_some_and(|link| link.starts_with("http://localhost:4000/dosespot/"))
        );
        let message = link("sparse")["errors"][0]["message"].as_str().unwrap_or_default().to_owned();
        assert!(message.contains("location.line1"), "{message}");
    }

    #[test]
    fn a_clinician_signs_up_with_what_the_role_needs() {
        let clinic = Clinic::open().as_role("provider");
        let base = r#"full_name: "Priya Raman", business_address: "480 Alder Street", city: "New York", state: "NY", zip: "10001", date_of_birth: "1980-01-01",
            fax_number: "212-555-0150", work_phone_number: "212-555-0103""#;
        clinic.refuses(
            &format!("createDosespotClinician(input: {{{base}, role: 1}})"),
            &[("npi_number", "can't be blank"), ("eligible_prescribe_medications", "can't be blank")],
        );
        let made = clinic.run(&format!("mutation {{ createDosespotClinician(input: {{{base}, role: 6}}) {{ dosespot_user {{ user_id role approved }} messages {{ message }} }} }}"));
        let user = &made["data"]["createDosespotClinician"]["dosespot_user"];
        assert_eq!((user["role"].as_str(), user["user_id"].as_str()), (Some("PROXY"), Some(clinic.id("User", "provider").as_str())));
        assert!(!clinic.run("{ dosespotUserInfo { id } }")["data"]["dosespotUserInfo"].is_null());
    }
}
