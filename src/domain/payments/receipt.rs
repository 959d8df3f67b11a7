//! What is mailed about a payment: a receipt once it is charged, and word of a failure that nobody has seen.

use crate::domain::{appointments::wants, mails::letters};
use crate::engine::{Call, Row};
use crate::schema::names::{BillingItem as Item, BillingItemState as State, NotificationSetting as Wants, User};
use crate::schema::{Bool, Field, Named};

/// A receipt for what was charged. Documented (NotificationSetting): of what recurs only to those who want it.
pub fn tell<I: Named>(call: &mut Call<'_, I>, payment: &Row<Item>) {
    if payment.get(Item::state) != Some(State::SUCCEEDED.name) || payment.value(Item::stripe_charge_id.slot).is_null() {
        return;
    }
    let recurs = !payment.value(Item::recurring_payment.slot).is_null();
    let wanted = recurs.then_some(Wants::send_email_receipt_for_subscription_payment);
    if let Some(payer) = person(call, payment.get(Item::sender_id), wanted) {
        letters::receipt(call, &payer, payment);
    }
}

/// As [`tell`], of a charge that nobody waited for. Assumed: whoever should have been paid hears of a failure.
pub fn tell_later<I: Named>(call: &mut Call<'_, I>, payment: &Row<Item>) {
    if payment.get(Item::state) != Some(State::FAILED.name) {
        tell(call, payment);
    } else if let Some(payee) = person(call, payment.get(Item::recipient_id), Some(Wants::send_email_on_scheduled_payment_failed)) {
        letters::payment_failed(call, &payee, payment);
    }
}

/// Documented: on demand.
pub fn again<I: Named>(call: &mut Call<'_, I>, payment: &Row<Item>) {
    if let Some(payer) = person(call, payment.get(Item::sender_id), None) {
        letters::receipt(call, &payer, payment);
    }
}

fn person<I: Named>(call: &Call<'_, I>, id: Option<u64>, wanted: Option<Field<Wants, Bool>>) -> Option<Row<User>> {
    id.filter(|id| wanted.is_none_or(|wanted| wants(call, *id, wanted))).and_then(|id| call.find_any(id))
}
