//! `createOrganizationMembership`: a new member, with an account of their own.

use crate::domain::users;
use crate::engine::{Call, Made, Refusal, Row};
use crate::schema::names::{
    Organization, OrganizationMembership, User, createOrganizationMembershipInput as Input, createOrganizationMembershipPayload as Payload,
};
use crate::schema::{Field, Named, Text};

pub fn create_organization_membership(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let names = [Input::first_name, Input::last_name, Input::email];
    let blank = names.into_iter().filter_map(|field| call.require(field).err());
    Refusal::all(call.require(Input::organization_id).err().into_iter().chain(blank))?;
    let organization = call.target::<Organization, _>(Input::organization_id)?;
    refuse_role(call.get(Input::org_role)?)?;
    // Nobody gets mail from the emulator.
    call.accept(Input::send_invite_email);

    let membership = add(call, &organization, Input::password)?;
    let current = call.viewer().user.clone();
    Ok(Made::from(membership).also(Payload::currentUser, current))
}

/// The account and the membership that the input describes.
///
/// Documented: a person has an account in each organization, so the same address may be used in another one.
pub fn add<I: Named>(
    call: &mut Call<'_, I>,
    organization: &Row<Organization>,
    password: Field<I, Text>,
) -> Result<Row<OrganizationMembership>, Refusal> {
    let id = organization.id();
    if !call.viewer().reaches(id) {
        return Err(Refusal::not_found("organization_id", "Organization"));
    }
    let user = call.draft::<User>().belongs_to(id).set(User::is_patient, false);
    let zone = call.viewer().zone.iana_name().map(str::to_owned);
    let user = match zone.filter(|_| user.is_blank(User::timezone)) {
        Some(zone) => user.set(User::timezone, zone),
        None => user,
    };
    users::refuse_invalid_email(&user)?;
    refuse_taken(call, id, user.get(User::email).unwrap_or_default())?;
    let user = users::set_password(call, user, password)?.save(call);
    let membership = call.draft::<OrganizationMembership>().belongs_to(id);
    Ok(membership.set(OrganizationMembership::user_id, user.id()).set(OrganizationMembership::organization_id, id).save(call))
}

/// Observed: one account for each address in an organization.
fn refuse_taken<I: Named>(call: &Call<'_, I>, organization: u64, email: &str) -> Result<(), Refusal> {
    let mut members = call.on().having(User::email, email.to_owned()).filter(|user| !user.is(User::is_patient));
    if members.any(|member| member.organization() == organization) {
        return Err(Refusal::named("email", "has already been taken"));
    }
    Ok(())
}

/// Documented: there are two roles.
pub fn refuse_role(role: Option<&str>) -> Result<(), Refusal> {
    match role {
        None | Some("Standard" | "Support") => Ok(()),
        Some(_) => Err(Refusal::named("org_role", "is not included in the list")),
    }
}
