//! `revokeToken`: the key that made the call makes no other.

use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{ApiKey, revokeTokenInput as Input};

pub fn revoke_token(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    call.accept(Input::clientMutationId);
    let key = call.viewer().key.and_then(|key| call.find_any::<ApiKey>(key));
    let key = key.ok_or_else(|| Refusal::no_permission("revoke this token"))?;
    call.delete(&key);
    Ok(Made::nothing())
}
