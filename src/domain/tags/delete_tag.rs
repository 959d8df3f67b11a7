//! `deleteTag`: for good, and off everybody who had it.

use super::applied_tag::{all_of, take_off};
use crate::engine::{Call, Made, Refusal, Value};
use crate::schema::names::{Tag, deleteTagInput as Input, deleteTagPayload as Payload};

/// Documented (remove_async_if_needed): for more people than this the real one takes its time, and says so.
const AT_ONCE: usize = 500;

pub fn delete_tag(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let tag = call.target::<Tag, _>(Input::id)?;
    let applied = all_of(call, tag.id());
    // Assumed: taking a tag off by deleting it is announced like taking it off one by one.
    for applied in &applied {
        take_off(call, applied);
    }
    call.delete(&tag);
    let takes_time = call.is(Input::remove_async_if_needed) && applied.len() > AT_ONCE;
    Ok(Made::from(tag).also(Payload::removing_async, Value::Bool(takes_time)))
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use insta::assert_json_snapshot;

    #[test]
    fn a_tag_goes_and_comes_off_everybody() {
        let clinic = Clinic::open();
        let (id, applied) = (clinic.id("Tag", "diabetes"), clinic.id("AppliedTag", "noor_diabetes"));
        let delete = format!(r#"deleteTag(input: {{id: "{id}", remove_async_if_needed: true}})"#);
        assert_json_snapshot!(clinic.run(&format!("mutation {{ {delete} {{ tag {{ name }} removing_async messages {{ field }} }} }}")), @r#"
        {
          "data": {
            "deleteTag": {
              "tag": {
                "name": "Diabetes"
              },
              "removing_async": false,
              "messages": null
            }
          }
        }
        "#);
        assert_eq!(clinic.events(), ["applied_tag.deleted", "applied_tag.deleted"]);
        assert_json_snapshot!(clinic.run(&format!(r#"{{ tags {{ name }} appliedTag(id: "{applied}") {{ id }} }}"#)), @r#"
        {
          "data": {
            "tags": [
              {
                "name": "Spanish-speaking"
              },
              {
                "name": "VIP"
              },
              {
                "name": "Waitlist 2019"
              }
            ],
            "appliedTag": null
          }
        }
        "#);
        clinic.refuses(&delete, &[("id", "Tag not found")]);
    }
}
