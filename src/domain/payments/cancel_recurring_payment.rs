//! `cancelRecurringPayment`: ends what one of its payments belongs to.

use super::recurring_payment::cancel;
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{BillingItem as Item, RecurringPayment, cancelRecurringPaymentInput as Input};

pub fn cancel_recurring_payment(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let item = call.target::<Item, _>(Input::billing_item_id)?;
    let recurring = item.get(Item::recurring_payment).and_then(|recurring| call.find_any::<RecurringPayment>(recurring.id()?));
    let recurring = recurring.ok_or_else(|| Refusal::base("This payment is not recurring"))?;
    cancel(call, &recurring);
    Ok(item.into())
}
