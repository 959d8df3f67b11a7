//! `deleteOrganizationCptCode`: a line of the fee schedule goes, with what insurers pay.

use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{OrganizationCptCodeInsuranceFeeType as Fee, OrganizationCptCodeType, deleteOrganizationCptCodeInput as Input};

pub fn delete_organization_cpt_code(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let row = call.target::<OrganizationCptCodeType, _>(Input::id)?;
    for fee in call.having(Fee::organization_cpt_code_id, row.id()) {
        call.delete(&fee);
    }
    call.delete(&row);
    Ok(row.into())
}
