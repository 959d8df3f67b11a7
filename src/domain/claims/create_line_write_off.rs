//! `createLineWriteOff`: what nobody will pay of one line of a claim.

use super::line_payment::{self, Settled};
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{CreateLineWriteOffInput as Input, LinePaymentSource, LineWriteOff};

pub fn create_line_write_off(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let (line, claim) = line_payment::line(call, Input::cpt_codes_cms1500_id)?;
    line_payment::refuse_negative("amount", call.get(Input::amount)?)?;
    let draft = call.draft::<LineWriteOff>().set(LineWriteOff::cpt_codes_cms1500_id, line.id());
    let draft = draft.set(LineWriteOff::source, LinePaymentSource::MANUAL).belongs_to(claim.organization());
    call.check(&draft)?;
    let write_off = draft.save(call);
    line_payment::settle(call, &claim, Settled::by_write_off(&write_off));
    Ok(write_off.into())
}
