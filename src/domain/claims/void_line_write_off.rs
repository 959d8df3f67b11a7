//! `voidLineWriteOff`: what was written off is owed again.

use super::{line_payment, permission};
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{LineWriteOff, VoidLineWriteOffInput as Input};

pub fn void_line_write_off(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    permission::refuse_claims(call)?;
    let write_off = call.target::<LineWriteOff, _>(Input::id)?;
    Ok(line_payment::void(call, &write_off, LineWriteOff::voided_at, write_off.get(LineWriteOff::cpt_codes_cms1500_id))?.into())
}
