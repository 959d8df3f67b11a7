//! `signIn`: a password for a token, or for a key.

use super::{human, session};
use crate::domain::{api_keys, feature_toggles, users};
use crate::engine::{Call, Made, Refusal, Row, Value, password_digest};
use crate::schema::names::{ApiKey, FeatureToggle, Human, User, signInInput as Input, signInPayload as Payload};

/// Assumed: one text, whatever is wrong, so that nobody learns who has an account.
pub const WRONG: &str = "Invalid email or password";

pub fn sign_in(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    call.accept(Input::namespace);
    let user = who(call)?.ok_or_else(|| Refusal::on(Input::password, WRONG))?;
    refuse_inactive(call, &user)?;
    if user.get(User::verification_code).is_some() {
        let blocked = Made::nothing().also(Payload::blocked_by_2fa, Value::Bool(true));
        return Ok(blocked.also(Payload::blocked_by_2fa_type, Value::from("EMAIL")));
    }
    let wants_key = call.is(Input::generate_api_token);
    let full = if wants_key { make_key(call, &user) } else { session::start(call, &user) };
    let user = note_sign_in(call, &user)?;

    let shown = if wants_key { Payload::api_key } else { Payload::token };
    let made = Made::nothing().also(shown, Value::from(full.clone())).also(Payload::user, user);
    session::read_as_holder(call, made.also(Payload::blocked_by_2fa, Value::Bool(false)), &full)
}

/// Who signs in: by password, by the token of a link to a new password, or by a key.
fn who(call: &mut Call<'_, Input>) -> Result<Option<Row<User>>, Refusal> {
    if let Some(token) = call.get(Input::reset_token)?.filter(|token| !token.is_empty()) {
        return with_new_password(call, token);
    }
    if let Some(token) = call.get(Input::token)?.filter(|token| !token.is_empty()) {
        let viewer = api_keys::identify(call.on().records(), api_keys::secret_of(call.scene(), token));
        return Ok(viewer.and_then(|viewer| viewer.user));
    }
    let digest = password_digest(call.get(Input::password)?.unwrap_or_default());
    let mut known = named(call)?;
    known.retain(|user| user.get(User::password_digest) == Some(&digest));
    // Documented: of the accounts with one address, one is in use.
    let current = known.first().and_then(|user| human::human_of(call.on(), user)?.get(Human::current_user_id));
    Ok(known.iter().find(|user| current == Some(user.id())).or_else(|| known.first()).cloned())
}

/// The accounts with this address or name.
fn named(call: &Call<'_, Input>) -> Result<Vec<Row<User>>, Refusal> {
    let sent = |text: Option<&str>| text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let (email, username) = (sent(call.get(Input::email)?), sent(call.get(Input::username)?));
    if let Some(email) = email {
        return Ok(call.having(User::email, email));
    }
    let Some(username) = username else { return Ok(vec![]) };
    let by_name = call.having(User::username, username.clone());
    Ok(if by_name.is_empty() { call.having(User::email, username) } else { by_name })
}

/// Assumed: a link to a new password is used by sending its token together with that password.
fn with_new_password(call: &mut Call<'_, Input>, token: &str) -> Result<Option<Row<User>>, Refusal> {
    let holder = call.on().all::<User>().find(|user| user.get(User::reset_token) == Some(token)).map(|user| user.row().clone());
    let Some(holder) = holder else { return Ok(None) };
    let draft = call.change(&holder);
    let mut draft = users::set_password(call, draft, Input::password)?;
    draft.clear(User::reset_token);
    Ok(Some(draft.save(call)))
}

/// Observed: archived patients sign in. Documented: unless their client permissions say that they may not. Assumed: members
/// who were deactivated don't.
fn refuse_inactive(call: &Call<'_, Input>, user: &Row<User>) -> Result<(), Refusal> {
    if user.get(User::active) != Some(false) {
        return Ok(());
    }
    let barred = || {
        let person = call.on().find_any::<User>(user.id());
        let toggle = person.and_then(|person| feature_toggles::effective(&person));
        toggle.is_some_and(|toggle| toggle.is(FeatureToggle::prevent_inactive_access))
    };
    if user.is(User::is_patient) && !barred() { Ok(()) } else { Err(Refusal::on(Input::password, WRONG)) }
}

/// Documented: the new key replaces the old one, unless several are wanted. Assumed: the old one is the one that an earlier
/// sign-in made, not those that somebody named and handed to a partner.
fn make_key(call: &mut Call<'_, Input>, user: &Row<User>) -> String {
    if !call.is(Input::allow_multiple_api_keys) {
        for key in call.having(ApiKey::user_id, user.id()) {
            if key.is(ApiKey::from_sign_in) {
                call.delete(&key);
            }
        }
    }
    let (key, full) = api_keys::draft_for(call, user);
    key.set(ApiKey::from_sign_in, true).save(call);
    full
}

