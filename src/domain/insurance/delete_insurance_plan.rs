//! `deleteInsurancePlan`: the organization's own plan goes, and is no longer accepted.

use super::{accepted, insurance_plan::refuse_catalogue};
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{AcceptedInsurancePlan, InsurancePlan, deleteInsurancePlanInput as Input};

pub fn delete_insurance_plan(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let plan = call.target::<InsurancePlan, _>(Input::id)?;
    refuse_catalogue(&plan, "delete this insurance plan")?;
    for accepted in call.having(AcceptedInsurancePlan::insurance_plan_id, plan.id()) {
        accepted::remove(call, &accepted);
    }
    call.delete(&plan);
    Ok(plan.into())
}
