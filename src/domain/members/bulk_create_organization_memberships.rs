//! `bulkCreateOrganizationMemberships`: one person into several organizations, with an account in each.

use super::create_organization_membership::{add, invite, refuse_role};
use crate::engine::{Call, Made, Refusal, Value};
use crate::schema::names::{
    Organization, bulkCreateOrganizationMembershipsInput as Input, bulkCreateOrganizationMembershipsPayload as Payload,
};

/// Documented: the first membership is made at once and answered with, the others are counted. Healthie makes those
/// later; the emulator has them at once.
pub fn bulk_create_organization_memberships(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let names = [Input::first_name, Input::last_name, Input::email];
    Refusal::all(names.into_iter().filter_map(|field| call.require(field).err()))?;
    let organizations = call.targets::<Organization>(Input::organization_ids)?;
    refuse_role(call.get(Input::org_role)?)?;
    let mut made = Vec::with_capacity(organizations.len());
    for organization in &organizations {
        made.push(add(call, organization, Input::password)?);
    }
    if call.is(Input::send_invite_email) {
        for membership in &made {
            invite(call, membership);
        }
    }
    let others = made.len().saturating_sub(1) as i64;
    let first = made.into_iter().next().ok_or_else(|| Refusal::named("organization_ids", "can't be blank"))?;
    let current = call.viewer().user.clone();
    Ok(Made::from(first).also(Payload::currentUser, current).also(Payload::other_organization_memberships_count, Value::Int(others)))
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    #[test]
    fn one_person_joins_several_organizations() {
        let clinic = Clinic::open();
        let own = clinic.id("Organization", "clinic");
        insta::assert_json_snapshot!(clinic.run(&format!(
            r#"mutation {{ bulkCreateOrganizationMemberships(input: {{ organization_ids: [{own}], first_name: "Nia", last_name: "Nord", email: "nia@clinic.example" }}) {{
                organizationMembership {{ user {{ full_name }} }} other_organization_memberships_count messages {{ message }}
            }} }}"#
        )), @r#"
        {
          "data": {
            "bulkCreateOrganizationMemberships": {
              "organizationMembership": {
                "user": {
                  "full_name": "Nia Nord"
                }
              },
              "other_organization_memberships_count": 0,
              "messages": null
            }
          }
        }
        "#);
        let other = clinic.id("Organization", "other");
        clinic.refuses(
            &format!(r#"bulkCreateOrganizationMemberships(input: {{ organization_ids: [{other}], first_name: "A", last_name: "B", email: "c@d.example" }})"#),
            &[("organization_ids", "Organization not found")],
        );
    }
}