/// Assumed: the zone of the device is the person's where the person has none, and a sign-in announces nothing.
fn note_sign_in(call: &mut Call<'_, Input>, user: &Row<User>) -> Result<Row<User>, Refusal> {
    let now = call.now();
    let human = human::draft_of(call, user).set(Human::last_sign_in_at, now);
    let human = if human.is_blank(Human::current_user_id) { human.set(Human::current_user_id, user.id()) } else { human };
    human.save(call);
    let mut signed_in = call.change(user).set(User::last_sign_in_at, now);
    if let Some(zone) = call.get(Input::timezone)?.filter(|_| signed_in.is_blank(User::timezone)) {
        signed_in.put(User::timezone, zone.to_owned());
    }
    call.silence(user);
    Ok(signed_in.save(call))
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::{Value, json};

    fn sign_in(clinic: &Clinic, input: &str) -> Value {
        let answer = clinic.as_role("nobody").run(&format!(
            "mutation {{ signIn(input: {{ {input} }}) {{ token api_key blocked_by_2fa user {{ first_name active dietitian {{ first_name }} organization {{ name }} }} messages {{ field message }} }} }}"
        ));
        answer["data"]["signIn"].clone()
    }

    #[test]
    fn a_password_is_changed_for_a_token_that_works_as_a_key() {
        let clinic = Clinic::open();
        let answer = sign_in(&clinic, r#"email: " Patient@clinic.example", password: "Sandbox-pass-1", namespace: "healthie""#);
        let token = answer["token"].as_str().expect("a token").to_owned();
        assert_eq!(
            answer["user"],
            json!({ "first_name": "Ava", "active": true, "dietitian": { "first_name": "Priya" }, "organization": { "name": "Juniper Family Nutrition" } })
        );
        assert_eq!((&answer["api_key"], &answer["messages"], &answer["blocked_by_2fa"]), (&Value::Null, &Value::Null, &json!(false)));
        let secret = token.strip_prefix("gh_sbox_test_").expect("the sandbox's prefix");
        assert!(secret.len() == 64 && clinic.world.identify(secret).is_some_and(|viewer| viewer.is_patient()));
        assert_eq!(clinic.events(), [] as [&str; 0]);
        assert_eq!(
            clinic.as_role("patient").run("{ currentUser { last_sign_in_at } }")["data"]["currentUser"]["last_sign_in_at"],
            "2026-03-02 10:00:00 -0500"
        );
    }

    #[test]
    fn wrong_credentials_are_all_told_alike() {
        let clinic = Clinic::open().as_role("nobody");
        let wrong = [("password", "Invalid email or password")];
        clinic.refuses(r#"signIn(input: { email: "patient@clinic.example", password: "wrong" })"#, &wrong);
        clinic.refuses(r#"signIn(input: { email: "who@clinic.example", password: "Sandbox-pass-1" })"#, &wrong);
        clinic.refuses("signIn(input: {})", &wrong);
        clinic.refuses(r#"signIn(input: { email: "former@clinic.example", password: "Sandbox-pass-1" })"#, &wrong);
        clinic.refuses(r#"signIn(input: { token: "gh_sbox_test_nobody" })"#, &wrong);
        clinic.refuses(r#"signIn(input: { reset_token: "x", password: "Sandbox-pass-2" })"#, &wrong);
    }

    #[test]
    fn a_key_replaces_the_one_of_an_earlier_sign_in() {
        let clinic = Clinic::open();
        let with_key = r#"email: "provider@clinic.example", password: "Sandbox-pass-1", generate_api_token: true"#;
        let key = |answer: Value| answer["api_key"].as_str().expect("a key")["gh_sbox_test_".len()..].to_owned();
        let first = key(sign_in(&clinic, with_key));
        let second = key(sign_in(&clinic, with_key));
        let third = key(sign_in(&clinic, &format!("{with_key}, allow_multiple_api_keys: true")));
        let works = [&first, &second, &third, &"provider".to_owned()].map(|secret| clinic.world.identify(secret).is_some());
        assert_eq!(works, [false, true, true, true]);
    }

    #[test]
    fn an_archived_patient_signs_in() {
        let clinic = Clinic::open();
        let id = clinic.id("User", "patient");
        clinic.run(&format!("mutation {{ updateClient(input: {{ id: {id}, active: false }}) {{ messages {{ message }} }} }}"));
        assert_eq!(sign_in(&clinic, r#"email: "patient@clinic.example", password: "Sandbox-pass-1""#)["user"]["active"], false);
    }
}
