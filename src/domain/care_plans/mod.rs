//! Care plans, their recommendations, and what they bring together.

mod activation;
mod bulk_apply_care_plan_template;
mod bulk_update_care_plan_users;
mod care_plan;
mod connection;
mod create_care_plan;
mod export_care_plan_to_template;
mod recommendation;
mod send_care_plan_email;
mod template;
mod toggle_care_plan_status;
mod update_care_plan;
mod update_group_care_plan;

use crate::engine::Area;
use crate::schema::names::{
    CarePlan, CarePlanRecommendationCategory, Mutation, OrganizationMembership, Query, Recommendation, WebhookEventType,
};

pub fn area() -> Area {
    Area::new("care_plans")
        .entity(care_plan::entity())
        .entity(recommendation::entity())
        .entity(recommendation::category())
        .entity(connection::entity())
        .event(WebhookEventType::CARE_PLAN_ACTIVATED, activation::is_activated)
        .event(WebhookEventType::CARE_PLAN_DEACTIVATED, activation::is_deactivated)
        .gets(Query::carePlan, CarePlan)
        .lists(Query::carePlans, care_plan::care_plans())
        .counts(Query::carePlansCount, Query::carePlans)
        .query(Query::carePlansTemplatesCount, care_plan::care_plans_templates_count)
        .mutation(Mutation::bulkApplyCarePlanTemplate, bulk_apply_care_plan_template::bulk_apply_care_plan_template)
        .mutation(Mutation::bulkUpdateCarePlanUsers, bulk_update_care_plan_users::bulk_update_care_plan_users)
        .mutation(Mutation::createCarePlan, create_care_plan::create_care_plan)
        .creates(Mutation::createCarePlanRecommendationCategory, CarePlanRecommendationCategory)
        .mutation(Mutation::createRecommendation, recommendation::create_recommendation)
        .mutation(Mutation::deleteCarePlan, care_plan::delete_care_plan)
        .mutation(Mutation::deleteCarePlanConnection, connection::delete_care_plan_connection)
        .mutation(Mutation::deleteCarePlanRecommendationCategory, recommendation::delete_category)
        .deletes(Mutation::deleteRecommendation, Recommendation)
        .mutation(Mutation::exportCarePlanToTemplate, export_care_plan_to_template::export_care_plan_to_template)
        .needs(OrganizationMembership::can_manage_care_plan_templates)
        .mutation(Mutation::removeUserFromGroupCarePlan, connection::remove_user_from_group_care_plan)
        .mutation(Mutation::sendCarePlanEmail, send_care_plan_email::send_care_plan_email)
        .mutation(Mutation::toggleCarePlanStatusForSpecificUser, toggle_care_plan_status::toggle_care_plan_status)
        .mutation(Mutation::updateByTemplate, template::update_by_template)
        .mutation(Mutation::updateCarePlan, update_care_plan::update_care_plan)
        .updates(Mutation::updateCarePlanRecommendationCategory, CarePlanRecommendationCategory)
        .mutation(Mutation::updateGroupCarePlan, update_group_care_plan::update_group_care_plan)
        .mutation(Mutation::updateRecommendation, recommendation::update_recommendation)
}
