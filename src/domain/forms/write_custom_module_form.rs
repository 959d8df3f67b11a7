//! `createCustomModuleForm`, `updateCustomModuleForm` and `deleteCustomModuleForm`: templates by their settings.

use super::custom_module_form::{own, refuse_long_metadata};
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{
    CustomModuleForm, createCustomModuleFormInput as Create, deleteCustomModuleFormInput as Delete, updateCustomModuleFormInput as Update,
};

pub fn create_custom_module_form(call: &mut Call<'_, Create>) -> Result<Made, Refusal> {
    let editor = call.viewer_id();
    let form = call.draft::<CustomModuleForm>().set(CustomModuleForm::last_updated_by_user, editor);
    refuse_long_metadata(&form)?;
    call.check(&form)?;
    Ok(form.save(call).into())
}

pub fn update_custom_module_form(call: &mut Call<'_, Update>) -> Result<Made, Refusal> {
    let form = own::<CustomModuleForm, _, _>(call, Update::id)?;
    let editor = call.viewer_id();
    let draft = call.edit(&form).set(CustomModuleForm::last_updated_by_user, editor);
    refuse_long_metadata(&draft)?;
    call.check(&draft)?;
    Ok(draft.save(call).into())
}

/// Assumed: whatever was filled in keeps its template.
pub fn delete_custom_module_form(call: &mut Call<'_, Delete>) -> Result<Made, Refusal> {
    let form = own::<CustomModuleForm, _, _>(call, Delete::id)?;
    let now = call.now();
    Ok(call.change(&form).set(CustomModuleForm::deleted_at, now).save(call).into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_template_is_made_renamed_archived_and_deleted() {
        let clinic = Clinic::open().as_role("integration");
        let answer = clinic.run(
            r#"mutation { createCustomModuleForm(input: {name: "Sleep", external_id: "S-1", metadata: "{}"}) {
                customModuleForm { id name use_for_charting use_for_program prefill user { first_name } custom_modules { id } } messages { message } } }"#,
        );
        let form = &answer["data"]["createCustomModuleForm"]["customModuleForm"];
        let id = form["id"].as_str().unwrap_or_else(|| panic!("{answer}"));
        assert_eq!(
            *form,
            json!({"id": id, "name": "Sleep", "use_for_charting": false, "use_for_program": false, "prefill": false,
                "user": {"first_name": "Juniper"}, "custom_modules": []})
        );
        let update = |with: &str| format!(r#"updateCustomModuleForm(input: {{id: "{id}", {with}}})"#);
        clinic.run(&format!("mutation {{ {} {{ messages {{ message }} }} }}", update("is_archived: true")));
        assert_eq!(
            clinic.run(r#"{ customModuleForms(active_status: true, keywords: "sleep") { name } }"#)["data"]["customModuleForms"],
            json!([{"name": "Sleep"}])
        );
        clinic.refuses(&update("name: \" \""), &[("name", "can't be blank")]);
        clinic.run(&format!("mutation {{ deleteCustomModuleForm(input: {{id: \"{id}\"}}) {{ messages {{ message }} }} }}"));
        assert!(clinic.run(&format!("{{ customModuleForm(id: {id}) {{ id }} }}"))["data"]["customModuleForm"].is_null());
        assert_eq!(clinic.events(), ["custom_module_form.created", "custom_module_form.updated", "custom_module_form.deleted"]);
    }

    #[test]
    fn a_template_of_others_is_theirs() {
        let clinic = Clinic::open();
        let id = clinic.id("CustomModuleForm", "welcome");
        clinic
            .as_role("outsider")
            .refuses(&format!("deleteCustomModuleForm(input: {{id: {id}}})"), &[("id", "CustomModuleForm not found")]);
        clinic.refuses("createCustomModuleForm(input: {})", &[("name", "can't be blank")]);
        clinic.as_role("provider").refuses(
            r#"createCustomModuleForm(input: {name: "x"})"#,
            &[("base", "You do not have permission to create this custom module form.")],
        );
    }
}
