//! The people, tags and addresses around a person.

use crate::domain::{api_keys, charting, members, onboarding, tags};
use crate::engine::{Answer, Entity, Row, Value, View};
use crate::schema::Named;
use crate::schema::names::{Location, Organization, OrganizationMembership, StateLicense, User, UserGroup, args};

pub fn answer(entity: Entity<User>) -> Entity<User> {
    let entity = onboarding::answer(entity)
        .collects(User::locations, Location::user_id)
        .collects(User::state_licenses, StateLicense::user_id)
        .answers(User::form_answer_groups, |user| charting::of_user(user.on, user.id()))
        .answers(User::location, |user| user.on.having(Location::user_id, user.id()).next().into())
        .answers(User::active_tags, |user| Answer::List(tags::of_user(user).into_iter().map(Answer::from).collect()))
        .answers(User::api_keys, api_keys::keys_of)
        .answers(User::organization, |user| user.on.find::<Organization>(user.organization()).into())
        .answers(User::organization_id, |user| Value::Id(user.organization()).into())
        .answers(User::organization_membership, |user| members::of_user(user.on, user.id()).into())
        .computed(User::organization_email, |user| {
            let organization = user.on.find_any::<Organization>(user.organization())?;
            organization.get(Organization::organization_email).map(str::to_owned)
        })
        .computed(User::group_name, |user| user.follow::<UserGroup, _>(User::user_group_id)?.get(UserGroup::name).map(str::to_owned))
        .answers(User::other_org_members_for_sharing, |user| other_org_members(user, true))
        .answers_to(User::other_org_members, args::User_other_org_members, |user, asked| {
            other_org_members(user, asked.is(args::User_other_org_members::only_active))
        })
        .computed(User::has_other_org_members, |user| {
            Some(!matches!(other_org_members(user, true), Answer::List(list) if list.is_empty()))
        });
    providers(patients(entity))
}

fn providers(entity: Entity<User>) -> Entity<User> {
    entity.answers(User::other_providers, |user| visible(user, user.get(User::other_provider_ids).unwrap_or_default())).answers_to(
        User::providers,
        args::User_providers,
        |user, asked| {
            let mut all = user.get(User::cared_for_by_ids).unwrap_or_default();
            if asked.is(args::User_providers::can_be_scheduled_with) {
                // Inferred: the primary one, and of the care team those who allow it.
                let primary = user.get(User::dietitian_id);
                all.retain(|provider| primary == Some(*provider) || allows_scheduling(user, *provider));
            }
            visible(user, all)
        },
    )
}

fn allows_scheduling(user: &View<'_, User>, provider: u64) -> bool {
    let membership = members::of_user(user.on, provider);
    membership.is_some_and(|membership| membership.is(OrganizationMembership::allow_self_scheduling_in_care_team))
}

/// What a provider says of the own patients.
fn patients(entity: Entity<User>) -> Entity<User> {
    entity
        .answers_to(User::patients_count, args::User_patients_count, |user, asked| {
            let count = match asked.is(args::User_patients_count::only_primary) {
                true => user.on.count_having(User::dietitian_id, user.id()),
                false => user.on.count_having(User::cared_for_by_ids, vec![user.id()]),
            };
            Value::Int(count as i64).into()
        })
        .answers_to(User::patients, args::User_patients, |user, asked| {
            type A = args::User_patients;
            let ids = asked.get(A::client_ids).ok().flatten().unwrap_or_default();
            let only_active = asked.is(A::only_active);
            let wanted =
                |patient: &Row<User>| (ids.is_empty() || ids.contains(&patient.id())) && (!only_active || patient.is(User::active));
            Answer::records(cared_for(user).into_iter().filter(wanted))
        })
        .answers_to(User::active_patients, args::User_active_patients, |user, asked| {
            asked.accept(args::User_active_patients::include_suborg_patients);
            Answer::records(active_patients(user))
        })
        .answers_to(User::active_patients_count, args::User_active_patients_count, |user, asked| {
            asked.accept(args::User_active_patients_count::include_suborg_patients);
            Value::Int(active_patients(user).len() as i64).into()
        })
}

fn active_patients(user: &View<'_, User>) -> Vec<Row<User>> {
    cared_for(user).into_iter().filter(|patient| patient.is(User::active)).collect()
}

/// The own patients that the viewer may see too, by last name.
fn cared_for(user: &View<'_, User>) -> Vec<Row<User>> {
    let on = user.on;
    let patients = on.having(User::cared_for_by_ids, vec![user.id()]).filter(|patient| on.may_see(User::TYPE, patient.record()));
    patients.map(|patient| patient.row().clone()).collect()
}

fn visible(user: &View<'_, User>, ids: Vec<u64>) -> Answer {
    Answer::records(ids.into_iter().filter_map(|id| user.on.find::<User>(id)).map(|found| found.row().clone()))
}

fn other_org_members(user: &View<'_, User>, only_active: bool) -> Answer {
    let memberships = user.on.of_organization::<OrganizationMembership>(user.organization());
    let wanted = memberships.filter(|membership| !only_active || membership.get(OrganizationMembership::is_active) != Some(false));
    let others = wanted.filter_map(|membership| membership.get(OrganizationMembership::user_id)).filter(|other| *other != user.id());
    let mut others: Vec<_> = others.filter_map(|other| user.on.find::<User>(other)).collect();
    others.sort_by_cached_key(|other| (other.get(User::sort_name).unwrap_or_default().to_owned(), other.id()));
    Answer::List(others.into_iter().map(Answer::from).collect())
}
