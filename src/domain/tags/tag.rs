//! What a tag is, and the lists of them.

use crate::engine::{Entity, List, Value, View, Within};
use crate::schema::names::{AppliedTag, OrganizationMembership, Tag, User, args};
use crate::schema::{Bool, Field, Id, Many, Named};

pub fn entity() -> Entity<Tag> {
    Entity::new()
        .requires(Tag::name)
        .indexed(Tag::name)
        .computed(Tag::active_users_count, |tag| Some(count(tag, |user| is_patient(user) && is_active(user))))
        .computed(Tag::archived_users_count, |tag| Some(count(tag, |user| is_patient(user) && !is_active(user))))
        .computed(Tag::org_members_count, |tag| Some(count(tag, |user| !is_patient(user))))
        .computed(Tag::patients_tagged_count, |tag| Some(count(tag, is_patient)))
        .computed(Tag::providers_tagged_count, |tag| Some(count(tag, |user| !is_patient(user))))
        .computed(Tag::added_by, added_by)
        .answers(Tag::tagged_users, |tag| {
            let seen = tagged(tag).filter(|user| user.on.may_see(User::TYPE, user.record()));
            crate::engine::Answer::List(seen.map(Into::into).collect())
        })
}

pub fn tags() -> List<Tag, args::tags> {
    list(args::tags::ids, args::tags::user_id, args::tags::applied_to_providers)
}

pub fn tags_paginated() -> List<Tag, args::tagsPaginated> {
    list(args::tagsPaginated::ids, args::tagsPaginated::user_id, args::tagsPaginated::applied_to_providers)
}

fn list<A: Named + 'static>(ids: Field<A, Many<Id>>, owner: Field<A, Id>, to_providers: Field<A, Bool>) -> List<Tag, A> {
    List::new()
        .unpaged()
        .within(|on, _| if on.viewer().is_member() { Within::organization(on.viewer().organization()) } else { Within::nothing() })
        .filter(ids, |tag, ids| ids.is_empty() || ids.contains(&tag.id()))
        // Documented: of no effect for those who see all clients.
        .filter(owner, |tag, owner| tag.on.viewer().may(OrganizationMembership::sees_all_clients) || tag.get(Tag::user_id) == Some(owner))
        .filter(to_providers, |tag, only| !only || tagged(tag).any(|user| !is_patient(&user)))
        .order("NAME", &[Tag::name.slot])
        .order_by("ADDED_BY", |tag| Value::from(added_by(tag)))
        .order_by("ACTIVE_USERS", |tag| Value::Int(count(tag, |user| is_patient(user) && is_active(user))))
        .order_by("ORG_MEMBERS", |tag| Value::Int(count(tag, |user| !is_patient(user))))
        .default_order("NAME_ASC")
}

fn tagged<'s>(tag: &View<'s, Tag>) -> impl Iterator<Item = View<'s, User>> + use<'s> {
    let applied = tag.on.having(AppliedTag::tag_id, tag.id()).filter(|applied| applied.get(AppliedTag::deleted_at).is_none());
    applied.filter_map(|applied| applied.follow(AppliedTag::user_id))
}

fn count(tag: &View<'_, Tag>, counts: fn(&View<'_, User>) -> bool) -> i64 {
    tagged(tag).filter(counts).count() as i64
}

fn added_by(tag: &View<'_, Tag>) -> Option<String> {
    tag.follow::<User, _>(Tag::user_id).map(|user| crate::domain::people::full_name(&user))
}

fn is_active(user: &View<'_, User>) -> bool {
    user.get(User::active) != Some(false)
}

fn is_patient(user: &View<'_, User>) -> bool {
    !crate::domain::people::is_member(user)
}

#[cfg(test)]
mod tests {
    use crate::{schema::Version, testing::Clinic};
    use insta::assert_json_snapshot;

