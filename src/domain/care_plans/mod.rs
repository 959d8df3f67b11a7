//! Care plans, their recommendations, and what they bring together.

use crate::engine::Area;
use crate::schema::names::{CarePlan, CarePlanRecommendationCategory, Mutation, OrganizationMembership, Query, Recommendation};

pub fn area() -> Area {
    Area::new("care_plans")
        .gets(Query::carePlan, CarePlan)
        .lists_all(Query::carePlans, CarePlan)
        .counts(Query::carePlansCount, Query::carePlans)
        .leaves_out(Query::carePlansTemplatesCount, "not built yet")
        .leaves_out(Mutation::bulkApplyCarePlanTemplate, "not built yet")
        .leaves_out(Mutation::bulkUpdateCarePlanUsers, "not built yet")
        .creates(Mutation::createCarePlan, CarePlan)
        .needs(OrganizationMembership::can_manage_care_plan_templates)
        .creates(Mutation::createCarePlanRecommendationCategory, CarePlanRecommendationCategory)
        .creates(Mutation::createRecommendation, Recommendation)
        .deletes(Mutation::deleteCarePlan, CarePlan)
        .needs(OrganizationMembership::can_manage_care_plan_templates)
        .leaves_out(Mutation::deleteCarePlanConnection, "not built yet")
        .deletes(Mutation::deleteCarePlanRecommendationCategory, CarePlanRecommendationCategory)
        .deletes(Mutation::deleteRecommendation, Recommendation)
        .creates(Mutation::exportCarePlanToTemplate, CarePlan)
        .needs(OrganizationMembership::can_manage_care_plan_templates)
        .leaves_out(Mutation::removeUserFromGroupCarePlan, "not built yet")
        .leaves_out(Mutation::sendCarePlanEmail, "not built yet")
        .leaves_out(Mutation::toggleCarePlanStatusForSpecificUser, "not built yet")
        .leaves_out(Mutation::updateByTemplate, "not built yet")
        .updates(Mutation::updateCarePlan, CarePlan)
        .needs(OrganizationMembership::can_manage_care_plan_templates)
        .updates(Mutation::updateCarePlanRecommendationCategory, CarePlanRecommendationCategory)
        .updates(Mutation::updateGroupCarePlan, CarePlan)
        .updates(Mutation::updateRecommendation, Recommendation)
}
