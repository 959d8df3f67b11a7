//! `createAppointmentType`: its maker owns it, and it comes last in their list.

use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{AppointmentType, createAppointmentTypeInput as Input};

pub fn create_appointment_type(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let maker = call.viewer_id();
    let position = call.on().count_having(AppointmentType::user_id, maker) as i64;
    let draft = call.draft::<AppointmentType>().set(AppointmentType::user_id, maker).set(AppointmentType::position, position);
    call.check(&draft)?;
    Ok(draft.save(call).into())
}
