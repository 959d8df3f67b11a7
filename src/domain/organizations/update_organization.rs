//! `updateOrganization`: changes how an organization identifies itself.

use super::organization_info;
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{Organization, updateOrganizationInput as Input, updateOrganizationPayload as Payload};

pub fn update_organization(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let own = call.viewer().organization();
    let id = call.get(Input::id)?.unwrap_or(own);
    let reached = call.find::<Organization>(id).filter(|organization| call.viewer().reaches(organization.id()));
    let organization = reached.ok_or_else(|| Refusal::not_found("id", "Organization"))?;
    let draft = call.edit(&organization);
    call.check(&draft)?;
    let organization = draft.save(call);
    let info = match call.get(Input::organization_info)? {
        Some(input) => organization_info::write(call, &organization, &input)?,
        None => None,
    };
    Ok(Made::from(organization).also(Payload::updated_organization_info, info))
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    #[test]
    fn the_primary_identity_changes_with_the_organization() {
        let clinic = Clinic::open();
        insta::assert_json_snapshot!(clinic.run(
            r#"mutation { updateOrganization(input: { organization_email: "new@clinic.example", organization_info: { name: "Juniper Health", location: { city: "Albany" } } }) {
                organization { name organization_email location { city } } updated_organization_info { name } messages { message }
            } }"#
        ), @r#"
        {
          "data": {
            "updateOrganization": {
              "organization": {
                "name": "Juniper Health",
                "organization_email": "new@clinic.example",
                "location": {
                  "city": "Albany"
                }
              },
              "updated_organization_info": {
                "name": "Juniper Health"
              },
              "messages": null
            }
          }
        }
        "#);
        assert_eq!(clinic.events(), ["location.updated", "organization_info.updated"]);
    }

    #[test]
    fn an_organization_may_have_a_second_identity() {
        let clinic = Clinic::open();
        clinic.run(r#"mutation { updateOrganization(input: { organization_info: { name: "Juniper South", primary: false } }) { messages { message } } }"#);
        assert_eq!(clinic.events(), ["organization_info.created"]);
        let infos = clinic.run("{ organization { name organization_infos { id name primary } } }");
        let second = infos["data"]["organization"]["organization_infos"][1]["id"].as_str().expect("two").to_owned();
        insta::assert_json_snapshot!(clinic.run(&format!(
            "mutation {{ deleteOrganizationInfo(input: {{ id: {second} }}) {{ organizationInfo {{ name }} messages {{ message }} }} }}"
        )), @r#"
        {
          "data": {
            "deleteOrganizationInfo": {
              "organizationInfo": {
                "name": "Juniper South"
              },
              "messages": null
            }
          }
        }
        "#);
        assert_eq!(clinic.events(), ["organization_info.deleted"]);
    }

    #[test]
    fn settings_are_for_those_who_may_edit_them() {
        let clinic = Clinic::open();
        clinic
            .as_role("provider")
            .refuses("updateOrganization(input: {})", &[("base", "You do not have permission to update this organization.")]);
        let id = clinic.id("OrganizationInfo", "clinic");
        clinic.refuses(
            &format!("deleteOrganizationInfo(input: {{ id: {id} }})"),
            &[("base", "The primary organization info cannot be deleted")],
        );
    }
}
