//! `createGoogleFit`: connects a person; a second time, the tokens are replaced.

use super::wearable;
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{GoogleFit, createGoogleFitInput as Input};

pub fn create_google_fit(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let person = wearable::person(call, Input::user_id)?;
    let draft = match wearable::own(call, GoogleFit::user_id, person) {
        Some(known) => call.edit(&known),
        None => call.draft::<GoogleFit>(),
    };
    let draft = draft.set(GoogleFit::user_id, person);
    call.check(&draft)?;
    Ok(draft.save(call).into())
}
