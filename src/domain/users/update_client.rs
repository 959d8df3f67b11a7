//! `updateClient`: changes what is sent, archives, hands over.

use super::{care_team, email, nested_locations};
use crate::domain::appointments::cancel_upcoming_of;
use crate::engine::{CANT_BE_BLANK, Call, Draft, Given, Made, Refusal, Row};
use crate::schema::names::{OrganizationMembership, User, UserGroup, updateClientInput as Input};

pub fn update_client(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let patient = target(call)?;
    if only_reminds(call) {
        return Ok(patient.into());
    }
    let mut draft = call.edit(&patient);
    change_group(call, &mut draft)?;
    change_providers(call, &patient, &mut draft)?;
    refuse_without_permission(call, &patient, &draft)?;
    refuse_unfit(call, &draft)?;
    let mut draft = super::set_password(call, draft, Input::password)?;
    archive_or_restore(call, &patient, &mut draft);
    let archived = patient.is(User::active) && draft.get(User::active) == Some(false);

    let saved = draft.save(call);
    if archived {
        // Documented: an archived patient's visits to come are cancelled.
        cancel_upcoming_of(call, saved.id());
    }
    if let Some(location) = call.get(Input::location)? {
        nested_locations::write_primary(call, &saved, &location)?;
    }
    if let Some(locations) = call.get(Input::locations)? {
        nested_locations::write(call, &saved, &locations)?;
    }
    Ok(saved.into())
}

/// Documented: by `id`, or on 2024-06-01 by `current_email`.
fn target(call: &Call<'_, Input>) -> Result<Row<User>, Refusal> {
    let found = match call.get(Input::current_email)?.filter(|_| call.is_blank(Input::id)) {
        Some(email) => super::patient_with_email(call, email).ok_or_else(|| Refusal::not_found("current_email", "User"))?,
        None => call.target::<User, _>(Input::id)?,
    };
    if found.is(User::is_patient) { Ok(found) } else { Err(Refusal::not_found("id", "User")) }
}

/// Documented: a reminder is all that such a call does. Nobody gets mail from the emulator.
fn only_reminds(call: &Call<'_, Input>) -> bool {
    let of_form = call.is(Input::send_form_request_reminder)
        && (call.is(Input::is_intake_item) || !call.is_blank(Input::requested_form_completion_id));
    call.accept(Input::requested_form_completion_id);
    call.is(Input::resend_welcome) || of_form
}

/// Documented: `user_group_id: ""` takes out of the group, and so does `for_changing_groups` without a group.
fn change_group(call: &Call<'_, Input>, draft: &mut Draft<User>) -> Result<(), Refusal> {
    if !call.is_blank(Input::user_group_id) {
        call.target::<UserGroup, _>(Input::user_group_id)?;
    } else if call.is(Input::for_changing_groups) {
        draft.clear(User::user_group_id);
    }
    Ok(())
}

/// Assumed: a patient is never without a primary provider, so null leaves the one there is.
fn change_providers(call: &Call<'_, Input>, patient: &Row<User>, draft: &mut Draft<User>) -> Result<(), Refusal> {
    match call.given(Input::dietitian_id)? {
        Given::Value(provider) if patient.get(User::dietitian_id) != Some(provider) => care_team::refuse_provider(call, provider)?,
        Given::Null => draft.set_value(User::dietitian_id.slot, patient.value(User::dietitian_id.slot).clone()),
        Given::Value(_) | Given::Absent => {}
    }
    match call.given(Input::other_provider_ids)? {
        Given::Absent => Ok(()),
        _ => care_team::refuse_care_team(call, draft),
    }
}

fn refuse_without_permission(call: &Call<'_, Input>, patient: &Row<User>, draft: &Draft<User>) -> Result<(), Refusal> {
    if call.get(Input::password)?.is_some_and(|password| !password.is_empty()) {
        call.needs(OrganizationMembership::can_set_client_password, "set this client's password")?;
    }
    if draft.get(User::restricted).unwrap_or(false) != patient.is(User::restricted) {
        call.needs(OrganizationMembership::can_restrict_clients, "restrict this client")?;
    }
    if draft.get(User::active) != patient.get(User::active) {
        call.needs(OrganizationMembership::can_remove_client, "archive this client")?;
    }
    Ok(())
}

fn refuse_unfit(call: &Call<'_, Input>, draft: &Draft<User>) -> Result<(), Refusal> {
    call.check(draft)?;
    if draft.is_blank(User::email) && draft.get(User::skipped_email) != Some(true) && call.given(Input::email)?.is_sent() {
        return Err(Refusal::on(Input::email, CANT_BE_BLANK));
    }
    email::refuse_invalid_email(draft)?;
    super::refuse_unreadable_dob(call, Input::dob, draft)?;
    super::refuse_long_metadata(draft)?;
    refuse_other_sex(call)?;
    email::refuse_taken(call, draft)
}

/// Documented: one of two values; the gender is free text.
fn refuse_other_sex(call: &Call<'_, Input>) -> Result<(), Refusal> {
    match call.get(Input::sex)? {
        None | Some("" | "Male" | "Female") => Ok(()),
        Some(_) => Err(Refusal::on(Input::sex, "is not included in the list")),
    }
}

fn archive_or_restore(call: &Call<'_, Input>, patient: &Row<User>, draft: &mut Draft<User>) {
    match (patient.is(User::active), draft.get(User::active)) {
        (true, Some(false)) => draft.put(User::archived_at, call.now()),
        (false, Some(true)) => draft.clear(User::archived_at),
        // A null is no answer to whether somebody is active.
        (was, None) => draft.put(User::active, was),
        _ => {}
    }
}
