//! `voidLinePayment`: a payment that was none after all.

use super::{
    line_payment::{self, Settled},
    permission,
};
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{LinePayment, VoidLinePaymentInput as Input};

pub fn void_line_payment(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    permission::refuse_claims(call)?;
    let payment = call.target::<LinePayment, _>(Input::id)?;
    let (line, settled) = (payment.get(LinePayment::cpt_codes_cms1500_id), Settled::by_payment(call.on(), &payment));
    Ok(line_payment::void(call, &payment, LinePayment::voided_at, line, settled)?.into())
}
