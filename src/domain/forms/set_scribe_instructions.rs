//! `setCustomModuleFormScribeInstructions`: what a scribe should heed when it fills in a charting template.

use super::custom_module_form::{kind, own};
use crate::engine::{Call, Given, Made, Refusal};
use crate::schema::names::{CustomModuleForm, SetCustomModuleFormScribeInstructionsInput as Input};

/// Documented: charting templates only; absent leaves, null and blank clear.
pub fn set_custom_module_form_scribe_instructions(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let form = own::<CustomModuleForm, _, _>(call, Input::custom_module_form_id)?;
    if kind(&form) != "charting" {
        return Err(Refusal::on(Input::custom_module_form_id, "must be a charting form"));
    }
    let mut draft = call.change(&form);
    match call.given(Input::custom_instructions)? {
        Given::Absent => {}
        Given::Value(text) if !text.trim().is_empty() => draft.put(CustomModuleForm::customInstructions, text.to_owned()),
        Given::Null | Given::Value(_) => draft.clear(CustomModuleForm::customInstructions),
    }
    Ok(draft.save(call).into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn instructions_are_set_and_cleared() {
        let clinic = Clinic::open();
        let set =
            |form: &str, text: &str| format!(r#"setCustomModuleFormScribeInstructions(input: {{custom_module_form_id: "{form}"{text}}})"#);
        let (note, welcome) = (clinic.id("CustomModuleForm", "progress"), clinic.id("CustomModuleForm", "welcome"));
        for (text, expected) in [
            (r#", custom_instructions: "Be brief""#, json!("Be brief")),
            ("", json!("Be brief")),
            (r#", custom_instructions: """#, json!(null)),
        ] {
            let answer = clinic.run(&format!(
                "mutation {{ {} {{ customModuleForm {{ customInstructions }} messages {{ message }} }} }}",
                set(&note, text)
            ));
            assert_eq!(
                answer["data"]["setCustomModuleFormScribeInstructions"]["customModuleForm"]["customInstructions"], expected,
                "{answer}"
            );
        }
        clinic.refuses(&set(&welcome, ""), &[("custom_module_form_id", "must be a charting form")]);
    }
}
