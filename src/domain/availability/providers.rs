//! Who among the members of an organization can be booked, by what the callers of lists and slots ask of them.

use crate::domain::members;
use crate::engine::Reading;
use crate::schema::names::{AcceptedInsurancePlan, AppliedTag, OrganizationMembership, ProviderAcceptedInsurancePlanType, User};

/// Everybody on the organization's calendar.
pub fn members_of(on: Reading<'_>, organization: u64) -> Vec<u64> {
    let active = on
        .having(OrganizationMembership::organization_id, organization)
        .filter(|m| m.get(OrganizationMembership::is_active) != Some(false));
    let mut all: Vec<u64> = active.filter_map(|membership| membership.get(OrganizationMembership::user_id)).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Documented: the active members who are providers.
pub fn of_organization(on: Reading<'_>, organization: u64) -> Vec<u64> {
    let mut all = members_of(on, organization);
    all.retain(|member| {
        let is_active = on.find_any::<User>(*member).is_some_and(|user| user.get(User::active) != Some(false));
        is_active && members::of_user(on, *member).is_some_and(|membership| membership.is(OrganizationMembership::is_provider))
    });
    all
}

pub fn is_tagged(on: Reading<'_>, provider: u64, tag: u64) -> bool {
    let mut applied = on.having(AppliedTag::user_id, provider).filter(|applied| applied.get(AppliedTag::deleted_at).is_none());
    applied.any(|applied| applied.get(AppliedTag::tag_id) == Some(tag))
}

pub fn is_licensed(on: Reading<'_>, provider: u64, state: &str) -> bool {
    on.find_any::<User>(provider).is_some_and(|provider| members::is_licensed_in(&provider, state))
}

/// True where the provider accepts the insurance plan, named by its own id or by that of its acceptance.
pub fn accepts(on: Reading<'_>, provider: u64, plan: u64) -> bool {
    type Accepted = ProviderAcceptedInsurancePlanType;
    let mut own = on.all::<Accepted>().filter(|accepted| accepted.value(Accepted::provider.slot).as_id() == Some(provider));
    own.any(|accepted| {
        let Some(accepted) = accepted.value(Accepted::accepted_insurance_plan.slot).as_id() else { return false };
        let of = || on.find_any::<AcceptedInsurancePlan>(accepted);
        accepted == plan || of().is_some_and(|of| of.value(AcceptedInsurancePlan::insurance_plan.slot).as_id() == Some(plan))
    })
}
