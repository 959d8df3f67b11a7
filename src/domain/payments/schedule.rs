//! Payments that are charged later.

use super::{pay, receipt, requested_payment::settle};
use crate::domain::packages;
use crate::engine::{AnyInput, Call, Row};
use crate::schema::names::{BillingItem as Item, BillingItemState as State};
use jiff::{Timestamp, ToSpan, civil, tz::TimeZone};

/// Documented: in the morning of that day. Assumed: at eight, in the zone of whoever said so.
pub fn morning(day: civil::Date, zone: &TimeZone) -> Timestamp {
    zone.to_timestamp(day.at(8, 0, 0, 0)).unwrap_or(Timestamp::MAX)
}

/// The day's charge.
pub fn charge_scheduled(call: &mut Call<'_, AnyInput>, item: &Row<Item>) {
    let mut draft = call.change(item);
    draft.clear(Item::due_at);
    pay::charge_or_fail(call, &mut draft);
    // Documented: the package is the client's once it is charged.
    if draft.get(Item::state) == Some(State::SUCCEEDED.name) {
        packages::buy(call, &mut draft);
    }
    let saved = draft.save(call);
    settle(call, saved.get(Item::requested_payment_id));
    receipt::tell_later(call, &saved);
}

/// When the payment after one at `at` is made; None where it is made once.
///
/// Documented: the frequencies. Assumed: months and years as the calendar counts them.
pub fn next(at: Timestamp, frequency: &str, zone: &TimeZone) -> Option<Timestamp> {
    let step = match frequency {
        "Weekly" => 7.days(),
        "Bi-Weekly" => 14.days(),
        "Every 4 Weeks" => 28.days(),
        "Every 8 Weeks" => 56.days(),
        "Monthly" => 1.month(),
        "Quarterly" => 3.months(),
        "Yearly" => 1.year(),
        _ => return None,
    };
    let then = zone.to_datetime(at).checked_add(step).ok().and_then(|then| zone.to_timestamp(then).ok());
    Some(then.unwrap_or(Timestamp::MAX))
}
