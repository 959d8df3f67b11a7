//! What a form template is, and the lists of them.

use super::custom_module::is_display_only;
use crate::engine::{Answer, Call, Draft, Entity, Kind, List, Reading, Refusal, Row, Value, View, Within};
use crate::schema::names::{CustomModule, CustomModuleForm, FormAnswerGroup, User, args};
use crate::schema::{Field, Named};

type Asked = args::customModuleForms;

/// Documented: templates are public, whoever knows the id.
pub fn entity() -> Entity<CustomModuleForm> {
    Entity::usual()
        .public()
        .requires(CustomModuleForm::name)
        .flags_default_to_no()
        .answers(CustomModuleForm::custom_modules, |form| Answer::List(questions(form.on, form.id()).into_iter().map(Into::into).collect()))
        .computed(CustomModuleForm::has_matrix_field, |form| {
            Some(questions(form.on, form.id()).iter().any(|question| question.get(CustomModule::mod_type) == Some("matrix")))
        })
        .computed(CustomModuleForm::has_non_readonly_modules, |form| {
            Some(questions(form.on, form.id()).iter().any(|question| !is_display_only(question.get(CustomModule::mod_type))))
        })
        .answers(CustomModuleForm::form_answer_groups, |form| {
            let filled = form.on.having(FormAnswerGroup::custom_module_form_id, form.id());
            let shown =
                filled.filter(|group| group.is(FormAnswerGroup::finished) && group.on.may_see(FormAnswerGroup::TYPE, group.record()));
            Answer::List(shown.map(Into::into).collect())
        })
}

/// A template's questions in the order in which they are asked.
pub fn questions(on: Reading<'_>, form: u64) -> Vec<View<'_, CustomModule>> {
    let mut questions: Vec<_> = on.having(CustomModule::custom_module_form_id, form).collect();
    questions.sort_by(|a, b| {
        let position = |question: &View<'_, CustomModule>| question.get(CustomModule::position).unwrap_or(f64::MAX);
        position(a).total_cmp(&position(b)).then(a.id().cmp(&b.id()))
    });
    questions
}

/// Documented: a template that is neither for charting nor for programs is an intake form.
pub fn kind(form: &Row<CustomModuleForm>) -> &'static str {
    match (form.is(CustomModuleForm::use_for_charting), form.is(CustomModuleForm::use_for_program)) {
        (true, _) => "charting",
        (_, true) => "program",
        _ => "intake",
    }
}

/// The record that `field` names, if it is the caller's organization's: whatever is public is there for others to read only.
pub fn own<T: Named, I: Named, K: Kind>(call: &Call<'_, I>, field: Field<I, K>) -> Result<Row<T>, Refusal> {
    let found = call.target::<T, _>(field)?;
    if call.viewer().reaches(found.organization()) { Ok(found) } else { Err(Refusal::not_found(field.name(), T::TYPE.name())) }
}

/// Documented: up to 10,000 characters.
pub fn refuse_long_metadata(form: &Draft<CustomModuleForm>) -> Result<(), Refusal> {
    match form.get(CustomModuleForm::metadata).unwrap_or_default().chars().count() > 10_000 {
        true => Err(Refusal::named("metadata", "is too long (maximum is 10000 characters)")),
        false => Ok(()),
    }
}

/// Whoever changes a question has changed its template. Assumed: that announces nothing by itself.
pub fn touch<I: Named>(call: &mut Call<'_, I>, form: Option<u64>) {
    let Some(form) = form.and_then(|form| call.find_any::<CustomModuleForm>(form)) else { return };
    let (now, editor) = (call.now(), call.viewer_id());
    let touched = call.change(&form).set(CustomModuleForm::updated_at, now).set(CustomModuleForm::last_updated_by_user, editor).save(call);
    call.silence(&touched);
}

