//! `createOrganization`: a sub-organization of the caller's, with an owner of its own.

use super::organization_info;
use crate::domain::{members, users};
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{
    Organization, OrganizationMembership, User, createOrganizationInput as Input, createOrganizationPayload as Payload,
};

/// Documented: it is made for those to whom Healthie gave sub-organizations; in the emulator, for every administrator.
pub fn create_organization(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    if !call.viewer().is_admin() {
        return Err(Refusal::no_permission("create this organization"));
    }
    let required = [Input::email, Input::first_name, Input::last_name];
    Refusal::all(required.into_iter().filter_map(|field| call.require(field).err()))?;
    // Nobody gets mail from the emulator, and only sub-organizations are made.
    call.accept(Input::send_invite_email);
    call.accept(Input::create_as_suborganization);
    let parent = call.viewer().organization();

    let organization = call.draft::<Organization>().set(Organization::parent_organization_id, parent);
    let id = organization.id();
    let owner = call.draft::<User>().belongs_to(id);
    let organization = organization.belongs_to(id).set(Organization::owner_id, owner.id()).save(call);
    let owner = users::set_password(call, owner, Input::password)?.set(User::is_patient, false).save(call);
    let membership = call.blank_draft::<OrganizationMembership>().belongs_to(id);
    let membership = membership.set(OrganizationMembership::user_id, owner.id()).set(OrganizationMembership::organization_id, id);
    members::may_everything(membership).save(call);
    if let Some(input) = call.get(Input::organization_info)? {
        organization_info::write(call, &organization, &input)?;
    }
    let current = call.viewer().user.clone();
    Ok(Made::from(organization).also(Payload::currentUser, current))
}
