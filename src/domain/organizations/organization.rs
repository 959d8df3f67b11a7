//! What an organization is: most of what it shows is its primary [`OrganizationInfo`]'s.

use super::{configuration, members, organization_info::primary};
use crate::domain::{branding, insurance};
use crate::engine::{Answer, Entity, Input, QueryError, Reading, Row, Value, View};
use crate::schema::names::{Location, Organization, OrganizationInfo, PermissionTemplateType, Tag, User, UserGroup, args};
use crate::schema::{Field, Slot, Text};

pub fn entity() -> Entity<Organization> {
    let entity = Entity::new()
        .defaults(Organization::is_active, true)
        .indexed(Organization::parent_organization_id)
        .collects(Organization::suborganizations, Organization::parent_organization_id)
        .visible(is_visible)
        .answers(Organization::owner, owner)
        .answers(Organization::organization_info, |organization| primary(organization).into())
        .answers_to(Organization::organization_infos, args::Organization_organization_infos, infos)
        .computed(Organization::organization_infos_count, |organization| Some(all_infos(organization).len() as i64))
        .answers(Organization::location, |organization| {
            primary(organization).and_then(|info| info.follow::<Location, _>(OrganizationInfo::location)).into()
        })
        .answers(Organization::org_roles, |_| Value::List(["Standard", "Support"].map(Value::from).into()).into())
        .answers(Organization::tags, all_of::<Tag>)
        .answers(Organization::user_groups, all_of::<UserGroup>)
        .answers(Organization::permission_templates, all_of::<PermissionTemplateType>);
    configuration::on_organization(branding::on_organization(insurance::answer_of_organization(members::answer(primarily(entity)))))
}

/// Documented: what identifies an organization is read from its primary billing identity.
fn primarily(entity: Entity<Organization>) -> Entity<Organization> {
    const SAME: [(Field<Organization, Text>, Field<OrganizationInfo, Text>); 7] = [
        (Organization::name, OrganizationInfo::name),
        (Organization::npi, OrganizationInfo::npi),
        (Organization::other_id, OrganizationInfo::other_id),
        (Organization::other_id_qual, OrganizationInfo::other_id_qual),
        (Organization::phone_number, OrganizationInfo::phone_number),
        (Organization::tax_id, OrganizationInfo::tax_id),
        (Organization::tax_id_type, OrganizationInfo::tax_id_type),
    ];
    SAME.into_iter().fold(entity, |entity, (shown, stored)| {
        let stored: Slot = stored.slot;
        entity.answers(shown, move |organization| primary(organization).map_or(Answer::NULL, |info| info.value(stored).clone().into()))
    })
}

/// What the organization is called by its primary billing identity.
pub fn name_of(organization: &View<'_, Organization>) -> Option<String> {
    let info = primary(organization)?;
    info.get(OrganizationInfo::name).filter(|name| !name.trim().is_empty()).map(str::to_owned)
}

/// Members see their own, those below and those above; patients their providers'. Documented: siblings never see each
/// other, and callers without a key may read the demographic fields of any.
fn is_visible(organization: &View<'_, Organization>) -> bool {
    let viewer = organization.on.viewer();
    if viewer.user.is_none() || viewer.organizations.contains(&organization.id()) {
        return true;
    }
    ancestors(organization.on, viewer.organization()).contains(&organization.id())
}

/// The owner, for whoever may see them, and for the members of the organization above it.
fn owner(organization: &View<'_, Organization>) -> Answer {
    let on = organization.on;
    let Some(owner) = organization.get(Organization::owner_id) else { return Answer::NULL };
    let parent = organization.get(Organization::parent_organization_id);
    match parent.is_some_and(|parent| on.viewer().reaches(parent)) {
        true => on.find_any::<User>(owner).into(),
        false => on.find::<User>(owner).into(),
    }
}

/// The organizations above `id`, nearest first.
pub fn ancestors(on: Reading<'_>, id: u64) -> Vec<u64> {
    let mut above: Vec<u64> = vec![];
    let mut at = id;
    while let Some(parent) = on.find_any::<Organization>(at).and_then(|organization| organization.get(Organization::parent_organization_id))
    {
        if parent == id || above.contains(&parent) {
            break;
        }
        above.push(parent);
        at = parent;
    }
    above
}

