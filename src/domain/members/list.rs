//! The lists of members and of their memberships.

use super::state_license::is_licensed_in;
use crate::engine::{List, Value, View, Within};
use crate::schema::names::{OrganizationMembership, User, args};

/// Documented: the members of the caller's organization, by last name. Assumed: only the active ones.
pub fn organization_members() -> List<User, args::organizationMembers> {
    List::new()
        .within(|on, _| match on.viewer().is_member() {
            true => Within::having(User::home_organization_id, on.viewer().organization())
                .and(User::is_patient, false)
                .and(User::active, true)
                .all_visible(),
            false => Within::nothing(),
        })
        .keywords(args::organizationMembers::keywords)
        .filter(args::organizationMembers::licensed_in_state, |member, state| is_licensed_in(member, state))
        .order("LAST_NAME", &[User::sort_name.slot])
        // Assumed: a member's provider is the member.
        .order("PROVIDER_NAME", &[User::last_name.slot, User::first_name.slot])
        .default_order("LAST_NAME_ASC")
        .most(100)
}

/// Documented: of the organization that `id` names, else of the caller's. Assumed: those of inactive members too, since
/// they can be ordered by status.
pub fn organization_memberships() -> List<OrganizationMembership, args::organizationMemberships> {
    List::new()
        .unpaged()
        .within(|on, asked| {
            let own = on.viewer().organization();
            let id = asked.get(args::organizationMemberships::id).ok().flatten().and_then(|id| id.trim().parse().ok());
            match id.unwrap_or(own) {
                reached if on.viewer().reaches(reached) => Within::organization(reached).all_visible(),
                _ => Within::nothing(),
            }
        })
        .filter_eq(args::organizationMemberships::user_ids, OrganizationMembership::user_id)
        .order_by("LAST_NAME", |membership| name(membership, User::last_name))
        .order_by("FIRST_NAME", |membership| name(membership, User::first_name))
        .order_by("STATUS", |membership| Value::Bool(membership.get(OrganizationMembership::is_active) == Some(false)))
        .order("TYPE", &[OrganizationMembership::org_role.slot])
        .order("POSITION", &[OrganizationMembership::position.slot])
}

fn name(membership: &View<'_, OrganizationMembership>, part: crate::schema::Field<User, crate::schema::Text>) -> Value {
    let user = membership.follow::<User, _>(OrganizationMembership::user_id);
    user.map_or(Value::Null, |user| user.value(part.slot).clone())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    #[test]
    fn active_members_are_listed_by_last_name() {
        let clinic = Clinic::open().as_role("provider");
        insta::assert_json_snapshot!(clinic.run(r#"{ organizationMembers { last_name } organizationMembersCount searched: organizationMembers(keywords: "clinic.example okafor") { last_name } }"#), @r#"
        {
          "data": {
            "organizationMembers": [
              {
                "last_name": "Brandt"
              },
              {
                "last_name": "Ellison"
              },
              {
                "last_name": "Integration"
              },
              {
                "last_name": "Lind"
              },
              {
                "last_name": "Mendes"
              },
              {
                "last_name": "Okafor"
              },
              {
                "last_name": "Raman"
              }
            ],
            "organizationMembersCount": 7,
            "searched": [
              {
                "last_name": "Okafor"
              }
            ]
          }
        }
        "#);
        insta::assert_json_snapshot!(clinic.as_role("patient").run("{ organizationMembers { last_name } }"), @r#"
        {
          "data": {
            "organizationMembers": []
          }
        }
        "#);
    }

    #[test]
    fn memberships_are_ordered_by_the_member() {
        let clinic = Clinic::open();
        let user = clinic.id("User", "provider");
        insta::assert_json_snapshot!(clinic.run(&format!(
            "{{ organizationMemberships(order_by: FIRST_NAME_DESC) {{ user {{ first_name }} }} own: organizationMembership {{ title }} named: organizationMembership(user_id: {user}) {{ title is_developer }} some: organizationMemberships(user_ids: [{user}]) {{ title }} }}"
        )), @r#"
        {
          "data": {
            "organizationMemberships": [
              {
                "user": {
                  "first_name": "Walter"
                }
              },
              {
                "user": {
                  "first_name": "Theo"
                }
              },
              {
                "user": {
                  "first_name": "Priya"
                }
              },
              {
                "user": {
                  "first_name": "Margaret"
                }
              },
              {
                "user": {
                  "first_name": "Juniper"
                }
              },
              {
                "user": {
                  "first_name": "Jonas"
                }
              },
              {
                "user": {
                  "first_name": "Daniel"
                }
              },
              {
                "user": {
                  "first_name": "Carla"
                }
              }
            ],
            "own": {
              "title": "Owner"
            },
            "named": {
              "title": "Dietitian",
              "is_developer": true
            },
            "some": [
              {
                "title": "Dietitian"
              }
            ]
          }
        }
        "#);
    }
}
