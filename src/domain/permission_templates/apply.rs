//! What a template leaves in a membership.

use crate::engine::{Call, Draft, Row};
use crate::schema::names::{OrganizationMembership, PermissionTemplateType};
use crate::schema::{Base, Named, Slot};

/// Documented: a membership takes the template's flags over, and knows nothing of it afterwards. Assumed: what the same call
/// says itself stays.
pub fn apply<I: Named>(call: &Call<'_, I>, template: &Row<PermissionTemplateType>, membership: &mut Draft<OrganizationMembership>) {
    let shape = OrganizationMembership::TYPE.shape();
    for (slot, column) in PermissionTemplateType::TYPE.shape().columns().iter().enumerate() {
        let is_permission = column.base == Base::Bool || column.name() == "org_role";
        let own = shape.slot(column.name()).filter(|_| is_permission && !says(call, column.name()));
        if let Some(own) = own.filter(|_| !template.value(slot as Slot).is_null()) {
            membership.set_value(own, template.value(slot as Slot).clone());
        }
    }
}

fn says<I: Named>(call: &Call<'_, I>, name: &str) -> bool {
    I::TYPE.shape().slot(name).is_some_and(|slot| call.lifted.sent(slot).is_some())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_member_is_made_and_changed_by_a_template() {
        let clinic = Clinic::open();
        let made = clinic.run(
            r#"mutation { createPermissionTemplate(input: { name: "Billing", sees_all_billing: true, can_add_clients: false, org_role: "Support" }) { newPermissionTemplate { id can_be_edited } messages { message } } }"#,
        );
        assert_eq!(made["data"]["createPermissionTemplate"]["newPermissionTemplate"]["can_be_edited"], true);
        let template = made["data"]["createPermissionTemplate"]["newPermissionTemplate"]["id"].as_str().expect("made").to_owned();
        let organization = clinic.id("Organization", "clinic");
        let member = clinic.run(&format!(
            r#"mutation {{ createOrganizationMembership(input: {{ organization_id: {organization}, first_name: "Nia", last_name: "Nord", email: "nia@clinic.example", permission_template_id: "{template}" }}) {{
                organizationMembership {{ org_role sees_all_billing can_add_clients }} messages {{ field message }} }} }}"#
        ));
        assert_eq!(
            member["data"]["createOrganizationMembership"],
            json!({ "organizationMembership": { "org_role": "Support", "sees_all_billing": true, "can_add_clients": false }, "messages": null })
        );
        let limited = clinic.id("OrganizationMembership", "limited");
        let changed = clinic.run(&format!(
            r#"mutation {{ updateOrganizationMembership(input: {{ id: "{limited}", permission_template_id: "{template}", permission_template_applied: true, can_add_clients: true }}) {{
                organizationMembership {{ sees_all_billing can_add_clients permission_template_applied_at }} messages {{ field message }} }} }}"#
        ));
        assert_eq!(
            changed["data"]["updateOrganizationMembership"]["organizationMembership"],
            json!({ "sees_all_billing": true, "can_add_clients": true, "permission_template_applied_at": "2026-03-02 10:00:00 -0500" })
        );
    }
}
