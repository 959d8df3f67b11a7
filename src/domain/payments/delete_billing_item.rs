//! `deleteBillingItem`: takes a payment out of the books, which is kept all the same.

use super::requested_payment::settle;
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{BillingItem as Item, deleteBillingItemInput as Input};

pub fn delete_billing_item(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let item = call.target::<Item, _>(Input::id)?;
    let now = call.now();
    let mut draft = call.change(&item).set(Item::deleted_at, now);
    draft.clear(Item::due_at);
    let gone = draft.save(call);
    settle(call, gone.get(Item::requested_payment_id));
    Ok(gone.into())
}
