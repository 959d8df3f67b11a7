//! Taking money: what a charge, or its failure, leaves on a payment.

use super::{card, money, processor};
use crate::engine::{Call, Draft, Row, Value};
use crate::schema::Named;
use crate::schema::names::{BillingItem as Item, BillingItemState as State, StripeCustomerDetail as Card};

/// The method that was asked for, else the patient's default one.
pub fn method<I: Named>(call: &Call<'_, I>, item: &Draft<Item>) -> Option<Row<Card>> {
    let asked = item.get(Item::stripe_customer_detail_id).and_then(|id| call.find_any::<Card>(id));
    let asked = asked.filter(|card| card.get(Card::deleted_at).is_none());
    asked.or_else(|| card::default_of(call.on(), item.get(Item::sender_id)?).map(|card| card.row().clone()))
}

/// Charges `card`; Err is Stripe's answer, and leaves the payment as it is.
pub fn charge<I: Named>(call: &mut Call<'_, I>, item: &mut Draft<Item>, card: &Row<Card>) -> Result<(), String> {
    let cents = money::of(item.get(Item::amount_paid));
    item.put(Item::state, State::SUCCEEDED);
    // A free package is bought without a charge.
    if cents == 0 {
        return Ok(());
    }
    let charge = processor::charge(call, card, cents, item.organization())?;
    item.set_value(Item::stripe_charge_id.slot, Value::from(charge));
    item.put(Item::application_fee_amount, processor::fee(cents).to_string());
    item.put(Item::stripe_customer_detail_id, card.id());
    for (kept, shown) in [(Item::card_brand, Card::card_type), (Item::card_last4, Card::last_four)] {
        if let Some(text) = card.get(shown) {
            item.put(kept, text.to_owned());
        }
    }
    if item.is_blank(Item::payment_medium) {
        // Assumed: nothing says what Healthie calls it.
        item.set_value(Item::payment_medium.slot, Value::text("Card"));
    }
    Ok(())
}

/// Charges what was announced earlier. Documented: a failure is kept, with its reason.
pub fn charge_or_fail<I: Named>(call: &mut Call<'_, I>, item: &mut Draft<Item>) {
    let card = method(call, item);
    let outcome = match &card {
        Some(card) => charge(call, item, card),
        None => Err("Client does not have a payment method on file".to_owned()),
    };
    if let Err(text) = outcome {
        item.put(Item::state, State::FAILED);
        item.put(Item::stripe_error, processor::error_json(&text));
        item.put(Item::failure_reason, text);
        if let Some(card) = card {
            item.put(Item::card_source, processor::source(&card));
        }
    }
}
