//! Groups of patients: a patient is in one at most.

use crate::domain::{form_requests, members};
use crate::engine::{Answer, Entity, Input, List, Row, Value, View, Within};
use crate::schema::Named;
use crate::schema::names::{OrganizationMembership, User, UserGroup, args};

pub fn entity() -> Entity<UserGroup> {
    Entity::new()
        .requires(UserGroup::name)
        .searched(UserGroup::name)
        .visible(|group| {
            let viewer = group.on.viewer();
            let own = viewer.user.as_ref().and_then(|user| user.get(User::user_group_id));
            viewer.reaches(group.organization()) || own == Some(group.id())
        })
        .answers(UserGroup::doc_share_id, |group| Value::from(format!("group-{}", group.id())).into())
        .answers(UserGroup::recurring_forms, |group| Answer::records(form_requests::recurring_of(group)))
        .computed(UserGroup::recurring_forms_count, |group| Some(form_requests::recurring_of(group).len() as i64))
        .computed(UserGroup::users_count, |group| Some(count(group)))
        .answers(UserGroup::user_ids, |group| Value::List(people(group).iter().map(|user| Value::Id(user.id())).collect()).into())
        .answers_to(UserGroup::users, args::UserGroup_users, users)
}

fn count(group: &View<'_, UserGroup>) -> i64 {
    group.on.count_having(User::user_group_id, group.id()) as i64
}

/// Who is in the group, as far as the viewer may see them.
fn people(group: &View<'_, UserGroup>) -> Vec<Row<User>> {
    let on = group.on;
    let people = on.having(User::user_group_id, group.id()).filter(|user| on.may_see(User::TYPE, user.record()));
    people.map(|user| user.row().clone()).collect()
}

/// Documented: by last name, unless `should_sort` is false.
fn users(group: &View<'_, UserGroup>, asked: &Input<'_, args::UserGroup_users>) -> Answer {
    type Asked = args::UserGroup_users;
    let status = asked.get(Asked::active_status).ok().flatten().filter(|status| !status.is_empty());
    let active = status.map(|status| status.eq_ignore_ascii_case("active"));
    let mut people = people(group);
    people.retain(|user| active.is_none_or(|active| user.is(User::active) == active));
    if asked.get(Asked::should_sort).ok().flatten() != Some(false) {
        people.sort_by_cached_key(|user| (user.get(User::sort_name).unwrap_or_default().to_owned(), user.id()));
    }
    Answer::records(people)
}

/// Documented: the caller's own groups and those that others share; none where the caller asks about group-level actions
/// that the caller may not do. Administrators see all (inferred).
pub fn user_groups() -> List<UserGroup, args::userGroups> {
    List::new()
        .unpaged()
        .within(|on, asked| {
            let viewer = on.viewer();
            let may_act = viewer.may(OrganizationMembership::allow_group_level_actions);
            if !viewer.is_member() || asked.is(args::userGroups::check_group_level_actions) && !may_act {
                return Within::nothing();
            }
            Within::organization(viewer.organization())
        })
        .keep(|group, _| is_shared(group))
        .keywords(args::userGroups::keywords)
        .order_by("USERS_COUNT", |group| Value::Int(count(group)))
        .default_order("NAME_ASC")
}

fn is_shared(group: &View<'_, UserGroup>) -> bool {
    let viewer = group.on.viewer();
    let owner = group.value(UserGroup::user.slot).as_id();
    let shared =
        |owner| members::of_user(group.on, owner).is_some_and(|membership| membership.is(OrganizationMembership::share_user_groups));
    viewer.is_admin() || owner.is_none_or(|owner| viewer.is(owner) || shared(owner))
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    #[test]
    fn a_group_knows_who_is_in_it() {
        let clinic = Clinic::open();
        let id = clinic.id("UserGroup", "heart");
        insta::assert_json_snapshot!(clinic.run(&format!(
            "{{ userGroup(id: {id}) {{ name invite_code users_count users {{ last_name }} user {{ last_name }} }} userGroups {{ name }} userGroupsCount }}"
        )), @r#"
        {
          "data": {
            "userGroup": {
              "name": "Heart Health",
              "invite_code": "a41f0c",
              "users_count": 3,
              "users": [
                {
                  "last_name": "Delgado"
                },
                {
                  "last_name": "Marsh"
                },
                {
                  "last_name": "Thornton"
                }
              ],
              "user": {
                "last_name": "Raman"
              }
            },
            "userGroups": [
              {
                "name": "Heart Health"
              },
              {
                "name": "Newcomers"
              }
            ],
            "userGroupsCount": 2
          }
        }
        "#);
    }

    #[test]
    fn groups_that_nobody_shares_are_the_owners() {
        let clinic = Clinic::open();
        clinic.as_role("integration").run(r#"mutation { createGroup(input: { name: "Quiet" }) { user_group { id } } }"#);
        insta::assert_json_snapshot!(clinic.as_role("provider2").run("{ userGroups { name } }"), @r#"
        {
          "data": {
            "userGroups": [
              {
                "name": "Heart Health"
              },
              {
                "name": "Newcomers"
              }
            ]
          }
        }
        "#);
        insta::assert_json_snapshot!(clinic.run("{ userGroups { name } }"), @r#"
        {
          "data": {
            "userGroups": [
              {
                "name": "Heart Health"
              },
              {
                "name": "Newcomers"
              },
              {
                "name": "Quiet"
              }
            ]
          }
        }
        "#);
        insta::assert_json_snapshot!(clinic.as_role("limited").run("{ userGroups(check_group_level_actions: true) { name } }"), @r#"
        {
          "data": {
            "userGroups": []
          }
        }
        "#);
        insta::assert_json_snapshot!(clinic.as_role("patient").run("{ userGroups { name } }"), @r#"
        {
          "data": {
            "userGroups": []
          }
        }
        "#);
    }
}
