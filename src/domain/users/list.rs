//! `users`: the patients whom somebody works with.

use super::{visibility, visits};
use crate::domain::{members, payments, people};
use crate::engine::{Input, List, Reading, Value, View, Within};
use crate::schema::names::{AppliedTag, Appointment, ConversationMembership, OrganizationMembership, User, UserGroup, args};

type Asked = args::users;

pub fn users() -> List<User, Asked> {
    List::new()
        .within(within)
        .keywords(Asked::keywords)
        .filter_eq(Asked::group_id, User::user_group_id)
        .filter(Asked::ids, |user, ids| ids.contains(&user.id()))
        // Documented: those who have at least one of the tags.
        .filter(Asked::tag_ids, |user, tags| has_one_of(user, &tags))
        // Documented: `false` is of no effect.
        .filter(Asked::has_cc_on_file, |user, with_card| !with_card || payments::has_card(user))
        .order("LAST_NAME", &[User::sort_name.slot])
        .order_by("GROUP_NAME", |user| group_name(user).into())
        .order_by("PROVIDER_NAME", |user| provider_name(user).into())
        .order_by("NEXT_APPT_DATE", next_appointment)
        .order_by("NEXT_APPT", next_appointment)
        .default_order("LAST_NAME_ASC")
        .most(100)
        // Assumed: those who take part in it.
        .filter(Asked::conversation_id, |user, conversation| {
            let mut memberships = user.on.having(ConversationMembership::conversation_id, conversation);
            memberships.any(|membership| membership.get(ConversationMembership::user_id) == Some(user.id()))
        })
        // Documented: a hint, arguments for Healthie's own staff, and one without effect.
        .accepts(Asked::with_feature_toggles)
        .accepts(Asked::from_superadmin)
        .accepts(Asked::id)
        .accepts(Asked::email)
}

/// Whose patients are listed, from an index that has them in order.
fn within(on: Reading<'_>, asked: &Input<'_, Asked>) -> Within {
    let words = asked.get(Asked::keywords).ok().flatten().is_some_and(|words| !words.trim().is_empty());
    let only_searched = asked.get(Asked::show_all_by_default).ok().flatten() == Some(false);
    let in_conversation = !asked.is_blank(Asked::conversation_id);
    let asks_for_none = only_searched && !words && !in_conversation;
    // Documented: what expects a conversation is empty without one.
    if !on.viewer().is_member() || asks_for_none || asked.is(Asked::expect_conversation_id) && !in_conversation {
        return Within::nothing();
    }
    let Some(whose) = whose(on, asked) else { return Within::nothing() };
    // Observed: a search finds archived patients too, whatever `active_status` says.
    let active = if words { None } else { active(asked) };
    let searches = words || asked.get(Asked::ids).ok().flatten().is_some_and(|ids| !ids.is_empty());
    let limited = asked.is(Asked::limited_to_provider);
    let all = !limited && sees_organization(&whose, searches);
    let found = match all {
        true => of_organization(on, &whose, asked, active),
        false if limited => Within::having(User::dietitian_id, whose.id()).and(User::is_patient, true),
        false => Within::having(User::cared_for_by_ids, vec![whose.id()]),
    };
    let found = match active {
        Some(active) if !all => found.and(User::active, active),
        _ => found,
    };
    let own = on.viewer().is(whose.id());
    let nothing_hidden = if all { visibility::hides_nobody(on) } else { own || visibility::sees_all(on.viewer()) };
    if nothing_hidden { found.all_visible() } else { found }
}

/// Documented: the caller, or the provider of the caller's organization in whose place the caller looks.
fn whose<'s>(on: Reading<'s>, asked: &Input<'_, Asked>) -> Option<View<'s, User>> {
    let id = asked.get(Asked::provider_id).ok().flatten();
    let Some(id) = id else { return on.viewer().id().and_then(|id| on.find(id)) };
    on.find::<User>(id).filter(|provider| on.viewer().reaches(provider.organization()))
}

/// Documented: without a search only those who see all clients list the whole organization; who may search all finds all.
fn sees_organization(whose: &View<'_, User>, searches: bool) -> bool {
    let has = |flag: crate::schema::Field<OrganizationMembership, crate::schema::Bool>| members::has_flag(whose, flag.slot);
    has(OrganizationMembership::is_admin)
        || has(OrganizationMembership::sees_all_clients)
        || searches && has(OrganizationMembership::can_see_clients)
}

