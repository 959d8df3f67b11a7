//! What pharmacies report of a patient's medications, once the patient has consented to its being fetched.

use crate::engine::{Answer, Call, Entity, Input, Made, Page, QueryError, Reading, Refusal, Row, Value, View};
use crate::schema::names::{
    MedicationHistoryType as History, MedicationType, Prescription, User, args, ingestMedicationsFromSurescriptsInput as Ingest,
    ingestMedicationsFromSurescriptsPayload as Ingested, logMedicationHistoryConsentInput as Consent,
    logMedicationHistoryConsentPayload as Consented,
};
use crate::schema::{Named, Version};
use jiff::{Timestamp, ToSpan, civil::Date};

type Asked = args::surescriptsReportedMedicationHistory;

pub fn entity() -> Entity<History> {
    Entity::usual()
}

/// Documented: of the last six months, unless other days are named; only after the patient's consent. The error's text is assumed.
pub fn reported(on: Reading<'_>, asked: &Input<'_, Asked>) -> Result<Answer, QueryError> {
    let patient = asked.get(Asked::patient_id).ok().flatten().and_then(|patient| on.find::<User>(patient));
    let Some(patient) = patient else { return Ok(Answer::List(vec![])) };
    if patient.get(User::medication_history_consented_at).is_none() {
        return Err(QueryError("The patient has not consented to the medication history being retrieved".to_owned()));
    }
    asked.accept(Asked::page_number);
    let from = asked.get(Asked::start_date).ok().flatten().unwrap_or_else(|| months_ago(on, 6));
    let to = asked.get(Asked::end_date).ok().flatten().unwrap_or(Timestamp::MAX);
    let rows = on.having(History::user_id, patient.id()).filter(|row| written(row).is_none_or(|at| from <= at && at <= to));
    if on.scene.version == Version::V2024_06_01 {
        return Ok(Answer::List(rows.map(|row| as_prescription(&row)).collect()));
    }
    let page = Page::whole(History::TYPE, rows.map(|row| row.record().clone()).collect());
    Ok(Answer::Page(page.cut(on, asked.lifted, true)?))
}

fn written(row: &View<'_, History>) -> Option<Timestamp> {
    row.get(History::written_date).or_else(|| row.get(History::last_fill_date))
}

fn months_ago(on: Reading<'_>, months: i32) -> Timestamp {
    let zone = &on.viewer().zone;
    zone.to_timestamp(zone.to_datetime(on.now()).saturating_sub(months.months())).unwrap_or(Timestamp::MIN)
}

/// The older version shows what is reported as prescriptions.
fn as_prescription(row: &View<'_, History>) -> Answer {
    let columns = History::TYPE.shape().columns().iter().enumerate();
    let named = columns.filter_map(|(slot, column)| {
        let to = Prescription::TYPE.shape().slot(column.name())?;
        let value = if column.name() == "id" { Value::Id(row.id()) } else { row.value(slot as u16).clone() };
        Some((to, Answer::Value(value)))
    });
    Answer::Object(Prescription::TYPE, named.collect())
}

pub fn log_consent(call: &mut Call<'_, Consent>) -> Result<Made, Refusal> {
    let patient = call.target::<User, _>(Consent::patient_id)?;
    let now = call.now();
    call.change(&patient).set(User::medication_history_consented_at, now).save(call);
    Ok(Made::nothing().also(Consented::consented_at, Value::Instant(now.as_microsecond())))
}

/// Documented: the last year, unless other days are named. Assumed: what was imported before isn't imported again.
pub fn ingest(call: &mut Call<'_, Ingest>) -> Result<Made, Refusal> {
    let patient = call.target::<User, _>(Ingest::patient_id)?;
    if patient.get(User::medication_history_consented_at).is_none() {
        return Err(Refusal::on(Ingest::patient_id, "has not consented to the medication history being retrieved"));
    }
    let (from, to) = (call.get(Ingest::start_date)?, call.get(Ingest::end_date)?);
    let known = call.having(MedicationType::user_id, patient.id());
    let is_new = |row: &Row<History>| known.iter().all(|own| own.get(MedicationType::name) != row.get(History::display_name));
    let mut rows = call.having(History::user_id, patient.id());
    rows.retain(|row| is_new(row) && is_within(call, row, from, to));
    for row in rows {
        let mut medication =
            call.blank_draft::<MedicationType>().belongs_to(patient.organization()).set(MedicationType::user_id, patient.id());
        medication.put(MedicationType::mirrored, true);
        medication.put(MedicationType::active, true);
        for (to, from) in [
            (MedicationType::name.slot, History::display_name.slot),
            (MedicationType::directions.slot, History::directions.slot),
            (MedicationType::route.slot, History::route.slot),
            (MedicationType::start_date.slot, History::written_date.slot),
        ] {
            medication.set_value(to, row.value(from).clone());
        }
        medication.save(call);
    }
    // The text is assumed.
    Ok(Made::nothing().also(Ingested::success_string, Value::text("Medications were imported")))
}

fn is_within(call: &Call<'_, Ingest>, row: &Row<History>, from: Option<Date>, to: Option<Date>) -> bool {
    let Some(at) = row.get(History::written_date) else { return true };
    let zone = &call.viewer().zone;
    let from = from.unwrap_or_else(|| zone.to_datetime(months_ago(call.on(), 12)).date());
    let day = zone.to_datetime(at).date();
    from <= day && to.is_none_or(|to| day <= to)
}
