//! What every mutation on people checks and sets alike.

use crate::engine::{Call, Draft, Refusal, Row};
use crate::schema::Named;
use crate::schema::names::User;

/// Documented: 128,000 characters at most.
pub fn refuse_long_metadata(user: &Draft<User>) -> Result<(), Refusal> {
    if user.get(User::metadata).unwrap_or_default().chars().count() > 128_000 {
        return Err(Refusal::named("metadata", "is too long (maximum is 128000 characters)"));
    }
    Ok(())
}

/// What the link to a first password is made of.
pub fn set_signup_token<I: Named>(call: &mut Call<'_, I>, user: Draft<User>) -> Draft<User> {
    let token = call.random().alphanumeric(24);
    user.set(User::signup_token, token)
}

/// The patient with this address whom the caller may see; the oldest where several have it.
pub fn patient_with_email<I: Named>(call: &Call<'_, I>, email: &str) -> Option<Row<User>> {
    let on = call.on();
    let mut found = on.having(User::email, email.trim().to_owned());
    found.find(|user| user.is(User::is_patient) && on.find::<User>(user.id()).is_some()).map(|user| user.row().clone())
}
