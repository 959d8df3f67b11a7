//! What every mutation on people checks and sets alike.

use crate::engine::{AnyInput, Call, Draft, Refusal, Row};
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
    let mut user = user.set(User::signup_token, token);
    if let Some(at) = call.background() {
        user.put(User::link_due_at, at);
    }
    user
}

/// From then on the link is shown.
pub fn show_link(call: &mut Call<'_, AnyInput>, user: &Row<User>) {
    let mut shown = call.change(user);
    shown.clear(User::link_due_at);
    shown.save(call);
}

/// The patient with this address whom the caller may see; the oldest where several have it.
pub fn patient_with_email<I: Named>(call: &Call<'_, I>, email: &str) -> Option<Row<User>> {
    let on = call.on();
    let mut found = on.having(User::email, email.trim().to_owned());
    found.find(|user| user.is(User::is_patient) && on.find::<User>(user.id()).is_some()).map(|user| user.row().clone())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use jiff::SignedDuration;

    #[test]
    fn the_link_to_a_first_password_is_made_in_the_background() {
        let clinic = Clinic::open();
        clinic.in_background();
        let made = clinic.run(
            r#"mutation { createClient(input: { first_name: "Nia", last_name: "Nord", email: "nia@example.com" }) { user { id set_password_link } } }"#,
        );
        let user = &made["data"]["createClient"]["user"];
        assert!(user["set_password_link"].is_null(), "{made}");
        clinic.events();
        clinic.advance(SignedDuration::from_secs(1));
        let read = clinic.run(&format!("{{ user(id: {}) {{ set_password_link }} }}", user["id"]));
        assert!(read["data"]["user"]["set_password_link"].is_string(), "{read}");
        assert_eq!(clinic.events(), [] as [&str; 0]);
    }
}
