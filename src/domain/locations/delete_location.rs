//! `deleteLocation`: an address goes, and is answered with once more.

use super::target;
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::deleteLocationInput as Input;

pub fn delete_location(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let location = target(call, Input::id, "delete this location")?;
    call.delete(&location);
    Ok(location.into())
}
