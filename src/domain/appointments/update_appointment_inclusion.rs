//! `updateAppointmentInclusion`: whether one client comes, and came.

use super::attendance;
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{AppointmentInclusionType, updateAppointmentInclusionInput as Input};

pub fn update_appointment_inclusion(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let inclusion = call.target::<AppointmentInclusionType, _>(Input::id)?;
    // Assumed: whether somebody came is for the members to say.
    if call.viewer().is_patient() && call.given(Input::attended)?.is_sent() {
        return Err(Refusal::no_permission("update this appointment inclusion"));
    }
    let mut draft = call.edit(&inclusion);
    if let Some(cancelled) = call.get(Input::cancelled)? {
        attendance::cancel(call, &mut draft, cancelled);
    }
    Ok(draft.save(call).into())
}
