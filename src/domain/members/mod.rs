//! The people of an organization and what they may do.

mod async_bulk_create_organization_memberships;
mod bulk_create_organization_memberships;
mod create_organization_membership;
mod delete_organization_membership;
#[cfg(test)]
mod flags;
mod list;
mod membership;
#[cfg(test)]
mod scopes;
mod state_license;
mod update_organization_member;
mod update_organization_membership;

pub use membership::{has_flag, is_owner, may_everything, of_user};
pub use state_license::is_licensed_in;

use crate::engine::Area;
use crate::schema::names::{Mutation, OrganizationMembership, Query};

pub fn area() -> Area {
    Area::new("members")
        .entity(membership::entity())
        .entity(state_license::entity())
        .mutation(Mutation::createOrganizationMembership, create_organization_membership::create_organization_membership)
        .needs(OrganizationMembership::can_add_members)
        .mutation(Mutation::bulkCreateOrganizationMemberships, bulk_create_organization_memberships::bulk_create_organization_memberships)
        .needs(OrganizationMembership::can_add_members)
        .mutation(
            Mutation::asyncBulkCreateOrganizationMemberships,
            async_bulk_create_organization_memberships::async_bulk_create_organization_memberships,
        )
        .needs(OrganizationMembership::can_add_members)
        .mutation(Mutation::updateOrganizationMembership, update_organization_membership::update_organization_membership)
        .needs(OrganizationMembership::can_edit_members)
        .mutation(Mutation::deleteOrganizationMembership, delete_organization_membership::delete_organization_membership)
        .mutation(Mutation::updateOrganizationMember, update_organization_member::update_organization_member)
        .query(Query::organizationMembership, membership::organization_membership)
        .lists(Query::organizationMemberships, list::organization_memberships())
        .lists(Query::organizationMembers, list::organization_members())
        .counts(Query::organizationMembersCount, Query::organizationMembers)
        .lists(Query::stateLicenses, state_license::state_licenses())
}
