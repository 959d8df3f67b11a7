//! What a question is, when it is shown, and the lists of questions.

use crate::engine::{Answer, Entity, Input, List, QueryError, Reading, Row, View};
use crate::schema::names::{CustomModule, CustomModuleConditionType, FileAttachment, args};

/// As public as the template that it is part of.
pub fn entity() -> Entity<CustomModule> {
    Entity::usual()
        .public()
        .defaults(CustomModule::is_custom, false)
        .defaults(CustomModule::required, false)
        .defaults(CustomModule::exclude_from_scribe, false)
        .ruled(CustomModule::options_array)
        .ruled(CustomModule::position_integer)
        .searched_anew()
        .searched(CustomModule::label)
        .derives(|question, _| {
            let whole = question.get(CustomModule::position).map(|position| position as i64);
            question.set_value(CustomModule::position_integer.slot, whole.into());
        })
        .computed(CustomModule::options_array, |question| Some(lines(question.get(CustomModule::options).unwrap_or_default())))
        // Observed: the options again, on whatever is no HIPAA text.
        .computed(CustomModule::hipaa_name, |question| {
            question.get(CustomModule::hipaa_name).or(question.get(CustomModule::options)).map(str::to_owned)
        })
        .computed(CustomModule::controls_conditional_modules, |question| {
            let mut conditions = question.on.having(CustomModuleConditionType::conditional_custom_module_id, question.id());
            Some(conditions.next().is_some())
        })
        // Documented: of images only.
        .answers(CustomModule::file_attachment, |question| {
            let is_image = question.get(CustomModule::mod_type) == Some("image");
            let attached = question.on.having(FileAttachment::custom_module_id, question.id()).last();
            attached.filter(|_| is_image).into()
        })
}

/// When a question is shown.
pub fn condition() -> Entity<CustomModuleConditionType> {
    Entity::usual().public().indexed(CustomModuleConditionType::custom_module_id)
}

/// Observed: one choice a line, in either kind of line.
pub fn lines(text: &str) -> Vec<String> {
    text.lines().map(|line| line.trim_end_matches('\r').to_owned()).filter(|line| !line.is_empty()).collect()
}

/// True for what is shown and asks for nothing. Observed: these kinds.
pub fn is_display_only(mod_type: Option<&str>) -> bool {
    matches!(mod_type, Some("label" | "read_only" | "staticText" | "hipaa" | "image" | "video"))
}

/// Documented: the caller's own copied questions.
pub fn custom_modules() -> List<CustomModule, args::customModules> {
    List::new()
        .keep(|question, _| question.is(CustomModule::is_custom) && is_made_by_viewer(question))
        .keywords(args::customModules::keywords)
}

fn is_made_by_viewer(question: &View<'_, CustomModule>) -> bool {
    question.get(CustomModule::creator_id).is_some_and(|maker| question.on.viewer().is(maker))
}

/// Documented: generic questions to build forms of; `keywords` tell only among the caller's own ones.
///
/// Assumed: the generic ones are those of no template.
pub fn question_bank_modules(on: Reading<'_>, asked: &Input<'_, args::questionBankModules>) -> Result<Answer, QueryError> {
    let category = asked.get(args::questionBankModules::category).ok().flatten();
    let keywords = asked.get(args::questionBankModules::keywords).ok().flatten().unwrap_or_default().to_lowercase();
    let custom = category == Some("custom");
    let wanted = |question: &View<'_, CustomModule>| match custom {
        true => {
            let label = question.get(CustomModule::label).unwrap_or_default().to_lowercase();
            question.is(CustomModule::is_custom)
                && is_made_by_viewer(question)
                && keywords.split_whitespace().all(|word| label.contains(word))
        }
        false => !question.is(CustomModule::is_custom) && question.get(CustomModule::custom_module_form_id).is_none(),
    };
    let found: Vec<Row<CustomModule>> = on.all::<CustomModule>().filter(wanted).map(|question| question.row().clone()).collect();
    Ok(Answer::records(found))
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn own_questions_are_kept_to_be_used_again() {
        let clinic = Clinic::open();
        clinic.run(r#"mutation { createCustomModule(input: {label: "Favourite meal", mod_type: "text", is_custom: true}) { messages { message } } }"#);
        let documents = r#"{ customModules(keywords: "meal") { nodes { label is_custom } total_count }
            questionBankModules(category: "custom", keywords: "FAV") { label } none: questionBankModules(category: "custom", keywords: "x") { label } }"#;
        let expected = json!({
            "customModules": { "nodes": [{ "label": "Favourite meal", "is_custom": true }], "total_count": 1 },
            "questionBankModules": [{ "label": "Favourite meal" }],
            "none": [],
        });
        assert_eq!(clinic.run(documents)["data"], expected);
        assert_eq!(clinic.as_role("integration").run("{ customModules { total_count } }")["data"]["customModules"]["total_count"], 0);
    }

    #[test]
    fn the_question_bank_has_generic_questions() {
        let bank = Clinic::open().run("{ questionBankModules { label mod_type custom_module_form_id } }");
        let labels: Vec<_> =
            bank["data"]["questionBankModules"].as_array().into_iter().flatten().map(|question| question["mod_type"].clone()).collect();
        assert_eq!(labels, [json!("name"), json!("dob")], "{bank}");
    }
}
