//! `updateOrganization`: changes how an organization identifies itself.

use super::organization_info;
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{Organization, updateOrganizationInput as Input, updateOrganizationPayload as Payload};

pub fn update_organization(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let own = call.viewer().organization();
    let id = call.get(Input::id)?.unwrap_or(own);
    let reached = call.find::<Organization>(id).filter(|organization| call.viewer().reaches(organization.id()));
    let organization = reached.ok_or_else(|| Refusal::not_found("id", "Organization"))?;
    let draft = call.edit(&organization);
    call.check(&draft)?;
    let organization = draft.save(call);
    let info = match call.get(Input::organization_info)? {
        Some(input) => organization_info::write(call, &organization, &input)?,
        None => None,
    };
    Ok(Made::from(organization).also(Payload::updated_organization_info, info))
}
