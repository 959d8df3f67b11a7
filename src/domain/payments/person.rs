//! What a person says of money: cards, payments, what is owed.

use super::{billing_item, card, money, processor, recurring_payment, requested_payment};
use crate::engine::{Answer, Entity, Value, View, moment};
use crate::schema::Named;
use crate::schema::names::{
    BillingItem as Item, Offering, OfferingCoupon, OrganizationMembership, RecurringPayment as Recurring, RequestedPayment as Invoice,
    StripeCustomerDetail as Card, User,
};

pub fn on_user(entity: Entity<User>) -> Entity<User> {
    let entity = entity
        .collects(User::billing_items, Item::sender_id)
        .collects(User::offerings, Offering::user_id)
        .collects(User::offering_coupons, OfferingCoupon::user_id)
        .defaults(User::auto_charge_enabled, true)
        .computed(User::default_currency, |user| Some(user.get(User::default_currency).unwrap_or("USD").to_owned()))
        .answers(User::default_stripe_customer_detail_id, |user| default_card(user).map(|card| Value::Id(card.id())).into())
        .answers(User::stripe_customer_detail, |user| default_card(user).into())
        .answers(User::last_billing_item, |user| {
            let paid = user.on.having(Item::sender_id, user.id()).filter(billing_item::has_succeeded).filter(|item| sees(item));
            paid.max_by_key(|item| (item.get(Item::created_at), item.id())).into()
        })
        .answers(User::upcoming_payments, |user| Answer::List(upcoming(user).map(Answer::from).collect()))
        .answers(User::next_recurring_payment, |user| {
            let next = upcoming(user).filter(|recurring| !recurring.is(Recurring::is_paused));
            next.min_by_key(|recurring| (recurring.get(Recurring::next_payment_date), recurring.id())).into()
        });
    sums(entity)
}

fn sums(entity: Entity<User>) -> Entity<User> {
    entity
        // Documented: 0 for providers.
        .computed(User::money_owed, |user| {
            let owed = open(user).map(|invoice| requested_payment::balance(&invoice).max(0)).sum();
            Some(if user.is(User::is_patient) { money::show(owed) } else { "0".to_owned() })
        })
        .computed(User::open_payments_count, |user| Some(open(user).count() as i64))
        .computed(User::open_balance_due_count, |user| {
            Some(open(user).filter(|invoice| requested_payment::balance(invoice) > 0).count() as i64)
        })
        .computed(User::has_recent_payments, |user| {
            let since = moment::later(user.on.now(), -30 * 86_400);
            let paid = user.on.having(Item::sender_id, user.id()).filter(billing_item::has_succeeded);
            Some(paid.into_iter().any(|item| item.get(Item::created_at).is_some_and(|at| at >= since)))
        })
        .computed(User::card_issues_count, |user| Some(issues(user, card::has_issue)))
        .computed(User::expired_client_cards_count, |user| Some(issues(user, card::is_expired)))
        .computed(User::expiring_client_cards_count, |user| Some(issues(user, card::expires)))
        .computed(User::estimated_future_payouts, |user| Some(money::dollars(waiting(user))))
        .computed(User::formatted_estimated_future_payouts, |user| Some(format!("${}", money::show(waiting(user)))))
}

fn default_card<'s>(user: &View<'s, User>) -> Option<View<'s, Card>> {
    card::default_of(user.on, user.id()).filter(|card| user.on.may_see(Card::TYPE, card.record()))
}

pub fn has_card(user: &View<'_, User>) -> bool {
    card::stored(user.on, user.id()).next().is_some()
}

fn sees(item: &View<'_, Item>) -> bool {
    item.on.may_see(Item::TYPE, item.record())
}

fn upcoming<'s>(user: &View<'s, User>) -> impl Iterator<Item = View<'s, Recurring>> {
    let all = user.on.having(Recurring::sender_id, user.id()).filter(recurring_payment::is_active);
    all.filter(|recurring| recurring.on.may_see(Recurring::TYPE, recurring.record()))
}

/// The invoices that the person has yet to pay.
fn open<'s>(user: &View<'s, User>) -> impl Iterator<Item = View<'s, Invoice>> {
    user.on.having(Invoice::recipient_id, user.id()).filter(requested_payment::is_open)
}

/// Documented: of a member, how many of the clients' cards have an issue.
fn issues(user: &View<'_, User>, has: fn(&View<'_, Card>) -> bool) -> i64 {
    let viewer = user.on.viewer();
    if user.is(User::is_patient) || !viewer.may(OrganizationMembership::can_see_billing) {
        return 0;
    }
    let all = user.on.of_organization::<Card>(user.organization()).filter(|card| card.get(Card::deleted_at).is_none());
    all.filter(|card| !card.is(Card::issue_seen) && has(card) && card.on.may_see(Card::TYPE, card.record())).count() as i64
}

/// Assumed: what was charged in the last two days, without the fees.
fn waiting(user: &View<'_, User>) -> i64 {
    let since = moment::later(user.on.now(), -2 * 86_400);
    let paid = user.on.having(Item::recipient_id, user.id()).filter(billing_item::has_succeeded);
    let charged = paid.filter(|item| !item.value(Item::stripe_charge_id.slot).is_null() && item.get(Item::created_at) >= Some(since));
    charged.map(|item| billing_item::net(&item) - processor::fee(billing_item::amount(&item))).sum()
}
