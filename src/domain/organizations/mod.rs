//! Organizations, their legal data and their parents.

mod create_organization;
mod delete_organization_info;
mod members;
mod organization;
mod organization_info;
mod update_organization;

pub use organization::ancestors;

use crate::engine::Area;
use crate::schema::names::{
    Mutation, Organization, OrganizationConfigurationType, OrganizationInfo, OrganizationMembership, Query, SavedFilter,
};

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
        .leaves_out(Query::auditLog, "not built yet")
        .leaves_out(Query::newOrganizationPriceString, "not built yet")
        .leaves_out(Query::newOrganizationSupportPriceString, "not built yet")
        .gets(Query::savedFilter, SavedFilter)
        .lists_all(Query::savedFilters, SavedFilter)
        .leaves_out(Mutation::asyncBulkCreateOrganizationMemberships, "not built yet")
        .creates(Mutation::createSavedFilter, SavedFilter)
        .deletes(Mutation::deleteSavedFilter, SavedFilter)
        .sets(Mutation::updateOrganizationConfiguration, OrganizationConfigurationType)
        .sets(Mutation::updateOrganizationUiConfiguration, Organization)
        .needs(OrganizationMembership::can_edit_settings)
        .updates(Mutation::updateSavedFilter, SavedFilter)
}
