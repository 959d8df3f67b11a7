//! Payouts: what Stripe sends to a provider's bank, a day's charges at a time. Worked out of the charges.

use super::{billing_item, money, processor};
use crate::engine::{Answer, Input, QueryError, Reading, Value, View};
use crate::schema::Named;
use crate::schema::names::{BillingItem as Item, PayoutAccount, TransactionType, TransferType as Transfer, args};
use jiff::{Timestamp, civil, tz::TimeZone};
use std::collections::BTreeMap;

/// Assumed, as Stripe does by default: two days after the charge.
const DAYS: i64 = 2;

struct Payout<'s> {
    day: civil::Date,
    id: String,
    items: Vec<View<'s, Item>>,
}

impl Payout<'_> {
    fn fees(&self) -> i64 {
        self.items.iter().map(|item| processor::fee(billing_item::amount(item))).sum()
    }

    fn amount(&self) -> i64 {
        self.items.iter().map(billing_item::net).sum::<i64>() - self.fees()
    }

    fn at(&self, days: i64) -> Timestamp {
        let midnight = TimeZone::UTC.to_timestamp(self.day.at(0, 0, 0, 0)).unwrap_or(Timestamp::MAX);
        crate::engine::moment::later(midnight, days * 86_400)
    }

    fn is_paid(&self, on: Reading<'_>) -> bool {
        self.at(DAYS) <= on.now()
    }
}

/// The charges that `payee` was paid, by day, newest first.
fn payouts(on: Reading<'_>, payee: u64) -> Vec<Payout<'_>> {
    let mut days: BTreeMap<civil::Date, Vec<View<'_, Item>>> = BTreeMap::new();
    let charged = on.having(Item::recipient_id, payee).filter(billing_item::has_succeeded);
    for item in charged.filter(|item| !item.value(Item::stripe_charge_id.slot).is_null()) {
        if let Some(at) = item.get(Item::created_at) {
            days.entry(TimeZone::UTC.to_datetime(at).date()).or_default().push(item);
        }
    }
    let id = |day: civil::Date| format!("po_1{payee:012}{:04}{:02}{:02}", day.year(), day.month(), day.day());
    days.into_iter().rev().map(|(day, items)| Payout { day, id: id(day), items }).collect()
}

/// Documented: the caller's own account unless another of the organization is named. Assumed: what is in accounts beside it
/// went there before the emulator was asked.
fn payee(on: Reading<'_>, account: Option<u64>) -> Option<u64> {
    match account {
        None => on.viewer().id(),
        Some(account) => on.find::<PayoutAccount>(account).and(None),
    }
}

fn page<'s>(on: Reading<'s>, account: Option<u64>, after: Option<&str>) -> Vec<Payout<'s>> {
    let all = payee(on, account).map(|payee| payouts(on, payee)).unwrap_or_default();
    let start = match after.filter(|after| !after.is_empty()) {
        Some(after) => all.iter().position(|payout| payout.id == after).map_or(all.len(), |at| at + 1),
        None => 0,
    };
    all.into_iter().skip(start).collect()
}

fn limit(asked: Option<i64>) -> usize {
    asked.map_or(10, |limit| limit.clamp(1, 100) as usize)
}

pub fn transfers(on: Reading<'_>, asked: &Input<'_, args::transfers>) -> Result<Answer, QueryError> {
    type A = args::transfers;
    let account = asked.get(A::payout_account_id).ok().flatten();
    let mut all = page(on, account, asked.get(A::starting_after).ok().flatten());
    let by = asked.get(A::order_by).ok().flatten().or(asked.get(A::sort_by).ok().flatten()).unwrap_or("CREATED_AT_DESC").to_uppercase();
    let key = |payout: &Payout<'_>| match by.as_str() {
        name if name.starts_with("AMOUNT") => payout.amount(),
        name if name.starts_with("STATUS") => i64::from(payout.is_paid(on)),
        name if name.starts_with("TRANSACTIONS") => payout.items.len() as i64,
        _ => payout.at(0).as_second(),
    };
    all.truncate(limit(asked.get(A::limit).ok().flatten()));
    all.sort_by_key(|payout| if by.ends_with("_ASC") { key(payout) } else { -key(payout) });
    Ok(Answer::List(all.iter().map(|payout| shown(on, payout)).collect()))
}

fn shown(on: Reading<'_>, payout: &Payout<'_>) -> Answer {
    let text = |field: crate::schema::Field<Transfer, crate::schema::Text>, text: String| (field.slot, Answer::from(Value::from(text)));
    let instant = |field: crate::schema::Field<Transfer, crate::schema::Instant>, at: Timestamp| {
        (field.slot, Answer::from(Value::Instant(at.as_microsecond())))
    };
    let values = vec![
        (Transfer::id.slot, Value::text(&payout.id).into()),
        text(Transfer::amount, money::show(payout.amount())),
        text(Transfer::displayed_amount, format!("${}", money::show(payout.amount()))),
        text(Transfer::fees, money::show(payout.fees())),
        text(Transfer::currency, "usd".to_owned()),
        text(Transfer::status, if payout.is_paid(on) { "paid" } else { "pending" }.to_owned()),
        text(Transfer::r#type, "bank_account".to_owned()),
        text(Transfer::initiated, crate::engine::moment::show_instant(payout.at(0), &on.viewer().zone)),
        instant(Transfer::displayed_initiated, payout.at(0)),
        instant(Transfer::expected_to_happen, payout.at(DAYS)),
        instant(Transfer::displayed_expected_to_happen, payout.at(DAYS)),
        (Transfer::transactions_count.slot, Value::Int(payout.items.len() as i64).into()),
    ];
    Answer::Object(Transfer::TYPE, values)
}

/// `paginate_transfers`: true where more follow.
pub fn paginate_transfers(on: Reading<'_>, asked: &Input<'_, args::paginate_transfers>) -> Result<Answer, QueryError> {
    type A = args::paginate_transfers;
    let account = asked.get(A::payout_account_id).ok().flatten();
    let left = page(on, account, asked.get(A::starting_after).ok().flatten()).len();
    Ok(Value::Bool(left > limit(asked.get(A::limit).ok().flatten())).into())
}

/// `transactions`: the charges of one payout.
pub fn transactions(on: Reading<'_>, asked: &Input<'_, args::transactions>) -> Result<Answer, QueryError> {
    type A = args::transactions;
    asked.accept(A::payout_id);
    let user = asked.get(A::user_id).ok().flatten().filter(|user| super::scope::sees_all(on.viewer()) || on.viewer().is(*user));
    let payee = user.or(on.viewer().id()).unwrap_or(0);
    let wanted = asked.lifted.sent(A::payout_id.slot).and_then(Option::as_ref).and_then(Value::as_str);
    let payout = payouts(on, payee).into_iter().find(|payout| Some(payout.id.as_str()) == wanted);
    let charge = |item: &View<'_, Item>| {
        let kept = billing_item::net(item) - processor::fee(billing_item::amount(item));
        let values = vec![
            (TransactionType::currency.slot, Value::text("usd").into()),
            (TransactionType::displayed_amount.slot, Value::from(format!("${}", money::show(kept))).into()),
            (TransactionType::source_name.slot, item.value(Item::stripe_charge_id.slot).clone().into()),
        ];
        Answer::Object(TransactionType::TYPE, values)
    };
    Ok(Answer::List(payout.map(|payout| payout.items.iter().map(charge).collect()).unwrap_or_default()))
}
