//! Organizations, their legal data and their parents.

mod configuration;
mod create_organization;
mod delete_organization_info;
mod members;
mod organization;
mod organization_info;
mod price_strings;
mod saved_filter;
mod ui_configuration;
mod update_organization;

pub use organization::{ancestors, name_of};
pub use ui_configuration::on_user;

use crate::engine::Area;
use crate::schema::names::{Mutation, OrganizationConfigurationType, OrganizationInfo, OrganizationMembership, Query};

pub fn area() -> Area {
    Area::new("organizations")
        .entity(organization::entity())
        .entity(organization_info::entity())
        .entity(configuration::entity())
        .entity(saved_filter::entity())
        .query(Query::organization, organization::organization)
        .public()
        .gets(Query::organizationInfo, OrganizationInfo)
        .mutation(Mutation::createOrganization, create_organization::create_organization)
        .mutation(Mutation::updateOrganization, update_organization::update_organization)
        .needs(OrganizationMembership::can_edit_settings)
        .mutation(Mutation::deleteOrganizationInfo, delete_organization_info::delete_organization_info)
        .needs(OrganizationMembership::can_edit_settings)
        .leaves_out(Query::auditLog, "the journal of changes stands beside the state that rules read; the control API lists its commits")
        .query(Query::newOrganizationPriceString, price_strings::new_organization_price_string)
        .query(Query::newOrganizationSupportPriceString, price_strings::new_organization_support_price_string)
        .query(Query::savedFilter, saved_filter::saved_filter)
        .lists(Query::savedFilters, saved_filter::saved_filters())
        .mutation(Mutation::createSavedFilter, saved_filter::create_saved_filter)
        .mutation(Mutation::deleteSavedFilter, saved_filter::delete_saved_filter)
        .sets(Mutation::updateOrganizationConfiguration, OrganizationConfigurationType)
        .needs(OrganizationMembership::can_edit_settings)
        .mutation(Mutation::updateOrganizationUiConfiguration, ui_configuration::update_organization_ui_configuration)
        .needs(OrganizationMembership::can_edit_settings)
        .mutation(Mutation::updateSavedFilter, saved_filter::update_saved_filter)
}
