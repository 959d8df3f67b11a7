//! `createAppleHealth`, and its update, which names no connection either: the caller's own.

use super::wearable;
use crate::engine::{Call, Made, Refusal};
use crate::schema::Named;
use crate::schema::names::AppleHealth;

pub fn set_apple_health<I: Named>(call: &mut Call<'_, I>) -> Result<Made, Refusal> {
    let person = call.viewer_id();
    let draft = match wearable::own(call, AppleHealth::user_id, person) {
        Some(known) => call.edit(&known),
        None => call.draft::<AppleHealth>(),
    };
    let draft = draft.set(AppleHealth::user_id, person);
    call.check(&draft)?;
    Ok(draft.save(call).into())
}
