//! `sendCarePlanEmail`: the patient is written to about a plan; nobody is, here.

use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{CarePlan, User, sendCarePlanEmailInput as Input};

pub fn send_care_plan_email(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let plan = call.target::<CarePlan, _>(Input::id)?;
    if !call.is_blank(Input::patient_id) {
        call.target::<User, _>(Input::patient_id)?;
    }
    Ok(plan.into())
}
