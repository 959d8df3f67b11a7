//! `createLocation`: an address for somebody, or for oneself.

use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{Location, User, createLocationInput as Input};

pub fn create_location(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    // Documented: without a user it is the caller's.
    let owner = match call.is_blank(Input::user_id) {
        true => call.viewer_id(),
        false => call.target::<User, _>(Input::user_id)?.id(),
    };
    if call.viewer().is_patient() && !call.viewer().is(owner) {
        return Err(Refusal::no_permission("create this location"));
    }
    Ok(call.draft::<Location>().set(Location::user_id, owner).save(call).into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use insta::assert_json_snapshot;

    #[test]
    fn an_address_is_the_caller_s_where_nobody_is_named() {
        let clinic = Clinic::open().as_role("patient");
        let answer = clinic.run(
            r#"mutation { createLocation(input: {line1: "1 Elm Street", zip: "10001"}) {
            location { to_oneline user { first_name } } messages { field } } }"#,
        );
        assert_json_snapshot!(answer, @r#"
        {
          "data": {
            "createLocation": {
              "location": {
                "to_oneline": "1 Elm Street, 10001",
                "user": {
                  "first_name": "Ava"
                }
              },
              "messages": null
            }
          }
        }
        "#);
        assert_eq!(clinic.events(), ["location.created"]);
    }

    #[test]
    fn an_address_is_given_to_somebody() {
        let clinic = Clinic::open().as_role("provider");
        let patient = clinic.id("User", "patient");
        let create = |user: &str| format!(r#"createLocation(input: {{user_id: "{user}", city: "Albany"}})"#);
        let answer = clinic.run(&format!("mutation {{ {} {{ location {{ city user {{ first_name }} }} }} }}", create(&patient)));
        assert_json_snapshot!(answer, @r#"
        {
          "data": {
            "createLocation": {
              "location": {
                "city": "Albany",
                "user": {
                  "first_name": "Ava"
                }
              }
            }
          }
        }
        "#);
        clinic.refuses(&create("1"), &[("user_id", "User not found")]);
    }
}