pub fn custom_module_forms() -> List<CustomModuleForm, Asked> {
    List::new()
        .within(|_, _| Within::everything())
        .keep(|form, asked| match form.is(CustomModuleForm::uploaded_by_healthie_team) {
            true => asked.is(Asked::include_default_templates),
            false => form.on.viewer().organizations.contains(&form.organization()),
        })
        // Documented (a guide): whether to show the archived ones, which the name does not say.
        .keep(|form, asked| form.is(CustomModuleForm::is_archived) == asked.is(Asked::active_status))
        .filter(Asked::category, |form, category| category.eq_ignore_ascii_case("all") || kind(form) == category.to_lowercase())
        .keywords(Asked::keywords)
        .order("LAST_UPDATED", &[CustomModuleForm::updated_at.slot])
        .order_by("TYPE", |form| kind(form).into())
        .order_by("CREATED_BY", |form| owner_name(form, User::first_name))
        .order_by("USER_LAST_NAME", |form| owner_name(form, User::last_name))
        .default_order("UPDATED_AT_DESC")
}

fn owner_name(form: &View<'_, CustomModuleForm>, part: Field<User, crate::schema::Text>) -> Value {
    let owner = form.follow::<User, _>(CustomModuleForm::user);
    owner.and_then(|owner| owner.get(part).map(str::to_lowercase)).into()
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    fn names(clinic: &Clinic, arguments: &str) -> serde_json::Value {
        let answer = clinic.run(&format!("{{ customModuleForms{arguments} {{ name }} }}"));
        let forms = answer["data"]["customModuleForms"].as_array().unwrap_or_else(|| panic!("{answer}")).clone();
        forms.into_iter().map(|form| form["name"].clone()).collect()
    }

    #[test]
    fn templates_are_listed_by_what_they_are_for() {
        let clinic = Clinic::open();
        for (arguments, expected) in [
            ("(sort_by: \"name_asc\")", json!(["Mood Score", "Progress Note", "Quick Check-in", "Welcome Questionnaire"])),
            ("(category: \"charting\")", json!(["Progress Note"])),
            ("(category: \"intake\", order_by: NAME_ASC)", json!(["Quick Check-in", "Welcome Questionnaire"])),
            ("(category: \"program\")", json!(["Mood Score"])),
            ("(keywords: \"WELCOME\")", json!(["Welcome Questionnaire"])),
            ("(active_status: true)", json!(["Old Intake"])),
            (
                "(include_default_templates: true, category: \"charting\", order_by: NAME_ASC)",
                json!(["ADIME", "Free Text", "Progress Note"]),
            ),
            ("(should_paginate: true, page_size: 1, offset: 1, order_by: NAME_ASC)", json!(["Progress Note"])),
        ] {
            assert_eq!(names(&clinic, arguments), expected, "{arguments}");
        }
        assert_eq!(clinic.run("{ customModuleFormsCount }")["data"]["customModuleFormsCount"], 4);
        assert_eq!(names(&clinic.as_role("outsider"), ""), json!([]));
    }

    #[test]
    fn a_template_shows_its_questions_in_order() {
        let clinic = Clinic::open();
        let id = clinic.id("CustomModuleForm", "welcome");
        let document = format!(
            "{{ customModuleForm(id: {id}) {{ name use_for_charting has_matrix_field has_non_readonly_modules
                custom_modules {{ label mod_type required options_array position }} }} }}"
        );
        let form = clinic.as_role("nobody").run(&document)["data"]["customModuleForm"].clone();
        assert_eq!(form["has_non_readonly_modules"], true);
        assert_eq!(form["has_matrix_field"], true);
        let labels: Vec<_> = form["custom_modules"].as_array().into_iter().flatten().map(|question| question["label"].clone()).collect();
        assert_eq!(labels[..3], [json!("About you"), json!("Name"), json!("Date of birth")]);
        assert_eq!(clinic.run("{ customModuleForm(id: \"1\") { id } }")["data"]["customModuleForm"], json!(null));
    }
}
