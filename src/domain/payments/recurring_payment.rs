//! A recurring payment: what a package costs at each turn, and when the next one is.

use super::{money, pay, receipt, schedule, scope};
use crate::domain::packages;
use crate::engine::{AnyInput, Call, Draft, Entity, Input, List, Reading, Row, View, Within};
use crate::schema::Named;
use crate::schema::names::{
    BillingItem as Item, BillingItemState as State, Offering, RecurringPayment as Recurring, args::recurringPayments as Args,
};

pub fn entity() -> Entity<Recurring> {
    Entity::usual()
        .visible(|recurring| {
            let named = [Recurring::sender_id, Recurring::recipient_id].map(|person| recurring.get(person));
            scope::may_see(recurring.on.viewer(), recurring.organization(), &named)
        })
        .indexed(Recurring::sender_id)
        .indexed(Recurring::offering_id)
        .defaults(Recurring::is_paused, false)
        .defaults(Recurring::is_canceled, false)
        .derives(keep_due)
        .computed(Recurring::offering_name, |recurring| {
            recurring.follow::<Offering, _>(Recurring::offering_id)?.get(Offering::name).map(str::to_owned)
        })
        .computed(Recurring::billing_items_count, |recurring| Some(items(recurring).count() as i64))
        .computed(Recurring::payments_remaining, |recurring| {
            // Documented: these words where there is no last one.
            Some(remaining(recurring).map_or_else(|| "Until Canceled".to_owned(), |left| left.to_string()))
        })
        .computed(Recurring::has_next_payment_date, |recurring| Some(has_next(recurring)))
        .computed(Recurring::has_scheduled_billing_item, |recurring| {
            Some(items(recurring).any(|item| super::billing_item::is_scheduled(&item)))
        })
        .answers(Recurring::last_billing_item, |recurring| items(recurring).last().into())
        .computed(Recurring::next_restart_payment_date, |recurring| {
            recurring.is(Recurring::is_paused).then(|| recurring.get(Recurring::next_payment_date)).flatten()
        })
        // Documented: a misspelt name for the same.
        .computed(Recurring::repeat_tiems, |recurring| recurring.get(Recurring::repeat_times).map(|times| times.to_string()))
}

/// What is paused, cancelled or over is not charged when the clock passes its date.
fn keep_due(recurring: &mut Draft<Recurring>, _: Reading<'_>) {
    let stopped = [Recurring::is_paused, Recurring::is_canceled].iter().any(|flag| recurring.get(*flag) == Some(true));
    match recurring.get(Recurring::next_payment_date).filter(|_| !stopped) {
        Some(at) => recurring.put(Recurring::due_at, at),
        None => recurring.clear(Recurring::due_at),
    }
}

pub fn items<'s>(recurring: &View<'s, Recurring>) -> impl Iterator<Item = View<'s, Item>> + use<'s> {
    recurring.on.having(Item::recurring_payment, recurring.id()).filter(|item| item.get(Item::deleted_at).is_none())
}

/// How many payments are left; None where there is no last one. Documented: a failed one is not made up for.
fn remaining(recurring: &View<'_, Recurring>) -> Option<i64> {
    let made = items(recurring).filter(|item| !super::billing_item::is_scheduled(item)).count() as i64;
    Some((recurring.get(Recurring::repeat_times)? - made).max(0))
}

/// Documented: a date is set, and payments are left.
fn has_next(recurring: &View<'_, Recurring>) -> bool {
    recurring.get(Recurring::next_payment_date).is_some() && remaining(recurring) != Some(0)
}

/// Assumed: what is paused still counts as active.
pub fn is_active(recurring: &View<'_, Recurring>) -> bool {
    !recurring.is(Recurring::is_canceled) && has_next(recurring)
}

