//! `provider`: a member by id, or the one who has a client.

use crate::engine::{Answer, Input, QueryError, Reading};
use crate::schema::names::{User, args};

/// Inferred: the provider of `client_id` is the primary one.
pub fn provider(on: Reading<'_>, asked: &Input<'_, args::provider>) -> Result<Answer, QueryError> {
    type Asked = args::provider;
    // Documented: they change the tax id that is shown, which the emulator doesn't tell apart.
    asked.accept(Asked::organization_info_id);
    asked.accept(Asked::super_bill_id);
    let of_client = || {
        let client = on.find::<User>(asked.get(Asked::client_id).ok().flatten()?)?;
        client.get(User::dietitian_id)
    };
    let id = asked.get(Asked::id).ok().flatten().or_else(of_client);
    Ok(id.and_then(|id| on.find::<User>(id)).filter(|user| !user.is(User::is_patient)).into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    #[test]
    fn a_provider_is_named_or_is_a_clients() {
        let clinic = Clinic::open().as_role("patient");
        let (own, provider) = (clinic.id("User", "patient"), clinic.id("User", "owner"));
        insta::assert_json_snapshot!(clinic.run(&format!(
            "{{ named: provider(id: {provider}) {{ last_name }} of_client: provider(client_id: {own}) {{ last_name }} none: provider(id: {own}) {{ last_name }} }}"
        )), @r#"
        {
          "data": {
            "named": {
              "last_name": "Ellison"
            },
            "of_client": {
              "last_name": "Raman"
            },
            "none": null
          }
        }
        "#);
    }
}
