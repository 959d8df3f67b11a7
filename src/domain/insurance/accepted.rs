//! The plans that an organization takes, and which of them each provider takes.

use crate::engine::{Answer, Call, Entity, Input, List, Reading, Row, View, Within};
use crate::schema::Named;
use crate::schema::names::{
    AcceptedInsurancePlan, AppointmentSetting, InsurancePlan, Organization, ProviderAcceptedInsurancePlanType as OfProvider, User, args,
};

pub fn entity() -> Entity<AcceptedInsurancePlan> {
    Entity::new()
        .visible(|accepted| super::belongs_here(accepted.on, accepted.organization()))
        .indexed(AcceptedInsurancePlan::insurance_plan_id)
        .announces("accepted_insurance_plan")
}

pub fn of_provider_entity() -> Entity<OfProvider> {
    Entity::new()
        .indexed(OfProvider::provider)
        .answers(OfProvider::provider, |link| link.follow::<User, _>(OfProvider::provider).into())
        .answers(OfProvider::organization, |link| link.on.find_any::<Organization>(link.organization()).into())
}

/// The row by which an organization accepts a plan.
pub fn of(on: Reading<'_>, organization: u64, plan: u64) -> Option<View<'_, AcceptedInsurancePlan>> {
    on.having(AcceptedInsurancePlan::insurance_plan_id, plan).find(|accepted| accepted.organization() == organization)
}

/// What an organization accepts, by the payer's name.
pub fn by(on: Reading<'_>, organization: u64) -> Vec<View<'_, AcceptedInsurancePlan>> {
    let mut all: Vec<_> = on.of_organization::<AcceptedInsurancePlan>(organization).collect();
    all.sort_by_key(|accepted| (payer_name(accepted), accepted.id()));
    all
}

pub fn plan_of<'s>(accepted: &View<'s, AcceptedInsurancePlan>) -> Option<View<'s, InsurancePlan>> {
    accepted.follow(AcceptedInsurancePlan::insurance_plan_id)
}

fn payer_name(accepted: &View<'_, AcceptedInsurancePlan>) -> Option<String> {
    plan_of(accepted)?.get(InsurancePlan::payer_name).map(str::to_lowercase)
}

/// Marks a plan as accepted by the caller's organization, once.
pub fn accept<I: Named>(call: &mut Call<'_, I>, plan: u64) -> Row<AcceptedInsurancePlan> {
    let own = call.viewer().organization();
    if let Some(known) = of(call.on(), own, plan) {
        return known.row().clone();
    }
    let draft = call.blank_draft::<AcceptedInsurancePlan>().set(AcceptedInsurancePlan::insurance_plan_id, plan);
    draft.set(AcceptedInsurancePlan::organization_id, own).save(call)
}

/// No provider accepts what the organization doesn't.
pub fn remove<I: Named>(call: &mut Call<'_, I>, accepted: &Row<AcceptedInsurancePlan>) {
    for link in call.having(OfProvider::accepted_insurance_plan, accepted.id()) {
        call.delete(&link);
    }
    call.delete(accepted);
}

/// Documented: a setting's accepted plans are the organization's.
pub fn of_setting(entity: Entity<AppointmentSetting>) -> Entity<AppointmentSetting> {
    entity.answers(AppointmentSetting::accepted_insurance_plans, |setting| {
        Answer::List(by(setting.on, setting.organization()).into_iter().map(Answer::from).collect())
    })
}

/// What payloads show beside.
pub fn appointment_setting(on: Reading<'_>) -> Answer {
    let mut all = on.of_organization::<AppointmentSetting>(on.viewer().organization());
    all.find(|setting| setting.get(AppointmentSetting::user_id).is_none()).into()
}

pub fn of_provider() -> List<OfProvider, args::providerAcceptedInsurancePlans> {
    type Asked = args::providerAcceptedInsurancePlans;
    List::new().unpaged().within(|_, asked: &Input<'_, Asked>| {
        let provider = asked.get(Asked::provider_id).ok().flatten();
        provider.map_or_else(Within::nothing, |provider| Within::having(OfProvider::provider, provider))
    })
}
