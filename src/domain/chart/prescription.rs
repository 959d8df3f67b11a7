//! What an e-prescribing system has prescribed for a patient, as far as it is kept here.

use crate::engine::{Answer, Changed, Entity, Input, QueryError, Reading, Row, Value, View};
use crate::schema::names::{Prescription, User, args};

pub fn entity() -> Entity<Prescription> {
    Entity::usual()
        .extra("patient_id", |prescription| prescription.value(Prescription::user_id.slot).clone())
        .extra("patient_erx_id", |prescription| {
            let patient = prescription.follow::<User, _>(Prescription::user_id);
            patient.map_or(Value::Null, |patient| patient.value(User::dosespot_patient_id.slot).clone())
        })
        .extra("clinician_id", |prescription| prescription.value(Prescription::prescriber_id.slot).clone())
        .extra("prescription_status", |prescription| prescription.value(Prescription::status.slot).clone())
}

pub fn medication_status_changed(prescription: &Changed<Prescription>) -> bool {
    let status = |row: &Option<Row<Prescription>>| row.as_ref().map(|row| row.get(Prescription::medication_status).map(str::to_owned));
    prescription.before.is_some() && prescription.after.is_some() && status(&prescription.before) != status(&prescription.after)
}

pub fn prescription(on: Reading<'_>, asked: &Input<'_, args::prescription>) -> Result<Answer, QueryError> {
    type Asked = args::prescription;
    let patient = asked.get(Asked::patient_id).ok().flatten();
    let found = asked.get(Asked::prescription_id).ok().flatten().and_then(|id| on.find::<Prescription>(id));
    Ok(found.filter(|found| patient.is_none_or(|patient| found.get(Prescription::user_id) == Some(patient))).into())
}

/// Documented: of one patient; what starts later only where `current_only` is off; with a status, the newest of each drug.
pub fn prescriptions(on: Reading<'_>, asked: &Input<'_, args::prescriptions>) -> Result<Answer, QueryError> {
    type Asked = args::prescriptions;
    let status = asked.get(Asked::status).ok().flatten().filter(|status| !status.is_empty());
    let current_only = asked.get(Asked::current_only).ok().flatten() != Some(false);
    let unique = status.is_some() && asked.get(Asked::make_unique).ok().flatten() != Some(false);
    let Some(patient) = asked.get(Asked::patient_id).ok().flatten().or_else(|| on.viewer().id()) else { return Ok(Answer::List(vec![])) };
    let mut found = of_patient(on, patient);
    found.retain(|own| is_in(own, status));
    found.retain(|own| !current_only || own.get(Prescription::effective_date).is_none_or(|from| from <= on.now()));
    found.sort_by_key(|own| std::cmp::Reverse((own.get(Prescription::date_written), own.id())));
    if unique {
        let mut known = Vec::new();
        found.retain(|own| {
            let drug = (own.value(Prescription::dispensable_drug_id.slot).clone(), own.value(Prescription::product_name.slot).clone());
            let is_new = !known.contains(&drug);
            known.push(drug);
            is_new
        });
    }
    Ok(Answer::List(found.into_iter().map(Answer::from).collect()))
}

/// Those of a patient whom the viewer may see.
pub fn of_patient(on: Reading<'_>, patient: u64) -> Vec<View<'_, Prescription>> {
    let seen = on.find::<User>(patient).is_some();
    on.having(Prescription::user_id, patient).filter(|_| seen).collect()
}

/// Documented: `all` is any.
pub fn is_in(prescription: &View<'_, Prescription>, status: Option<&str>) -> bool {
    let own = prescription.get(Prescription::normalized_status).unwrap_or("ACTIVE");
    status.is_none_or(|status| status.is_empty() || status.eq_ignore_ascii_case("all") || own.eq_ignore_ascii_case(status))
}
