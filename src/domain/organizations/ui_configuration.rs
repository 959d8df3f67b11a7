//! `updateOrganizationUiConfiguration`: what a role sees of the pages.

use crate::engine::{Call, Entity, Made, Refusal, View};
use crate::schema::names::{Organization, OrganizationMembership, UpdateUiConfigurationInput as Input, User};

/// Documented: one configuration for each of the two roles.
pub fn update_organization_ui_configuration(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let role = call.require(Input::role)?;
    let configuration = call.get(Input::ui_configuration)?.unwrap_or("{}").to_owned();
    let organization = call.find_any::<Organization>(call.viewer().organization());
    let organization = organization.ok_or_else(|| Refusal::no_permission("update this organization ui configuration"))?;
    let column = if role == "SUPPORT" { Organization::ui_support } else { Organization::ui_standard };
    Ok(call.change(&organization).set(column, configuration).save(call).into())
}

/// `User.ui`: that of the person's role.
pub fn on_user(entity: Entity<User>) -> Entity<User> {
    entity.computed(User::ui, |user: &View<'_, User>| {
        let membership = crate::domain::members::of_user(user.on, user.id())?;
        let is_support = membership.get(OrganizationMembership::org_role) == Some("Support");
        let organization = user.on.find_any::<Organization>(user.organization())?;
        let column = if is_support { Organization::ui_support } else { Organization::ui_standard };
        organization.get(column).map(str::to_owned)
    })
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    #[test]
    fn each_role_has_its_pages() {
        let clinic = Clinic::open();
        clinic.run("mutation { updateOrganizationUiConfiguration(input: { role: SUPPORT, ui_configuration: { hide: true } }) { organization { id } messages { message } } }");
        let ui = |role| clinic.as_role(role).run("{ currentUser { ui } }")["data"]["currentUser"]["ui"].clone();
        assert_eq!((ui("support"), ui("provider")), (serde_json::json!({ "hide": true }), serde_json::Value::Null));
    }
}
