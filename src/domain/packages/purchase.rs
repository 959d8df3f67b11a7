//! What a purchase gives: the package itself, visits, programs, a place in a group; and what it takes from stock.

use super::credits::{self, Why};
use crate::domain::payments::money;
use crate::engine::{Call, Draft, Entity, List, Row, View};
use crate::schema::Named;
use crate::schema::names::{
    BillingItem as Item, CourseMembership, Offering, OfferingCourse, OfferingInclude, OfferingProduct, Product, User,
    UserPackageSelection as Selection, args::userPackageSelections as Args,
};

pub fn selection() -> Entity<Selection> {
    Entity::usual()
        .indexed(Selection::offering_id)
        .about_only(Selection::user_id)
        .refers(Selection::user, Selection::user_id)
        .answers(Selection::offering, |bought| bought.follow::<Offering, _>(Selection::offering_id).into())
        .computed(Selection::initial_price_with_offering_coupon, |bought| bought.get(Selection::initial_price).map(str::to_owned))
}

pub fn user_package_selections() -> List<Selection, Args> {
    List::new()
        .page_size(20)
        .filter_eq(Args::user_id, Selection::user_id)
        .filter_eq(Args::offering_id, Selection::offering_id)
        .default_order("CREATED_AT_DESC")
}

/// Documented: one session is one credit.
pub fn buy<I: Named>(call: &mut Call<'_, I>, item: &mut Draft<Item>) {
    let package = item.get(Item::offering_id).and_then(|id| call.find_any::<Offering>(id));
    let (Some(package), Some(patient)) = (package, item.get(Item::sender_id)) else { return };
    let price = item.get(Item::amount_paid).unwrap_or("0.00").to_owned();
    let mut bought = call
        .blank_draft::<Selection>()
        .belongs_to(item.organization())
        .set(Selection::user_id, patient)
        .set(Selection::offering_id, package.id())
        .set(Selection::billing_item_id, item.id())
        .set(Selection::initial_price, price);
    if let Some(coupon) = item.get(Item::offering_coupon_id) {
        bought.put(Selection::offering_coupon_id, coupon);
    }
    if let Some(invoice) = item.get(Item::requested_payment_id) {
        bought.put(Selection::requested_payment_id, invoice);
    }
    let bought = bought.save(call);
    item.put(Item::user_package_selection, bought.id());
    grant(call, &package, patient, |_| true);
    enroll(call, &package, patient);
    regroup(call, &package, patient);
    take_from_stock(call, &package);
}

/// Documented: another turn gives the visits that repeat.
pub fn renew<I: Named>(call: &mut Call<'_, I>, item: &Draft<Item>) {
    let package = item.get(Item::offering_id).and_then(|id| call.find_any::<Offering>(id));
    if let (Some(package), Some(patient)) = (package, item.get(Item::sender_id)) {
        grant(call, &package, patient, |include| include.is(OfferingInclude::is_repeating));
    }
}

fn grant<I: Named>(call: &mut Call<'_, I>, package: &Row<Offering>, patient: u64, which: fn(&Row<OfferingInclude>) -> bool) {
    for include in call.having(OfferingInclude::offering_id, package.id()).into_iter().filter(which) {
        let Some(kind) = include.get(OfferingInclude::appointment_type_id) else { continue };
        let quantity = include.get(OfferingInclude::quantity).and_then(|quantity| quantity.trim().parse::<i64>().ok()).unwrap_or(1);
        credits::change(call, patient, kind, quantity.clamp(0, 10_000), Why::Bought(package.id()));
    }
}

fn enroll<I: Named>(call: &mut Call<'_, I>, package: &Row<Offering>, patient: u64) {
    let courses = call.having(OfferingCourse::offering_id, package.id()).into_iter().filter_map(|row| row.get(OfferingCourse::course_id));
    let all: Vec<u64> = courses.chain(package.get(Offering::course_id)).collect();
    for course in all {
        let joined = |row: &Row<CourseMembership>| row.get(CourseMembership::course_id) == Some(course);
        if call.having(CourseMembership::user_id, patient).iter().any(joined) {
            continue;
        }
        let joins = call.blank_draft::<CourseMembership>().belongs_to(package.organization());
        joins.set(CourseMembership::user_id, patient).set(CourseMembership::course_id, course).save(call);
    }
}

/// Documented: only who is in no group, unless the package says otherwise.
fn regroup<I: Named>(call: &mut Call<'_, I>, package: &Row<Offering>, patient: u64) {
    let (Some(group), Some(patient)) = (package.get(Offering::user_group_id), call.find_any::<User>(patient)) else { return };
    if patient.get(User::user_group_id).is_none() || package.is(Offering::override_group_on_purchase) {
        call.change(&patient).set(User::user_group_id, group).save(call);
    }
}

fn take_from_stock<I: Named>(call: &mut Call<'_, I>, package: &Row<Offering>) {
    for row in call.having(OfferingProduct::offering_id, package.id()) {
        let product = row.get(OfferingProduct::product).and_then(|product| call.find_any::<Product>(product.id()?));
        let Some(product) =
            product.filter(|product| row.is(OfferingProduct::deduct_main_quantity) && !product.is(Product::unlimited_quantity))
        else {
            continue;
        };
        let left = product.get(Product::remaining_quantity).and_then(|left| left.trim().parse::<i64>().ok()).unwrap_or(0);
        let left = (left - row.get(OfferingProduct::quantity).unwrap_or(1)).max(0);
        call.change(&product).set(Product::remaining_quantity, left.to_string()).save(call);
    }
}

/// What is paid first: the first payment's own price where there is one.
pub fn first_price(package: &Row<Offering>) -> i64 {
    let first = package.get(Offering::first_time_payment).filter(|first| !first.trim().is_empty());
    money::of(first.or(package.get(Offering::price)))
}

/// Documented: what is bought, but charged on another day; it is the client's once it is charged.
pub fn is_still_scheduled(item: &View<'_, Item>) -> bool {
    crate::domain::payments::is_scheduled(item) && item.get(Item::offering_id).is_some() && item.get(Item::is_canceled) != Some(true)
}
