//! `createClient`: a new patient.

use super::{care_team, email, set_signup_token};
use crate::domain::{chat::open_conversations, mails::letters};
use crate::engine::{CANT_BE_BLANK, Call, Draft, Made, Refusal};
use crate::schema::names::{Organization, OrganizationMembership, User, UserGroup, createClientInput as Input};

pub fn create_client(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    // The emulator's links need no detour.
    call.accept(Input::skip_set_password_state);
    refuse_inactive_organization(call)?;

    let patient = call.draft::<User>().set(User::is_patient, true);
    refuse_blanks(call, &patient)?;
    email::refuse_invalid_email(&patient)?;
    super::refuse_long_metadata(&patient)?;
    email::refuse_taken_email(call, &patient)?;
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
    let patient = set_signup_token(call, patient).save(call);
    open_conversations(call, &patient, None);
    if !call.is(Input::dont_send_welcome) {
        letters::welcome(call, &patient);
    }
    Ok(patient.into())
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

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    #[test]
    fn a_new_patient_is_the_callers_own() {
        let clinic = Clinic::open().as_role("provider");
        let made = clinic.run(
            r#"mutation { createClient(input: { first_name: "Nia", last_name: "Nord", email: "nia@example.com", dob: "1990-05-17", record_identifier: "007", dont_send_welcome: true }) {
                user { full_name email dob active is_patient dietitian { last_name } organization { name } record_identifier timezone set_password_link } messages { field message }
            } }"#,
        );
        insta::assert_json_snapshot!(made, @r#"
        {
          "data": {
            "createClient": {
              "user": {
                "full_name": "Nia Nord",
                "email": "nia@example.com",
                "dob": "1990-05-17",
                "active": true,
                "is_patient": true,
                "dietitian": {
                  "last_name": "Raman"
                },
                "organization": {
                  "name": "Juniper Family Nutrition"
                },
                "record_identifier": "007",
                "timezone": "America/New_York",
                "set_password_link": null
              },
              "messages": null
            }
          }
        }
        "#);
        let events = clinic.events();
        assert_eq!(events[..2], ["patient.created", "conversation.created"], "{events:?}");
    }

    #[test]
    fn a_patient_joins_a_group_a_provider_and_a_care_team() {
        let clinic = Clinic::open();
        let (group, provider, other) = (clinic.id("UserGroup", "heart"), clinic.id("User", "provider"), clinic.id("User", "provider2"));
        insta::assert_json_snapshot!(clinic.run(&format!(
            r#"mutation {{ createClient(input: {{ first_name: "Nia", last_name: "Nord", skipped_email: true, user_group_id: "{group}", dietitian_id: "{provider}", other_provider_ids: ["{other}"] }}) {{
                user {{ group_name dietitian {{ last_name }} other_providers {{ last_name }} email }} messages {{ field message }}
            }} }}"#
        )), @r#"
        {
          "data": {
            "createClient": {
              "user": {
                "group_name": "Heart Health",
                "dietitian": {
                  "last_name": "Raman"
                },
                "other_providers": [
                  {
                    "last_name": "Okafor"
                  }
                ],
                "email": null
              },
              "messages": null
            }
          }
        }
        "#);
    }

    #[test]
    fn what_a_new_patient_needs() {
        let clinic = Clinic::open().as_role("provider");
        clinic.refuses(
            r#"createClient(input: { first_name: "" })"#,
            &[("first_name", "can't be blank"), ("last_name", "can't be blank"), ("email", "can't be blank")],
        );
        let nord = r#"first_name: "Nia", last_name: "Nord""#;
        clinic.refuses(&format!(r#"createClient(input: {{ {nord}, email: "nia" }})"#), &[("email", "is invalid")]);
        clinic.refuses(&format!(r#"createClient(input: {{ {nord}, email: "n@n.example", dob: "soon" }})"#), &[("dob", "is invalid")]);
        clinic.refuses(
            &format!(r#"createClient(input: {{ {nord}, email: "n@n.example", dietitian_id: "1" }})"#),
            &[("dietitian_id", "User not found")],
        );
        clinic.refuses(
            &format!(r#"createClient(input: {{ {nord}, email: "n@n.example", user_group_id: "1" }})"#),
            &[("user_group_id", "UserGroup not found")],
        );
        let support = clinic.id("User", "support");
        clinic.refuses(
            &format!(r#"createClient(input: {{ {nord}, email: "n@n.example", other_provider_ids: ["{support}"] }})"#),
            &[("other_provider_ids", "is invalid")],
        );
        clinic.refuses(
            &format!(r#"createClient(input: {{ {nord}, email: "n@n.example", restricted: true }})"#),
            &[("base", "You do not have permission to restrict this client.")],
        );
    }

    #[test]
    fn an_address_is_one_persons() {
        let clinic = Clinic::open();
        let make =
            |first: &str, email: &str| format!(r#"createClient(input: {{ first_name: "{first}", last_name: "Nord", email: "{email}" }})"#);
        clinic.run(&format!("mutation {{ {} {{ user {{ id }} }} }}", make("Nia", "nia@example.com")));
        clinic.refuses(&make("nia ", " NIA@example.com"), &[("email", "Email is already in use")]);
        clinic.refuses(&make("Nia", "provider@clinic.example"), &[("email", "Email is already in use")]);
        let sibling = clinic.run(&format!("mutation {{ {} {{ user {{ first_name }} }} }}", make("Ole", "nia@example.com")));
        assert_eq!(sibling["data"]["createClient"]["user"]["first_name"], "Ole");
    }

    #[test]
    fn not_everybody_adds_clients() {
        let refused = [("base", "You do not have permission to create this client.")];
        for role in ["limited", "patient", "nobody"] {
            Clinic::open().as_role(role).refuses("createClient(input: {})", &refused);
        }
    }

    #[test]
    fn an_inactive_organization_takes_nobody() {
        let clinic = Clinic::open();
        clinic.run("mutation { updateOrganization(input: { is_active: false }) { messages { message } } }");
        clinic.refuses("createClient(input: {})", &[("base", "The organization is not active")]);
    }

    #[test]
    fn a_zone_that_nobody_knows_is_refused() {
        Clinic::open().refuses(
            r#"createClient(input: { first_name: "Una", last_name: "Moss", skipped_email: true, timezone: "Mars/Phobos" })"#,
            &[("timezone", "is invalid")],
        );
    }
}
