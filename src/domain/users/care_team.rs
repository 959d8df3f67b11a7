//! Who may care for a patient.

use crate::domain::members;
use crate::engine::{Call, Draft, Refusal};
use crate::schema::Named;
use crate::schema::names::{Organization, OrganizationMembership, User};

/// Refuses a primary provider who is none.
///
/// Assumed: any text; documented: patients and support members have no clients.
pub fn refuse_provider<I: Named>(call: &Call<'_, I>, provider: u64) -> Result<(), Refusal> {
    let on = call.on();
    let found = on.find::<User>(provider).filter(|user| !user.is(User::is_patient) && user.is(User::active));
    let support = members::of_user(on, provider).is_some_and(|membership| is_support(membership.get(OrganizationMembership::org_role)));
    match found {
        Some(_) if !support => Ok(()),
        _ => Err(Refusal::not_found("dietitian_id", "Provider")),
    }
}

/// Documented: support members are on no care team, others only where their membership lets them.
pub fn refuse_care_team<I: Named>(call: &Call<'_, I>, patient: &Draft<User>) -> Result<(), Refusal> {
    let on = call.on();
    let allowed = |provider: &u64| {
        let membership = members::of_user(on, *provider);
        membership.is_some_and(|membership| membership.is(OrganizationMembership::can_be_care_team_member))
    };
    match patient.get(User::other_provider_ids).unwrap_or_default().iter().all(allowed) {
        true => Ok(()),
        false => Err(Refusal::named("other_provider_ids", "is invalid")),
    }
}

/// Whose a new patient is. Documented: the caller's. Assumed: the owner's where the caller is of the support staff, who
/// have no clients.
pub fn default_provider<I: Named>(call: &Call<'_, I>) -> u64 {
    let viewer = call.viewer();
    let owner = || call.find_any::<Organization>(viewer.organization())?.get(Organization::owner_id);
    let support = viewer.membership.as_ref().is_some_and(|membership| is_support(membership.get(OrganizationMembership::org_role)));
    owner().filter(|_| support).unwrap_or_else(|| call.viewer_id())
}

fn is_support(role: Option<&str>) -> bool {
    role == Some("Support")
}
