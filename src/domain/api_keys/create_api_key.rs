//! `createApiKey`: a developer makes a key, which is shown in full this once.

use super::api_key::draft_for;
use crate::engine::{Answer, Call, Made, Refusal, Row, Value};
use crate::schema::Named;
use crate::schema::names::{ApiKey, User, createApiKeyInput as Input, createApiKeyPayload as Payload};

pub fn create_api_key(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    call.require(Input::user_id)?;
    // Documented: making keys for others has to be switched on by Healthie; it is in the emulator.
    let user = call.target::<User, _>(Input::user_id)?;
    let (mut key, full) = draft_for(call, &user);
    if let Some(name) = call.get(Input::name)? {
        key.put(ApiKey::name, name.to_owned());
    }
    let key = key.save(call);
    Ok(Made::nothing().also(Payload::api_key, Value::from(full.clone())).also(Payload::api_key_object, in_full(&key, full)))
}

/// The new key as only this answer shows it.
fn in_full(key: &Row<ApiKey>, full: String) -> Answer {
    let shown = [ApiKey::created_at.slot, ApiKey::name.slot].map(|slot| (slot, key.value(slot).clone().into()));
    let more = [(ApiKey::id.slot, Value::Id(key.id()).into()), (ApiKey::displayable_key.slot, Value::from(full).into())];
    Answer::Object(ApiKey::TYPE, shown.into_iter().chain(more).collect())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    #[test]
    fn a_key_is_shown_in_full_once() {
        let clinic = Clinic::open().as_role("provider");
        let id = clinic.id("User", "provider");
        let made = clinic.run(&format!(
            r#"mutation {{ createApiKey(input: {{ user_id: "{id}", name: "Partner" }}) {{ api_key api_key_object {{ name displayable_key created_at }} messages {{ message }} }} }}"#
        ));
        let full = made["data"]["createApiKey"]["api_key"].as_str().expect("shown").to_owned();
        assert_eq!(made["data"]["createApiKey"]["api_key_object"]["displayable_key"], full.as_str());
        let secret = full.strip_prefix("gh_sbox_test_").expect("the sandbox's prefix");
        assert_eq!(secret.len(), 64);
        assert_eq!(clinic.world.identify(secret).and_then(|viewer| viewer.id()).map(|id| id.to_string()), Some(id));
        let listed = clinic.run(r#"{ apiKeys(keywords: "partner") { name displayable_key } apiKeysCount(keywords: "partner") }"#);
        assert_eq!(listed["data"]["apiKeys"][0]["displayable_key"], format!("gh_sbox_test_…{}", &secret[60..]));
        assert_eq!(listed["data"]["apiKeysCount"], 1);
    }

    #[test]
    fn a_key_needs_somebody_whose_it_is() {
        let clinic = Clinic::open();
        clinic.refuses("createApiKey(input: {})", &[("user_id", "can't be blank")]);
        let stranger = clinic.id("User", "outsider");
        clinic.refuses(&format!("createApiKey(input: {{ user_id: {stranger} }})"), &[("user_id", "User not found")]);
    }

    #[test]
    fn developers_alone_have_keys() {
        let clinic = Clinic::open().as_role("provider2");
        let id = clinic.id("User", "provider2");
        clinic.refuses(
            &format!("createApiKey(input: {{ user_id: {id} }})"),
            &[("base", "You do not have permission to create this api key.")],
        );
        insta::assert_json_snapshot!(clinic.run("{ apiKeys { id } apiKeysCount }"), @r#"
        {
          "data": {
            "apiKeys": [],
            "apiKeysCount": 0
          }
        }
        "#);
    }

    #[test]
    fn a_patient_gets_a_key_from_a_developer() {
        let clinic = Clinic::open().as_role("provider");
        let patient = clinic.id("User", "rosa");
        let made = clinic.run(&format!("mutation {{ createApiKey(input: {{ user_id: {patient} }}) {{ api_key }} }}"));
        let full = made["data"]["createApiKey"]["api_key"].as_str().expect("shown").to_owned();
        let viewer = clinic.world.identify(&full["gh_sbox_test_".len()..]).expect("the key works");
        assert!(viewer.is_patient() && viewer.is(patient.parse().expect("a number")));
    }
}
