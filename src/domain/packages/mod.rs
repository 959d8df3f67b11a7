//! Packages, products and promo codes.

mod children;
pub mod coupon;
pub mod credits;
mod frequency;
mod offering;
mod product;
mod purchase;
mod questions;
mod write_offering;

pub use purchase::{buy, first_price, renew};

use crate::engine::Area;
use crate::schema::names::{Mutation, Offering, OfferingImage, OrganizationMembership, Product, Query};

pub fn area() -> Area {
    Area::new("packages")
        .entity(offering::entity())
        .entity(children::include())
        .entity(children::visibility())
        .entity(children::product_row())
        .entity(coupon::entity())
        .entity(purchase::selection())
        .entity(credits::credit())
        .entity(product::entity())
        .query(Query::canCapOfferingPurchases, questions::can_cap_offering_purchases)
        .query(Query::initializedOfferingIncludes, questions::initialized_offering_includes)
        .query(Query::minimumOfferingPrice, questions::minimum_offering_price)
        .gets(Query::offering, Offering)
        .public()
        .lists(Query::offeringBillingItems, questions::offering_billing_items())
        .counts(Query::offeringBillingItemsCount, Query::offeringBillingItems)
        .lists(Query::offeringCoupons, coupon::offering_coupons())
        .counts(Query::offeringCouponsCount, Query::offeringCoupons)
        .lists(Query::offeringGroupVisibilities, questions::offering_group_visibilities())
        .lists_all(Query::offeringImages, OfferingImage)
        .lists(Query::offerings, offering::offerings())
        .public()
        .counts(Query::offeringsCount, Query::offerings)
        .public()
        .query(Query::offeringsData, questions::offerings_data)
        .lists(Query::products, product::products())
        .counts(Query::productsCount, Query::products)
        .query(Query::scheduledUserPackageSelections, questions::scheduled_user_package_selections)
        .lists(Query::userPackageSelections, purchase::user_package_selections())
        .counts(Query::userPackageSelectionsCount, Query::userPackageSelections)
        .query(Query::validateCoupon, coupon::validate_coupon)
        .public()
        .mutation(Mutation::copyOffering, write_offering::copy_offering)
        .needs(OrganizationMembership::can_edit_packages)
        .mutation(Mutation::createOffering, write_offering::create_offering)
        .needs(OrganizationMembership::can_edit_packages)
        .mutation(Mutation::createOfferingCoupon, coupon::create_offering_coupon)
        .needs(OrganizationMembership::can_edit_packages)
        .creates(Mutation::createProduct, Product)
        .needs(OrganizationMembership::can_edit_products)
        .mutation(Mutation::deleteOffering, write_offering::delete_offering)
        .needs(OrganizationMembership::can_edit_packages)
        .mutation(Mutation::deleteOfferingCoupon, coupon::delete_offering_coupon)
        .needs(OrganizationMembership::can_edit_packages)
        .deletes(Mutation::deleteProduct, Product)
        .needs(OrganizationMembership::can_edit_products)
        .mutation(Mutation::updateOffering, write_offering::update_offering)
        .needs(OrganizationMembership::can_edit_packages)
        .updates(Mutation::updateProduct, Product)
        .needs(OrganizationMembership::can_edit_products)
}
