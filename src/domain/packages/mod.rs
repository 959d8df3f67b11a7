//! Packages, products and promo codes.

use crate::engine::Area;
use crate::schema::names::{
    BillingItem, Mutation, Offering, OfferingCoupon, OfferingGroupVisibility, OfferingImage, OfferingInclude, OrganizationMembership,
    Product, Query, ScheduledUserPackageSelection, UserPackageSelection,
};

pub fn area() -> Area {
    Area::new("packages")
        .leaves_out(Query::canCapOfferingPurchases, "not built yet")
        .lists_all(Query::initializedOfferingIncludes, OfferingInclude)
        .leaves_out(Query::minimumOfferingPrice, "not built yet")
        .gets(Query::offering, Offering)
        .lists_all(Query::offeringBillingItems, BillingItem)
        .counts(Query::offeringBillingItemsCount, Query::offeringBillingItems)
        .lists_all(Query::offeringCoupons, OfferingCoupon)
        .counts(Query::offeringCouponsCount, Query::offeringCoupons)
        .lists_all(Query::offeringGroupVisibilities, OfferingGroupVisibility)
        .lists_all(Query::offeringImages, OfferingImage)
        .lists_all(Query::offerings, Offering)
        .counts(Query::offeringsCount, Query::offerings)
        .leaves_out(Query::offeringsData, "not built yet")
        .lists_all(Query::products, Product)
        .counts(Query::productsCount, Query::products)
        .lists_all(Query::scheduledUserPackageSelections, ScheduledUserPackageSelection)
        .lists_all(Query::userPackageSelections, UserPackageSelection)
        .counts(Query::userPackageSelectionsCount, Query::userPackageSelections)
        .leaves_out(Query::validateCoupon, "not built yet")
        .creates(Mutation::copyOffering, Offering)
        .needs(OrganizationMembership::can_edit_packages)
        .creates(Mutation::createOffering, Offering)
        .needs(OrganizationMembership::can_edit_packages)
        .creates(Mutation::createOfferingCoupon, OfferingCoupon)
        .needs(OrganizationMembership::can_edit_packages)
        .creates(Mutation::createProduct, Product)
        .needs(OrganizationMembership::can_edit_products)
        .deletes(Mutation::deleteOffering, Offering)
        .needs(OrganizationMembership::can_edit_packages)
        .deletes(Mutation::deleteOfferingCoupon, OfferingCoupon)
        .needs(OrganizationMembership::can_edit_packages)
        .deletes(Mutation::deleteProduct, Product)
        .needs(OrganizationMembership::can_edit_products)
        .updates(Mutation::updateOffering, Offering)
        .needs(OrganizationMembership::can_edit_packages)
        .updates(Mutation::updateProduct, Product)
        .needs(OrganizationMembership::can_edit_products)
}
