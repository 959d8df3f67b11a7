//! `createLinePayment`: what an insurer paid for one line of a claim, and why not more.

use super::line_payment::{self, Settled};
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{
    CreateLinePaymentInput as Input, LinePayment, LinePaymentAdjustment, LinePaymentAdjustmentInput as Adjustment, LinePaymentSource,
};

pub fn create_line_payment(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let (line, claim) = line_payment::line(call, Input::cpt_codes_cms1500_id)?;
    line_payment::refuse_negative("paid_amount", call.get(Input::paid_amount)?)?;
    line_payment::refuse_negative("allowed_amount", call.get(Input::allowed_amount)?)?;
    let adjustments = call.get(Input::adjustments)?.unwrap_or_default();
    let draft = call.draft::<LinePayment>().set(LinePayment::cpt_codes_cms1500_id, line.id());
    let draft = draft.set(LinePayment::source, LinePaymentSource::MANUAL).belongs_to(claim.organization());
    call.check(&draft)?;
    let payment = draft.save(call);
    for adjustment in adjustments {
        let mut draft = call.blank_draft::<LinePaymentAdjustment>().belongs_to(claim.organization());
        call.fill_from::<Adjustment, _>(&mut draft, &adjustment);
        draft.set(LinePaymentAdjustment::line_payment_id, payment.id()).save(call);
    }
    let settled = Settled::by_payment(call.on(), &payment);
    line_payment::settle(call, &claim, settled);
    Ok(payment.into())
}
