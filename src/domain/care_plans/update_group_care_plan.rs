//! `updateGroupCarePlan`: a group's plan becomes active for everybody in it, or for nobody.

use super::{activation, care_plan};
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{CarePlan, updateGroupCarePlanInput as Input};

pub fn update_group_care_plan(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let plan = call.target::<CarePlan, _>(Input::id)?;
    let active = call.get(Input::is_active)?;
    let patients: Vec<u64> =
        call.on().find::<CarePlan>(plan.id()).iter().flat_map(care_plan::patients).map(|patient| patient.id()).collect();
    for patient in patients {
        match active {
            Some(true) => activation::activate(call, plan.id(), patient),
            Some(false) => activation::deactivate(call, plan.id(), patient),
            None => {}
        }
    }
    Ok(call.find::<CarePlan>(plan.id()).unwrap_or(plan).into())
}
