//! What belongs nowhere else: subscription plans, marketing forms, imports.

mod embed_widget_steps;
mod import_data_request;
mod marketing;
mod subscription;

use crate::engine::Area;
use crate::schema::names::{Mutation, Query, Visitor};

pub use subscription::on_user;

pub fn area() -> Area {
    Area::new("leftovers")
        .entity(import_data_request::entity())
        .entity(marketing::visitor())
        .entity(subscription::entity())
        .query(Query::embedWidgetSteps, embed_widget_steps::embed_widget_steps)
        .public()
        .query(Query::importDataRequest, import_data_request::import_data_request)
        .query(Query::newClientPriceString, subscription::new_client_price_string)
        .query(Query::plan, subscription::plan)
        .public()
        .question(Query::subscription, subscription::subscription)
        .creates(Mutation::createContact, Visitor)
        .public()
        .accepted()
        .creates(Mutation::createEbook, Visitor)
        .public()
        .accepted()
        .mutation(Mutation::createImportDataRequest, import_data_request::create_import_data_request)
        .creates(Mutation::createPartner, Visitor)
        .public()
        .accepted()
        .mutation(Mutation::createPersonalizationQuestionnaire, marketing::create_personalization_questionnaire)
        .accepted()
        .mutation(Mutation::createSubscription, subscription::create_subscription)
        .accepted()
        .creates(Mutation::createVisitor, Visitor)
        .public()
        .accepted()
        .mutation(Mutation::updateSubscription, subscription::update_subscription)
        .accepted()
}
