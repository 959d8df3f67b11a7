//! `updateUser`: people change their own account, and members that of a patient.

use super::{email, nested_locations};
use crate::domain::insurance;
use crate::engine::{CANT_BE_BLANK, Call, Draft, Made, Refusal, Row, password_digest};
use crate::schema::names::{OrganizationMembership, User, updateUserInput as Input};

pub fn update_user(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let user = target(call)?;
    let draft = call.edit(&user);
    call.check(&draft)?;
    refuse_email(call, &user, &draft)?;
    refuse_password(call, &user)?;
    let saved = super::set_password(call, draft, Input::password)?.save(call);
    if let Some(locations) = call.get(Input::locations)? {
        nested_locations::write(call, &saved, &locations)?;
    }
    insurance::write_policies(call, &saved, Input::policies)?;
    Ok(saved.into())
}

fn refuse_email(call: &Call<'_, Input>, user: &Row<User>, draft: &Draft<User>) -> Result<(), Refusal> {
    let is_sent = call.given(Input::email)?.is_sent();
    if !user.is(User::is_patient) {
        return if is_sent { email::refuse_members_email(call, draft) } else { Ok(()) };
    }
    if is_sent && draft.is_blank(User::email) && draft.get(User::skipped_email) != Some(true) {
        return Err(Refusal::on(Input::email, CANT_BE_BLANK));
    }
    email::refuse_invalid_email(draft)?;
    email::refuse_taken_email(call, draft)
}

/// Documented: the caller, unless a patient whom the caller may see is named; members are changed by other mutations.
fn target(call: &Call<'_, Input>) -> Result<Row<User>, Refusal> {
    let named = match call.get(Input::current_email)?.filter(|email| !email.is_empty() && call.is_blank(Input::id)) {
        Some(email) => Some(super::patient_with_email(call, email).ok_or_else(|| Refusal::not_found("current_email", "User"))?),
        None if call.is_blank(Input::id) => None,
        None => Some(call.target::<User, _>(Input::id)?),
    };
    let own = || call.find_any::<User>(call.viewer_id()).ok_or_else(|| Refusal::no_permission("update this user"));
    let user = named.map_or_else(own, Ok)?;
    let editable = call.viewer().is(user.id()) || call.viewer().is_member() && user.is(User::is_patient);
    if editable { Ok(user) } else { Err(Refusal::no_permission("update this user")) }
}

/// Observed: whoever changes the own password names the current one and repeats the new one. The texts are assumed.
fn refuse_password(call: &Call<'_, Input>, user: &Row<User>) -> Result<(), Refusal> {
    let Some(password) = call.get(Input::password)?.filter(|password| !password.is_empty()) else { return Ok(()) };
    if call.get(Input::password_confirmation)?.is_some_and(|repeated| repeated != password) {
        return Err(Refusal::on(Input::password_confirmation, "doesn't match Password"));
    }
    let current = call.get(Input::current_password)?.map(password_digest);
    if !call.viewer().is(user.id()) {
        return call.needs(OrganizationMembership::can_set_client_password, "set this client's password");
    }
    match user.get(User::password_digest) {
        Some(known) if current.as_deref() != Some(known) => Err(Refusal::on(Input::current_password, "is invalid")),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    #[test]
    fn a_patient_changes_their_own_account() {
        let clinic = Clinic::open().as_role("patient");
        insta::assert_json_snapshot!(clinic.run(
            r#"mutation { updateUser(input: { phone_number: "212-555-0001", dob: "1991-01-02", locations: [{ city: "Troy" }] }) { user { full_name phone_number dob } messages { message } } }"#
        ), @r#"
        {
          "data": {
            "updateUser": {
              "user": {
                "full_name": "Ava Thornton",
                "phone_number": "212-555-0001",
                "dob": "1991-01-02"
              },
              "messages": null
            }
          }
        }
        "#);
        insta::assert_debug_snapshot!(clinic.events(), @r#"
        [
            "patient.updated",
            "location.created",
        ]
        "#);
    }

    #[test]
    fn a_member_changes_a_patients_account_but_no_other_members() {
        let clinic = Clinic::open().as_role("provider");
        let (patient, member) = (clinic.id("User", "rosa"), clinic.id("User", "provider2"));
        let answer =
            clinic.run(&format!(r#"mutation {{ updateUser(input: {{ id: {patient}, pronouns: "she/her" }}) {{ user {{ pronouns }} }} }}"#));
        assert_eq!(answer["data"]["updateUser"]["user"]["pronouns"], "she/her");
        let refused = [("base", "You do not have permission to update this user.")];
        clinic.refuses(&format!("updateUser(input: {{ id: {member} }})"), &refused);
    }

    #[test]
    fn a_patient_keeps_an_address() {
        let clinic = Clinic::open().as_role("patient");
        clinic.refuses(r#"updateUser(input: { email: "" })"#, &[("email", "can't be blank")]);
        clinic.refuses(r#"updateUser(input: { email: "provider@clinic.example " })"#, &[("email", "Email is already in use")]);
    }

    #[test]
    fn a_new_password_takes_the_old_one() {
        let clinic = Clinic::open().as_role("patient");
        clinic.refuses(r#"updateUser(input: { password: "A-new-one-2" })"#, &[("current_password", "is invalid")]);
        clinic.refuses(
            r#"updateUser(input: { password: "A-new-one-2", password_confirmation: "Another" })"#,
            &[("password_confirmation", "doesn't match Password")],
        );
        let answer = clinic.run(
            r#"mutation { updateUser(input: { password: "A-new-one-2", current_password: "Sandbox-pass-1" }) { user { has_created_password } messages { message } } }"#,
        );
        assert!(answer["data"]["updateUser"]["messages"].is_null(), "{answer}");
    }
}
