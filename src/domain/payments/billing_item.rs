//! A payment: what a patient paid, failed to pay, or is going to be charged.

use super::{money, requested_payer, scope};
use crate::domain::people;
use crate::engine::{Answer, Entity, Input, List, Reading, Value, View, Within};
use crate::schema::names::{
    BillingItem as Item, BillingItemState as State, Offering, OfferingCoupon, RecurringPayment, RefundItem, RequestedPayment, User,
    args::billingItems as Args,
};
use crate::schema::{Field, Id, Version};
use jiff::Timestamp;

pub fn entity() -> Entity<Item> {
    let entity = Entity::usual()
        .visible(|item| {
            let named = [Item::sender_id, Item::recipient_id, Item::created_by_id].map(|person| item.get(person));
            scope::may_see(item.on.viewer(), item.organization(), &named)
        })
        .indexed(Item::sender_id)
        .indexed(Item::recipient_id)
        .indexed(Item::offering_id)
        .indexed(Item::recurring_payment)
        .indexed(Item::stripe_idempotency_key)
        // Documented: what `keywords` looks in.
        .searched(Item::amount_paid)
        .searched(Item::payment_medium)
        .ruled(Item::state)
        .ruled(Item::is_canceled)
        .ruled(Item::amount_paid)
        .ruled(Item::stripe_idempotency_key)
        .defaults(Item::currency, "USD".to_owned())
        .defaults(Item::state, State::SUCCEEDED);
    parties(amounts(kinds(entity)))
}

fn parties(entity: Entity<Item>) -> Entity<Item> {
    entity
        // Who pays knows whom, also when they are no longer of the same care.
        .answers(Item::recipient, |item| item.follow::<User, _>(Item::recipient_id).into())
        .answers(Item::provider, |item| item.follow::<User, _>(Item::recipient_id).into())
        .answers(Item::requested_payer, requested_payer_of)
        // What was bought stays what was bought when it is no longer sold.
        .answers(Item::offering, |item| item.follow::<Offering, _>(Item::offering_id).into())
        .answers(Item::offering_coupon, |item| item.follow::<OfferingCoupon, _>(Item::offering_coupon_id).into())
        .computed(Item::coupon_code, |item| {
            item.follow::<OfferingCoupon, _>(Item::offering_coupon_id)?.get(OfferingCoupon::code).map(str::to_owned)
        })
}

fn amounts(entity: Entity<Item>) -> Entity<Item> {
    entity
        .computed(Item::amount_paid_string, |item| Some(money::show(amount(item))))
        .computed(Item::net_payment, |item| Some(money::show(net(item))))
        .computed(Item::next_scheduled_payment_amount, |item| is_scheduled(item).then(|| money::show(amount(item))))
        .collects(Item::refund_items, RefundItem::billing_item_id)
}

fn kinds(entity: Entity<Item>) -> Entity<Item> {
    entity
        // Documented: words in 2024-06-01, an enum in 2026-01-01.
        .answers(Item::state, |item| match (item.get(Item::state), item.on.scene.version) {
            (Some(state), Version::V2024_06_01) => Value::from(state.to_lowercase()).into(),
            (state, _) => Value::from(state).into(),
        })
        .computed(Item::is_outside_payment, |item| Some(has_succeeded(item) && item.value(Item::stripe_charge_id.slot).is_null()))
        .computed(Item::is_recurring, |item| Some(item.get(Item::recurring_payment).is_some()))
        .computed(Item::is_canceled, |item| Some(is_stopped(item)))
        .computed(Item::item_position_number, position)
        // Documented: an alias.
        .answers(Item::invoice_id, |item| item.value(Item::requested_payment_id.slot).clone().into())
        // Observed: the same text.
        .answers(Item::shown_note, |item| item.value(Item::note.slot).clone().into())
        .computed(Item::shown_description, description)
}

pub fn amount(item: &View<'_, Item>) -> i64 {
    money::of(item.get(Item::amount_paid))
}

/// Documented: after refunds.
pub fn net(item: &View<'_, Item>) -> i64 {
    amount(item) - money::of(item.get(Item::refund_amount))
}

pub fn has_succeeded(item: &View<'_, Item>) -> bool {
    item.get(Item::state) == Some(State::SUCCEEDED.name) && item.get(Item::deleted_at).is_none()
}

pub fn is_scheduled(item: &View<'_, Item>) -> bool {
    item.get(Item::state) == Some(State::SCHEDULED.name)
}

fn recurring<'s>(item: &View<'s, Item>) -> Option<View<'s, RecurringPayment>> {
    item.follow(Item::recurring_payment)
}

/// True for what was cancelled itself, or with the recurring payment that it belongs to.
fn is_stopped(item: &View<'_, Item>) -> bool {
    item.get(Item::is_canceled) == Some(true) || recurring(item).is_some_and(|recurring| recurring.is(RecurringPayment::is_canceled))
}

