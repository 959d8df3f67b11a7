//! `createLocation`: an address for somebody, or for oneself.

use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{Location, User, createLocationInput as Input};

pub fn create_location(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    // Documented: without a user it is the caller's.
    let owner = match call.is_blank(Input::user_id) {
        true => call.viewer_id(),
        false => call.target::<User, _>(Input::user_id)?.id(),
    };
    if call.viewer().is_patient() && !call.viewer().is(owner) {
        return Err(Refusal::no_permission("create this location"));
    }
    Ok(call.draft::<Location>().set(Location::user_id, owner).save(call).into())
}
