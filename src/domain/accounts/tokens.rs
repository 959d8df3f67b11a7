//! What the tokens of links are good for.

use crate::engine::{Answer, Input, QueryError, Reading, Value, View};
use crate::schema::names::{User, args};
use crate::schema::{Field, Text};

/// Whose token it is. Few have one, and nothing but a link's page asks.
fn holder<'s>(on: Reading<'s>, column: Field<User, Text>, token: Option<&str>) -> Option<View<'s, User>> {
    let token = token.filter(|token| !token.is_empty())?;
    on.all::<User>().find(|user| user.get(column) == Some(token))
}

pub fn basic_user_info_from_token(on: Reading<'_>, asked: &Input<'_, args::basicUserInfoFromToken>) -> Result<Answer, QueryError> {
    let token = asked.get(args::basicUserInfoFromToken::token).ok().flatten();
    Ok(holder(on, User::signup_token, token).into())
}

pub fn validate_reset_password_token(on: Reading<'_>, asked: &Input<'_, args::validateResetPasswordToken>) -> Result<Answer, QueryError> {
    let token = asked.get(args::validateResetPasswordToken::token).ok().flatten();
    Ok(Value::Bool(holder(on, User::reset_token, token).is_some()).into())
}

/// Assumed: a token is used up once the account has a password.
pub fn validate_signup_token(on: Reading<'_>, asked: &Input<'_, args::validateSignupToken>) -> Result<Answer, QueryError> {
    let token = asked.get(args::validateSignupToken::token).ok().flatten();
    Ok(Value::Bool(holder(on, User::signup_token, token).is_some()).into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    #[test]
    fn a_sign_up_token_says_whose_it_is() {
        let clinic = Clinic::open();
        let made = clinic.run(
            r#"mutation { createClient(input: { first_name: "Nia", last_name: "Nord", email: "nia@example.com" }) { user { set_password_link } } }"#,
        );
        let link = made["data"]["createClient"]["user"]["set_password_link"].as_str().expect("a link").to_owned();
        let token = link.rsplit('=').next().expect("a token");
        let told = clinic.as_role("nobody").run(&format!(
            r#"{{ basicUserInfoFromToken(token: "{token}") {{ first_name email }} validateSignupToken(token: "{token}")
                unknown: validateSignupToken(token: "x") reset: validateResetPasswordToken(token: "{token}") nobody: basicUserInfoFromToken(token: "x") {{ id }} }}"#
        ));
        assert_eq!(
            told["data"],
            serde_json::json!({
                "basicUserInfoFromToken": { "first_name": "Nia", "email": "nia@example.com" },
                "validateSignupToken": true, "unknown": false, "reset": false, "nobody": null
            })
        );
    }
}
