//! Intake flows: what a new patient has to do.

mod completed_onboarding_item;
mod delete_onboarding_flow;
mod intake_flow;
mod item_types;
mod onboarding_flow;
mod onboarding_item;
mod person;
mod progress;
mod write_onboarding_flow;
mod write_onboarding_item;

pub use completed_onboarding_item::complete;
pub use person::answer;

use crate::engine::Area;
use crate::schema::names::{CompletedOnboardingItem, Mutation, OrganizationMembership, Query};

pub fn area() -> Area {
    Area::new("onboarding")
        .entity(onboarding_flow::entity())
        .entity(onboarding_item::entity())
        .entity(completed_onboarding_item::entity())
        .query(Query::availableItemTypes, item_types::available_item_types)
        .gets(Query::completedOnboardingItem, CompletedOnboardingItem)
        .query(Query::hasFormsToComplete, intake_flow::has_forms_to_complete)
        .query(Query::intakeFlow, intake_flow::intake_flow)
        .query(Query::onboardingFlow, onboarding_flow::onboarding_flow)
        .public()
        .lists(Query::onboardingFlows, onboarding_flow::onboarding_flows())
        .counts(Query::onboardingFlowsCount, Query::onboardingFlows)
        .query(Query::onboardingItem, onboarding_item::onboarding_item)
        .public()
        .leaves(onboarding_item::is_tracked, onboarding_item::track)
        .lists(Query::unassociatedCompletedOnboardingItems, completed_onboarding_item::unassociated_completed_onboarding_items())
        .mutation(Mutation::createCompletedOnboardingItem, completed_onboarding_item::create_completed_onboarding_item)
        .patients_too()
        .mutation(Mutation::createOnboardingFlow, write_onboarding_flow::create_onboarding_flow)
        .needs(OrganizationMembership::can_edit_forms)
        .mutation(Mutation::createOnboardingItem, write_onboarding_item::create_onboarding_item)
        .needs(OrganizationMembership::can_edit_forms)
        .mutation(Mutation::deleteOnboardingFlow, delete_onboarding_flow::delete_onboarding_flow)
        .needs(OrganizationMembership::can_edit_forms)
        .mutation(Mutation::deleteOnboardingItem, write_onboarding_item::delete_onboarding_item)
        .needs(OrganizationMembership::can_edit_forms)
        .mutation(Mutation::updateOnboardingFlow, write_onboarding_flow::update_onboarding_flow)
        .needs(OrganizationMembership::can_edit_forms)
        .mutation(Mutation::updateOnboardingItem, write_onboarding_item::update_onboarding_item)
        .needs(OrganizationMembership::can_edit_forms)
}
