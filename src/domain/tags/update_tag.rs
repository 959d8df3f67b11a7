//! `updateTag`: another name, for everybody who has the tag.

use super::create_tag::refuse_taken_name;
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{Tag, updateTagInput as Input};

pub fn update_tag(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let tag = call.target::<Tag, _>(Input::id)?;
    if let Some(name) = call.get(Input::name)? {
        refuse_taken_name(call, name, Some(tag.id()))?;
    }
    let draft = call.edit(&tag);
    call.check(&draft)?;
    Ok(draft.save(call).into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use insta::assert_json_snapshot;

    #[test]
    fn a_tag_gets_another_name() {
        let clinic = Clinic::open();
        let id = clinic.id("Tag", "vip");
        let rename = |name: &str| format!(r#"updateTag(input: {{id: "{id}", name: "{name}"}})"#);
        assert_json_snapshot!(clinic.run(&format!("mutation {{ {} {{ tag {{ name }} messages {{ field }} }} }}", rename("Vip"))), @r#"
        {
          "data": {
            "updateTag": {
              "tag": {
                "name": "Vip"
              },
              "messages": null
            }
          }
        }
        "#);
        clinic.refuses(&rename("DIABETES"), &[("name", "has already been taken")]);
        clinic.refuses(&rename(""), &[("name", "can't be blank")]);
        clinic.as_role("provider").refuses(&rename("Gold"), &[("base", "You do not have permission to update this tag.")]);
    }
}
