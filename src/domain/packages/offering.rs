//! A package: what is sold together, for how much, how often.

use super::{children, frequency};
use crate::domain::{members, payments::money};
use crate::engine::{Answer, Entity, Input, List, Reading, Value, View, Within};
use crate::schema::names::{
    BillingItem, Offering, OfferingGroupVisibility, OfferingImage, OfferingInclude, OfferingProduct, OrganizationMembership, Product, User,
    UserGroup, UserPackageSelection, args, args::offerings as Args,
};

pub fn entity() -> Entity<Offering> {
    let entity = Entity::usual()
        .about_nobody()
        .flags_default_to_no()
        .requires(Offering::name)
        .requires(Offering::price)
        .requires(Offering::billing_frequency)
        .visible(is_visible)
        .indexed(Offering::user_id)
        // Documented.
        .defaults(Offering::visibility_status, "hidden".to_owned())
        .defaults(Offering::charge_immediately, true)
        .defaults(Offering::user_pays, true)
        .defaults(Offering::show_price, true)
        .defaults(Offering::currency, "USD".to_owned())
        .ruled(Offering::price)
        .ruled(Offering::first_time_payment)
        .ruled(Offering::offering_includes)
        .ruled(Offering::offering_products);
    counts(prices(shown(entity)))
}

/// Documented: packages are public. Members see their organization's.
fn is_visible(package: &View<'_, Offering>) -> bool {
    let viewer = package.on.viewer();
    !viewer.is_member() || viewer.reaches(package.organization())
}

fn prices(entity: Entity<Offering>) -> Entity<Offering> {
    entity
        .computed(Offering::initial_payment_amount, |package| Some(plain(first(package))))
        .computed(Offering::initial_price_with_taxes, |package| Some(plain(first(package) + taxes(package))))
        .computed(Offering::offering_product_taxes, |package| Some(money::dollars(taxes(package))))
        .computed(Offering::frequency_times_string, |package| {
            Some(frequency::in_words(package.get(Offering::billing_frequency)?).to_owned())
        })
        .computed(Offering::abbreviated_frequency_times_string, |package| {
            Some(frequency::abbreviated(package.get(Offering::billing_frequency)?).to_owned())
        })
}

fn shown(entity: Entity<Offering>) -> Entity<Offering> {
    entity
        .computed(Offering::show_offering, |package| Some(!is_hidden(package)))
        .computed(Offering::immediate_purchase_url, |package| {
            let origin = &package.on.scene.origin;
            Some(format!("{origin}/appointments/embed_appt?offering_id={}&dietitian_id={}", package.id(), package.get(Offering::user_id)?))
        })
        .computed(Offering::offering_image_url, |package| {
            let image = package.follow::<OfferingImage, _>(Offering::offering_image_id);
            let url = image.and_then(|image| image.url(OfferingImage::image_url));
            package
                .url(Offering::offering_image_url)
                .or(url)
                .or_else(|| package.get(Offering::default_selection_image_url).map(str::to_owned))
        })
        .answers(Offering::selected_image_id, |package| package.value(Offering::offering_image_id.slot).clone().into())
        // Who looks a package up without a key sees who sells it.
        .answers(Offering::user, |package| package.follow::<User, _>(Offering::user_id).into())
        .computed(Offering::user_group_name, |package| {
            package.follow::<UserGroup, _>(Offering::user_group_id)?.get(UserGroup::name).map(str::to_owned)
        })
        .computed(Offering::includes_ended_fixed_course, |_| Some(false))
        .collects(Offering::offering_includes, OfferingInclude::offering_id)
        .answers_to(Offering::offering_includes, args::Offering_offering_includes, |package, asked| {
            type A = args::Offering_offering_includes;
            let kind = asked.get(A::appointment_type_id).ok().flatten();
            asked.accept(A::only_bookable_by_client);
            let all = package.on.having(OfferingInclude::offering_id, package.id());
            let wanted = all.filter(|include| kind.is_none() || include.get(OfferingInclude::appointment_type_id) == kind);
            Answer::List(wanted.map(Answer::from).collect())
        })
}

fn counts(entity: Entity<Offering>) -> Entity<Offering> {
    entity
        .computed(Offering::offering_includes_count, |package| {
            Some(package.on.count_having(OfferingInclude::offering_id, package.id()) as i64)
        })
        .computed(Offering::billing_items_count, |package| Some(sold(package).count() as i64))
        .computed(Offering::user_package_selections_count, |package| Some(bought(package)))
        .computed(Offering::total_revenue, |package| {
            let paid = sold(package).filter(crate::domain::payments::has_succeeded);
            Some(money::dollars(paid.map(|item| money::of(item.get(BillingItem::amount_paid))).sum()))
        })
        .computed(Offering::under_purchase_cap, |package| Some(is_under_cap(package)))
}

fn sold<'s>(package: &View<'s, Offering>) -> impl Iterator<Item = View<'s, BillingItem>> + use<'s> {
    package.on.having(BillingItem::offering_id, package.id()).filter(|item| item.get(BillingItem::deleted_at).is_none())
}

fn bought(package: &View<'_, Offering>) -> i64 {
    package.on.count_having(UserPackageSelection::offering_id, package.id()) as i64
}

/// Documented: without a number there is no cap.
pub fn is_under_cap(package: &View<'_, Offering>) -> bool {
    let most = package.get(Offering::max_purchases).and_then(|most| most.trim().parse::<i64>().ok());
    most.is_none_or(|most| bought(package) < most)
}

