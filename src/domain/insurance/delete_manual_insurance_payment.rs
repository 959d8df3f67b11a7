//! `deleteManualInsurancePayment`: what was entered by hand is shown no more.

use super::insurance_payment;
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::deleteManualInsurancePaymentInput as Input;

pub fn delete_manual_insurance_payment(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    insurance_payment::refuse_unauthorized(call)?;
    let id = call.get(Input::payment_id)?.unwrap_or(0);
    let payment = insurance_payment::manual(call, id)?;
    Ok(insurance_payment::remove(call, &payment))
}
