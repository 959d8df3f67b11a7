//! `deleteAvailability`: the hours and, where they repeat, all that follow.

use super::record::{refuse_without_permission, target};
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{Availability, deleteAvailabilityInput as Input};

pub fn delete_availability(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let window = target(call, Input::id)?;
    refuse_without_permission(call, window.get(Availability::user_id).unwrap_or_default(), "delete this availability")?;
    call.delete(&window);
    Ok(window.into())
}
