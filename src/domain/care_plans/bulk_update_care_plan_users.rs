//! `bulkUpdateCarePlanUsers`: plans become active for the people they are for, unless those have one already.

use super::{activation, care_plan};
use crate::engine::{Answer, Call, Made, Refusal};
use crate::schema::names::{CarePlan, User, bulkUpdateCarePlanUsersInput as Input, bulkUpdateCarePlanUsersPayload as Payload};

pub fn bulk_update_care_plan_users(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let plans = call.targets::<CarePlan>(Input::ids)?;
    // Nobody is written to.
    call.accept(Input::notify);
    let activates = call.is(Input::activate);
    for plan in plans.iter().filter(|_| activates) {
        let is_group = plan.get(CarePlan::user_group_id).is_some();
        let column = if is_group { User::active_group_care_plan } else { User::active_care_plan };
        let patients = call.on().find::<CarePlan>(plan.id()).iter().flat_map(care_plan::patients).collect::<Vec<_>>();
        let without: Vec<u64> =
            patients.iter().filter(|patient| patient.value(column.slot).is_null()).map(|patient| patient.id()).collect();
        for patient in without {
            activation::activate(call, plan.id(), patient);
        }
    }
    let plans: Vec<_> = plans.into_iter().filter_map(|plan| call.find::<CarePlan>(plan.id())).collect();
    Ok(Made::nothing().also(Payload::carePlans, Answer::records(plans)))
}
