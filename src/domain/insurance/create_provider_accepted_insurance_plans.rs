//! `createProviderAcceptedInsurancePlans`: of the plans that the organization accepts, those that a provider takes too.

use crate::engine::{Answer, CANT_BE_BLANK, Call, Made, Refusal, Row};
use crate::schema::names::{
    AcceptedInsurancePlan, ProviderAcceptedInsurancePlanType as OfProvider, User, createProviderAcceptedInsurancePlansInput as Input,
    createProviderAcceptedInsurancePlansPayload as Payload,
};

pub fn create_provider_accepted_insurance_plans(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let provider = call.target::<User, _>(Input::provider_id)?;
    if provider.is(User::is_patient) {
        return Err(Refusal::not_found("provider_id", "User"));
    }
    let accepted = call.targets::<AcceptedInsurancePlan>(Input::accepted_insurance_plan_ids)?;
    if accepted.is_empty() {
        return Err(Refusal::on(Input::accepted_insurance_plan_ids, CANT_BE_BLANK));
    }
    let rows: Vec<_> = accepted.iter().map(|accepted| link(call, &provider, accepted.id())).collect();
    Ok(Made::nothing().also(Payload::provider_accepted_insurance_plans, Answer::records(rows)))
}

fn link(call: &mut Call<'_, Input>, provider: &Row<User>, accepted: u64) -> Row<OfProvider> {
    let known = call.having(OfProvider::provider, provider.id());
    let is_same = |link: &Row<OfProvider>| link.value(OfProvider::accepted_insurance_plan.slot).as_id() == Some(accepted);
    if let Some(known) = known.into_iter().find(is_same) {
        return known;
    }
    let draft = call.blank_draft::<OfProvider>().belongs_to(provider.organization()).set(OfProvider::provider, provider.id());
    draft.set(OfProvider::accepted_insurance_plan, accepted).save(call)
}
