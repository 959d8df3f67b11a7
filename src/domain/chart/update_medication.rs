//! `updateMedication`: what is sent changes.

use super::create_medication::{custom, end_only_what_is_inactive, refuse_mirrored};
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{MedicationType, updateMedicationInput as Input};

pub fn update_medication(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let medication = call.target::<MedicationType, _>(Input::id)?;
    refuse_mirrored(call, medication.is(MedicationType::mirrored), &["name", "dosage", "route"])?;
    let mut draft = call.edit(&medication);
    if let Some(name) = custom(draft.get(MedicationType::name), call.get(Input::custom_name)?) {
        draft.put(MedicationType::name, name);
    }
    end_only_what_is_inactive(&mut draft);
    call.check(&draft)?;
    Ok(draft.save(call).into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn what_an_e_prescribing_system_keeps_is_changed_there() {
        let clinic = Clinic::open();
        let [metformin, vitamin] = ["metformin", "vitamin_d"].map(|handle| clinic.id("MedicationType", handle));
        let refused = [("name", "can't be changed on a mirrored medication"), ("route", "can't be changed on a mirrored medication")];
        clinic.refuses(&format!(r#"updateMedication(input: {{id: "{metformin}", name: "Glucophage", route: "Oral"}})"#), &refused);
        let document = format!(
            r#"mutation {{ updateMedication(input: {{id: "{vitamin}", active: true, dosage: "2000 IU"}}) {{ medication {{ active dosage }} messages {{ message }} }} }}"#
        );
        assert_eq!(clinic.run(&document)["data"]["updateMedication"]["medication"], json!({"active": true, "dosage": "2000 IU"}));
        clinic.world.commits(|commits| {
            let event = &commits.iter().last().expect("a commit").events[0];
            assert_eq!(event.def.name(), "medication.updated");
            assert_eq!(event.changed_fields, ["active", "dosage", "end_date"]);
        });
    }
}