    #[test]
    fn tagged_patients_are_shown_to_those_who_see_them() {
        let clinic = Clinic::open();
        let id = clinic.id("Tag", "diabetes");
        let document = format!(r#"{{ tags(ids: ["{id}"]) {{ patients_tagged_count tagged_users {{ first_name }} }} }}"#);
        assert_eq!(clinic.run(&document)["data"]["tags"][0]["tagged_users"].as_array().map(Vec::len), Some(2));
        assert_json_snapshot!(clinic.as_role("provider2").run(&document), @r#"
        {
          "data": {
            "tags": [
              {
                "patients_tagged_count": 2,
                "tagged_users": []
              }
            ]
          }
        }
        "#);
    }

    #[test]
    fn an_organization_s_tags_go_by_name() {
        let clinic = Clinic::open();
        let fields = "name patients_tagged_count providers_tagged_count org_members_count active_users_count archived_users_count";
        assert_json_snapshot!(clinic.run(&format!("{{ tags {{ {fields} }} tagsCount }}")), @r#"
        {
          "data": {
            "tags": [
              {
                "name": "Diabetes",
                "patients_tagged_count": 2,
                "providers_tagged_count": 0,
                "org_members_count": 0,
                "active_users_count": 2,
                "archived_users_count": 0
              },
              {
                "name": "Spanish-speaking",
                "patients_tagged_count": 1,
                "providers_tagged_count": 1,
                "org_members_count": 1,
                "active_users_count": 1,
                "archived_users_count": 0
              },
              {
                "name": "VIP",
                "patients_tagged_count": 1,
                "providers_tagged_count": 0,
                "org_members_count": 0,
                "active_users_count": 1,
                "archived_users_count": 0
              },
              {
                "name": "Waitlist 2019",
                "patients_tagged_count": 0,
                "providers_tagged_count": 0,
                "org_members_count": 0,
                "active_users_count": 0,
                "archived_users_count": 0
              }
            ],
            "tagsCount": 4
          }
        }
        "#);
        assert_json_snapshot!(clinic.as_role("patient").run("{ tags { name } }"), @r#"
        {
          "data": {
            "tags": []
          }
        }
        "#);
    }

    #[test]
    fn tags_are_filtered_and_ordered() {
        let clinic = Clinic::open();
        let vip = clinic.id("Tag", "vip");
        let provider = clinic.id("User", "provider");
        let document = format!(
            r#"{{
                some: tags(ids: ["{vip}"]) {{ name }}
                on_members: tags(applied_to_providers: true) {{ name }}
                by_users: tags(order_by: ACTIVE_USERS_DESC) {{ name }}
                owned: tags(user_id: "{provider}") {{ name }}
            }}"#
        );
        assert_json_snapshot!(clinic.run(&document), @r#"
        {
          "data": {
            "some": [
              {
                "name": "VIP"
              }
            ],
            "on_members": [
              {
                "name": "Spanish-speaking"
              }
            ],
            "by_users": [
              {
                "name": "Diabetes"
              },
              {
                "name": "Spanish-speaking"
              },
              {
                "name": "VIP"
              },
              {
                "name": "Waitlist 2019"
              }
            ],
            "owned": [
              {
                "name": "Diabetes"
              },
              {
                "name": "Spanish-speaking"
              },
              {
                "name": "VIP"
              },
              {
                "name": "Waitlist 2019"
              }
            ]
          }
        }
        "#);
        let owned = format!(r#"{{ tags(user_id: "{provider}") {{ name }} }}"#);
        assert_json_snapshot!(clinic.as_role("provider").run(&owned), @r#"
        {
          "data": {
            "tags": [
              {
                "name": "Diabetes"
              }
            ]
          }
        }
        "#);
    }

    #[test]
    fn a_connection_pages_them() {
        let clinic = Clinic::open().in_version(Version::V2026_01_01);
        assert_json_snapshot!(clinic.run("{ tagsPaginated(first: 2) { nodes { name } total_count page_info { has_next_page } } }"), @r#"
        {
          "data": {
            "tagsPaginated": {
              "nodes": [
                {
                  "name": "Diabetes"
                },
                {
                  "name": "Spanish-speaking"
                }
              ],
              "total_count": 4,
              "page_info": {
                "has_next_page": true
              }
            }
          }
        }
        "#);
    }
}
