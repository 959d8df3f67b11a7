//! `deleteRequestedPayment`: takes an invoice back.

use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{RequestedPayment as Invoice, deleteRequestedPaymentInput as Input};

pub fn delete_requested_payment(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let invoice = call.target::<Invoice, _>(Input::id)?;
    let now = call.now();
    Ok(call.change(&invoice).set(Invoice::deleted_at, now).save(call).into())
}
