//! Which e-mail addresses are refused.

use crate::engine::{CANT_BE_BLANK, Call, Draft, Refusal};
use crate::schema::Named;
use crate::schema::names::User;

/// Assumed: one `@` with something on both sides and no white space, as most Rails applications check it.
pub fn refuse_invalid_email(user: &Draft<User>) -> Result<(), Refusal> {
    let email = user.get(User::email).map(str::trim).unwrap_or_default();
    if email.is_empty() {
        return Ok(());
    }
    let valid = email.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'));
    if valid && !email.contains(char::is_whitespace) { Ok(()) } else { Err(Refusal::named("email", "is invalid")) }
}

/// Observed: one account for each address in an organization. Assumed: an account needs one.
pub fn refuse_members_email<I: Named>(call: &Call<'_, I>, member: &Draft<User>) -> Result<(), Refusal> {
    let email = member.get(User::email).map(str::trim).unwrap_or_default();
    if email.is_empty() {
        return Err(Refusal::named("email", CANT_BE_BLANK));
    }
    refuse_invalid_email(member)?;
    let mut others = call.on().having(User::email, email.to_owned());
    let taken =
        others.any(|other| other.id() != member.id() && !other.is(User::is_patient) && other.organization() == member.organization());
    if taken { Err(Refusal::named("email", "has already been taken")) } else { Ok(()) }
}

/// Documented: a patient's address, first name and last name are no other patient's together. Observed: it is no
/// provider's address, and the text. Assumed: the same text for both, and that case doesn't matter.
pub fn refuse_taken_email<I: Named>(call: &Call<'_, I>, patient: &Draft<User>) -> Result<(), Refusal> {
    let Some(email) = patient.get(User::email).map(str::trim).filter(|email| !email.is_empty()) else { return Ok(()) };
    let name = |first: Option<&str>, last: Option<&str>| {
        let part = |part: Option<&str>| part.unwrap_or_default().trim().to_lowercase();
        (part(first), part(last))
    };
    let own = name(patient.get(User::first_name), patient.get(User::last_name));
    let mut others = call.on().having(User::email, email.to_owned()).filter(|other| other.id() != patient.id());
    let taken = others.any(|other| !other.is(User::is_patient) || name(other.get(User::first_name), other.get(User::last_name)) == own);
    if taken { Err(Refusal::named("email", "Email is already in use")) } else { Ok(()) }
}
