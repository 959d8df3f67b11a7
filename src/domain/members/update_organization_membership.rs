//! `updateOrganizationMembership`: what a member may do, who they are, and whether they still belong.

use super::create_organization_membership::refuse_role;
use super::membership::is_owner;
use crate::domain::permission_templates;
use crate::engine::{Call, Draft, Given, Made, Refusal, Row, Value};
use crate::schema::names::{ApiKey, OrganizationMembership, PermissionTemplateType, User, updateOrganizationMembershipInput as Input};
use crate::schema::{Field, Text};

pub fn update_organization_membership(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let membership = call.target::<OrganizationMembership, _>(Input::id)?;
    let user = membership.get(OrganizationMembership::user_id).and_then(|user| call.find_any::<User>(user));
    let user = user.ok_or_else(|| Refusal::not_found("id", "OrganizationMembership"))?;
    refuse_own_role(call, &membership, &user)?;
    refuse_role(call.get(Input::org_role)?)?;
    refuse_other_reach(call, &membership)?;

    let mut draft = call.edit(&membership);
    lock_under_both_names(call, &mut draft)?;
    apply_template(call, &mut draft)?;
    let mut person = edit_person(call, &user)?;
    match call.get(Input::active)? {
        Some(true) => {
            draft.put(OrganizationMembership::is_active, true);
            person.put(User::active, true);
            person.clear(User::archived_at);
        }
        Some(false) if user.get(User::active) != Some(false) => {
            refuse_deactivation(call, &user)?;
            hand_over_clients(call, &user)?;
            draft.put(OrganizationMembership::is_active, false);
            person.put(User::active, false);
            person.put(User::archived_at, call.now());
        }
        _ => {}
    }
    person.save(call);
    Ok(draft.save(call).into())
}

/// Documented: nobody changes their own role. The text is assumed.
fn refuse_own_role(call: &Call<'_, Input>, membership: &Row<OrganizationMembership>, user: &Row<User>) -> Result<(), Refusal> {
    let role = call.get(Input::org_role)?;
    let changes = role.is_some() && role != membership.get(OrganizationMembership::org_role);
    if changes && call.viewer().is(user.id()) {
        return Err(Refusal::named("org_role", "You cannot change your own role"));
    }
    Ok(())
}

/// A membership that can be seen is not always one that can be edited: a member may see those above.
fn refuse_other_reach(call: &Call<'_, Input>, membership: &Row<OrganizationMembership>) -> Result<(), Refusal> {
    if call.viewer().reaches(membership.organization()) {
        return Ok(());
    }
    Err(Refusal::no_permission("update this organization membership"))
}

/// Documented: `can_lock_form_answer_groups` is the older name of `can_lock_own_charting_notes`.
fn lock_under_both_names(call: &Call<'_, Input>, draft: &mut Draft<OrganizationMembership>) -> Result<(), Refusal> {
    let older = call.get(Input::can_lock_form_answer_groups)?;
    if let (Some(may), None) = (older, call.get(Input::can_lock_own_charting_notes)?) {
        draft.put(OrganizationMembership::can_lock_own_charting_notes, may);
    }
    Ok(())
}

/// Documented: a template that is applied is stamped with the time.
fn apply_template(call: &Call<'_, Input>, draft: &mut Draft<OrganizationMembership>) -> Result<(), Refusal> {
    if call.is(Input::permission_template_applied) && !call.is_blank(Input::permission_template_id) {
        let template = call.target::<PermissionTemplateType, _>(Input::permission_template_id)?;
        permission_templates::apply(call, &template, draft);
        draft.put(OrganizationMembership::permission_template_applied_at, call.now());
    }
    Ok(())
}

