//! `resetPassword`: somebody forgot theirs.

use crate::domain::mails::letters;
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{User, resetPasswordInput as Input};

/// Documented: it always succeeds, so that nobody learns who has an account. The link's token is kept with the account, and
/// mailed.
pub fn reset_password(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    call.accept(Input::namespace);
    let email = call.get(Input::email)?.unwrap_or_default().trim().to_owned();
    if email.is_empty() {
        return Ok(Made::nothing());
    }
    for user in call.having(User::email, email) {
        let token = call.random().alphanumeric(24);
        call.change(&user).set(User::reset_token, token.clone()).save(call);
        call.silence(&user);
        letters::password_reset(call, &user, &token);
    }
    Ok(Made::nothing())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    #[test]
    fn nobody_learns_who_has_an_account() {
        let clinic = Clinic::open().as_role("nobody");
        for email in ["patient@clinic.example", "who@nowhere.example", ""] {
            let answer =
                clinic.run(&format!(r#"mutation {{ resetPassword(input: {{ email: "{email}" }}) {{ messages {{ message }} }} }}"#));
            assert_eq!(answer["data"]["resetPassword"]["messages"], serde_json::Value::Null, "{email}");
        }
        assert_eq!(clinic.events(), [] as [&str; 0]);
    }
}
