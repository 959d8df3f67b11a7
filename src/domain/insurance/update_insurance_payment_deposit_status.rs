//! `updateInsurancePaymentDepositStatus`: whether a payment has reached the bank, whoever entered it.

use super::insurance_payment;
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{InsurancePayment, updateInsurancePaymentDepositStatusInput as Input};

pub fn update_insurance_payment_deposit_status(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    insurance_payment::refuse_unauthorized(call)?;
    let payment = call.get(Input::payment_id)?.and_then(|id| call.find::<InsurancePayment>(id));
    let payment = payment.ok_or_else(insurance_payment::not_found)?;
    let draft = call.edit(&payment);
    call.check(&draft)?;
    Ok(draft.save(call).into())
}
