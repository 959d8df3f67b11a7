//! Passwords as callers set them.

use crate::engine::{Call, Draft, Refusal, password_digest};
use crate::schema::names::User;
use crate::schema::{Field, Named, Text};

/// The draft with the password in `field`, where one is sent.
///
/// Documented: 8 characters at least. Healthie measures a strength too, in a way that nobody has published; the emulator
/// takes every password that is long enough.
pub fn set_password<I: Named>(call: &Call<'_, I>, user: Draft<User>, field: Field<I, Text>) -> Result<Draft<User>, Refusal> {
    match call.get(field)?.filter(|password| !password.is_empty()) {
        None => Ok(user),
        Some(password) if password.chars().count() < 8 => Err(Refusal::on(field, "is too short (minimum is 8 characters)")),
        Some(password) => Ok(user.set(User::password_digest, password_digest(password))),
    }
}