/// The fields of the input that are the person's, not the membership's.
fn edit_person(call: &Call<'_, Input>, user: &Row<User>) -> Result<Draft<User>, Refusal> {
    const TEXTS: [(Field<Input, Text>, Field<User, Text>); 6] = [
        (Input::email, User::email),
        (Input::first_name, User::first_name),
        (Input::last_name, User::last_name),
        (Input::phone_number, User::phone_number),
        (Input::qualifications, User::qualifications),
        (Input::timezone, User::timezone),
    ];
    let mut person = call.change(user);
    for (sent, kept) in TEXTS {
        match call.given(sent)? {
            Given::Value(value) => person.put(kept, value.to_owned()),
            Given::Null => person.clear(kept),
            Given::Absent => {}
        }
    }
    if let Some(priority) = call.get(Input::scheduling_priority)? {
        let priority = priority.trim().parse().map_err(|_| Refusal::on(Input::scheduling_priority, "is not a number"))?;
        person.put(User::scheduling_priority, priority);
    }
    if let Some(practitioner) = call.get(Input::fullscript_practitioner_id)? {
        person.set_value(User::fullscript_practitioner_id.slot, Value::Id(practitioner));
    }
    call.check(&person)?;
    if call.given(Input::email)?.is_sent() {
        crate::domain::users::refuse_members_email(call, &person)?;
    }
    Ok(person)
}

/// Documented: whoever has keys is deactivated only by those who say that they know, and an organization keeps its owner
/// (the latter, and both texts, are assumed).
fn refuse_deactivation(call: &Call<'_, Input>, user: &Row<User>) -> Result<(), Refusal> {
    let on = call.on();
    if on.find_any::<User>(user.id()).is_some_and(|user| is_owner(&user)) {
        return Err(Refusal::named("active", "The owner of an organization cannot be deactivated"));
    }
    let knows = call.is(Input::bypass_api_key_warning);
    if !knows && on.count_having(ApiKey::user_id, user.id()) > 0 {
        return Err(Refusal::base("This member has active API keys, which stop working when the member is deactivated"));
    }
    Ok(())
}

