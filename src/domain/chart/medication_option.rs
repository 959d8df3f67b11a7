//! A small part of what a drug database knows: medications and how strong they come.

use crate::engine::{Answer, Entity, Input, QueryError, Reading, Value};
use crate::schema::names::{DosageType, MedicationOptionType, args};

/// Documented: fewer characters find nothing.
pub const LEAST: usize = 3;

/// Documented for the list: public.
pub fn entity() -> Entity<MedicationOptionType> {
    Entity::usual().public().answers(MedicationOptionType::dosages, |option| {
        let ids = option.value(MedicationOptionType::dosage_options.slot).as_list().unwrap_or_default();
        let dosages = ids.iter().filter_map(|id| option.on.find_any::<DosageType>(id.as_id()?));
        Value::List(dosages.map(|dosage| dosage.value(DosageType::strength.slot).clone()).collect()).into()
    })
}

pub fn dosage() -> Entity<DosageType> {
    Entity::usual().public()
}

pub fn medication_options(on: Reading<'_>, asked: &Input<'_, args::medication_options>) -> Result<Answer, QueryError> {
    let keywords = asked.get(args::medication_options::keywords).ok().flatten().unwrap_or_default().trim().to_lowercase();
    if keywords.chars().count() < LEAST {
        return Ok(Answer::NULL);
    }
    let found = on
        .all::<MedicationOptionType>()
        .filter(|option| option.get(MedicationOptionType::name).is_some_and(|name| name.to_lowercase().contains(&keywords)));
    Ok(Answer::List(found.map(Answer::from).collect()))
}
