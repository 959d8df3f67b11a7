//! What a key is, and the lists of them.

use crate::engine::{Answer, Call, Draft, Entity, List, Row, Scene, View, Within};
use crate::schema::Named;
use crate::schema::names::{ApiKey, User, args};

/// Documented: a key belongs to one person and cannot be handed on. Seen by that person and by administrators.
pub fn entity() -> Entity<ApiKey> {
    Entity::new()
        .indexed(ApiKey::secret)
        .indexed(ApiKey::user_id)
        .ruled(ApiKey::user_id)
        .searched(ApiKey::name)
        .visible(|key| {
            let viewer = key.on.viewer();
            let own = key.get(ApiKey::user_id).is_some_and(|user| viewer.is(user));
            own || viewer.is_admin() && viewer.reaches(key.organization())
        })
        .computed(ApiKey::displayable_key, |key| Some(masked(key)))
}

/// Documented: the caller's own, newest first.
pub fn api_keys() -> List<ApiKey, args::apiKeys> {
    List::new()
        .within(|on, _| on.viewer().id().map_or_else(Within::nothing, |own| Within::having(ApiKey::user_id, own).all_visible()))
        .keep(|key, _| !key.is(ApiKey::is_session))
        .keywords(args::apiKeys::keywords)
        .default_order("CREATED_AT_DESC")
        .page_size(20)
}

/// What a key starts with in this sandbox: the sandbox that everybody shares has no name in its keys.
pub fn prefix(scene: &Scene) -> String {
    match &*scene.sandbox {
        "default" | "" => "gh_sbox_".to_owned(),
        named => format!("gh_sbox_{named}_"),
    }
}

/// A new key that acts as `user`, to be saved, and the whole of it.
pub fn draft_for<I: Named>(call: &mut Call<'_, I>, user: &Row<User>) -> (Draft<ApiKey>, String) {
    let mut secret = call.random().alphanumeric(64);
    // A fork draws what its original drew, whose keys it has.
    while !call.having(ApiKey::secret, secret.clone()).is_empty() {
        secret = call.random().alphanumeric(64);
    }
    let full = format!("{}{secret}", prefix(call.scene()));
    let key = call.blank_draft::<ApiKey>().belongs_to(user.organization());
    (key.set(ApiKey::user_id, user.id()).set(ApiKey::secret, secret), full)
}

/// The last part of a key of this sandbox; empty for what is none.
pub fn secret_of<'k>(scene: &Scene, key: &'k str) -> &'k str {
    key.strip_prefix(&prefix(scene)).unwrap_or_default()
}

/// Documented: never shown in full again. Assumed: its start and its last four characters are.
fn masked(key: &View<'_, ApiKey>) -> String {
    let secret = key.get(ApiKey::secret).unwrap_or_default();
    let tail: String = secret.chars().rev().take(4).collect::<Vec<_>>().into_iter().rev().collect();
    format!("{}…{tail}", prefix(key.on.scene))
}

/// `User.api_keys`: for the person and for administrators, newest first.
pub fn keys_of(user: &View<'_, User>) -> Answer {
    let on = user.on;
    let keys = on.having(ApiKey::user_id, user.id()).filter(|key| !key.is(ApiKey::is_session));
    let mut keys: Vec<Row<ApiKey>> = keys.filter_map(|key| on.find(key.id())).map(|key| key.row().clone()).collect();
    keys.sort_by_key(|key| std::cmp::Reverse((key.get(ApiKey::created_at), key.id())));
    Answer::records(keys)
}
