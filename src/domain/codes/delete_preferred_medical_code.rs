//! `deletePreferredMedicalCode`: codes are the caller's favourites no longer.

use super::favourite::Kind;
use crate::engine::{Answer, CANT_BE_BLANK, Call, Made, Refusal};
use crate::schema::names::{deletePreferredMedicalCodeInput as Input, deletePreferredMedicalCodePayload as Payload};

/// Documented: the ids are the codes' own. Assumed: what is no favourite is left out.
pub fn delete_preferred_medical_code(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let kind = Kind::required(call, Input::code_type)?;
    let ids = call.require(Input::code_ids)?;
    if ids.is_empty() {
        return Err(Refusal::on(Input::code_ids, CANT_BE_BLANK));
    }
    let rows: Vec<_> = ids.into_iter().filter_map(|id| kind.find(call.on(), id)).collect();
    for row in &rows {
        call.delete(row);
    }
    Ok(Made::nothing().also(Payload::preferred_medical_codes, Answer::records(rows)))
}