/// The patients of the organization and, unless they are not wanted, of those below it.
fn of_organization(on: Reading<'_>, whose: &View<'_, User>, asked: &Input<'_, Asked>, active: Option<bool>) -> Within {
    let own = whose.organization();
    let with_below = asked.get(Asked::include_suborg_patients).ok().flatten() != Some(false);
    if with_below && on.viewer().organizations.len() > 1 {
        let listed = Within::having(User::listed_in_ids, vec![own]);
        return match active {
            Some(active) => listed.and(User::active, active),
            None => listed,
        };
    }
    let own = Within::having(User::home_organization_id, own).and(User::is_patient, true);
    match active {
        Some(active) => own.and(User::active, active),
        None => own,
    }
}

/// Documented: `active` or `archived`. Observed: in any case.
fn active(asked: &Input<'_, Asked>) -> Option<bool> {
    match asked.get(Asked::active_status).ok().flatten()?.to_lowercase().as_str() {
        "active" => Some(true),
        "archived" | "inactive" => Some(false),
        _ => None,
    }
}

fn has_one_of(user: &View<'_, User>, tags: &[u64]) -> bool {
    let applied = user.on.having(AppliedTag::user_id, user.id()).filter(|applied| applied.get(AppliedTag::deleted_at).is_none());
    applied.filter_map(|applied| applied.get(AppliedTag::tag_id)).any(|tag| tags.contains(&tag))
}

fn group_name(user: &View<'_, User>) -> Option<String> {
    user.follow::<UserGroup, _>(User::user_group_id)?.get(UserGroup::name).map(str::to_owned)
}

fn provider_name(user: &View<'_, User>) -> Option<String> {
    user.follow::<User, _>(User::dietitian_id).map(|provider| people::full_name(&provider))
}

