//! `copyCustomModule`: a question once more, right behind the first one.

use super::custom_module_form::{own, questions, touch};
use crate::engine::{Call, Draft, Made, Refusal, Row};
use crate::schema::names::{CustomModule, copyCustomModuleInput as Input};
use crate::schema::{Named, Slot};

pub fn copy_custom_module(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let question = own::<CustomModule, _, _>(call, Input::id)?;
    let form = question.get(CustomModule::custom_module_form_id);
    let mut copy = duplicate(call, &question).set(CustomModule::creator_id, call.viewer_id());
    if let Some(position) = form.and(question.get(CustomModule::position)) {
        let all = questions(call.on(), form.unwrap_or_default());
        let next = all.iter().filter_map(|other| other.get(CustomModule::position)).find(|other| *other > position);
        // Positions are fractions so that there is room between any two.
        copy.put(CustomModule::position, next.map_or(position + 1.0, |next| f64::midpoint(position, next)));
    }
    touch(call, form);
    Ok(copy.save(call).into())
}

/// A new record with everything that `row` holds but when it was made, and what others hold it by.
pub fn duplicate<I: Named, T: Named>(call: &mut Call<'_, I>, row: &Row<T>) -> Draft<T> {
    const OWN: [&str; 6] = ["id", "created_at", "updated_at", "deleted_at", "external_id", "external_id_type"];
    let mut copy = call.blank_draft::<T>();
    for (slot, column) in T::TYPE.shape().columns().iter().enumerate() {
        if !OWN.contains(&column.name()) {
            copy.set_value(slot as Slot, row.value(slot as Slot).clone());
        }
    }
    copy
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn the_copy_stands_behind_the_first() {
        let clinic = Clinic::open();
        let (id, form) = (clinic.id("CustomModule", "welcome_name"), clinic.id("CustomModuleForm", "welcome"));
        let answer = clinic.run(&format!(
            "mutation {{ copyCustomModule(input: {{id: {id}}}) {{ customModule {{ label required }} messages {{ message }} }} }}"
        ));
        assert_eq!(answer["data"]["copyCustomModule"]["customModule"], json!({"label": "Name", "required": true}), "{answer}");
        assert_eq!(clinic.events(), ["custom_module.created"]);
        let answer = clinic.run(&format!("{{ customModuleForm(id: {form}) {{ custom_modules {{ label }} }} }}"));
        let questions = answer["data"]["customModuleForm"]["custom_modules"].as_array().cloned().unwrap_or_default();
        assert_eq!(questions[1..4], [json!({"label": "Name"}), json!({"label": "Name"}), json!({"label": "Date of birth"})]);
    }
}
