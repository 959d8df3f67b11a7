//! What a flag lets a member find: off, a list is shorter than on.

use crate::testing::Clinic;
use serde_json::{Value, json};

/// A flag, whose it is, the list that `limited` asks for, and whose other flag it takes.
struct Scope {
    flag: &'static str,
    of: &'static str,
    list: &'static str,
    beside: Option<(&'static str, &'static str)>,
}

const fn scope(flag: &'static str, list: &'static str) -> Scope {
    Scope { flag, of: "limited", list, beside: None }
}

/// The provider's own, asked for by a colleague.
const fn share(flag: &'static str, list: &'static str) -> Scope {
    Scope { flag, of: "provider", list, beside: None }
}

const SCOPES: &[Scope] = &[
    scope("sees_all_clients", "users(should_paginate: false) { id }"),
    scope("can_see_clients", r#"users(should_paginate: false, keywords: "a") { id }"#),
    scope("can_see_calendar", r#"appointments(is_org: true, filter: "all", should_paginate: false) { id }"#),
    Scope { beside: Some(("limited", "can_see_billing: true")), ..scope("sees_all_billing", "billingItems { id }") },
    scope("can_see_docs", "documents(should_paginate: false) { id }"),
    Scope {
        beside: Some(("limited", "can_see_clients: true")),
        ..scope("can_access_to_members_chat", "conversationMemberships(org_chat: true) { id }")
    },
    scope("can_view_all_org_members_tasks", "tasks { id }"),
    Scope { beside: Some(("provider", "share_goal_templates: true")), ..scope("can_view_goal_templates", "goalTemplates { id }") },
    share("share_user_groups", "userGroups(should_paginate: false) { id }"),
    share("share_appointment_types", "appointmentTypes(should_paginate: false) { id }"),
    share("share_packages", "offerings(should_paginate: false) { id }"),
    share("share_smart_phrases", "smartPhrases { id }"),
    Scope { beside: Some(("limited", "can_view_goal_templates: true")), ..share("share_goal_templates", "goalTemplates { id }") },
];

fn set(clinic: &Clinic, whose: &str, flags: &str) {
    let id = clinic.id("OrganizationMembership", whose);
    let answer = clinic
        .run(&format!("mutation {{ answer: updateOrganizationMembership(input: {{ id: {id}, {flags} }}) {{ messages {{ message }} }} }}"));
    assert_eq!(answer["data"]["answer"], json!({ "messages": null }), "{answer}");
}

fn found(clinic: &Clinic, scope: &Scope) -> Result<usize, String> {
    let answer = clinic.as_role("limited").run(&format!("{{ found: {} }}", scope.list));
    answer["data"]["found"].as_array().map(Vec::<Value>::len).ok_or_else(|| answer.to_string())
}

#[test]
fn a_list_is_longer_while_the_flag_is_on() {
    let mut amiss = Vec::new();
    for scope in SCOPES {
        let clinic = Clinic::open();
        if let Some((whose, flags)) = scope.beside {
            set(&clinic, whose, flags);
        }
        set(&clinic, scope.of, &format!("{}: false", scope.flag));
        let off = found(&clinic, scope);
        set(&clinic, scope.of, &format!("{}: true", scope.flag));
        let on = found(&clinic, scope);
        if !matches!((&off, &on), (Ok(off), Ok(on)) if on > off) {
            amiss.push(format!("{}: {off:?} without, {on:?} with", scope.flag));
        }
    }
    assert!(amiss.is_empty(), "{amiss:#?}");
}