/// Documented: counts the partial payments of an invoice.
fn position(item: &View<'_, Item>) -> Option<i64> {
    let invoice = item.get(Item::requested_payment_id)?;
    let before = item.on.having(Item::requested_payment_id, invoice).filter(|other| other.id() <= item.id());
    Some(before.filter(|other| other.get(Item::deleted_at).is_none()).count() as i64)
}

/// Assumed: the package's name, or what the invoice is for.
fn description(item: &View<'_, Item>) -> Option<String> {
    let package = item.follow::<Offering, _>(Item::offering_id).and_then(|package| Some(package.get(Offering::name)?.to_owned()));
    package.or_else(|| super::requested_payment::details(&item.follow(Item::requested_payment_id)?))
}

fn requested_payer_of(item: &View<'_, Item>) -> Answer {
    let own = item.get(Item::requested_payer).and_then(|payer| payer.id());
    let invoice = item.follow::<RequestedPayment, _>(Item::requested_payment_id);
    let payer = own.or_else(|| invoice.and_then(|invoice| invoice.get(RequestedPayment::requested_payer_id)));
    requested_payer::show(item.on, payer, item.get(Item::sender_id))
}

pub fn billing_items() -> List<Item, Args> {
    List::new()
        .within(within)
        .page_size(20)
        .most(100)
        .keywords(Args::keywords)
        .filter_eq(Args::client_id, Item::sender_id)
        .filter_eq(Args::provider_id, Item::recipient_id)
        .filter(Args::user_id, |item, user| [item.get(Item::sender_id), item.get(Item::recipient_id)].contains(&Some(user)))
        .filter(Args::offerings_only, |item, only| !only || item.get(Item::offering_id).is_some())
        .filter(Args::created_at_start, |item, start| day(item, item.get(Item::created_at)) >= day(item, Some(start)))
        .filter(Args::created_at_end, |item, end| day(item, item.get(Item::created_at)) <= day(item, Some(end)))
        .filter(Args::status, |item, wanted| has_status(item, &wanted))
        .filter(Args::state, |item, wanted| has_status(item, &[wanted]))
        .order_by("AMOUNT_PAID", |item| Value::Int(amount(item)))
        .order_by("PATIENT_FIRST_NAME", |item| first_name(item, Item::sender_id))
        .order_by("PROVIDER_FIRST_NAME", |item| first_name(item, Item::recipient_id))
        .order("METHOD", &[Item::payment_medium.slot])
        // What `sort_by` calls the same, documented for 2024-06-01.
        .order("OLDEST", &[Item::created_at.slot])
        .order_by("NEWEST", |item| Value::Int(-item.get(Item::created_at).map_or(0, Timestamp::as_microsecond)))
        .order_by("SMALLESTAMOUNT", |item| Value::Int(amount(item)))
        .order_by("LARGESTAMOUNT", |item| Value::Int(-amount(item)))
        .order_by("PATIENT_NAME", |item| name(item, Item::sender_id))
        .order_by("PROVIDER_NAME", |item| name(item, Item::recipient_id))
        .default_order("CREATED_AT_DESC")
}

fn within(on: Reading<'_>, asked: &Input<'_, Args>) -> Within {
    match asked.get(Args::client_id).ok().flatten() {
        Some(client) => Within::having(Item::sender_id, client),
        None if on.viewer().is_patient() => Within::having(Item::sender_id, on.viewer().id().unwrap_or(0)),
        None => Within::organization(on.viewer().organization()),
    }
}

/// Documented: whole days, both inclusive. Assumed: the viewer's.
fn day(item: &View<'_, Item>, at: Option<Timestamp>) -> Option<jiff::civil::Date> {
    Some(item.on.viewer().zone.to_datetime(at?).date())
}

/// Documented: `paused` and `stopped` beside the states. Observed: `paid` finds what succeeded. Assumed: other words find
/// nothing of their own.
fn has_status(item: &View<'_, Item>, wanted: &[&str]) -> bool {
    let has = |status: &&str| match status.to_lowercase().as_str() {
        "paid" | "succeeded" => item.get(Item::state) == Some(State::SUCCEEDED.name),
        "failed" => item.get(Item::state) == Some(State::FAILED.name),
        "scheduled" => is_scheduled(item) && !is_stopped(item),
        "paused" => is_scheduled(item) && recurring(item).is_some_and(|recurring| recurring.is(RecurringPayment::is_paused)),
        "stopped" => is_scheduled(item) && is_stopped(item),
        _ => false,
    };
    let known = wanted
        .iter()
        .filter(|status| ["paid", "succeeded", "failed", "scheduled", "paused", "stopped"].contains(&status.to_lowercase().as_str()));
    let known: Vec<&&str> = known.collect();
    known.is_empty() || known.into_iter().any(has)
}

fn first_name(item: &View<'_, Item>, person: Field<Item, Id>) -> Value {
    item.follow::<User, _>(person).and_then(|person| Some(person.get(User::first_name)?.to_lowercase())).into()
}

fn name(item: &View<'_, Item>, person: Field<Item, Id>) -> Value {
    item.follow::<User, _>(person).map(|person| people::full_name(&person).to_lowercase()).into()
}
