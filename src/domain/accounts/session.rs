//! What somebody who has signed in is given: a token, which is a key that no list of keys shows.

use crate::domain::api_keys;
use crate::engine::{Call, Made, Refusal, Row};
use crate::schema::Named;
use crate::schema::names::{ApiKey, User};

/// A new session of `user`, as the text that goes into a header.
pub fn start<I: Named>(call: &mut Call<'_, I>, user: &Row<User>) -> String {
    let (key, full) = api_keys::draft_for(call, user);
    key.set(ApiKey::is_session, true).save(call);
    full
}

/// The payload of `made` is what `user`, who holds `token`, sees.
pub fn read_as_holder<I: Named>(call: &Call<'_, I>, made: Made, token: &str) -> Result<Made, Refusal> {
    let secret = api_keys::secret_of(call.scene(), token);
    let viewer = api_keys::identify(call.on().records(), secret);
    // Only an account that was deactivated has a key that nobody is behind.
    viewer.map(|viewer| made.read_by(viewer)).ok_or_else(|| Refusal::named("password", super::sign_in::WRONG))
}
