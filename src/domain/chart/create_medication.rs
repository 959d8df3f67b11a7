//! `createMedication`: something that a patient takes.

use crate::engine::{Call, Draft, Made, Refusal};
use crate::schema::Named;
use crate::schema::names::{DosageType, MedicationType, createMedicationInput as Input};

pub fn create_medication(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let mut medication = call.draft::<MedicationType>();
    // Documented: a patient has to be named. Assumed: unless one calls.
    if !call.viewer().is_patient() {
        call.require(Input::user_id)?;
    }
    if let Some(name) = custom(medication.get(MedicationType::name), call.get(Input::custom_name)?) {
        medication.put(MedicationType::name, name);
    }
    take_dosage(call, &mut medication)?;
    date_back(call, &mut medication)?;
    end_only_what_is_inactive(&mut medication);
    call.check(&medication)?;
    Ok(medication.save(call).into())
}

/// Assumed (an allergy's text says so): who chooses `custom`, or nothing, means the name beside it.
pub fn custom(name: Option<&str>, custom: Option<&str>) -> Option<String> {
    let chosen = name.unwrap_or_default().trim();
    custom.filter(|custom| !custom.trim().is_empty() && (chosen.is_empty() || chosen.eq_ignore_ascii_case("custom"))).map(str::to_owned)
}

/// An entry of the drug database says how strong it is, and what its codes are.
fn take_dosage(call: &Call<'_, Input>, medication: &mut Draft<MedicationType>) -> Result<(), Refusal> {
    if call.is_blank(Input::dosage_option_id) {
        return Ok(());
    }
    let dosage = call.target::<DosageType, _>(Input::dosage_option_id)?;
    if medication.is_blank(MedicationType::dosage) {
        medication.put(MedicationType::dosage, dosage.get(DosageType::strength).unwrap_or_default().to_owned());
    }
    for (to, from) in [(MedicationType::ndc, DosageType::ndc), (MedicationType::rxcui, DosageType::rxcui)] {
        medication.set_value(to.slot, dosage.value(from.slot).clone());
    }
    Ok(())
}

/// Documented: who may not set when it was made or changed is not heard. Assumed: the owner and administrators may.
fn date_back(call: &Call<'_, Input>, medication: &mut Draft<MedicationType>) -> Result<(), Refusal> {
    call.accept(Input::updated_at);
    if let Some(at) = call.get(Input::created_at)?.filter(|_| call.viewer().is_admin()) {
        medication.put(MedicationType::created_at, at);
    }
    Ok(())
}

/// Documented: what is active has no end.
pub fn end_only_what_is_inactive(medication: &mut Draft<MedicationType>) {
    if medication.get(MedicationType::active) == Some(true) {
        medication.clear(MedicationType::end_date);
    }
}

/// What is kept in step with an e-prescribing system.
///
/// Observed: a change of the route is an internal error of the real one, of name or dosage a message about mirroring.
pub fn refuse_mirrored<I: Named>(call: &Call<'_, I>, mirrored: bool, fields: &[&'static str]) -> Result<(), Refusal> {
    let shape = I::TYPE.shape();
    let sent = |name: &&&'static str| shape.slot(name).is_some_and(|slot| call.lifted.sent(slot).is_some());
    let changed: Vec<_> = if mirrored { fields.iter().filter(sent).collect() } else { vec![] };
    Refusal::all(changed.into_iter().map(|name| Refusal::named(name, "can't be changed on a mirrored medication")))
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_medication_needs_a_patient_and_a_name() {
        let clinic = Clinic::open().as_role("provider");
        let patient = clinic.id("User", "patient");
        clinic.refuses(r#"createMedication(input: {name: "Zinc"})"#, &[("user_id", "can't be blank")]);
        clinic.refuses(&format!(r#"createMedication(input: {{user_id: "{patient}"}})"#), &[("name", "can't be blank")]);
        let document = format!(
            r#"mutation {{ createMedication(input: {{user_id: "{patient}", name: "custom", custom_name: "Elderberry", end_date: "2026-04-01"}}) {{ medication {{ name active mirrored end_date user_id }} messages {{ message }} }} }}"#
        );
        let made =
            json!({"name": "Elderberry", "active": false, "mirrored": false, "end_date": "2026-04-01 00:00:00 -0400", "user_id": patient});
        assert_eq!(clinic.run(&document)["data"]["createMedication"], json!({"medication": made, "messages": null}));
        assert_eq!(clinic.events(), ["medication.created"]);
    }
}