/// Documented: `provider_to_receive_clients` takes over the member's clients.
fn hand_over_clients(call: &mut Call<'_, Input>, from: &Row<User>) -> Result<(), Refusal> {
    if call.is_blank(Input::provider_to_receive_clients) {
        return Ok(());
    }
    let to = call.target::<User, _>(Input::provider_to_receive_clients)?;
    if to.is(User::is_patient) {
        return Err(Refusal::not_found("provider_to_receive_clients", "Provider"));
    }
    for client in call.having(User::dietitian_id, from.id()) {
        call.change(&client).set(User::dietitian_id, to.id()).save(call);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::schema::names::{OrganizationMembership, updateOrganizationMembershipInput as Input};
    use crate::schema::{Base, Named};
    use crate::testing::Clinic;

    fn update(clinic: &Clinic, member: &str, input: &str) -> String {
        let id = clinic.id("OrganizationMembership", member);
        format!("updateOrganizationMembership(input: {{ id: {id}, {input} }})")
    }

    #[test]
    fn every_flag_of_the_input_is_stored() {
        let clinic = Clinic::open();
        let input = Input::TYPE.shape().columns().iter();
        let flags: Vec<&str> = input.filter(|flag| flag.base == Base::Bool).map(|flag| flag.name()).collect();
        let of_membership = |flag: &&str| OrganizationMembership::TYPE.shape().slot(flag).is_some();
        let flags: Vec<&str> = flags.into_iter().filter(of_membership).collect();
        assert_eq!(flags.len(), 111);
        let sent = |value| flags.iter().map(|flag| format!("{flag}: {value}")).collect::<Vec<_>>().join(", ");
        for value in [true, false] {
            let mutation = update(&clinic, "provider2", &sent(value));
            let answer = clinic.run(&format!("mutation {{ {mutation} {{ organizationMembership {{ {} }} }} }}", flags.join(" ")));
            let stored = &answer["data"]["updateOrganizationMembership"]["organizationMembership"];
            let lost: Vec<&&str> = flags.iter().filter(|flag| stored[**flag] != value).collect();
            assert!(lost.is_empty(), "{lost:?} are not {value}");
        }
    }

    #[test]
    fn an_address_is_one_member_s_alone() {
        let clinic = Clinic::open();
        for (email, text) in
            [(r#"" Owner@clinic.example""#, "has already been taken"), ("null", "can't be blank"), (r#""x""#, "is invalid")]
        {
            clinic.refuses(&update(&clinic, "provider2", &format!("email: {email}")), &[("email", text)]);
            let user = clinic.id("User", "provider2");
            let member = format!("updateOrganizationMember(input: {{ id: {user}, email: {email} }})");
            clinic.refuses(&member, &[("email", text)]);
            clinic.as_role("provider2").refuses(&format!("updateUser(input: {{ email: {email} }})"), &[("email", text)]);
        }
        let same = update(&clinic, "provider2", r#"email: "provider2@clinic.example", title: "Counselor""#);
        let answer = clinic.run(&format!("mutation {{ {same} {{ messages {{ message }} }} }}"));
        assert!(answer["data"]["updateOrganizationMembership"]["messages"].is_null(), "{answer}");
    }

    #[test]
    fn a_deactivated_member_is_archived_and_hands_clients_over() {
        let clinic = Clinic::open();
        let (gone, heir) = (clinic.id("User", "provider2"), clinic.id("User", "provider"));
        let mutation =
            update(&clinic, "provider2", &format!("active: false, bypass_api_key_warning: true, provider_to_receive_clients: {heir}"));
        insta::assert_json_snapshot!(clinic.run(&format!("mutation {{ {mutation} {{ organizationMembership {{ user {{ active archived_at }} }} messages {{ message }} }} }}")), @r#"
        {
          "data": {
            "updateOrganizationMembership": {
              "organizationMembership": {
                "user": {
                  "active": false,
                  "archived_at": "2026-03-02 10:00:00 -0500"
                }
              },
              "messages": null
            }
          }
        }
        "#);
        insta::assert_json_snapshot!(clinic.run(&format!("{{ old: user(id: {gone}) {{ patients_count(only_primary: true) }} new: user(id: {heir}) {{ patients_count(only_primary: true) }} organizationMembersCount }}")), @r#"
        {
          "data": {
            "old": {
              "patients_count": 0
            },
            "new": {
              "patients_count": 12
            },
            "organizationMembersCount": 6
          }
        }
        "#);
        insta::assert_debug_snapshot!(clinic.events(), @r#"
        [
            "patient.updated",
            "patient.updated",
            "patient.updated",
            "patient.updated",
            "patient.updated",
            "patient.updated",
            "organization_member.updated",
            "organization_membership.updated",
        ]
        "#);
    }

    #[test]
    fn a_member_comes_back() {
        let clinic = Clinic::open();
        let mutation = update(&clinic, "former", r#"active: true, title: "Returned", first_name: "Walt""#);
        insta::assert_json_snapshot!(clinic.run(&format!("mutation {{ {mutation} {{ organizationMembership {{ title user {{ full_name active archived_at }} }} }} }}")), @r#"
        {
          "data": {
            "updateOrganizationMembership": {
              "organizationMembership": {
                "title": "Returned",
                "user": {
                  "full_name": "Walt Finch",
                  "active": true,
                  "archived_at": null
                }
              }
            }
          }
        }
        "#);
        assert_eq!(clinic.events(), ["organization_member.updated", "organization_membership.updated"]);
    }

    #[test]
    fn whoever_has_keys_is_not_deactivated_by_accident() {
        let clinic = Clinic::open();
        clinic.refuses(
            &update(&clinic, "limited", "active: false"),
            &[("base", "This member has active API keys, which stop working when the member is deactivated")],
        );
        clinic.refuses(
            &update(&clinic, "owner", "active: false, bypass_api_key_warning: true"),
            &[("active", "The owner of an organization cannot be deactivated")],
        );
    }

    #[test]
    fn nobody_changes_their_own_role() {
        let clinic = Clinic::open();
        clinic.refuses(&update(&clinic, "owner", r#"org_role: "Support""#), &[("org_role", "You cannot change your own role")]);
        let provider = clinic.as_role("provider");
        provider.refuses(
            &update(&clinic, "provider", r#"title: "Boss""#),
            &[("base", "You do not have permission to update this organization membership.")],
        );
        clinic.refuses(&update(&clinic, "outsider", r#"title: "Boss""#), &[("id", "OrganizationMembership not found")]);
    }
}
