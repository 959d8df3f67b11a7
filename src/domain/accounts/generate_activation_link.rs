//! `generateActivationLink`: the link by which an account gets its first password.

use crate::domain::users;
use crate::engine::{Call, Made, Refusal, Value};
use crate::schema::names::{GenerateActivationLinkInput as Input, GenerateActivationLinkPayload as Payload, User};

/// Assumed: the link is the one of `User.set_password_link`, and the secret, whatever it is, is right.
pub fn generate_activation_link(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    call.accept(Input::secret);
    let email = call.require(Input::email)?.trim().to_owned();
    let user = call.having(User::email, email).into_iter().next().ok_or_else(|| Refusal::not_found("email", "User"))?;
    let user = match user.get(User::signup_token) {
        Some(_) => user,
        None => {
            let draft = call.change(&user);
            let mut draft = users::set_signup_token(call, draft);
            draft.clear(User::link_due_at);
            draft.save(call)
        }
    };
    let token = user.get(User::signup_token).unwrap_or_default();
    let link = format!("{}/set_initial_password?signup_token={token}", call.scene().origin);
    Ok(Made::nothing().also(Payload::activation_link, Value::from(link)))
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    #[test]
    fn an_account_is_activated_by_a_link() {
        let clinic = Clinic::open().as_role("nobody");
        let made = clinic.run(
            r#"mutation { generateActivationLink(input: { email: "patient@clinic.example" }) { activation_link messages { message } } }"#,
        );
        let link = made["data"]["generateActivationLink"]["activation_link"].as_str().expect("made").to_owned();
        let token = link.rsplit('=').next().expect("a token");
        assert_eq!(clinic.run(&format!(r#"{{ validateSignupToken(token: "{token}") }}"#))["data"]["validateSignupToken"], true);
        clinic.refuses(r#"generateActivationLink(input: { email: "who@nowhere.example" })"#, &[("email", "User not found")]);
    }
}
