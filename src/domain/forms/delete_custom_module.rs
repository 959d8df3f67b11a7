//! `deleteCustomModule`: a question goes; what was answered to it keeps its label.

use super::custom_module_form::{own, touch};
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{CustomModule, CustomModuleConditionType, deleteCustomModuleInput as Input};

pub fn delete_custom_module(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let question = own::<CustomModule, _, _>(call, Input::id)?;
    // Assumed: conditions go with either of the questions that they are about.
    let mut conditions = call.having(CustomModuleConditionType::custom_module_id, question.id());
    conditions.extend(call.having(CustomModuleConditionType::conditional_custom_module_id, question.id()));
    for condition in conditions {
        call.delete(&condition);
    }
    call.delete(&question);
    touch(call, question.get(CustomModule::custom_module_form_id));
    Ok(question.into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    #[test]
    fn a_question_goes() {
        let clinic = Clinic::open();
        let id = clinic.id("CustomModule", "smokes");
        let delete = format!(r#"deleteCustomModule(input: {{id: "{id}"}})"#);
        let answer = clinic.run(&format!("mutation {{ {delete} {{ customModule {{ id label }} messages {{ message }} }} }}"));
        assert_eq!(answer["data"]["deleteCustomModule"]["customModule"]["label"], "Do you smoke?", "{answer}");
        assert_eq!(clinic.events(), ["custom_module.deleted"]);
        clinic.refuses(&delete, &[("id", "CustomModule not found")]);
    }
}
