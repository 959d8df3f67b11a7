//! `createOrganizationMembership`: a new member, with an account of their own.

use crate::domain::{mails::letters, permission_templates, users};
use crate::engine::{Call, Made, Refusal, Row};
use crate::schema::names::{
    Organization, OrganizationMembership, PermissionTemplateType, User, createOrganizationMembershipInput as Input,
    createOrganizationMembershipPayload as Payload,
};
use crate::schema::{Field, Named, Text};

pub fn create_organization_membership(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let names = [Input::first_name, Input::last_name, Input::email];
    let blank = names.into_iter().filter_map(|field| call.require(field).err());
    Refusal::all(call.require(Input::organization_id).err().into_iter().chain(blank))?;
    let organization = call.target::<Organization, _>(Input::organization_id)?;
    refuse_role(call.get(Input::org_role)?)?;

    let template = match call.is_blank(Input::permission_template_id) {
        true => None,
        false => Some(call.target::<PermissionTemplateType, _>(Input::permission_template_id)?),
    };
    let membership = add(call, &organization, Input::password)?;
    if call.is(Input::send_invite_email) {
        invite(call, &membership);
    }
    let membership = match template {
        Some(template) => {
            let mut draft = call.change(&membership);
            permission_templates::apply(call, &template, &mut draft);
            draft.set(OrganizationMembership::permission_template_applied_at, call.now()).save(call)
        }
        None => membership,
    };
    let current = call.viewer().user.clone();
    Ok(Made::from(membership).also(Payload::currentUser, current))
}

/// The account and the membership that the input describes.
///
/// Documented: a person has an account in each organization, so the same address may be used in another one.
pub fn add<I: Named>(
    call: &mut Call<'_, I>,
    organization: &Row<Organization>,
    password: Field<I, Text>,
) -> Result<Row<OrganizationMembership>, Refusal> {
    let id = organization.id();
    if !call.viewer().reaches(id) {
        return Err(Refusal::not_found("organization_id", "Organization"));
    }
    let user = call.draft::<User>().belongs_to(id).set(User::is_patient, false);
    let zone = call.viewer().zone.iana_name().map(str::to_owned);
    let user = match zone.filter(|_| user.is_blank(User::timezone)) {
        Some(zone) => user.set(User::timezone, zone),
        None => user,
    };
    users::refuse_members_email(call, &user)?;
    let user = users::set_password(call, user, password)?;
    let user = users::set_signup_token(call, user).save(call);
    let membership = call.draft::<OrganizationMembership>().belongs_to(id);
    Ok(membership.set(OrganizationMembership::user_id, user.id()).set(OrganizationMembership::organization_id, id).save(call))
}

/// Mails the new member a link to a first password.
pub fn invite<I: Named>(call: &mut Call<'_, I>, membership: &Row<OrganizationMembership>) {
    if let Some(person) = membership.get(OrganizationMembership::user_id).and_then(|id| call.find_any::<User>(id)) {
        letters::invitation(call, &person);
    }
}

/// Documented: there are two roles.
pub fn refuse_role(role: Option<&str>) -> Result<(), Refusal> {
    match role {
        None | Some("Standard" | "Support") => Ok(()),
        Some(_) => Err(Refusal::named("org_role", "is not included in the list")),
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    fn make(clinic: &Clinic, input: &str) -> String {
        let organization = clinic.id("Organization", "clinic");
        format!("createOrganizationMembership(input: {{ organization_id: {organization}, {input} }})")
    }

    #[test]
    fn a_new_member_may_do_their_own_work() {
        let clinic = Clinic::open();
        let mutation = make(&clinic, r#"first_name: "Nia", last_name: "Nord", email: "nia@clinic.example", title: "Coach""#);
        insta::assert_json_snapshot!(clinic.run(&format!(
            "mutation {{ {mutation} {{
                organizationMembership {{ title org_role is_provider is_admin can_add_clients can_add_own_appointments can_add_others_appointments can_lock_form_answer_groups user {{ full_name active is_patient timezone organization {{ name }} set_password_link }} }}
                currentUser {{ full_name }} messages {{ message }}
            }} }}"
        )), @r#"
        {
          "data": {
            "createOrganizationMembership": {
              "organizationMembership": {
                "title": "Coach",
                "org_role": "Standard",
                "is_provider": true,
                "is_admin": false,
                "can_add_clients": true,
                "can_add_own_appointments": true,
                "can_add_others_appointments": false,
                "can_lock_form_answer_groups": true,
                "user": {
                  "full_name": "Nia Nord",
                  "active": true,
                  "is_patient": false,
                  "timezone": "America/New_York",
                  "organization": {
                    "name": "Juniper Family Nutrition"
                  },
                  "set_password_link": "http://localhost:4000/set_initial_password?signup_token=WPGYLsMLpf3kjcXJYz0bsGpu"
                }
              },
              "currentUser": {
                "full_name": "Margaret Ellison"
              },
              "messages": null
            }
          }
        }
        "#);
        assert_eq!(clinic.events(), ["organization_membership.created"]);
    }

    #[test]
    fn support_members_are_no_providers() {
        let clinic = Clinic::open();
        let mutation = make(&clinic, r#"first_name: "Nia", last_name: "Nord", email: "nia@clinic.example", org_role: "Support""#);
        insta::assert_json_snapshot!(clinic.run(&format!("mutation {{ {mutation} {{ organizationMembership {{ org_role is_provider can_be_care_team_member can_add_clients }} }} }}")), @r#"
        {
          "data": {
            "createOrganizationMembership": {
              "organizationMembership": {
                "org_role": "Support",
                "is_provider": false,
                "can_be_care_team_member": false,
                "can_add_clients": true
              }
            }
          }
        }
        "#);
    }

    #[test]
    fn what_a_member_needs() {
        let clinic = Clinic::open();
        let blank = [
            ("organization_id", "can't be blank"),
            ("first_name", "can't be blank"),
            ("last_name", "can't be blank"),
            ("email", "can't be blank"),
        ];
        clinic.refuses("createOrganizationMembership(input: {})", &blank);
        let taken = make(&clinic, r#"first_name: "Priya", last_name: "Two", email: " Provider@clinic.example""#);
        clinic.refuses(&taken, &[("email", "has already been taken")]);
        let role = make(&clinic, r#"first_name: "A", last_name: "B", email: "c@d.example", org_role: "Boss""#);
        clinic.refuses(&role, &[("org_role", "is not included in the list")]);
        let short = make(&clinic, r#"first_name: "A", last_name: "B", email: "c@d.example", password: "short""#);
        clinic.refuses(&short, &[("password", "is too short (minimum is 8 characters)")]);
        let provider = clinic.as_role("provider");
        provider.refuses(&short, &[("base", "You do not have permission to create this organization membership.")]);
    }
}
