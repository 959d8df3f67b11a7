//! Keys and sessions: who is behind a call.

mod api_key;
mod create_api_key;
mod identify;
mod revoke_token;

pub use api_key::{draft_for, keys_of, secret_of};
pub use identify::identify;

use crate::engine::Area;
use crate::schema::names::{ApiKey, Mutation, OrganizationMembership, Query};

pub fn area() -> Area {
    let is_developer = OrganizationMembership::is_developer;
    Area::new("api_keys")
        .entity(api_key::entity())
        .mutation(Mutation::createApiKey, create_api_key::create_api_key)
        .needs(is_developer)
        .deletes(Mutation::deleteApiKey, ApiKey)
        .needs(is_developer)
        .mutation(Mutation::revokeToken, revoke_token::revoke_token)
        .patients_too()
        .lists(Query::apiKeys, api_key::api_keys())
        .needs(is_developer)
        .counts(Query::apiKeysCount, Query::apiKeys)
        .needs(is_developer)
}
