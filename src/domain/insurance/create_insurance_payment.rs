//! `createInsurancePayment`: enters what an insurer paid.

use super::insurance_payment;
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{InsurancePayment, createInsurancePaymentInput as Input};

pub fn create_insurance_payment(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    insurance_payment::refuse_unauthorized(call)?;
    let own = call.viewer().organization();
    let draft = call.draft::<InsurancePayment>().set(InsurancePayment::organization_id, own);
    call.check(&draft)?;
    Ok(draft.save(call).into())
}
