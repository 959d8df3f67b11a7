//! Second factors: `validateVerificationToken` and `resetMfa`.

use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{
    OrganizationMembership, ResetMfaInput, User, validateVerificationTokenInput as Input, validateVerificationTokenPayload as Payload,
};

/// Assumed: the code that a sign-in waits for opens the account's next sign-in. No account waits for one, unless a record
/// says so.
pub fn validate_verification_token(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let code = call.require(Input::verification_code)?.trim().to_owned();
    let waiting = call.on().all::<User>().find(|user| user.get(User::verification_code) == Some(&code)).map(|user| user.row().clone());
    let user = waiting.ok_or_else(|| Refusal::on(Input::verification_code, "is invalid"))?;
    let mut open = call.change(&user);
    open.clear(User::verification_code);
    Ok(Made::nothing().also(Payload::user, open.save(call)))
}

/// Documented: it needs the permission to edit that person.
pub fn reset_mfa(call: &mut Call<'_, ResetMfaInput>) -> Result<Made, Refusal> {
    let user = call.target::<User, _>(ResetMfaInput::id)?;
    if !call.viewer().is(user.id()) {
        call.needs(OrganizationMembership::can_edit_members, "edit this user")?;
    }
    let mut open = call.change(&user);
    open.clear(User::verification_code);
    open.save(call);
    Ok(Made::nothing())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    #[test]
    fn a_code_that_nobody_waits_for_is_wrong() {
        let clinic = Clinic::open().as_role("nobody");
        clinic.refuses(r#"validateVerificationToken(input: { verification_code: "123456" })"#, &[("verification_code", "is invalid")]);
        clinic.refuses("validateVerificationToken(input: {})", &[("verification_code", "can't be blank")]);
    }

    #[test]
    fn who_edits_members_resets_their_second_factor() {
        let clinic = Clinic::open();
        let id = clinic.id("User", "limited");
        let reset = format!("resetMfa(input: {{ id: {id} }})");
        assert_eq!(
            clinic.run(&format!("mutation {{ {reset} {{ messages {{ message }} }} }}"))["data"]["resetMfa"]["messages"],
            serde_json::Value::Null
        );
        clinic.as_role("provider2").refuses(&reset, &[("base", "You do not have permission to edit this user.")]);
    }
}
