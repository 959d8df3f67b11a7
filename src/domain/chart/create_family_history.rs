//! `createFamilyHistory` and `updateFamilyHistory`: conditions in a patient's family, each once.

use crate::engine::{Answer, Call, Draft, Entity, Made, Refusal, Row, Value};
use crate::schema::Named;
use crate::schema::names::{
    FamilyHistoryCondition, SnomedTerm, createFamilyHistoryInput as Create, createFamilyHistoryPayload as Created,
    updateFamilyHistoryInput as Update, updateFamilyHistoryPayload as Updated,
};

/// A small part of SNOMED CT, by number.
const TERMS: [(u64, &str); 8] = [
    (13_645_005, "Chronic obstructive lung disease"),
    (22_298_006, "Myocardial infarction"),
    (38_341_003, "Hypertensive disorder"),
    (44_054_006, "Diabetes mellitus type 2"),
    (55_822_004, "Hyperlipidemia"),
    (73_211_009, "Diabetes mellitus"),
    (195_967_001, "Asthma"),
    (254_837_009, "Malignant neoplasm of breast"),
];

pub fn entity() -> Entity<FamilyHistoryCondition> {
    Entity::usual().requires(FamilyHistoryCondition::user_id).requires(FamilyHistoryCondition::concept_id).answers(
        FamilyHistoryCondition::snomed_term,
        |condition| {
            let concept = condition.value(FamilyHistoryCondition::concept_id.slot).clone();
            let known = concept.as_id().and_then(|id| TERMS.iter().find(|(known, _)| *known == id));
            let term = known.map_or(Value::Null, |(_, term)| Value::text(term));
            let number = concept.as_id().map_or(concept, |id| Value::from(id.to_string()));
            Answer::Object(SnomedTerm::TYPE, vec![(SnomedTerm::concept_id.slot, number.into()), (SnomedTerm::term.slot, term.into())])
        },
    )
}

pub fn create_family_history(call: &mut Call<'_, Create>) -> Result<Made, Refusal> {
    let condition = call.draft::<FamilyHistoryCondition>();
    call.check(&condition)?;
    if let Some(known) = duplicate(call, &condition) {
        return Ok(Made::nothing().also(Created::duplicate_family_history_condition, known));
    }
    // Two fields of the payload could show it.
    let condition = condition.save(call);
    Ok(Made::nothing().also(Created::family_history_condition, condition))
}

pub fn update_family_history(call: &mut Call<'_, Update>) -> Result<Made, Refusal> {
    let condition = call.target::<FamilyHistoryCondition, _>(Update::id)?;
    let draft = call.edit(&condition);
    call.check(&draft)?;
    if let Some(known) = duplicate(call, &draft) {
        return Ok(Made::nothing().also(Updated::duplicate_family_history_condition, known));
    }
    let condition = draft.save(call);
    Ok(Made::nothing().also(Updated::family_history_condition, condition))
}

/// Inferred from the payload: the same condition isn't stored again, but shown.
fn duplicate<I: Named>(call: &Call<'_, I>, condition: &Draft<FamilyHistoryCondition>) -> Option<Row<FamilyHistoryCondition>> {
    let own = call.having(FamilyHistoryCondition::user_id, condition.get(FamilyHistoryCondition::user_id)?);
    let concept = FamilyHistoryCondition::concept_id.slot;
    own.into_iter().find(|known| known.id() != condition.id() && known.value(concept) == condition.value(concept))
}
