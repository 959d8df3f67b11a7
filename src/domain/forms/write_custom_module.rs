//! `createCustomModule` and `updateCustomModule`: what a template asks, and where.

use super::custom_module_form::{own, questions, touch};
use crate::engine::{CANT_BE_BLANK, Call, Draft, Made, Refusal, View};
use crate::schema::Named;
use crate::schema::names::{CustomModule, CustomModuleForm, createCustomModuleInput as Create, updateCustomModuleInput as Update};

/// Documented: a question belongs to a template. Assumed: but one that is `is_custom`, which is kept to be copied.
pub fn create_custom_module(call: &mut Call<'_, Create>) -> Result<Made, Refusal> {
    let form = match call.is_blank(Create::custom_module_form_id) {
        true if call.is(Create::is_custom) => None,
        true => return Err(Refusal::on(Create::custom_module_form_id, CANT_BE_BLANK)),
        false => Some(own::<CustomModuleForm, _, _>(call, Create::custom_module_form_id)?.id()),
    };
    let index = call.get(Create::index)?;
    if !call.is_blank(Create::parent_custom_module_id) {
        own::<CustomModule, _, _>(call, Create::parent_custom_module_id)?;
    }
    let question = call.draft::<CustomModule>();
    refuse_long_metadata(&question)?;
    call.check(&question)?;
    let question = match form {
        Some(form) => at(call, question, form, index.map(|index| index as f64)),
        None => question,
    };
    touch(call, form);
    Ok(question.save(call).into())
}

pub fn update_custom_module(call: &mut Call<'_, Update>) -> Result<Made, Refusal> {
    let question = own::<CustomModule, _, _>(call, Update::id)?;
    let index = call.get(Update::index)?.map(|index| index as f64).or(call.get(Update::position)?);
    let mut draft = call.edit(&question);
    if let Some(options) = call.get(Update::options_array)? {
        draft.put(CustomModule::options, options.join("\n"));
    }
    refuse_long_metadata(&draft)?;
    call.check(&draft)?;
    let form = question.get(CustomModule::custom_module_form_id);
    if let (Some(form), Some(index)) = (form, index.filter(|index| question.get(CustomModule::position) != Some(*index))) {
        draft = at(call, draft, form, Some(index));
    }
    let changed = draft.save(call);
    touch(call, form);
    Ok(call.save_nested(&changed)?.into())
}

/// At `index`, the others behind it moving on, or at the end. Assumed: that the others move is not announced.
fn at<I: Named>(call: &mut Call<'_, I>, question: Draft<CustomModule>, form: u64, index: Option<f64>) -> Draft<CustomModule> {
    let position = |question: &View<'_, CustomModule>| question.get(CustomModule::position).unwrap_or(0.0);
    let others: Vec<_> = questions(call.on(), form).into_iter().filter(|other| other.id() != question.id()).collect();
    let Some(index) = index else {
        let last = others.iter().map(position).fold(-1.0, f64::max);
        return question.set(CustomModule::position, last + 1.0);
    };
    let is_taken = others.iter().any(|other| position(other).total_cmp(&index).is_eq());
    let behind: Vec<_> = others.iter().filter(|other| is_taken && position(other) >= index).map(|other| other.row().clone()).collect();
    for other in behind {
        let next = other.get(CustomModule::position).unwrap_or(0.0) + 1.0;
        let moved = call.change(&other).set(CustomModule::position, next).save(call);
        call.silence(&moved);
    }
    question.set(CustomModule::position, index)
}

fn refuse_long_metadata(question: &Draft<CustomModule>) -> Result<(), Refusal> {
    match question.get(CustomModule::metadata).unwrap_or_default().chars().count() > 128_000 {
        true => Err(Refusal::named("metadata", "is too long (maximum is 128000 characters)")),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn questions_are_put_at_the_end_or_where_index_says() {
        let clinic = Clinic::open();
        let form = clinic.id("CustomModuleForm", "checkin");
        for (label, index) in [("Last", ""), ("First", ", index: 0")] {
            let answer = clinic.run(&format!(
                r#"mutation {{ createCustomModule(input: {{custom_module_form_id: "{form}", label: "{label}", mod_type: "radio", options: "Yes\nNo"{index}}}) {{
                    customModule {{ options_array custom_module_form {{ name }} }} messages {{ message }} }} }}"#
            ));
            let made = &answer["data"]["createCustomModule"];
            assert_eq!(made["customModule"], json!({"options_array": ["Yes", "No"], "custom_module_form": {"name": "Quick Check-in"}}));
        }
        assert_eq!(clinic.events(), ["custom_module.created", "custom_module.created"]);
        let answer = clinic.run(&format!(
            "{{ customModuleForm(id: {form}) {{ custom_modules {{ label position }} last_updated_by_user {{ first_name }} }} }}"
        ));
        let expected = json!({
            "custom_modules": [
                {"label": "First", "position": 0.0}, {"label": "How are you feeling?", "position": 1.0}, {"label": "Last", "position": 2.0},
            ],
            "last_updated_by_user": {"first_name": "Margaret"},
        });
        assert_eq!(answer["data"]["customModuleForm"], expected);
    }

    #[test]
    fn a_question_may_depend_on_another() {
        let clinic = Clinic::open();
        let [smokes, meals] = ["smokes", "meals"].map(|handle| clinic.id("CustomModule", handle));
        let update = |condition: &str| {
            clinic.run(&format!(
                r#"mutation {{ updateCustomModule(input: {{id: "{meals}", options_array: ["1", "2"], custom_module_condition: {{{condition}}}}}) {{
                    customModule {{ options custom_module_condition {{ conditional_custom_module_id filter_type value_to_filter }} }} messages {{ message }} }} }}"#
            ))["data"]["updateCustomModule"]["customModule"]
                .clone()
        };
        assert_eq!(
            update(&format!(r#"conditional_custom_module_id: "{smokes}", filter_type: "is", value_to_filter: "Yes""#)),
            json!({"options": "1\n2", "custom_module_condition": {"conditional_custom_module_id": smokes, "filter_type": "is", "value_to_filter": "Yes"}})
        );
        assert_eq!(clinic.events(), ["custom_module.updated"]);
        assert_eq!(update("_destroy: true")["custom_module_condition"], json!(null));
    }

    #[test]
    fn a_question_needs_a_template_of_ones_own() {
        let clinic = Clinic::open();
        let form = clinic.id("CustomModuleForm", "welcome");
        clinic.refuses(r#"createCustomModule(input: {label: "x"})"#, &[("custom_module_form_id", "can't be blank")]);
        let make = format!(r#"createCustomModule(input: {{label: "x", custom_module_form_id: "{form}"}})"#);
        clinic.as_role("outsider").refuses(&make, &[("custom_module_form_id", "CustomModuleForm not found")]);
        clinic.as_role("provider").refuses(&make, &[("base", "You do not have permission to create this custom module.")]);
    }
}
