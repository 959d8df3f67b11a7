//! `createOrganization`: a sub-organization of the caller's, with an owner of its own.

use super::organization_info;
use crate::domain::{mails::letters, members, users};
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{
    Organization, OrganizationMembership, User, createOrganizationInput as Input, createOrganizationPayload as Payload,
};

/// Documented: it is made for those to whom Healthie gave sub-organizations; in the emulator, for every administrator.
pub fn create_organization(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    if !call.viewer().is_admin() {
        return Err(Refusal::no_permission("create this organization"));
    }
    let required = [Input::email, Input::first_name, Input::last_name];
    Refusal::all(required.into_iter().filter_map(|field| call.require(field).err()))?;
    // Only sub-organizations are made.
    call.accept(Input::create_as_suborganization);
    let parent = call.viewer().organization();

    let organization = call.draft::<Organization>().set(Organization::parent_organization_id, parent);
    let id = organization.id();
    let owner = call.draft::<User>().belongs_to(id);
    users::refuse_invalid_email(&owner)?;
    let organization = organization.belongs_to(id).set(Organization::owner_id, owner.id()).save(call);
    let owner = users::set_password(call, owner, Input::password)?;
    let owner = users::set_signup_token(call, owner).save(call);
    let membership = call.blank_draft::<OrganizationMembership>().belongs_to(id);
    let membership = membership.set(OrganizationMembership::user_id, owner.id()).set(OrganizationMembership::organization_id, id);
    members::may_everything(membership).save(call);
    if call.is(Input::send_invite_email) {
        letters::invitation(call, &owner);
    }
    if let Some(input) = call.get(Input::organization_info)? {
        organization_info::write(call, &organization, &input)?;
    }
    let current = call.viewer().user.clone();
    Ok(Made::from(organization).also(Payload::currentUser, current))
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    const MAKE: &str = r#"mutation { createOrganization(input: {
        create_as_suborganization: true, email: "south@clinic.example", first_name: "Sol", last_name: "South",
        organization_email: "south@clinic.example", organization_info: { name: "Juniper South" }
    }) { organization { id name owner { full_name is_owner can_edit_settings } parent_organization { name } } messages { message } } }"#;

    #[test]
    fn a_sub_organization_has_an_owner_and_a_parent() {
        let clinic = Clinic::open();
        insta::assert_json_snapshot!(clinic.run(&MAKE.replace("{ id name", "{ name")), @r#"
        {
          "data": {
            "createOrganization": {
              "organization": {
                "name": "Juniper South",
                "owner": {
                  "full_name": "Sol South",
                  "is_owner": true,
                  "can_edit_settings": true
                },
                "parent_organization": {
                  "name": "Juniper Family Nutrition"
                }
              },
              "messages": null
            }
          }
        }
        "#);
        insta::assert_debug_snapshot!(clinic.events(), @r#"
        [
            "organization_membership.created",
            "organization_info.created",
        ]
        "#);
    }

    #[test]
    fn a_parent_reaches_what_is_below_it() {
        let clinic = Clinic::open();
        let made = clinic.run(MAKE);
        let id = made["data"]["createOrganization"]["organization"]["id"].as_str().expect("made").to_owned();
        insta::assert_json_snapshot!(clinic.run(&format!("{{ organizationMemberships(id: \"{id}\") {{ user {{ last_name }} }} organization {{ suborganizations {{ name }} }} }}")), @r#"
        {
          "data": {
            "organizationMemberships": [
              {
                "user": {
                  "last_name": "South"
                }
              }
            ],
            "organization": {
              "suborganizations": [
                {
                  "name": "Juniper South"
                }
              ]
            }
          }
        }
        "#);
        let stranger = clinic.as_role("outsider");
        insta::assert_json_snapshot!(stranger.run(&format!("{{ organization(id: {id}) {{ name }} organizationMemberships(id: \"{id}\") {{ id }} }}")), @r#"
        {
          "data": {
            "organization": null,
            "organizationMemberships": []
          }
        }
        "#);
    }

    #[test]
    fn only_administrators_make_one() {
        Clinic::open()
            .as_role("provider")
            .refuses("createOrganization(input: {})", &[("base", "You do not have permission to create this organization.")]);
        Clinic::open().refuses(
            "createOrganization(input: {})",
            &[("email", "can't be blank"), ("first_name", "can't be blank"), ("last_name", "can't be blank")],
        );
    }
}
