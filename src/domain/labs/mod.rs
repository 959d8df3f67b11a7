//! Lab orders and results.

use crate::engine::Area;
use crate::schema::names::{LabOption, LabOrder, LabResult, Mutation, OrganizationMembership, Query};

pub fn area() -> Area {
    Area::new("labs")
        .leaves_out(Query::labFiltersData, "not built yet")
        .lists_all(Query::labOptions, LabOption)
        .needs(OrganizationMembership::can_order_labs)
        .gets(Query::labOrder, LabOrder)
        .needs(OrganizationMembership::can_view_labs)
        .lists_all(Query::labOrders, LabOrder)
        .needs(OrganizationMembership::can_view_labs)
        .counts(Query::labOrdersCount, Query::labOrders)
        .gets(Query::labResult, LabResult)
        .needs(OrganizationMembership::can_view_labs)
        .creates(Mutation::createLabOrder, LabOrder)
        .needs(OrganizationMembership::can_order_labs)
        .leaves_out(Mutation::createRupaOrder, "not built yet")
        .leaves_out(Mutation::refetchChangeHealthLabOrder, "not built yet")
        .leaves_out(Mutation::resyncRupaLabOrders, "not built yet")
        .updates(Mutation::updateLabOrder, LabOrder)
        .needs(OrganizationMembership::can_order_labs)
}
