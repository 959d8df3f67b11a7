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

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    #[test]
    fn a_revoked_key_is_nobodys() {
        let clinic = Clinic::open().as_role("patient");
        insta::assert_json_snapshot!(clinic.run("mutation { revokeToken(input: {}) { messages { message } } }"), @r#"
        {
          "data": {
            "revokeToken": {
              "messages": null
            }
          }
        }
        "#);
        assert!(clinic.world.identify("patient").is_none());
    }

    #[test]
    fn a_deleted_key_is_nobodys() {
        let clinic = Clinic::open();
        let keys = clinic.run("{ apiKeys { id name } }");
        let id = keys["data"]["apiKeys"][0]["id"].as_str().expect("one").to_owned();
        clinic.run(&format!("mutation {{ deleteApiKey(input: {{ id: {id} }}) {{ api_key {{ id }} messages {{ message }} }} }}"));
        assert!(clinic.world.identify("owner").is_none());
    }
}
