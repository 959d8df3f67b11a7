//! `resendSentFax`: another attempt at what was faxed.

use super::sent_fax::{PENDING, SETTLES_AFTER, is_resendable};
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{SentFax, resendSentFaxInput as Input};

pub fn resend_sent_fax(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let fax = call.target::<SentFax, _>(Input::sent_fax_id)?;
    if !is_resendable(&fax) {
        return Err(Refusal::base("This fax can't be sent again"));
    }
    let settles_at = call.now().saturating_add(SETTLES_AFTER).unwrap_or(call.now());
    let again = call.change(&fax).set(SentFax::status, PENDING.to_owned()).set(SentFax::settles_at, settles_at);
    Ok(again.save(call).into())
}
