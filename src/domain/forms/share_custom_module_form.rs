//! `shareCustomModuleForm`: a copy of a template for a member of whatever organization.

use super::{copy_custom_module_form::copy, custom_module_form::own};
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{CustomModuleForm, User, shareCustomModuleFormInput as Input};

/// Documented: the recipient is a member already, and gets a copy of their own. The mail to them is not sent.
pub fn share_custom_module_form(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    call.accept(Input::validate_permissions);
    let form = own::<CustomModuleForm, _, _>(call, Input::id)?;
    let email = call.require(Input::form_share_recipient)?.trim().to_owned();
    let mut known = call.having(User::email, email);
    known.retain(|user| !user.is(User::is_patient));
    let recipient = known.pop().ok_or_else(|| Refusal::not_found("form_share_recipient", "User"))?;
    let name = form.get(CustomModuleForm::name).unwrap_or_default().to_owned();
    copy(call, &form, recipient.id(), recipient.organization(), name);
    Ok(form.into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn another_practice_gets_a_copy() {
        let clinic = Clinic::open();
        let id = clinic.id("CustomModuleForm", "checkin");
        let share = |email: &str| format!(r#"shareCustomModuleForm(input: {{id: "{id}", form_share_recipient: "{email}"}})"#);
        let answer = clinic
            .run(&format!("mutation {{ {} {{ customModuleForm {{ name }} messages {{ message }} }} }}", share("outsider@clinic.example")));
        assert_eq!(answer["data"]["shareCustomModuleForm"]["messages"], json!(null), "{answer}");
        let theirs = clinic.as_role("outsider").run("{ customModuleForms { name custom_modules { label } user { first_name } } }");
        assert_eq!(
            theirs["data"]["customModuleForms"],
            json!([{"name": "Quick Check-in", "custom_modules": [{"label": "How are you feeling?"}], "user": {"first_name": "Helena"}}])
        );
        clinic.refuses(&share("nobody@clinic.example"), &[("form_share_recipient", "User not found")]);
    }
}
