//! `updateCms1500`: changes a claim, its status and what was paid, also when it has been sent.

use super::{permission, write::Parts};
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{Cms1500, DietitianInput, User, updateCms1500Input as Input};

pub fn update_cms1500(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    permission::refuse_claims(call)?;
    let claim = call.target::<Cms1500, _>(Input::id)?;
    let parts = Parts {
        patient: call.get(Input::patient)?,
        dietitian: call.get(Input::dietitian)?,
        organization_info: call.get(Input::organization_info)?,
        other_id: call.get(Input::rendering_provider_other_id_number)?,
    };
    let mut draft = call.edit(&claim);
    // Assumed: a claim stays with its patient.
    draft.set_value(Cms1500::patient_id.slot, claim.value(Cms1500::patient_id.slot).clone());
    if let Some(provider) = parts.dietitian.as_ref().and_then(|dietitian| dietitian.get(DietitianInput::id)) {
        let provider = call.find::<User>(provider).ok_or_else(|| Refusal::not_found("dietitian", "User"))?;
        draft.put(Cms1500::dietitian_id, provider.id());
    }
    call.check(&draft)?;
    for (name, field) in
        [("amount_paid", Cms1500::amount_paid), ("amount_reimbursed", Cms1500::amount_reimbursed), ("adjustment", Cms1500::adjustment)]
    {
        super::refuse_other_than_amount(name, draft.get(field))?;
    }
    let saved = draft.save(call);
    let saved = call.save_nested(&saved)?;
    Ok(parts.write_through(call, saved)?.into())
}
