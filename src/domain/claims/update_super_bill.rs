//! `updateSuperBill`: changes a superbill and its lines; mails it where that is asked for.

use super::super_bill;
use crate::domain::mails::letters;
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{SuperBill, User, updateSuperBillInput as Input};

pub fn update_super_bill(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let bill = super_bill::target(call, Input::id)?;
    let mut draft = call.edit(&bill);
    super_bill::keep_day(call, &mut draft, Input::service_date)?;
    super_bill::refuse_unfit(call, &draft)?;
    // Assumed: what has been mailed is sent.
    if call.is(Input::should_email_to_client) && draft.get(SuperBill::status) == Some(super_bill::NOT_SENT) {
        draft.put(SuperBill::status, super_bill::SENT.to_owned());
    }
    let bill = draft.save(call);
    if call.is(Input::should_email_to_client)
        && let Some(patient) = bill.get(SuperBill::patient_id).and_then(|id| call.find_any::<User>(id))
    {
        letters::super_bill(call, &patient, &bill);
    }
    Ok(call.save_nested(&bill)?.into())
}
