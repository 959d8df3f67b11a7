//! `updateOrganizationMember`: the profile of a member.

use super::state_license;
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{OrganizationMembership, User, updateOrganizationMemberInput as Input};

pub fn update_organization_member(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let user = call.target::<User, _>(Input::id)?;
    if user.is(User::is_patient) || !call.viewer().reaches(user.organization()) {
        return Err(Refusal::not_found("id", "Organization member"));
    }
    // Documented: by whoever may edit members. Assumed: everybody edits their own profile.
    if !call.viewer().is(user.id()) {
        call.needs(OrganizationMembership::can_edit_members, "update this organization member")?;
    }
    refuse_long_metadata(call)?;
    let draft = call.edit(&user);
    call.check(&draft)?;
    crate::domain::users::refuse_invalid_email(&draft)?;
    let user = draft.save(call);
    if let Some(licenses) = call.get(Input::state_licenses)? {
        state_license::write(call, &user, &licenses)?;
    }
    Ok(user.into())
}

/// Documented: 10,000 characters at most.
fn refuse_long_metadata(call: &Call<'_, Input>) -> Result<(), Refusal> {
    let metadata = call.get(Input::metadata)?.unwrap_or_default();
    if metadata.chars().count() > 10_000 {
        return Err(Refusal::on(Input::metadata, "is too long (maximum is 10000 characters)"));
    }
    Ok(())
}
