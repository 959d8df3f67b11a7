//! `signUp`: a patient registers with a provider, or somebody opens a practice.

use super::session;
use crate::domain::{members, users};
use crate::engine::{CANT_BE_BLANK, Call, Draft, Made, Refusal, Row, Value};
use crate::schema::names::{Organization, OrganizationMembership, User, UserGroup, signUpInput as Input, signUpPayload as Payload};

pub fn sign_up(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    // For Healthie's own marketing.
    call.accept(Input::conversion_details);
    call.accept(Input::exploring_healthie_reason);
    call.accept(Input::exploring_healthie_reason_other);
    call.accept(Input::first_url);
    call.accept(Input::provider_type);
    call.accept(Input::ps_partner_key);
    call.accept(Input::ps_xid);

    let user = match role(call)? {
        Role::Patient => patient(call)?,
        Role::Provider => provider(call)?,
    };
    let token = session::start(call, &user);
    let made = Made::nothing().also(Payload::token, Value::from(token.clone())).also(Payload::user, user);
    session::read_as_holder(call, made, &token)
}

enum Role {
    Patient,
    Provider,
}

/// Documented: there are two roles. Assumed: without one, who names a provider or a code is a patient.
fn role(call: &Call<'_, Input>) -> Result<Role, Refusal> {
    let invited = !call.is_blank(Input::dietitian_id) || !call.is_blank(Input::invite_code);
    match call.get(Input::role)?.map(str::trim).unwrap_or_default() {
        "patient" => Ok(Role::Patient),
        "dietitian" => Ok(Role::Provider),
        "" if invited => Ok(Role::Patient),
        "" => Ok(Role::Provider),
        _ => Err(Refusal::on(Input::role, "is not included in the list")),
    }
}

/// What everybody needs who signs up.
fn account(call: &mut Call<'_, Input>) -> Result<Draft<User>, Refusal> {
    let needed = [Input::first_name, Input::last_name, Input::email, Input::password];
    let blank = needed.into_iter().filter(|field| call.is_blank(*field)).map(|field| Refusal::on(field, CANT_BE_BLANK));
    Refusal::all(blank)?;
    let user = call.draft::<User>();
    users::refuse_invalid_email(&user)?;
    users::set_password(call, user, Input::password)
}

fn patient(call: &mut Call<'_, Input>) -> Result<Row<User>, Refusal> {
    let (provider, group) = invitation(call)?;
    let patient = account(call)?.set(User::is_patient, true).set(User::dietitian_id, provider.id());
    users::refuse_taken_email(call, &patient)?;
    let patient = match group {
        Some(group) => patient.set(User::user_group_id, group),
        None => patient,
    };
    let zone = provider.get(User::timezone).map(str::to_owned);
    let patient = match zone.filter(|_| patient.is_blank(User::timezone)) {
        Some(zone) => patient.set(User::timezone, zone),
        None => patient,
    };
    Ok(patient.belongs_to(provider.organization()).save(call))
}

/// Documented: a patient signs up with a provider, or with a code: a provider's, or a group's, who is then in the group.
fn invitation(call: &Call<'_, Input>) -> Result<(Row<User>, Option<u64>), Refusal> {
    let on = call.on();
    let provider = |id: u64| on.find_any::<User>(id).filter(|user| !user.is(User::is_patient) && user.is(User::active));
    let code = call.get(Input::invite_code)?.map(str::trim).filter(|code| !code.is_empty());
    let named = call.get(Input::dietitian_id)?;
    let group = code.and_then(|code| on.all::<UserGroup>().find(|group| group.get(UserGroup::invite_code) == Some(code)));
    if let Some(named) = named {
        let found = provider(named).ok_or_else(|| Refusal::not_found("dietitian_id", "Provider"))?;
        let group = group.filter(|group| group.organization() == found.organization());
        return Ok((found.row().clone(), group.map(|group| group.id())));
    }
    let Some(code) = code else { return Err(Refusal::on(Input::dietitian_id, CANT_BE_BLANK)) };
    if let Some(group) = group {
        let organization = on.find_any::<Organization>(group.organization());
        let owner = organization.and_then(|organization| organization.get(Organization::owner_id));
        let leads = group.value(UserGroup::user.slot).as_id().and_then(provider).or_else(|| owner.and_then(provider));
        return Ok((leads.ok_or_else(|| Refusal::on(Input::invite_code, "is invalid"))?.row().clone(), Some(group.id())));
    }
    let by_code = on.all::<User>().find(|user| user.get(User::invite_code) == Some(code)).and_then(|user| provider(user.id()));
    Ok((by_code.ok_or_else(|| Refusal::on(Input::invite_code, "is invalid"))?.row().clone(), None))
}

