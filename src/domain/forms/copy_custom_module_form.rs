//! `copyCustomModuleForm`: templates once more, with their questions and when these are shown.

use super::{copy_custom_module::duplicate, custom_module_form::questions};
use crate::engine::{CANT_BE_BLANK, Call, Made, Refusal, Row};
use crate::schema::Named;
use crate::schema::names::{CustomModule, CustomModuleConditionType, CustomModuleForm, copyCustomModuleFormInput as Input};
use std::collections::BTreeMap;

/// Documented: for the caller, whatever `user_id` says, which is for Healthie's own staff.
///
/// Assumed: `id` goes before `id_list`, and the payload shows the last copy.
pub fn copy_custom_module_form(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    call.accept(Input::user_id);
    let forms = match call.is_blank(Input::id) {
        false => vec![call.target::<CustomModuleForm, _>(Input::id)?],
        true => listed(call)?,
    };
    let (maker, organization) = (call.viewer_id(), call.viewer().organization());
    let mut copies = vec![];
    for form in forms {
        // Assumed: a copy within the practice is told from its original by its name.
        let name = format!("Copy of {}", form.get(CustomModuleForm::name).unwrap_or_default());
        copies.push(copy(call, &form, maker, organization, name));
    }
    copies.pop().map(Made::from).ok_or_else(|| Refusal::on(Input::id, CANT_BE_BLANK))
}

fn listed(call: &Call<'_, Input>) -> Result<Vec<Row<CustomModuleForm>>, Refusal> {
    let ids = call.get(Input::id_list)?.unwrap_or_default().split(',').map(str::trim).filter(|id| !id.is_empty());
    ids.map(|id| id.parse().ok().and_then(|id| call.find(id)).ok_or_else(|| Refusal::not_found("id_list", "CustomModuleForm"))).collect()
}

/// A copy for `maker`, with copies of the questions and of their conditions.
pub fn copy<I: Named>(
    call: &mut Call<'_, I>,
    form: &Row<CustomModuleForm>,
    maker: u64,
    organization: u64,
    name: String,
) -> Row<CustomModuleForm> {
    let from = form.get(CustomModuleForm::name).unwrap_or_default().to_owned();
    let copy = duplicate(call, form)
        .belongs_to(organization)
        .set(CustomModuleForm::name, name)
        .set(CustomModuleForm::user, maker)
        .set(CustomModuleForm::last_updated_by_user, maker)
        .set(CustomModuleForm::uploaded_by_healthie_team, false)
        .save(call);
    let originals: Vec<Row<CustomModule>> = questions(call.on(), form.id()).into_iter().map(|question| question.row().clone()).collect();
    let mut copied = BTreeMap::new();
    for original in &originals {
        let question = duplicate(call, original)
            .belongs_to(organization)
            .set(CustomModule::custom_module_form_id, copy.id())
            .set(CustomModule::creator_id, maker)
            .set(CustomModule::copied_from_form_name, from.clone())
            .save(call);
        copied.insert(original.id(), question.id());
    }
    for (original, copy) in &copied {
        for condition in call.having(CustomModuleConditionType::custom_module_id, *original) {
            let controls = condition.get(CustomModuleConditionType::conditional_custom_module_id).and_then(|id| copied.get(&id).copied());
            let mut condition =
                duplicate(call, &condition).belongs_to(organization).set(CustomModuleConditionType::custom_module_id, *copy);
            condition
                .set_value(CustomModuleConditionType::conditional_custom_module_id.slot, controls.map(crate::engine::Value::Id).into());
            condition.save(call);
        }
    }
    copy
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_copy_has_copies_of_the_questions() {
        let clinic = Clinic::open();
        let [welcome, checkin] = ["welcome", "checkin"].map(|handle| clinic.id("CustomModuleForm", handle));
        let answer = clinic.run(&format!(
            r#"mutation {{ copyCustomModuleForm(input: {{id_list: "{welcome}, {checkin}"}}) {{
                customModuleForm {{ name custom_modules {{ label copied_from_form_name }} }} messages {{ message }} }} }}"#
        ));
        let expected = json!({
            "name": "Copy of Quick Check-in",
            "custom_modules": [{"label": "How are you feeling?", "copied_from_form_name": "Quick Check-in"}],
        });
        assert_eq!(answer["data"]["copyCustomModuleForm"]["customModuleForm"], expected, "{answer}");
        let [forms, questions] = ["custom_module_form.created", "custom_module.created"]
            .map(|event| clinic.as_role("owner").events().iter().filter(|name| *name == event).count());
        assert!(forms == 2 && questions > 2, "{forms} {questions}");
        clinic.refuses("copyCustomModuleForm(input: {})", &[("id", "can't be blank")]);
        clinic.refuses(r#"copyCustomModuleForm(input: {id_list: "1"})"#, &[("id_list", "CustomModuleForm not found")]);
    }
}
