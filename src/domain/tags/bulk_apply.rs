//! `bulkApply`: existing tags, put on one person.

use super::applied_tag::apply;
use crate::engine::{Answer, Call, Made, Refusal};
use crate::schema::names::{Tag, User, bulkApplyInput as Input, bulkApplyPayload as Payload};

pub fn bulk_apply(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    call.require(Input::ids)?;
    let user = call.target::<User, _>(Input::taggable_user_id)?;
    let tags = call.targets::<Tag>(Input::ids)?;
    // Assumed: a tag that is on already is no mistake, and stays on once.
    for tag in &tags {
        apply(call, tag, &user);
    }
    Ok(Made::nothing().also(Payload::tags, Answer::records(tags)))
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use insta::assert_json_snapshot;

    #[test]
    fn tags_that_are_on_already_stay_on_once() {
        let clinic = Clinic::open();
        let [vip, diabetes] = ["vip", "diabetes"].map(|handle| clinic.id("Tag", handle));
        let patient = clinic.id("User", "patient");
        let apply = |ids: &str| format!(r#"bulkApply(input: {{ids: {ids}, taggable_user_id: "{patient}"}})"#);
        let both = apply(&format!(r#"["{vip}", "{diabetes}"]"#));
        let document = format!("mutation {{ {both} {{ tags {{ name patients_tagged_count }} messages {{ field }} }} }}");
        assert_json_snapshot!(clinic.run(&document), @r#"
        {
          "data": {
            "bulkApply": {
              "tags": [
                {
                  "name": "VIP",
                  "patients_tagged_count": 1
                },
                {
                  "name": "Diabetes",
                  "patients_tagged_count": 3
                }
              ],
              "messages": null
            }
          }
        }
        "#);
        assert_eq!(clinic.events(), ["applied_tag.created"]);
        clinic.refuses(&apply(r#"["1"]"#), &[("ids", "Tag not found")]);
    }
}
