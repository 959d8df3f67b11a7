//! `deleteSuperBill`: a superbill is shown no more, and kept.

use super::super_bill;
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{SuperBill, deleteSuperBillInput as Input};

pub fn delete_super_bill(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let bill = super_bill::target(call, Input::id)?;
    let now = call.now();
    Ok(call.change(&bill).set(SuperBill::deleted_at, now).save(call).into())
}
