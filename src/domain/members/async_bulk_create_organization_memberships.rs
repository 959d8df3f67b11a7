//! `asyncBulkCreateOrganizationMemberships`: members of one organization become members of another.

use super::create_organization_membership::refuse_role;
use crate::domain::permission_templates;
use crate::engine::{CANT_BE_BLANK, Call, Made, Refusal};
use crate::schema::names::{
    Organization, OrganizationMembership, PermissionTemplateType, User, asyncBulkCreateOrganizationMembershipsInput as Input,
    asyncBulkCreateOrganizationMembershipsPayload as Payload,
};

/// Documented: Healthie does it later and answers with the caller alone; the emulator has done it by then. Who is a member
/// already stays one.
pub fn async_bulk_create_organization_memberships(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let organization = call.target::<Organization, _>(Input::organization_id)?.id();
    if !call.viewer().reaches(organization) {
        return Err(Refusal::not_found("organization_id", "Organization"));
    }
    refuse_role(call.get(Input::org_role)?)?;
    let users = call.targets::<User>(Input::user_ids)?;
    if users.is_empty() {
        return Err(Refusal::on(Input::user_ids, CANT_BE_BLANK));
    }
    if users.iter().any(|user| user.is(User::is_patient)) {
        return Err(Refusal::not_found("user_ids", "User"));
    }
    let template = match call.is_blank(Input::permission_template_id) {
        true => None,
        false => Some(call.target::<PermissionTemplateType, _>(Input::permission_template_id)?),
    };
    for user in users {
        let known = call.having(OrganizationMembership::user_id, user.id());
        if known.iter().any(|membership| membership.get(OrganizationMembership::organization_id) == Some(organization)) {
            continue;
        }
        let membership = call.draft::<OrganizationMembership>().belongs_to(organization);
        let mut membership =
            membership.set(OrganizationMembership::user_id, user.id()).set(OrganizationMembership::organization_id, organization);
        if let Some(template) = &template {
            permission_templates::apply(call, template, &mut membership);
        }
        membership.save(call);
    }
    let current = call.viewer().user.clone();
    Ok(Made::nothing().also(Payload::currentUser, current))
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    #[test]
    fn members_join_a_sub_organization() {
        let clinic = Clinic::open();
        let made = clinic.run(
            r#"mutation { createOrganization(input: { email: "south@clinic.example", first_name: "Sol", last_name: "South", create_as_suborganization: true }) { organization { id } } }"#,
        );
        let south = made["data"]["createOrganization"]["organization"]["id"].as_str().expect("made").to_owned();
        let provider = clinic.id("User", "provider");
        clinic.events();
        let joined = format!("asyncBulkCreateOrganizationMemberships(input: {{ organization_id: {south}, user_ids: [{provider}] }})");
        for _ in 0..2 {
            let answer = clinic.run(&format!("mutation {{ {joined} {{ currentUser {{ first_name }} messages {{ message }} }} }}"));
            assert_eq!(
                answer["data"]["asyncBulkCreateOrganizationMemberships"],
                serde_json::json!({ "currentUser": { "first_name": "Margaret" }, "messages": null })
            );
        }
        assert_eq!(clinic.events(), ["organization_membership.created"]);
        clinic
            .as_role("limited")
            .refuses(&joined, &[("base", "You do not have permission to async this bulk create organization memberships.")]);
    }
}