/// Documented: the provider owns a new organization. Assumed: it is called as they are, until somebody says otherwise.
fn provider(call: &mut Call<'_, Input>) -> Result<Row<User>, Refusal> {
    let user = account(call)?.set(User::is_patient, false);
    let organization = call.blank_draft::<Organization>();
    let id = organization.id();
    let user = user.belongs_to(id);
    users::refuse_members_email(call, &user)?;
    let taken = call.having(User::email, user.get(User::email).unwrap_or_default().trim().to_owned());
    if taken.iter().any(|other| !other.is(User::is_patient)) {
        return Err(Refusal::on(Input::email, "has already been taken"));
    }
    organization.belongs_to(id).set(Organization::owner_id, user.id()).save(call);
    let user = user.save(call);
    let membership = call.blank_draft::<OrganizationMembership>().belongs_to(id);
    let membership = membership.set(OrganizationMembership::user_id, user.id()).set(OrganizationMembership::organization_id, id);
    members::may_everything(membership).save(call);
    Ok(user)
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::{Value, json};

    const NIA: &str = r#"first_name: "Nia", last_name: "Nord", email: "nia@example.com", password: "Sandbox-pass-1""#;

    fn sign_up(clinic: &Clinic, input: &str) -> Value {
        let answer = clinic.as_role("nobody").run(&format!(
            "mutation {{ signUp(input: {{ {NIA}, {input} }}) {{ token nextRequiredStep initialMessage whitelabelSetting {{ id }} user {{ id full_name is_patient is_owner active timezone group_name dietitian {{ last_name }} organization {{ id }} }} messages {{ field message }} }} }}"
        ));
        answer["data"]["signUp"].clone()
    }

    #[test]
    fn a_patient_registers_with_a_provider() {
        let clinic = Clinic::open();
        let answer = sign_up(&clinic, &format!(r#"role: "patient", dietitian_id: "{}""#, clinic.id("User", "provider2")));
        assert_eq!(
            answer["user"],
            json!({
                "id": answer["user"]["id"], "full_name": "Nia Nord", "is_patient": true, "is_owner": false, "active": true, "timezone": "America/Los_Angeles", "group_name": null,
                "dietitian": { "last_name": "Okafor" }, "organization": { "id": clinic.id("Organization", "clinic") }
            })
        );
        assert_eq!(answer["messages"], Value::Null);
        let secret = &answer["token"].as_str().expect("a token")["gh_sbox_test_".len()..];
        assert!(clinic.world.identify(secret).is_some_and(|viewer| viewer.is_patient()));
        assert_eq!(clinic.events(), ["patient.created"]);
    }

    #[test]
    fn a_groups_code_leads_into_the_group() {
        let answer = sign_up(&Clinic::open(), r#"role: "patient", invite_code: "a41f0c""#);
        assert_eq!((&answer["user"]["group_name"], &answer["user"]["dietitian"]["last_name"]), (&json!("Heart Health"), &json!("Raman")));
    }

    #[test]
    fn a_provider_opens_a_practice() {
        let clinic = Clinic::open();
        let answer = sign_up(&clinic, r#"role: "dietitian", phone_number: "212-555-0199""#);
        assert_eq!((&answer["user"]["is_owner"], &answer["user"]["is_patient"]), (&json!(true), &json!(false)));
        assert_ne!(answer["user"]["organization"]["id"], clinic.id("Organization", "clinic").as_str());
        let secret = &answer["token"].as_str().expect("a token")["gh_sbox_test_".len()..];
        assert!(clinic.world.identify(secret).is_some_and(|viewer| viewer.is_admin()));
        let id = answer["user"]["id"].as_str().expect("made");
        let seen = clinic.as_role(secret.to_owned().leak()).run(&format!("{{ currentUser {{ id }} user(id: {id}) {{ id }} }}"));
        assert_eq!(seen["data"], json!({ "currentUser": { "id": id }, "user": { "id": id } }));
    }

    #[test]
    fn who_may_not_sign_up() {
        let clinic = Clinic::open().as_role("nobody");
        clinic.refuses(&format!(r#"signUp(input: {{ {NIA}, role: "patient" }})"#), &[("dietitian_id", "can't be blank")]);
        clinic.refuses(
            &format!(r#"signUp(input: {{ {NIA}, role: "patient", dietitian_id: "1" }})"#),
            &[("dietitian_id", "Provider not found")],
        );
        clinic.refuses(&format!(r#"signUp(input: {{ {NIA}, invite_code: "zzz" }})"#), &[("invite_code", "is invalid")]);
        clinic.refuses(&format!(r#"signUp(input: {{ {NIA}, role: "boss" }})"#), &[("role", "is not included in the list")]);
        let provider = clinic.id("User", "provider");
        clinic.refuses(
            &format!(r#"signUp(input: {{ first_name: "Ava", last_name: "Thornton", email: "patient@clinic.example", password: "short", dietitian_id: "{provider}" }})"#),
            &[("password", "is too short (minimum is 8 characters)")],
        );
        clinic.refuses(
            &format!(r#"signUp(input: {{ first_name: "Ava", last_name: "Thornton", email: "patient@clinic.example", password: "long enough", dietitian_id: "{provider}" }})"#),
            &[("email", "Email is already in use")],
        );
    }
}
