//! `createTag`: a new label, put on somebody right away where the caller names one.

use super::applied_tag::apply;
use crate::engine::{Call, Made, Refusal};
use crate::schema::Named;
use crate::schema::names::{Tag, User, createTagInput as Input};

pub fn create_tag(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let name = call.require(Input::name)?;
    refuse_taken_name(call, name, None)?;
    let owner = call.viewer_id();
    let tag = call.draft::<Tag>().set(Tag::user_id, owner).save(call);
    if !call.is_blank(Input::taggable_user_id) {
        let user = call.target::<User, _>(Input::taggable_user_id)?;
        apply(call, &tag, &user);
    }
    Ok(tag.into())
}

/// Observed: the text, on `name`. Assumed: unique in the organization without regard to case, since its tags are listed
/// together.
pub fn refuse_taken_name<I: Named>(call: &Call<'_, I>, name: &str, except: Option<u64>) -> Result<(), Refusal> {
    let own = call.viewer().organization();
    let mut namesakes = call.having(Tag::name, name.to_owned()).into_iter();
    match namesakes.any(|tag| tag.organization() == own && Some(tag.id()) != except) {
        true => Err(Refusal::named("name", "has already been taken")),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use insta::assert_json_snapshot;

    #[test]
    fn a_new_tag_can_be_put_on_somebody_at_once() {
        let clinic = Clinic::open();
        let patient = clinic.id("User", "patient");
        let answer = clinic.run(&format!(
            r#"mutation {{ createTag(input: {{name: "Vegan", taggable_user_id: "{patient}"}}) {{
                tag {{ name added_by patients_tagged_count active_users_count org_members_count tagged_users {{ first_name }} user {{ first_name }} }}
                messages {{ field message }}
            }} }}"#
        ));
        assert_json_snapshot!(answer, @r#"
        {
          "data": {
            "createTag": {
              "tag": {
                "name": "Vegan",
                "added_by": "Margaret Ellison",
                "patients_tagged_count": 1,
                "active_users_count": 1,
                "org_members_count": 0,
                "tagged_users": [
                  {
                    "first_name": "Ava"
                  }
                ],
                "user": {
                  "first_name": "Margaret"
                }
              },
              "messages": null
            }
          }
        }
        "#);
        assert_eq!(clinic.events(), ["applied_tag.created"]);
    }

    #[test]
    fn a_name_is_taken_whatever_its_case() {
        let clinic = Clinic::open();
        clinic.refuses(r#"createTag(input: {name: "vip"})"#, &[("name", "has already been taken")]);
        clinic.refuses(r#"createTag(input: {name: " "})"#, &[("name", "can't be blank")]);
        clinic.refuses(r#"createTag(input: {name: "Vegan", taggable_user_id: "1"})"#, &[("taggable_user_id", "User not found")]);
        assert_json_snapshot!(clinic.as_role("outsider").run(r#"mutation { createTag(input: {name: "Diabetes"}) { tag { name } } }"#), @r#"
        {
          "data": {
            "createTag": {
              "tag": {
                "name": "Diabetes"
              }
            }
          }
        }
        "#);
    }

    #[test]
    fn it_takes_a_flag() {
        let denied = [("base", "You do not have permission to create this tag.")];
        Clinic::open().as_role("limited").refuses(r#"createTag(input: {name: "Vegan"})"#, &denied);
        Clinic::open().as_role("patient").refuses(r#"createTag(input: {name: "Vegan"})"#, &denied);
    }
}
