//! `updateBillingItem`: gives money back, stops, pauses, tries again, moves or corrects a payment.

use super::{billing_item, create_billing_item, money, pay, receipt, recurring_payment, requested_payment::settle, schedule};
use crate::engine::{Call, Draft, Made, Refusal, Row, Value, View};
use crate::schema::names::{
    BillingItem as Item, BillingItemState as State, ChargeBack, RecurringPayment as Recurring, RefundItem, User,
    updateBillingItemInput as Input,
};

pub fn update_billing_item(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let item = call.target::<Item, _>(Input::id)?;
    call.target_if_any::<User, _>(Input::sender_id)?;
    call.target_if_any::<User, _>(Input::recipient_id)?;
    create_billing_item::refuse_long_metadata(call.get(Input::metadata)?)?;
    // Assumed: a retry's key is of no effect, since what was retried once has succeeded.
    call.accept(Input::stripe_idempotency_key);
    let amount = money::sent(call, Input::amount_paid)?;

    let mut draft = call.edit(&item);
    for kept in [Item::sender_id.slot, Item::recipient_id.slot, Item::created_at.slot] {
        // Assumed: a payment is never without payer and payee.
        if draft.value(kept).is_null() {
            draft.set_value(kept, item.value(kept).clone());
        }
    }
    if let Some(amount) = amount {
        draft.put(Item::amount_paid, money::show(amount));
    }
    if call.is(Input::resend_receipt) {
        draft.put(Item::receipt_last_sent_at, call.now());
    }
    refund(call, &item, &mut draft)?;
    stop_or_pause(call, &item, &mut draft)?;
    move_date(call, &item, &mut draft)?;
    if call.is(Input::resend_payment) {
        try_again(call, &item, &mut draft)?;
    }
    let saved = draft.save(call);
    settle(call, saved.get(Item::requested_payment_id));
    if call.is(Input::resend_receipt) {
        receipt::again(call, &saved);
    }
    Ok(saved.into())
}

fn shown<'s>(call: &'s Call<'_, Input>, item: &Row<Item>) -> View<'s, Item> {
    View::new(call.on(), item.record())
}

/// Documented: all of it or a part; not what is disputed. Assumed: the texts.
fn refund(call: &mut Call<'_, Input>, item: &Row<Item>, draft: &mut Draft<Item>) -> Result<(), Refusal> {
    let Some(amount) = money::sent(call, Input::chosen_refund_amount)? else { return Ok(()) };
    let payment = shown(call, item);
    if !billing_item::has_succeeded(&payment) {
        return Err(Refusal::base("Only successful payments can be refunded"));
    }
    if amount == 0 {
        return Err(Refusal::on(Input::chosen_refund_amount, "must be greater than 0"));
    }
    if amount > billing_item::net(&payment) {
        return Err(Refusal::on(Input::chosen_refund_amount, "is greater than the remaining amount of the payment"));
    }
    if !call.having(ChargeBack::billing_item, item.id()).is_empty() {
        return Err(Refusal::base("A disputed payment cannot be refunded"));
    }
    let now = call.now();
    let all = money::of(item.get(Item::refund_amount)) + amount;
    draft.put(Item::refund_amount, money::show(all));
    draft.put(Item::refund_date, now);
    let refund = call
        .blank_draft::<RefundItem>()
        .belongs_to(item.organization())
        .set(RefundItem::billing_item_id, item.id())
        .set(RefundItem::refund_amount, money::show(amount))
        .set(RefundItem::refund_date, now)
        .set(RefundItem::currency, item.get(Item::currency).unwrap_or("USD").to_owned())
        .set(RefundItem::status, "succeeded".to_owned());
    refund.save(call);
    Ok(())
}

fn recurring(call: &Call<'_, Input>, item: &Row<Item>) -> Option<Row<Recurring>> {
    call.find_any(item.get(Item::recurring_payment)?.id()?)
}

