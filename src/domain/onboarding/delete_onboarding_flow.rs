//! `deleteOnboardingFlow`: a flow goes with its steps; its groups get another.

use super::write_onboarding_flow::hand_over;
use crate::domain::forms::own;
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{OnboardingFlow as Flow, OnboardingItem, UserGroup, deleteOnboardingFlowInput as Input};

/// Assumed: without `flow_to_receive_groups` the groups have none.
pub fn delete_onboarding_flow(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let flow = own::<Flow, _, _>(call, Input::id)?;
    let receiver = match call.is_blank(Input::flow_to_receive_groups) {
        true => None,
        false => Some(own::<Flow, _, _>(call, Input::flow_to_receive_groups)?.id()),
    };
    let groups = call.having(UserGroup::onboarding_flow_id, flow.id());
    hand_over(call, &groups, receiver.filter(|receiver| *receiver != flow.id()));
    for item in call.having(OnboardingItem::onboarding_flow_id, flow.id()) {
        call.delete(&item);
    }
    call.delete(&flow);
    Ok(flow.into())
}
