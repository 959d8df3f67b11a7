//! `createSuperBill`: a receipt for an insurer, with its lines.

use super::{permission, super_bill};
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{SuperBill, createSuperBillInput as Input};

pub fn create_super_bill(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    permission::refuse_super_bills(call)?;
    let mut draft = call.draft::<SuperBill>();
    super_bill::keep_day(call, &mut draft, Input::service_date)?;
    super_bill::refuse_unfit(call, &draft)?;
    super_bill::prefill(call, &mut draft);
    let bill = draft.save(call);
    Ok(call.save_nested(&bill)?.into())
}
