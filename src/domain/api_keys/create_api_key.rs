//! `createApiKey`: a developer makes a key, which is shown in full this once.

use super::api_key::prefix;
use crate::engine::{Answer, Call, Made, Refusal, Row, Value};
use crate::schema::Named;
use crate::schema::names::{ApiKey, User, createApiKeyInput as Input, createApiKeyPayload as Payload};

pub fn create_api_key(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    call.require(Input::user_id)?;
    // Documented: making keys for others has to be switched on by Healthie; it is in the emulator.
    let user = call.target::<User, _>(Input::user_id)?;
    let secret = call.random().alphanumeric(64);
    let full = format!("{}{secret}", prefix(call.scene()));

    let key = call.draft::<ApiKey>().belongs_to(user.organization());
    let key = key.set(ApiKey::user_id, user.id()).set(ApiKey::secret, secret).save(call);
    Ok(Made::nothing().also(Payload::api_key, Value::from(full.clone())).also(Payload::api_key_object, in_full(&key, full)))
}

/// The new key as only this answer shows it.
fn in_full(key: &Row<ApiKey>, full: String) -> Answer {
    let shown = [ApiKey::created_at.slot, ApiKey::name.slot].map(|slot| (slot, key.value(slot).clone().into()));
    let more = [(ApiKey::id.slot, Value::Id(key.id()).into()), (ApiKey::displayable_key.slot, Value::from(full).into())];
    Answer::Object(ApiKey::TYPE, shown.into_iter().chain(more).collect())
}
