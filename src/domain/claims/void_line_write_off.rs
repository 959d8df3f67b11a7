//! `voidLineWriteOff`: what was written off is owed again.

use super::{
    line_payment::{self, Settled},
    permission,
};
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{LineWriteOff, VoidLineWriteOffInput as Input};

pub fn void_line_write_off(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    permission::refuse_claims(call)?;
    let write_off = call.target::<LineWriteOff, _>(Input::id)?;
    let (line, settled) = (write_off.get(LineWriteOff::cpt_codes_cms1500_id), Settled::by_write_off(&write_off));
    Ok(line_payment::void(call, &write_off, LineWriteOff::voided_at, line, settled)?.into())
}