fn all_infos(organization: &View<'_, Organization>) -> Vec<Row<OrganizationInfo>> {
    let infos = organization.on.having(OrganizationInfo::organization_id, organization.id());
    infos.map(|info| info.row().clone()).collect()
}

fn infos(organization: &View<'_, Organization>, asked: &Input<'_, args::Organization_organization_infos>) -> Answer {
    type Asked = args::Organization_organization_infos;
    let id = asked.get(Asked::id).ok().flatten();
    let mut infos = all_infos(organization);
    infos.retain(|info| id.is_none_or(|id| info.id() == id));
    Answer::records(infos)
}

fn all_of<T: crate::schema::Named + 'static>(organization: &View<'_, Organization>) -> Answer {
    let on = organization.on;
    let all = on.of_organization::<T>(organization.id()).filter(|record| on.may_see(T::TYPE, record.record()));
    Answer::records(all.map(|record| record.row().clone()))
}

/// Documented: by id, by a provider, by a provider's e-mail, else the caller's own; a patient's is the provider's.
pub fn organization(on: Reading<'_>, asked: &Input<'_, args::organization>) -> Result<Answer, QueryError> {
    type Asked = args::organization;
    asked.accept(Asked::for_client);
    let of = |user: View<'_, User>| user.organization();
    let named = |id| on.find_any::<User>(id).map(of);
    let email = asked.get(Asked::email).ok().flatten();
    let id = match (asked.get(Asked::id).ok().flatten(), asked.get(Asked::provider_id).ok().flatten(), email) {
        (Some(id), _, _) => Some(id),
        (None, Some(provider), _) => named(provider),
        (None, None, Some(email)) => on.having(User::email, email.to_owned()).find(|user| !user.is(User::is_patient)).map(of),
        (None, None, None) => match asked.get(Asked::provider_ids).ok().flatten().and_then(|ids| ids.first().copied()) {
            Some(provider) => named(provider),
            None => Some(on.viewer().organization()),
        },
    };
    Ok(id.and_then(|id| on.find::<Organization>(id)).into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    #[test]
    fn an_organization_shows_its_billing_identity() {
        let clinic = Clinic::open();
        insta::assert_json_snapshot!(clinic.run("{ organization { name phone_number npi tax_id tax_id_type organization_email is_active num_users org_roles organization_info { name primary } owner { full_name } location { city } } }"), @r#"
        {
          "data": {
            "organization": {
              "name": "Juniper Family Nutrition",
              "phone_number": "212-555-0100",
              "npi": "1000000004",
              "tax_id": "00-0000001",
              "tax_id_type": "EIN",
              "organization_email": "hello@clinic.example",
              "is_active": true,
              "num_users": "7",
              "org_roles": [
                "Standard",
                "Support"
              ],
              "organization_info": {
                "name": "Juniper Family Nutrition",
                "primary": true
              },
              "owner": {
                "full_name": "Margaret Ellison"
              },
              "location": {
                "city": "New York"
              }
            }
          }
        }
        "#);
    }

    #[test]
    fn anybody_reads_who_an_organization_is_and_no_more() {
        let clinic = Clinic::open();
        let id = clinic.id("Organization", "clinic");
        let nobody = clinic.as_role("nobody");
        insta::assert_json_snapshot!(nobody.run(&format!("{{ organization(id: {id}) {{ name owner {{ id }} only_active_standard {{ id }} }} }}")), @r#"
        {
          "data": {
            "organization": {
              "name": "Juniper Family Nutrition",
              "owner": null,
              "only_active_standard": []
            }
          }
        }
        "#);
    }

    #[test]
    fn a_stranger_s_organization_is_not_seen() {
        let clinic = Clinic::open();
        let id = clinic.id("Organization", "other");
        insta::assert_json_snapshot!(clinic.run(&format!("{{ organization(id: {id}) {{ name }} }}")), @r#"
        {
          "data": {
            "organization": null
          }
        }
        "#);
        let provider = clinic.id("User", "provider");
        let asked = format!("{{ organization(provider_id: {provider}) {{ name }} }}");
        insta::assert_json_snapshot!(clinic.as_role("patient").run(&asked), @r#"
        {
          "data": {
            "organization": {
              "name": "Juniper Family Nutrition"
            }
          }
        }
        "#);
    }
}
