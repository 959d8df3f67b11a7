//! `updateOrganizationMember`: the profile of a member.

use super::state_license;
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{OrganizationMembership, User, updateOrganizationMemberInput as Input};

pub fn update_organization_member(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let user = call.target::<User, _>(Input::id)?;
    if user.is(User::is_patient) || !call.viewer().reaches(user.organization()) {
        return Err(Refusal::not_found("id", "Organization member"));
    }
    // Documented: by whoever may edit members. Assumed: everybody edits their own profile.
    if !call.viewer().is(user.id()) {
        call.needs(OrganizationMembership::can_edit_members, "update this organization member")?;
    }
    refuse_long_metadata(call)?;
    let draft = call.edit(&user);
    call.check(&draft)?;
    if call.given(Input::email)?.is_sent() {
        crate::domain::users::refuse_members_email(call, &draft)?;
    }
    let user = draft.save(call);
    if let Some(licenses) = call.get(Input::state_licenses)? {
        state_license::write(call, &user, &licenses)?;
    }
    Ok(user.into())
}

/// Documented: 10,000 characters at most.
fn refuse_long_metadata(call: &Call<'_, Input>) -> Result<(), Refusal> {
    let metadata = call.get(Input::metadata)?.unwrap_or_default();
    if metadata.chars().count() > 10_000 {
        return Err(Refusal::on(Input::metadata, "is too long (maximum is 10000 characters)"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    #[test]
    fn a_license_without_an_id_is_added() {
        let clinic = Clinic::open();
        let id = clinic.id("User", "provider");
        let mutation = format!(
            r#"mutation {{ updateOrganizationMember(input: {{ id: {id}, npi: "1000000099", state_licenses: [{{ state: "NY" }}] }}) {{ user {{ npi state_licenses {{ state }} }} messages {{ message }} }} }}"#
        );
        clinic.run(&mutation);
        insta::assert_json_snapshot!(clinic.run(&mutation), @r#"
        {
          "data": {
            "updateOrganizationMember": {
              "user": {
                "npi": "1000000099",
                "state_licenses": [
                  {
                    "state": "NY"
                  },
                  {
                    "state": "NY"
                  }
                ]
              },
              "messages": null
            }
          }
        }
        "#);
        let provider = clinic.id("User", "provider");
        insta::assert_json_snapshot!(clinic.run(&format!(r#"{{ organizationMembers(licensed_in_state: "NY") {{ last_name }} stateLicenses(provider_id: "{provider}") {{ state }} }}"#)), @r#"
        {
          "data": {
            "organizationMembers": [
              {
                "last_name": "Raman"
              }
            ],
            "stateLicenses": [
              {
                "state": "NY"
              },
              {
                "state": "NY"
              }
            ]
          }
        }
        "#);
        assert_eq!(clinic.events(), ["organization_member.updated"]);
    }

    #[test]
    fn others_profiles_are_for_those_who_edit_members() {
        let clinic = Clinic::open().as_role("provider");
        let (own, other, patient) = (clinic.id("User", "provider"), clinic.id("User", "provider2"), clinic.id("User", "rosa"));
        insta::assert_json_snapshot!(clinic.run(&format!(r#"mutation {{ updateOrganizationMember(input: {{ id: {own}, qualifications: "PhD" }}) {{ user {{ qualifications }} }} }}"#)), @r#"
        {
          "data": {
            "updateOrganizationMember": {
              "user": {
                "qualifications": "PhD"
              }
            }
          }
        }
        "#);
        clinic.refuses(
            &format!("updateOrganizationMember(input: {{ id: {other} }})"),
            &[("base", "You do not have permission to update this organization member.")],
        );
        clinic.refuses(&format!("updateOrganizationMember(input: {{ id: {patient} }})"), &[("id", "Organization member not found")]);
    }
}