fn next_appointment(user: &View<'_, User>) -> Value {
    let next = visits::upcoming(user).next();
    next.map_or(Value::Null, |visit| visit.value(Appointment::date.slot).clone())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    fn names(clinic: &Clinic, args: &str) -> String {
        let answer = clinic.run(&format!("{{ users({args}) {{ last_name }} }}"));
        let users = answer["data"]["users"].as_array().unwrap_or_else(|| panic!("{answer}"));
        users.iter().filter_map(|user| user["last_name"].as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn ten_patients_by_last_name_are_a_page() {
        let clinic = Clinic::open();
        insta::assert_snapshot!(names(&clinic, "offset: 0"), @"Bell Delgado Haddad Hartwell Lund Marsh Okoye Reyes Tanabe Thornton");
        insta::assert_snapshot!(names(&clinic, "offset: 10"), @"Vogel Whitlock");
        insta::assert_snapshot!(names(&clinic, "should_paginate: false, order_by: LAST_NAME_DESC"), @"Whitlock Vogel Thornton Tanabe Reyes Okoye Marsh Lund Hartwell Haddad Delgado Bell");
        insta::assert_snapshot!(names(&clinic, r#"page_size: 3, sort_by: "first_name_asc""#), @"Thornton Marsh Whitlock");
        insta::assert_snapshot!(names(&clinic, "page_size: 3, order_by: NEXT_APPT_DATE_ASC"), @"Haddad Reyes Thornton");
    }

    #[test]
    fn patients_are_found_by_what_is_known_of_them() {
        let clinic = Clinic::open();
        let (group, provider, ava) = (clinic.id("UserGroup", "heart"), clinic.id("User", "provider"), clinic.id("User", "patient"));
        insta::assert_snapshot!(names(&clinic, r#"keywords: "whit gra""#), @"Whitlock");
        insta::assert_snapshot!(names(&clinic, r#"active_status: "Archived""#), @"Whitlock");
        insta::assert_snapshot!(names(&clinic, r#"active_status: "active", page_size: 100"#), @"Bell Delgado Haddad Hartwell Lund Marsh Okoye Reyes Tanabe Thornton Vogel");
        // Observed: a search doesn't ask whether somebody is active.
        insta::assert_snapshot!(names(&clinic, r#"active_status: "active", keywords: "whitlock""#), @"Whitlock");
        insta::assert_snapshot!(names(&clinic, &format!(r#"group_id: "{group}""#)), @"Delgado Marsh Thornton");
        insta::assert_snapshot!(names(&clinic, &format!(r#"provider_id: "{provider}""#)), @"Delgado Haddad Hartwell Marsh Tanabe Thornton Vogel");
        insta::assert_snapshot!(names(&clinic, &format!(r#"provider_id: "{provider}", limited_to_provider: true"#)), @"Delgado Haddad Hartwell Marsh Thornton Vogel");
        insta::assert_snapshot!(names(&clinic, &format!("ids: [{ava}]")), @"Thornton");
        assert_eq!(names(&clinic, "show_all_by_default: false"), "");
        assert_eq!(names(&clinic, "expect_conversation_id: true"), "");
        let conversation = clinic.id("Conversation", "patient");
        let in_it = format!(r#"expect_conversation_id: true, conversation_id: "{conversation}""#);
        assert_eq!(names(&clinic, &in_it), "Thornton");
        assert_eq!(names(&clinic, "has_cc_on_file: true"), "Bell Delgado Haddad Thornton");
    }

    #[test]
    fn everybody_lists_their_own() {
        let clinic = Clinic::open();
        let told = ["owner", "admin", "provider", "provider2", "integration", "limited", "support", "patient", "outsider"].map(|role| {
            let clinic = clinic.as_role(role);
            let count = clinic.run("{ usersCount }")["data"]["usersCount"].clone();
            format!("{role}: {count}: {}", names(&clinic, "page_size: 4"))
        });
        insta::assert_debug_snapshot!(told, @r#"
        [
            "owner: 12: Bell Delgado Haddad Hartwell",
            "admin: 12: Bell Delgado Haddad Hartwell",
            "provider: 7: Delgado Haddad Hartwell Marsh",
            "provider2: 7: Bell Delgado Lund Okoye",
            "integration: 12: Bell Delgado Haddad Hartwell",
            "limited: 0: ",
            "support: 12: Bell Delgado Haddad Hartwell",
            "patient: 0: ",
            "outsider: 1: Arden",
        ]
        "#);
    }

    #[test]
    fn tags_are_asked_for_by_any_of_them() {
        let clinic = Clinic::open();
        let tags = clinic.run("{ tags { id patients_tagged_count } }");
        let tag = &tags["data"]["tags"][0];
        let found = clinic.run(&format!("{{ usersCount(tag_ids: [{}]) }}", tag["id"]));
        assert_eq!(found["data"]["usersCount"].as_u64(), tag["patients_tagged_count"].as_u64(), "{tags}");
    }

    #[test]
    fn a_parent_lists_the_patients_below_it() {
        let clinic = Clinic::open();
        let made = clinic.run(
            r#"mutation { createOrganization(input: { email: "s@s.example", first_name: "Sol", last_name: "South" }) { organization { owner { id } } } }"#,
        );
        let owner = made["data"]["createOrganization"]["organization"]["owner"]["id"].clone();
        clinic.run(&format!(
            r#"mutation {{ createClient(input: {{ first_name: "Abe", last_name: "Aachen", email: "a@a.example", dietitian_id: {owner} }}) {{ messages {{ message }} }} }}"#
        ));
        insta::assert_snapshot!(names(&clinic, "page_size: 2"), @"Aachen Bell");
        insta::assert_snapshot!(names(&clinic, "page_size: 2, include_suborg_patients: false"), @"Bell Delgado");
        insta::assert_snapshot!(names(&clinic, r#"page_size: 2, active_status: "active""#), @"Aachen Bell");
    }

    #[test]
    fn a_newer_client_follows_a_cursor() {
        let clinic = Clinic::open().as_role("provider2").in_version(crate::schema::Version::V2026_01_01);
        let page = clinic.run("{ users(first: 2) { total_count nodes { last_name } page_info { has_next_page end_cursor } } }");
        let cursor = page["data"]["users"]["page_info"]["end_cursor"].clone();
        let next = clinic.run(&format!("{{ users(first: 1, after: {cursor}) {{ nodes {{ last_name dietitian {{ last_name }} }} }} }}"));
        insta::assert_json_snapshot!([page, next], @r#"
        [
          {
            "data": {
              "users": {
                "total_count": 7,
                "nodes": [
                  {
                    "last_name": "Bell"
                  },
                  {
                    "last_name": "Delgado"
                  }
                ],
                "page_info": {
                  "has_next_page": true,
                  "end_cursor": "eyJrIjpbImRlbGdhZG8gcm9zYSIsIjU1NDgwMDExIl19"
                }
              }
            }
          },
          {
            "data": {
              "users": {
                "nodes": [
                  {
                    "last_name": "Lund",
                    "dietitian": {
                      "last_name": "Okafor"
                    }
                  }
                ]
              }
            }
          }
        ]
        "#);
    }
}
