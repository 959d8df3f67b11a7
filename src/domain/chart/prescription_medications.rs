//! `prescriptionMedications`: all that a patient takes, prescribed here or not.

use super::{medication, prescription};
use crate::engine::{Answer, Input, QueryError, Reading};
use crate::schema::Named;
use crate::schema::names::{
    MedicationType, Prescription, PrescriptionMedicationConnection, PrescriptionMedicationQueryFiltersInput as Filters, User, args,
};
use jiff::civil::Date;

type Asked = args::prescriptionMedications;

struct Item {
    answer: Answer,
    name: String,
    status: String,
    is_prescription: bool,
    from: Option<Date>,
    to: Option<Date>,
}

pub fn prescription_medications(on: Reading<'_>, asked: &Input<'_, Asked>) -> Result<Answer, QueryError> {
    let patient = asked.get(Asked::patient_id).ok().flatten().or_else(|| on.viewer().id());
    let mut items = patient.and_then(|patient| on.find::<User>(patient)).map(|patient| all(on, patient.id())).unwrap_or_default();
    if let Some(keyword) = asked.get(Asked::keyword).ok().flatten() {
        items.retain(|item| item.name.to_lowercase().contains(&keyword.trim().to_lowercase()));
    }
    if let Some(filters) = asked.get(Asked::filters).ok().flatten() {
        let statuses = filters.get(Filters::normalized_status).unwrap_or_default();
        let types = filters.get(Filters::r#type).unwrap_or_default();
        let within = |day: Option<Date>, from: Option<Date>, to: Option<Date>| {
            from.is_none_or(|from| day.is_some_and(|day| day >= from)) && to.is_none_or(|to| day.is_some_and(|day| day <= to))
        };
        items.retain(|item| {
            let kind = if item.is_prescription { "PRESCRIPTION" } else { "MEDICATION" };
            (statuses.is_empty() || statuses.contains(&item.status.as_str()))
                && (types.is_empty() || types.contains(&kind))
                && within(item.from, filters.get(Filters::start_date_from), filters.get(Filters::start_date_to))
                && within(item.to, filters.get(Filters::end_date_from), filters.get(Filters::end_date_to))
        });
    }
    sort(&mut items, asked.get(Asked::order_by).ok().flatten().unwrap_or("NAME_ASC"));
    let answers = items.into_iter().map(|item| item.answer).collect();
    Ok(Answer::connection(PrescriptionMedicationConnection::TYPE, answers, asked.lifted)?)
}

fn all(on: Reading<'_>, patient: u64) -> Vec<Item> {
    let day = |at: jiff::Timestamp| on.viewer().zone.to_datetime(at).date();
    let medications = on.having(MedicationType::user_id, patient).filter(|own| !own.is(MedicationType::requires_consolidation));
    let medications = medications.map(|own| Item {
        name: own.get(MedicationType::name).unwrap_or_default().to_owned(),
        status: medication::status(&own).name.to_owned(),
        is_prescription: false,
        from: own.get(MedicationType::start_date).map(day),
        to: own.get(MedicationType::end_date).map(day),
        answer: own.into(),
    });
    let prescriptions = prescription::of_patient(on, patient).into_iter().map(|own| Item {
        name: own.get(Prescription::display_name).or_else(|| own.get(Prescription::product_name)).unwrap_or_default().to_owned(),
        status: own.get(Prescription::normalized_status).unwrap_or("ACTIVE").to_owned(),
        is_prescription: true,
        from: own.get(Prescription::effective_date).map(day),
        to: own.get(Prescription::date_inactive).map(day),
        answer: own.into(),
    });
    medications.chain(prescriptions).collect()
}

/// `ACTIVE_FIRST` and the like put one status in front; within equals, by name.
fn sort(items: &mut [Item], order: &str) {
    items.sort_by_cached_key(|item| item.name.to_lowercase());
    let (by, descending) = match order.strip_suffix("_DESC") {
        Some(by) => (by, true),
        None => (order.trim_end_matches("_ASC"), false),
    };
    match by {
        "START_DATE" => items.sort_by_key(|item| item.from),
        "STATUS" => items.sort_by(|a, b| a.status.cmp(&b.status)),
        _ => {
            if let Some(first) = by.strip_suffix("_FIRST") {
                items.sort_by_key(|item| item.status != first);
            }
        }
    }
    if descending {
        items.reverse();
    }
}
