//! `deleteOrganizationInfo`: removes a billing identity that is not the primary one.

use super::organization_info;
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{OrganizationInfo, deleteOrganizationInfoInput as Input};

pub fn delete_organization_info(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let info = call.target::<OrganizationInfo, _>(Input::id)?;
    organization_info::delete(call, &info)?;
    Ok(info.into())
}
