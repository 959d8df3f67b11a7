//! What a template is, and who keeps them.

use crate::engine::{Call, Entity, List, Made, Refusal, Within};
use crate::schema::names::{
    Organization, PermissionTemplateType, args, createPermissionTemplateInput as Input, deletePermissionTemplateInput,
    updatePermissionTemplateInput,
};

type Template = PermissionTemplateType;

/// Documented: administrators alone make, change and apply them.
pub fn entity() -> Entity<Template> {
    Entity::usual()
        .about_nobody()
        .silent()
        .flags_default_to_no()
        .requires(Template::name)
        .defaults(Template::org_role, "Standard".to_owned())
        .ruled(Template::can_be_edited)
        .computed(Template::can_be_edited, |template| Some(template.on.viewer().is_admin()))
        .visible(|template| template.on.viewer().is_admin() && template.on.viewer().reaches(template.organization()))
}

pub fn permission_templates() -> List<Template, args::permissionTemplates> {
    List::new().page_size(5).within(|on, _| match on.viewer().is_admin() {
        true => Within::organization(on.viewer().organization()),
        false => Within::nothing(),
    })
}

pub fn create_permission_template(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    if !call.viewer().is_admin() {
        return Err(Refusal::no_permission("create this permission template"));
    }
    let template = match call.is_blank(Input::organization_id) {
        true => call.draft::<Template>(),
        false => {
            let organization = call.target::<Organization, _>(Input::organization_id)?.id();
            call.draft::<Template>().belongs_to(organization)
        }
    };
    call.check(&template)?;
    Ok(template.save(call).into())
}

pub fn update_permission_template(call: &mut Call<'_, updatePermissionTemplateInput>) -> Result<Made, Refusal> {
    if !call.viewer().is_admin() {
        return Err(Refusal::no_permission("update this permission template"));
    }
    let template = call.target::<Template, _>(updatePermissionTemplateInput::id)?;
    let template = call.edit(&template);
    call.check(&template)?;
    Ok(template.save(call).into())
}

/// Documented: memberships keep the flags that they took over.
pub fn delete_permission_template(call: &mut Call<'_, deletePermissionTemplateInput>) -> Result<Made, Refusal> {
    if !call.viewer().is_admin() {
        return Err(Refusal::no_permission("delete this permission template"));
    }
    let template = call.target::<Template, _>(deletePermissionTemplateInput::id)?;
    call.delete(&template);
    Ok(template.into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    #[test]
    fn templates_are_the_administrators() {
        let clinic = Clinic::open();
        clinic.refuses("createPermissionTemplate(input: {})", &[("name", "can't be blank")]);
        let provider = clinic.as_role("provider");
        provider.refuses(
            r#"createPermissionTemplate(input: { name: "x" })"#,
            &[("base", "You do not have permission to create this permission template.")],
        );
        let made = clinic
            .run(r#"mutation { createPermissionTemplate(input: { name: "Front desk" }) { newPermissionTemplate { id name is_admin } } }"#);
        let id = made["data"]["createPermissionTemplate"]["newPermissionTemplate"]["id"].as_str().expect("made").to_owned();
        let seen =
            provider.run(&format!("{{ permissionTemplate(id: {id}) {{ name }} permissionTemplates {{ name }} permissionTemplatesCount }}"));
        assert_eq!(
            seen["data"],
            serde_json::json!({ "permissionTemplate": null, "permissionTemplates": [], "permissionTemplatesCount": 0 })
        );
        let gone = clinic.run(&format!(
            "mutation {{ deletePermissionTemplate(input: {{ id: {id} }}) {{ permission_template {{ name }} messages {{ message }} }} }}"
        ));
        assert_eq!(gone["data"]["deletePermissionTemplate"]["permission_template"]["name"], "Front desk");
    }
}
