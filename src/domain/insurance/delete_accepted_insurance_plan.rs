//! `deleteAcceptedInsurancePlan`: the organization takes a plan no longer.

use super::accepted;
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{
    AcceptedInsurancePlan, deleteAcceptedInsurancePlanInput as Input, deleteAcceptedInsurancePlanPayload as Payload,
};

/// The documentation speaks of the plan's id; assumed: the row's will do as well.
pub fn delete_accepted_insurance_plan(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let own = call.viewer().organization();
    let by_plan = |id| accepted::of(call.on(), own, id).map(|accepted| accepted.row().clone());
    let found = call.get(Input::id)?.and_then(|id| call.find::<AcceptedInsurancePlan>(id).or_else(|| by_plan(id)));
    let accepted = found.ok_or_else(|| Refusal::not_found("id", "AcceptedInsurancePlan"))?;
    accepted::remove(call, &accepted);
    let setting = accepted::appointment_setting(call.on());
    Ok(Made::from(accepted).also(Payload::appointment_setting, setting))
}
