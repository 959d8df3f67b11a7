//! What belongs nowhere else: subscription plans, marketing forms, imports.

use crate::engine::Area;
use crate::schema::names::{Mutation, Plan, Query, Subscription, SubscriptionInstance, Visitor};

pub fn area() -> Area {
    Area::new("leftovers")
        .leaves_out(Query::embedWidgetSteps, "not built yet")
        .leaves_out(Query::importDataRequest, "not built yet")
        .leaves_out(Query::newClientPriceString, "not built yet")
        .gets(Query::plan, Plan)
        .gets(Query::subscription, SubscriptionInstance)
        .leaves_out(Mutation::createContact, "not built yet")
        .leaves_out(Mutation::createEbook, "not built yet")
        .leaves_out(Mutation::createImportDataRequest, "not built yet")
        .leaves_out(Mutation::createPartner, "not built yet")
        .leaves_out(Mutation::createPersonalizationQuestionnaire, "not built yet")
        .leaves_out(Mutation::createSubscription, "not built yet")
        .creates(Mutation::createVisitor, Visitor)
        .leaves_out(Mutation::updateSubscription, "not built yet")
        .leaves_out_subscription(Subscription::userUpdatedSubscription, "subscriptions over the WebSocket are not served yet")
}
