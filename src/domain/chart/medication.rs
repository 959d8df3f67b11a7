//! What a patient takes, and whether that is still so.

use crate::engine::{Entity, List, View, Within};
use crate::schema::EnumValue;
use crate::schema::names::{MedicationType, PrescriptionMedicationStatus, args};

pub fn entity() -> Entity<MedicationType> {
    Entity::usual()
        .requires(MedicationType::user_id)
        .requires(MedicationType::name)
        .defaults(MedicationType::mirrored, false)
        .defaults(MedicationType::active, false)
        .defaults(MedicationType::requires_consolidation, false)
        .ruled(MedicationType::created_at)
        .ruled(MedicationType::updated_at)
        .computed(MedicationType::active, |medication| Some(is_active(medication)))
        .computed(MedicationType::normalized_status, |medication| Some(status(medication)))
}

/// Documented: what is imported from a document is listed only where it is asked for, until somebody has looked through it.
pub fn medications() -> List<MedicationType, args::medications> {
    type Asked = args::medications;
    List::new()
        .unpaged()
        // Documented: the caller's own, where no patient is named.
        .within(|on, asked| {
            let patient = asked.get(Asked::patient_id).ok().flatten().or_else(|| on.viewer().id());
            patient.map_or_else(Within::nothing, |patient| Within::having(MedicationType::user_id, patient))
        })
        .reads(Asked::patient_id)
        .filter(Asked::active, |medication, active| !active || is_active(medication))
        .keep(|medication, asked| medication.is(MedicationType::requires_consolidation) == asked.is(Asked::unreconciled_from_ccda_ingest))
        .reads(Asked::unreconciled_from_ccda_ingest)
}

/// Documented: what is marked so is active only from its first to its last day, on the viewer's calendar.
pub fn is_active(medication: &View<'_, MedicationType>) -> bool {
    medication.is(MedicationType::active) && !is_future(medication) && !is_past(medication)
}

fn is_future(medication: &View<'_, MedicationType>) -> bool {
    medication.get(MedicationType::start_date).is_some_and(|start| day(medication, start) > day(medication, medication.on.now()))
}

fn is_past(medication: &View<'_, MedicationType>) -> bool {
    medication.get(MedicationType::end_date).is_some_and(|end| day(medication, end) < day(medication, medication.on.now()))
}

fn day(medication: &View<'_, MedicationType>, at: jiff::Timestamp) -> jiff::civil::Date {
    medication.on.viewer().zone.to_datetime(at).date()
}

/// Documented: inactive by hand or past its end, future before its start.
pub fn status(medication: &View<'_, MedicationType>) -> EnumValue<PrescriptionMedicationStatus> {
    match medication.is(MedicationType::active) {
        true if is_future(medication) => PrescriptionMedicationStatus::FUTURE,
        true if !is_past(medication) => PrescriptionMedicationStatus::ACTIVE,
        _ => PrescriptionMedicationStatus::INACTIVE,
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_medication_is_active_between_its_first_and_last_day() {
        let clinic = Clinic::open();
        let noor = clinic.id("User", "noor");
        let make = |name: &str, more: &str| {
            clinic.run(&format!(
                r#"mutation {{ createMedication(input: {{user_id: "{noor}", name: "{name}", active: true, {more}}}) {{ medication {{ active normalized_status }} messages {{ message }} }} }}"#
            ))["data"]["createMedication"]["medication"]
                .clone()
        };
        assert_eq!(make("Zinc", r#"start_date: "2026-03-02""#), json!({"active": true, "normalized_status": "ACTIVE"}));
        assert_eq!(make("Iron", r#"start_date: "2026-03-03""#), json!({"active": false, "normalized_status": "FUTURE"}));
        let listed = format!(
            r#"{{ medications(patient_id: "{noor}", active: true) {{ name }} medications_count(patient_id: "{noor}") user(id: "{noor}") {{ medications_count(active: true) }} }}"#
        );
        let expected = json!({"medications": [{"name": "Zinc"}], "medications_count": 2, "user": {"medications_count": 1}});
        assert_eq!(clinic.run(&listed)["data"], expected);
    }
}