/// What begins with `item`, where its package is paid for more than once. Documented: the amount stays what it was then.
pub fn begin<I: Named>(call: &mut Call<'_, I>, item: &mut Draft<Item>, package: &Row<Offering>, each: i64) -> Option<Row<Recurring>> {
    let zone = call.viewer().zone.clone();
    let frequency = package.get(Offering::billing_frequency)?;
    let at = schedule::next(call.now(), frequency, &zone)?;
    let once = package.get(Offering::repeat_times).is_some_and(|times| times <= 1);
    let mut begun = call
        .blank_draft::<Recurring>()
        .set(Recurring::amount_paid, money::show(each))
        .set(Recurring::amount_to_pay, money::show(each))
        .set(Recurring::original_price, package.get(Offering::price).map_or_else(|| money::show(each), str::to_owned))
        .set(Recurring::billing_frequency, frequency.to_owned())
        .set(Recurring::offering_id, package.id())
        .set(Recurring::start_at, call.now())
        .belongs_to(item.organization());
    if !once {
        begun.put(Recurring::next_payment_date, at);
    }
    if let Some(times) = package.get(Offering::repeat_times) {
        begun.put(Recurring::repeat_times, times);
    }
    for (kept, told) in [
        (Recurring::sender_id, Item::sender_id),
        (Recurring::recipient_id, Item::recipient_id),
        (Recurring::offering_coupon_id, Item::offering_coupon_id),
        (Recurring::stripe_customer_detail_id, Item::stripe_customer_detail_id),
    ] {
        begun.set_value(kept.slot, item.value(told.slot).clone());
    }
    begun.set_value(Recurring::user_package_selection_id.slot, item.value(Item::user_package_selection.slot).clone());
    let begun = begun.save(call);
    item.put(Item::recurring_payment, begun.id());
    Some(begun)
}

/// One turn. Documented: a failed one is not tried again by itself, and the next one comes all the same.
pub fn turn(call: &mut Call<'_, AnyInput>, recurring: &Row<Recurring>) {
    let mut item = call
        .blank_draft::<Item>()
        .belongs_to(recurring.organization())
        .set(Item::amount_paid, money::show(money::of(recurring.get(Recurring::amount_to_pay))))
        .set(Item::recurring_payment, recurring.id());
    for (kept, told) in [
        (Item::sender_id, Recurring::sender_id),
        (Item::recipient_id, Recurring::recipient_id),
        (Item::offering_id, Recurring::offering_id),
        (Item::offering_coupon_id, Recurring::offering_coupon_id),
        (Item::stripe_customer_detail_id, Recurring::stripe_customer_detail_id),
    ] {
        item.set_value(kept.slot, recurring.value(told.slot).clone());
    }
    item.set_value(Item::user_package_selection.slot, recurring.value(Recurring::user_package_selection_id.slot).clone());
    pay::charge_or_fail(call, &mut item);
    if item.get(Item::state) == Some(State::SUCCEEDED.name) {
        packages::renew(call, &item);
    } else {
        // Observed: what Healthie's notes of such payments begin with.
        item.put(Item::note, "Failed Recurring Payment".to_owned());
    }
    let zone = call.viewer().zone.clone();
    let at = recurring.get(Recurring::next_payment_date).unwrap_or(call.now());
    let frequency = recurring.get(Recurring::billing_frequency).unwrap_or_default().to_owned();
    let item = item.save(call);
    receipt::tell_later(call, &item);
    let left = call.on().find_any::<Recurring>(recurring.id()).and_then(|recurring| remaining(&recurring));
    let mut next = call.change(recurring);
    match schedule::next(at, &frequency, &zone).filter(|_| left != Some(0)) {
        Some(at) => next.put(Recurring::next_payment_date, at),
        None => next.clear(Recurring::next_payment_date),
    }
    next.save(call);
}

/// Documented: it cannot be resumed.
pub fn cancel<I: Named>(call: &mut Call<'_, I>, recurring: &Row<Recurring>) {
    if recurring.is(Recurring::is_canceled) {
        return;
    }
    let (now, by) = (call.now(), call.viewer_id());
    let mut draft = call.change(recurring).set(Recurring::is_canceled, true).set(Recurring::canceled_at, now);
    if by != 0 {
        draft.put(Recurring::canceled_by, by);
    }
    draft.save(call);
}

pub fn recurring_payments() -> List<Recurring, Args> {
    List::new().unpaged().within(of_patient).keep(has_status).reads(Args::active_status).default_order("CREATED_AT_DESC")
}

fn of_patient(on: Reading<'_>, asked: &Input<'_, Args>) -> Within {
    match asked.get(Args::user_id).ok().flatten() {
        Some(patient) => Within::having(Recurring::sender_id, patient),
        None if on.viewer().is_patient() => Within::having(Recurring::sender_id, on.viewer().id().unwrap_or(0)),
        None => Within::organization(on.viewer().organization()),
    }
}

/// Documented: `active` by default. Assumed: `all` and, for the rest, any other word.
fn has_status(recurring: &View<'_, Recurring>, asked: &Input<'_, Args>) -> bool {
    match asked.get(Args::active_status).ok().flatten().map(str::to_lowercase).as_deref() {
        None | Some("" | "active") => is_active(recurring),
        Some("all") => true,
        Some(_) => !is_active(recurring),
    }
}
