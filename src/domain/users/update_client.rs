//! `updateClient`: changes what is sent, archives, hands over.

use super::{care_team, email, nested_locations};
use crate::domain::{appointments::cancel_upcoming_of, chat::open_conversations, insurance, mails::letters, packages::credits};
use crate::engine::{CANT_BE_BLANK, Call, Draft, Given, Made, Refusal, Row};
use crate::schema::names::{OrganizationMembership, RequestedFormCompletion, User, UserGroup, updateClientInput as Input};

pub fn update_client(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let patient = target(call)?;
    if only_reminds(call, &patient) {
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
    open_conversations(call, &saved, Some(&patient));
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
    insurance::write_policies(call, &saved, Input::policies)?;
    let saved = call.save_nested_in(&saved, Input::diagnoses)?;
    let saved = call.save_nested_in(&saved, Input::referrals)?;
    let saved = call.save_nested_in(&saved, Input::notification_contacts)?;
    let saved = call.save_nested_in(&saved, Input::client_source)?;
    write_credits(call, &saved)?;
    Ok(saved.into())
}

/// Documented: who may edit credits sets how many visits of a type the client has left.
fn write_credits(call: &mut Call<'_, Input>, patient: &Row<User>) -> Result<(), Refusal> {
    let Some(credits) = call.get(Input::appointment_type_credits_attributes)? else { return Ok(()) };
    if !credits.is_empty() {
        call.needs(OrganizationMembership::can_edit_credit, "edit this client's credits")?;
    }
    credits.iter().try_for_each(|credit| credits::set(call, patient, credit))
}

/// Documented: by `id`, or on 2024-06-01 by `current_email`.
fn target(call: &Call<'_, Input>) -> Result<Row<User>, Refusal> {
    let found = match call.get(Input::current_email)?.filter(|_| call.is_blank(Input::id)) {
        Some(email) => super::patient_with_email(call, email).ok_or_else(|| Refusal::not_found("current_email", "User"))?,
        None => call.target::<User, _>(Input::id)?,
    };
    if found.is(User::is_patient) { Ok(found) } else { Err(Refusal::not_found("id", "User")) }
}

/// Documented: a reminder is all that such a call does.
fn only_reminds(call: &mut Call<'_, Input>, patient: &Row<User>) -> bool {
    let request = call.get(Input::requested_form_completion_id).ok().flatten();
    let of_form = call.is(Input::send_form_request_reminder) && (call.is(Input::is_intake_item) || request.is_some());
    let welcomes = call.is(Input::resend_welcome);
    if welcomes {
        letters::welcome(call, patient);
    }
    if of_form {
        let request = request.and_then(|id| call.find::<RequestedFormCompletion>(id));
        letters::form_reminder(call, patient, request.as_ref());
    }
    welcomes || of_form
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
    super::refuse_long_metadata(draft)?;
    refuse_other_sex(call)?;
    email::refuse_taken_email(call, draft)
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

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    fn update(clinic: &Clinic, patient: &str, input: &str) -> String {
        format!("updateClient(input: {{ id: {}, {input} }})", clinic.id("User", patient))
    }

    #[test]
    fn only_what_is_sent_changes() {
        let clinic = Clinic::open();
        let mutation = update(&clinic, "rosa", r#"phone_number: "212-555-0000", gender_identity_code: "FEMALE", quick_notes: "<b>hi</b>""#);
        insta::assert_json_snapshot!(clinic.run(&format!(
            "mutation {{ {mutation} {{ user {{ full_name phone_number gender_identity_code quick_notes group_name }} messages {{ message }} }} }}"
        )), @r#"
        {
          "data": {
            "updateClient": {
              "user": {
                "full_name": "Rosa Delgado",
                "phone_number": "212-555-0000",
                "gender_identity_code": "FEMALE",
                "quick_notes": "<b>hi</b>",
                "group_name": "Heart Health"
              },
              "messages": null
            }
          }
        }
        "#);
        assert_eq!(clinic.events(), ["patient.updated"]);
        clinic.run(&format!("mutation {{ {mutation} {{ messages {{ message }} }} }}"));
        assert!(clinic.events().is_empty());
    }

    #[test]
    fn an_archived_patients_visits_are_cancelled() {
        let clinic = Clinic::open();
        let mutation = update(&clinic, "patient", "active: false");
        insta::assert_json_snapshot!(clinic.run(&format!(
            "mutation {{ {mutation} {{ user {{ active archived_at upcoming_appointments {{ id }} }} messages {{ message }} }} }}"
        )), @r#"
        {
          "data": {
            "updateClient": {
              "user": {
                "active": false,
                "archived_at": "2026-03-02 10:00:00 -0500",
                "upcoming_appointments": []
              },
              "messages": null
            }
          }
        }
        "#);
        insta::assert_debug_snapshot!(clinic.events(), @r#"
        [
            "patient.updated",
            "appointment.updated",
        ]
        "#);
        let visit = clinic.id("Appointment", "patient_next");
        let by = clinic.run(&format!("{{ appointment(id: {visit}) {{ pm_status last_updated_by_id }} }}"));
        let cancelled = serde_json::json!({ "pm_status": "Cancelled", "last_updated_by_id": clinic.id("User", "owner") });
        assert_eq!(by["data"]["appointment"], cancelled);
        let back = update(&clinic, "patient", "active: true");
        insta::assert_json_snapshot!(clinic.run(&format!("mutation {{ {back} {{ user {{ active archived_at }} }} }}")), @r#"
        {
          "data": {
            "updateClient": {
              "user": {
                "active": true,
                "archived_at": null
              }
            }
          }
        }
        "#);
    }

    #[test]
    fn a_patient_leaves_a_group() {
        for input in [r#"user_group_id: """#, "for_changing_groups: true"] {
            let clinic = Clinic::open();
            let mutation = update(&clinic, "rosa", input);
            let answer = clinic.run(&format!("mutation {{ {mutation} {{ user {{ first_name group_name user_group_id }} }} }}"));
            let user = &answer["data"]["updateClient"]["user"];
            assert!(user["first_name"] == "Rosa" && user["group_name"].is_null() && user["user_group_id"].is_null(), "{input}: {answer}");
        }
    }

    #[test]
    fn another_provider_takes_over() {
        let clinic = Clinic::open();
        let (heir, old) = (clinic.id("User", "provider2"), clinic.id("User", "provider"));
        let mutation = update(&clinic, "rosa", &format!(r#"dietitian_id: "{heir}", other_provider_ids: ["{old}"]"#));
        insta::assert_json_snapshot!(clinic.run(&format!("mutation {{ {mutation} {{ user {{ providers {{ last_name }} }} }} }}")), @r#"
        {
          "data": {
            "updateClient": {
              "user": {
                "providers": [
                  {
                    "last_name": "Okafor"
                  },
                  {
                    "last_name": "Raman"
                  }
                ]
              }
            }
          }
        }
        "#);
    }

    #[test]
    fn a_reminder_changes_nothing() {
        let clinic = Clinic::open();
        let mutation = update(&clinic, "rosa", r#"resend_welcome: true, first_name: "Nobody""#);
        insta::assert_json_snapshot!(clinic.run(&format!("mutation {{ {mutation} {{ user {{ first_name }} messages {{ message }} }} }}")), @r#"
        {
          "data": {
            "updateClient": {
              "user": {
                "first_name": "Rosa"
              },
              "messages": null
            }
          }
        }
        "#);
        assert!(clinic.events().is_empty());
    }

    #[test]
    fn addresses_come_with_a_patient() {
        let clinic = Clinic::open();
        let mutation = update(&clinic, "sparse", r#"location: { city: "Albany", zip: "12207" }, locations: [{ city: "Troy" }]"#);
        insta::assert_json_snapshot!(clinic.run(&format!(
            "mutation {{ {mutation} {{ user {{ location {{ city zip }} locations {{ city }} }} messages {{ message }} }} }}"
        )), @r#"
        {
          "data": {
            "updateClient": {
              "user": {
                "location": {
                  "city": "Albany",
                  "zip": "12207"
                },
                "locations": [
                  {
                    "city": "Albany"
                  },
                  {
                    "city": "Troy"
                  }
                ]
              },
              "messages": null
            }
          }
        }
        "#);
        let moved = update(&clinic, "sparse", r#"location: { city: "Utica" }"#);
        insta::assert_json_snapshot!(clinic.run(&format!("mutation {{ {moved} {{ user {{ location {{ city zip }} }} }} }}")), @r#"
        {
          "data": {
            "updateClient": {
              "user": {
                "location": {
                  "city": "Utica",
                  "zip": "12207"
                }
              }
            }
          }
        }
        "#);
        insta::assert_debug_snapshot!(clinic.events(), @r#"
        [
            "location.created",
            "location.created",
            "location.updated",
        ]
        "#);
    }

    #[test]
    fn records_of_a_patient_are_made_changed_and_removed_along() {
        let clinic = Clinic::open();
        let (known, code) = (clinic.id("Diagnosis", "diabetes"), clinic.id("IcdCode", "e66_9"));
        let input = format!(
            r#"diagnoses: [{{ id: {known}, active: false }}, {{ icd_code_id: {code}, active: true, primary: true }}],
                notification_contacts: [{{ email: "aunt@mail.example" }}]"#
        );
        let shown = "user { diagnoses { active icd_code { code } } notification_contacts { email } } messages { message }";
        let answer = clinic.run(&format!("mutation {{ {} {{ {shown} }} }}", update(&clinic, "patient", &input)));
        let user = serde_json::json!({
            "diagnoses": [
                { "active": false, "icd_code": { "code": "E11.9" } },
                { "active": true, "icd_code": { "code": "E66.9" } },
            ],
            "notification_contacts": [{ "email": "jules@clinic.example" }, { "email": "aunt@mail.example" }],
        });
        assert_eq!(answer["data"]["updateClient"], serde_json::json!({ "user": user, "messages": null }), "{answer}");
        assert_eq!(clinic.events(), ["diagnosis.updated", "diagnosis.created", "notification_contact.created"]);
        clinic.run(&format!(
            "mutation {{ {} {{ messages {{ message }} }} }}",
            update(&clinic, "patient", &format!("diagnoses: [{{ id: {known}, _destroy: true }}]"))
        ));
        assert_eq!(clinic.events(), ["diagnosis.deleted"]);
        clinic
            .refuses(&update(&clinic, "rosa", &format!("diagnoses: [{{ id: {known}, active: true }}]")), &[("id", "Diagnosis not found")]);
    }

    #[test]
    fn who_may_edit_credits_sets_how_many_are_left() {
        let clinic = Clinic::open();
        let kind = clinic.id("AppointmentType", "follow_up");
        let input = format!(r#"appointment_type_credits_attributes: [{{ appointment_type_id: "{kind}", quantity: "5" }}]"#);
        let set = update(&clinic, "patient", &input);
        let answer =
            clinic.run(&format!("mutation {{ {set} {{ user {{ appointment_type_credits {{ quantity }} }} messages {{ message }} }} }}"));
        assert_eq!(
            answer["data"]["updateClient"],
            serde_json::json!({ "user": { "appointment_type_credits": [{ "quantity": "5" }] }, "messages": null })
        );
        let patient = clinic.id("User", "patient");
        let log = format!(
            r#"{{ appointmentTypeCreditChanges(user_id: "{patient}", appointment_type_id: "{kind}") {{ credit_quantity credit_change_event }} }}"#
        );
        let changes = clinic.run(&log)["data"]["appointmentTypeCreditChanges"].clone();
        let change = serde_json::json!({ "credit_quantity": 5, "credit_change_event": "Manual Change" });
        assert!(changes.as_array().is_some_and(|all| all.contains(&change)), "{changes}");
        let other = clinic.id("AppointmentTypeCredit", "patient2_therapy");
        let foreign = format!(r#"appointment_type_credits_attributes: [{{ id: "{other}", quantity: "5" }}]"#);
        clinic.refuses(&update(&clinic, "patient", &foreign), &[("id", "AppointmentTypeCredit not found")]);
        let many = input.replace("\"5\"", "\"many\"");
        clinic.refuses(&update(&clinic, "patient", &many), &[("quantity", "is not a number")]);
        clinic
            .as_role("provider")
            .refuses(&update(&clinic, "patient", &input), &[("base", "You do not have permission to edit this client's credits.")]);
    }

    #[test]
    fn an_older_client_names_the_address() {
        let clinic = Clinic::open();
        let id = clinic.id("User", "rosa");
        let email = clinic.run(&format!("{{ user(id: {id}) {{ email }} }}"))["data"]["user"]["email"].clone();
        insta::assert_json_snapshot!(clinic.run(&format!(
            r#"mutation {{ updateClient(input: {{ current_email: {email}, first_name: "Rosie" }}) {{ user {{ full_name }} }} }}"#
        )), @r#"
        {
          "data": {
            "updateClient": {
              "user": {
                "full_name": "Rosie Delgado"
              }
            }
          }
        }
        "#);
    }

    #[test]
    fn what_is_refused() {
        let clinic = Clinic::open().as_role("provider");
        clinic.refuses(&update(&clinic, "rosa", "active: false"), &[("base", "You do not have permission to archive this client.")]);
        clinic.refuses(&update(&clinic, "rosa", "restricted: true"), &[("base", "You do not have permission to restrict this client.")]);
        clinic.refuses(
            &update(&clinic, "rosa", r#"password: "long enough""#),
            &[("base", "You do not have permission to set this client's password.")],
        );
        clinic.refuses(&update(&clinic, "rosa", r#"first_name: " ""#), &[("first_name", "can't be blank")]);
        clinic.refuses(&update(&clinic, "rosa", r#"email: """#), &[("email", "can't be blank")]);
        clinic.refuses(&update(&clinic, "rosa", r#"email: "provider2@clinic.example""#), &[("email", "Email is already in use")]);
        clinic.refuses(&update(&clinic, "rosa", r#"sex: "Other""#), &[("sex", "is not included in the list")]);
        clinic.refuses(&update(&clinic, "patient2", r#"first_name: "X""#), &[("id", "User not found")]);
        clinic.refuses(&update(&clinic, "provider", r#"first_name: "X""#), &[("id", "User not found")]);
        let owner = clinic.as_role("owner");
        owner.refuses(&update(&clinic, "rosa", r#"password: "short""#), &[("password", "is too short (minimum is 8 characters)")]);
    }
}