fn first(package: &View<'_, Offering>) -> i64 {
    super::first_price(package.row())
}

/// Observed in samples: as a number is written, with one decimal at least (`100.0`).
pub fn plain(cents: i64) -> String {
    let text = money::show(cents);
    text.strip_suffix('0').map_or_else(|| text.clone(), str::to_owned)
}

fn taxes(package: &View<'_, Offering>) -> i64 {
    let products = package.on.having(OfferingProduct::offering_id, package.id());
    products.map(|row| children::tax(&row)).sum()
}

pub fn product_price(row: &View<'_, OfferingProduct>) -> i64 {
    let product = row.follow::<Product, _>(OfferingProduct::product);
    let own = row.get(OfferingProduct::price).and_then(money::cents);
    own.or_else(|| money::cents(product?.get(Product::price)?)).unwrap_or(0)
}

fn is_hidden(package: &View<'_, Offering>) -> bool {
    package.get(Offering::visibility_status).is_none_or(|status| status == "hidden")
}

fn is_for_all(package: &View<'_, Offering>) -> bool {
    package.get(Offering::visibility_status) == Some("visible_to_all")
}

/// Documented (share_packages): a member's own are the others' too where the member shares them. Assumed, as with
/// appointment types: the owner's are everybody's, and administrators see all.
fn is_shared(package: &View<'_, Offering>) -> bool {
    let viewer = package.on.viewer();
    let Some(seller) = package.get(Offering::user_id).filter(|_| !viewer.is_admin()) else { return true };
    let shares = |seller: View<'_, User>| members::has_flag(&seller, OrganizationMembership::share_packages.slot);
    viewer.is(seller) || package.on.find_any::<User>(seller).is_some_and(shares)
}

fn is_of_group(package: &View<'_, Offering>, group: u64) -> bool {
    let mut groups = package.on.having(OfferingGroupVisibility::offering_id, package.id());
    package.get(Offering::visibility_status) == Some("visible_to_specific_groups")
        && groups.any(|row| row.get(OfferingGroupVisibility::user_group_id) == Some(group))
}

pub fn offerings() -> List<Offering, Args> {
    List::new()
        .within(within)
        .keep(|package, asked| match asked.get(Args::status).ok().flatten().map(str::to_lowercase).as_deref() {
            Some("archived") => package.is(Offering::archived),
            _ => !package.is(Offering::archived),
        })
        .reads(Args::status)
        // Assumed: only members see what is hidden in a list.
        .keep(|package, _| package.on.viewer().is_member() || !is_hidden(package))
        .keep(|package, _| !package.on.viewer().is_member() || is_shared(package))
        .filter(Args::client_visibility, |package, wanted| match wanted.to_lowercase().as_str() {
            "visible" => !is_hidden(package),
            "hidden" => is_hidden(package),
            _ => true,
        })
        .filter(Args::show_only_visible, |package, only| !only || is_for_all(package))
        .filter(Args::only_client_visible, |package, only| !only || is_for_viewer(package))
        .filter(Args::offering_user_group_id, |package, group| is_of_group(package, group))
        .filter(Args::offering_id, |package, id| package.id() == id)
        .filter(Args::offering_ids, |package, ids| ids.contains(&package.id()))
        .filter(Args::provider_id, |package, provider| is_sold_by(package, provider))
        .filter(Args::keywords, |package, words| {
            let texts = [Offering::name, Offering::description, Offering::price].map(|field| package.get(field).unwrap_or_default());
            let text = texts.join(" ").to_lowercase();
            words.to_lowercase().split_whitespace().all(|word| text.contains(word))
        })
        .order_by("SET_ORDER", |package| {
            let order = package.get(Offering::row_order).and_then(|order| order.trim().parse::<i64>().ok());
            Value::Int(order.unwrap_or(i64::MAX))
        })
        .order_by("PRICE", |package| Value::Int(money::of(package.get(Offering::price))))
        .order_by("NAME", |package| package.get(Offering::name).unwrap_or_default().to_lowercase().into())
        .order_by("BEST_SELLER", |package| Value::Int(-(sold(package).count() as i64)))
        .default_order("SET_ORDER")
}

/// Documented: who asks without a key names the provider.
fn within(on: Reading<'_>, asked: &Input<'_, Args>) -> Within {
    let named = [asked.get(Args::provider_id).ok().flatten(), asked.get(Args::offering_id).ok().flatten()];
    let ids = asked.get(Args::offering_ids).ok().flatten().unwrap_or_default();
    match on.viewer().organization() {
        0 if named == [None, None] && ids.is_empty() => Within::nothing(),
        0 => Within::everything(),
        own => Within::organization(own),
    }
}

/// Assumed: a provider sells the organization's packages beside the own.
fn is_sold_by(package: &View<'_, Offering>, provider: u64) -> bool {
    let provider = package.on.find_any::<User>(provider);
    provider.is_some_and(|provider| {
        let of_one = package.on.viewer().is_member() && !package.on.viewer().is(provider.id());
        package.get(Offering::user_id) == Some(provider.id()) || !of_one && provider.organization() == package.organization()
    })
}

fn is_for_viewer(package: &View<'_, Offering>) -> bool {
    let group = package.on.viewer().user.as_ref().and_then(|viewer| viewer.get(User::user_group_id));
    is_for_all(package) || group.is_some_and(|group| is_of_group(package, group)) || package.on.viewer().is_member() && !is_hidden(package)
}
