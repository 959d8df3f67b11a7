//! `updateManualInsurancePayment`: changes what was entered by hand, but for who paid.

use super::insurance_payment;
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::updateManualInsurancePaymentInput as Input;

pub fn update_manual_insurance_payment(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    insurance_payment::refuse_unauthorized(call)?;
    let id = call.get(Input::payment_id)?.unwrap_or(0);
    let payment = insurance_payment::manual(call, id)?;
    let draft = call.edit(&payment);
    call.check(&draft)?;
    Ok(draft.save(call).into())
}
