//! `updateOrganizationCptCode`: changes a line of the fee schedule.

use super::organization_cpt_code::write_fees;
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{OrganizationCptCodeType, updateOrganizationCptCodeInput as Input};

pub fn update_organization_cpt_code(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let row = call.target::<OrganizationCptCodeType, _>(Input::id)?;
    // Documented: the organization stays.
    call.accept(Input::organization_id);
    let draft = call.edit(&row);
    call.check(&draft)?;
    let row = draft.save(call);
    if let Some(fees) = call.get(Input::organization_cpt_code_insurance_fees)? {
        write_fees(call, &row, &fees)?;
    }
    Ok(row.into())
}
