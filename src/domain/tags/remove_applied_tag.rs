//! `removeAppliedTag`: takes a tag off somebody. `id` is the tag's own.

use super::applied_tag::{is_on, take_off};
use crate::engine::{Call, Made, Refusal};
use crate::schema::Named;
use crate::schema::names::{AppliedTag, Tag, User, removeAppliedTagInput as Input};

pub fn remove_applied_tag(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let tag = call.target::<Tag, _>(Input::id)?;
    let user = call.target::<User, _>(Input::taggable_user_id)?;
    let Some(applied) = is_on(call, tag.id(), user.id()) else {
        return Err(Refusal::not_found("id", AppliedTag::TYPE.name()));
    };
    take_off(call, &applied);
    Ok(tag.into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use insta::assert_json_snapshot;

    #[test]
    fn a_tag_comes_off_and_its_trace_can_still_be_read() {
        let clinic = Clinic::open();
        let (tag, patient) = (clinic.id("Tag", "vip"), clinic.id("User", "patient"));
        let remove = format!(r#"removeAppliedTag(input: {{id: "{tag}", taggable_user_id: "{patient}"}})"#);
        assert_json_snapshot!(clinic.run(&format!("mutation {{ {remove} {{ tag {{ name }} messages {{ field }} }} }}")), @r#"
        {
          "data": {
            "removeAppliedTag": {
              "tag": {
                "name": "VIP"
              },
              "messages": null
            }
          }
        }
        "#);
        assert_eq!(clinic.events(), ["applied_tag.deleted"]);
        let applied = clinic.id("AppliedTag", "patient_vip");
        let document = format!(
            r#"{{ gone: appliedTag(id: "{applied}") {{ id }} appliedTag(id: "{applied}", include_deleted: true) {{ tag {{ name }} user {{ first_name }} }} }}"#
        );
        assert_json_snapshot!(clinic.run(&document), @r#"
        {
          "data": {
            "gone": null,
            "appliedTag": {
              "tag": {
                "name": "VIP"
              },
              "user": {
                "first_name": "Ava"
              }
            }
          }
        }
        "#);
        clinic.refuses(&remove, &[("id", "AppliedTag not found")]);
    }
}
