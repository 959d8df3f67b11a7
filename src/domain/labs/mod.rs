//! Lab orders and results.

mod create_lab_order;
mod lab_order;
mod lab_result;

pub use lab_order::on_user;

use crate::engine::Area;
use crate::schema::names::{LabOrder, LabResult, Mutation, OrganizationMembership, Query};

pub fn area() -> Area {
    Area::new("labs")
        .entity(lab_order::entity())
        .entity(lab_result::entity())
        .entity(lab_result::request())
        .entity(lab_result::observation())
        .entity(lab_order::option())
        .question(Query::labFiltersData, lab_order::filters)
        .needs(OrganizationMembership::can_view_labs)
        .lists(Query::labOptions, lab_order::lab_options())
        .public()
        .gets(Query::labOrder, LabOrder)
        .needs(OrganizationMembership::can_view_labs)
        .lists(Query::labOrders, lab_order::lab_orders())
        .needs(OrganizationMembership::can_view_labs)
        .counts(Query::labOrdersCount, Query::labOrders)
        .needs(OrganizationMembership::can_view_labs)
        .gets(Query::labResult, LabResult)
        .needs(OrganizationMembership::can_view_labs)
        .mutation(Mutation::createLabOrder, create_lab_order::create_lab_order)
        .needs(OrganizationMembership::can_order_labs)
        .mutation(Mutation::createRupaOrder, create_lab_order::create_rupa_order)
        .accepted()
        .mutation(Mutation::refetchChangeHealthLabOrder, create_lab_order::refetch)
        .accepted()
        .mutation(Mutation::resyncRupaLabOrders, create_lab_order::resync)
        .accepted()
        .mutation(Mutation::updateLabOrder, create_lab_order::update_lab_order)
        .needs(OrganizationMembership::can_order_labs)
}