/// Documented: what is cancelled isn't resumed; only what recurs is paused.
fn stop_or_pause(call: &mut Call<'_, Input>, item: &Row<Item>, draft: &mut Draft<Item>) -> Result<(), Refusal> {
    let recurs = recurring(call, item);
    if call.is(Input::is_canceled) {
        match &recurs {
            Some(recurring) => recurring_payment::cancel(call, recurring),
            None if billing_item::is_scheduled(&shown(call, item)) => {
                draft.put(Item::is_canceled, true);
                draft.clear(Item::due_at);
            }
            None => return Err(Refusal::base("Only scheduled and recurring payments can be canceled")),
        }
    }
    let Some(pauses) = call.get(Input::is_paused)? else { return Ok(()) };
    let recurring = recurs.and_then(|recurring| call.find_any::<Recurring>(recurring.id()));
    let Some(recurring) = recurring else {
        return if pauses { Err(Refusal::base("Only recurring payments can be paused")) } else { Ok(()) };
    };
    if recurring.is(Recurring::is_canceled) {
        return Err(Refusal::base("This recurring payment has been canceled"));
    }
    if recurring.is(Recurring::is_paused) == pauses {
        return Ok(());
    }
    let (now, by) = (call.now(), call.viewer_id());
    let mut paused = call.change(&recurring).set(Recurring::is_paused, pauses);
    if pauses {
        paused.put(Recurring::paused_at, now);
        paused.put(Recurring::paused_by, by);
    } else {
        paused.clear(Recurring::paused_at);
        paused.clear(Recurring::paused_by);
        // Assumed: what fell due meanwhile is not made up for; it goes on with the next date of its rhythm.
        let frequency = recurring.get(Recurring::billing_frequency).unwrap_or_default();
        let mut at = recurring.get(Recurring::next_payment_date);
        while let Some(past) = at.filter(|at| *at <= now) {
            at = schedule::next(past, frequency, &call.viewer().zone).filter(|next| *next > past);
        }
        if let Some(at) = at {
            paused.put(Recurring::next_payment_date, at);
        }
    }
    paused.save(call);
    Ok(())
}

fn move_date(call: &mut Call<'_, Input>, item: &Row<Item>, draft: &mut Draft<Item>) -> Result<(), Refusal> {
    let Some(at) = call.get(Input::new_payment_date)? else { return Ok(()) };
    let zone = &call.viewer().zone;
    let day = zone.to_datetime(at).date();
    if day < zone.to_datetime(call.now()).date() {
        return Err(Refusal::on(Input::new_payment_date, "must be in the future"));
    }
    let morning = schedule::morning(day, zone).max(call.now());
    if billing_item::is_scheduled(&shown(call, item)) {
        draft.put(Item::due_at, morning);
        return Ok(());
    }
    match recurring(call, item) {
        Some(recurring) => {
            call.change(&recurring).set(Recurring::next_payment_date, morning).save(call);
            Ok(())
        }
        None => Err(Refusal::on(Input::new_payment_date, "can only be changed for upcoming payments")),
    }
}

/// Documented: a success is a payment of its own, which the failed one names.
fn try_again(call: &mut Call<'_, Input>, item: &Row<Item>, draft: &mut Draft<Item>) -> Result<(), Refusal> {
    if !create_billing_item::has_failed(&shown(call, item)) || item.get(Item::successful_retried_payment).is_some() {
        return Err(Refusal::base("Only failed payments can be retried"));
    }
    let mut retry = call.blank_draft::<Item>().belongs_to(item.organization()).set(Item::created_by_id, call.viewer_id());
    for slot in [
        Item::amount_paid.slot,
        Item::sender_id.slot,
        Item::recipient_id.slot,
        Item::offering_id.slot,
        Item::offering_coupon_id.slot,
        Item::recurring_payment.slot,
        Item::requested_payment_id.slot,
        Item::user_package_selection.slot,
        Item::currency.slot,
    ] {
        retry.set_value(slot, item.value(slot).clone());
    }
    let card = pay::method(call, &retry).ok_or_else(|| Refusal::base("Client does not have a payment method on file"))?;
    pay::charge(call, &mut retry, &card).map_err(Refusal::base)?;
    retry.put(Item::state, State::SUCCEEDED);
    let retry = retry.save(call);
    draft.set_value(Item::successful_retried_payment.slot, Value::Id(retry.id()));
    Ok(())
}
