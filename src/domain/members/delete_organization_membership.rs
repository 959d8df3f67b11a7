//! `deleteOrganizationMembership`: is always refused; members are deactivated instead.

use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{OrganizationMembership, deleteOrganizationMembershipInput as Input};

/// Observed: the text of the refusal.
pub fn delete_organization_membership(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    call.target::<OrganizationMembership, _>(Input::id)?;
    Err(Refusal::base("Organization Memberships cannot be destroyed"))
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    #[test]
    fn a_membership_stays() {
        let clinic = Clinic::open();
        let id = clinic.id("OrganizationMembership", "limited");
        clinic.refuses(
            &format!("deleteOrganizationMembership(input: {{ id: {id} }})"),
            &[("base", "Organization Memberships cannot be destroyed")],
        );
    }
}
