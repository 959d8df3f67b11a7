//! Organizations, their legal data and their parents.

mod create_organization;
mod delete_organization_info;
mod members;
mod organization;
mod organization_info;
mod update_organization;

pub use organization::ancestors;

use crate::engine::Area;
use crate::schema::names::{Mutation, OrganizationInfo, OrganizationMembership, Query};

pub fn area() -> Area {
    Area::new("organizations")
        .entity(organization::entity())
        .entity(organization_info::entity())
        .query(Query::organization, organization::organization)
        .public()
        .gets(Query::organizationInfo, OrganizationInfo)
        .mutation(Mutation::createOrganization, create_organization::create_organization)
        .mutation(Mutation::updateOrganization, update_organization::update_organization)
        .needs(OrganizationMembership::can_edit_settings)
        .mutation(Mutation::deleteOrganizationInfo, delete_organization_info::delete_organization_info)
        .needs(OrganizationMembership::can_edit_settings)
}
