//! `createClient`: a new patient.

use super::{care_team, email, set_signup_token};
use crate::engine::{CANT_BE_BLANK, Call, Draft, Made, Refusal};
use crate::schema::names::{Organization, OrganizationMembership, User, UserGroup, createClientInput as Input};

pub fn create_client(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    // Nobody gets mail from the emulator, and its links need no detour.
    call.accept(Input::dont_send_welcome);
    call.accept(Input::skip_set_password_state);
    refuse_inactive_organization(call)?;

    let patient = call.draft::<User>().set(User::is_patient, true);
    refuse_blanks(call, &patient)?;
    email::refuse_invalid_email(&patient)?;
    super::refuse_unreadable_dob(call, Input::dob, &patient)?;
    super::refuse_long_metadata(&patient)?;
    email::refuse_taken(call, &patient)?;
    if !call.is_blank(Input::user_group_id) {
        call.target::<UserGroup, _>(Input::user_group_id)?;
    }
    if patient.get(User::restricted) == Some(true) {
        call.needs(OrganizationMembership::can_restrict_clients, "restrict this client")?;
    }
    let provider = patient.get(User::dietitian_id).unwrap_or_else(|| care_team::default_provider(call));
    care_team::refuse_provider(call, provider)?;
    care_team::refuse_care_team(call, &patient)?;

    let patient = with_practice_zone(call, patient.set(User::dietitian_id, provider));
    Ok(set_signup_token(call, patient).save(call).into())
}

/// Documented: an address is needed, unless the caller says that there is none.
fn refuse_blanks(call: &Call<'_, Input>, patient: &Draft<User>) -> Result<(), Refusal> {
    let no_email = patient.is_blank(User::email) && patient.get(User::skipped_email) != Some(true);
    let email = no_email.then(|| Refusal::on(Input::email, CANT_BE_BLANK));
    match (call.check(patient), email) {
        (Err(names), Some(email)) => Err(names.and(email)),
        (Err(refusal), None) | (Ok(()), Some(refusal)) => Err(refusal),
        (Ok(()), None) => Ok(()),
    }
}

/// Documented: an inactive organization takes no new clients. The text is assumed.
fn refuse_inactive_organization(call: &Call<'_, Input>) -> Result<(), Refusal> {
    let organization = call.find_any::<Organization>(call.viewer().organization());
    match organization.and_then(|organization| organization.get(Organization::is_active)) {
        Some(false) => Err(Refusal::base("The organization is not active")),
        _ => Ok(()),
    }
}

/// Observed: without a time zone the patient gets the practice's. Assumed: that is the owner's.
fn with_practice_zone(call: &Call<'_, Input>, patient: Draft<User>) -> Draft<User> {
    if !patient.is_blank(User::timezone) {
        return patient;
    }
    let owner = call.find_any::<Organization>(call.viewer().organization()).and_then(|practice| practice.get(Organization::owner_id));
    let zone = owner.and_then(|owner| call.find_any::<User>(owner)?.get(User::timezone).map(str::to_owned));
    match zone {
        Some(zone) => patient.set(User::timezone, zone),
        None => patient,
    }
}
