//! `users`: the patients whom somebody works with.

use super::{visibility, visits};
use crate::domain::{members, people};
use crate::engine::{Input, List, Reading, Value, View, Within};
use crate::schema::names::{AppliedTag, Appointment, OrganizationMembership, User, UserGroup, args};

type Asked = args::users;

pub fn users() -> List<User, Asked> {
    List::new()
        .within(within)
        .keywords(Asked::keywords)
        .filter_eq(Asked::group_id, User::user_group_id)
        .filter(Asked::ids, |user, ids| ids.contains(&user.id()))
        // Documented: those who have at least one of the tags.
        .filter(Asked::tag_ids, |user, tags| has_one_of(user, &tags))
        // Documented: `false` is of no effect. Cards are not emulated yet: nobody has one.
        .filter(Asked::has_cc_on_file, |_, with_card| !with_card)
        .order("LAST_NAME", &[User::sort_name.slot])
        .order_by("GROUP_NAME", |user| group_name(user).into())
        .order_by("PROVIDER_NAME", |user| provider_name(user).into())
        .order_by("NEXT_APPT_DATE", next_appointment)
        .order_by("NEXT_APPT", next_appointment)
        .default_order("LAST_NAME_ASC")
        .most(100)
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
    // Documented: what expects a conversation is empty without one. Conversations are not emulated yet.
    if !on.viewer().is_member() || only_searched && !words || asked.is(Asked::expect_conversation_id) {
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
    if visibility::sees_all(on.viewer()) || own && !all { found.all_visible() } else { found }
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
