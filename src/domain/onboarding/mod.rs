//! Intake flows: what a new patient has to do.

use crate::engine::Area;
use crate::schema::names::{CompletedOnboardingItem, Mutation, OnboardingFlow, OnboardingItem, OrganizationMembership, Query};

pub fn area() -> Area {
    Area::new("onboarding")
        .leaves_out(Query::availableItemTypes, "not built yet")
        .gets(Query::completedOnboardingItem, CompletedOnboardingItem)
        .leaves_out(Query::hasFormsToComplete, "not built yet")
        .leaves_out(Query::intakeFlow, "not built yet")
        .gets(Query::onboardingFlow, OnboardingFlow)
        .lists_all(Query::onboardingFlows, OnboardingFlow)
        .counts(Query::onboardingFlowsCount, Query::onboardingFlows)
        .gets(Query::onboardingItem, OnboardingItem)
        .lists_all(Query::unassociatedCompletedOnboardingItems, CompletedOnboardingItem)
        .creates(Mutation::createCompletedOnboardingItem, CompletedOnboardingItem)
        .creates(Mutation::createOnboardingFlow, OnboardingFlow)
        .needs(OrganizationMembership::can_edit_forms)
        .creates(Mutation::createOnboardingItem, OnboardingItem)
        .deletes(Mutation::deleteOnboardingFlow, OnboardingFlow)
        .needs(OrganizationMembership::can_edit_forms)
        .deletes(Mutation::deleteOnboardingItem, OnboardingItem)
        .updates(Mutation::updateOnboardingFlow, OnboardingFlow)
        .needs(OrganizationMembership::can_edit_forms)
        .updates(Mutation::updateOnboardingItem, OnboardingItem)
}
