//! What came with an imported document, until somebody has looked through it.

use crate::engine::{Call, Made, Refusal, Row};
use crate::schema::names::{
    AllergySensitivity, CompleteCcdaReconciliationInput as Complete, MedicationType, Problem, User, clearUnreconciledObjectsInput as Clear,
};
use crate::schema::{Bool, Field, Id, Many, Named};

pub fn clear_unreconciled_objects(call: &mut Call<'_, Clear>) -> Result<Made, Refusal> {
    let patient = call.target::<User, _>(Clear::user_id)?;
    let (problems, medications, allergies) = unreconciled(call, &patient);
    for problem in &problems {
        call.delete(problem);
    }
    for medication in &medications {
        call.delete(medication);
    }
    for allergy in &allergies {
        call.delete(allergy);
    }
    Ok(Made::nothing())
}

/// Documented: the chosen ones stay. Assumed: the others wait for `clearUnreconciledObjects`.
pub fn complete_reconciliation(call: &mut Call<'_, Complete>) -> Result<Made, Refusal> {
    let patient = call.target::<User, _>(Complete::id)?;
    let (problems, medications, allergies) = unreconciled(call, &patient);
    keep(call, &problems, Complete::added_problem_ids, Problem::requires_consolidation)?;
    keep(call, &medications, Complete::added_medication_ids, MedicationType::requires_consolidation)?;
    keep(call, &allergies, Complete::added_allergy_ids, AllergySensitivity::requires_consolidation)?;
    Ok(patient.into())
}

type Unreconciled = (Vec<Row<Problem>>, Vec<Row<MedicationType>>, Vec<Row<AllergySensitivity>>);

fn unreconciled<I: Named>(call: &Call<'_, I>, patient: &Row<User>) -> Unreconciled {
    let mut problems = call.having(Problem::user_id, patient.id());
    problems.retain(|problem| problem.is(Problem::requires_consolidation));
    let mut medications = call.having(MedicationType::user_id, patient.id());
    medications.retain(|medication| medication.is(MedicationType::requires_consolidation));
    let mut allergies = call.having(AllergySensitivity::user_id, patient.id());
    allergies.retain(|allergy| allergy.is(AllergySensitivity::requires_consolidation));
    (problems, medications, allergies)
}

fn keep<T: Named>(
    call: &mut Call<'_, Complete>,
    all: &[Row<T>],
    chosen: Field<Complete, Many<Id>>,
    waits: Field<T, Bool>,
) -> Result<(), Refusal> {
    let chosen = call.get(chosen)?.unwrap_or_default();
    for row in all.iter().filter(|row| chosen.contains(&row.id())) {
        call.change(row).set(waits, false).save(call);
    }
    Ok(())
}
