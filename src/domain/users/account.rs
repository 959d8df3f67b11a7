//! What a person says of signing in, of the practice around them, and of what they may use as a patient.

use crate::domain::{accounts, feature_toggles, members, organizations, people};
use crate::engine::{Answer, Entity, Reading, Row, Value, View};
use crate::schema::names::{FeatureToggle, Organization, OrganizationMembership, User, UserGroup, args};
use crate::schema::{Bool, Field, Named};

pub fn answer(entity: Entity<User>) -> Entity<User> {
    allowances(practice(entity))
        .computed(User::human_id, |user| accounts::human_of(user.on, user.row()).map(|human| human.id()))
        .answers(User::switchable_users, |user| Answer::records(siblings(user)))
        .answers(User::switchable_users_count, |user| Value::Int(siblings(user).len() as i64).into())
        .computed(User::has_user_switch_options, |user| Some(!siblings(user).is_empty()))
        // Assumed: what somebody did last is that they signed in.
        .computed(User::last_activity, |user| user.get(User::last_sign_in_at))
        .computed(User::last_active, |user| user.get(User::last_sign_in_at))
        .computed(User::last_activity_string, |user| {
            let at = user.get(User::last_sign_in_at)?;
            Some(user.on.viewer().zone.to_datetime(at).date().to_string())
        })
        .computed(User::accessed_account, |user| Some(user.get(User::last_sign_in_at).is_some()))
        .computed(User::is_super_admin, |_| Some(false))
        .computed(User::signup_completed, |user| Some(user.get(User::password_digest).is_some()))
        .answers(User::feature_toggle, feature_toggles::of_user)
}

/// The other accounts of the same human, for that human and for administrators.
fn siblings(user: &View<'_, User>) -> Vec<Row<User>> {
    let viewer = user.on.viewer();
    let Some(email) = user.get(User::email).filter(|email| !email.is_empty()) else { return vec![] };
    if !viewer.is(user.id()) && !viewer.is_admin() {
        return vec![];
    }
    let others = user.on.having(User::email, email.to_owned()).filter(|other| other.id() != user.id());
    others.map(|other| other.row().clone()).collect()
}

/// What members say of their organization.
fn practice(entity: Entity<User>) -> Entity<User> {
    entity
        .computed(User::is_org, |user| Some(!user.is(User::is_patient)))
        .computed(User::is_org_with_multiple_users, |user| Some(active_members(user.on, user.organization()) > 1))
        .computed(User::in_multiple_providers_org, |user| Some(active_members(user.on, user.organization()) > 1))
        .computed(User::org_name_or_self_name, |user| {
            let organization = user.on.find_any::<Organization>(user.organization());
            Some(organization.and_then(|organization| organizations::name_of(&organization)).unwrap_or_else(|| people::full_name(user)))
        })
        .computed(User::has_user_groups, |user| Some(!groups(user).is_empty()))
        .answers_to(User::user_groups, args::User_user_groups, |user, asked| {
            let lacks = asked.is(args::User_user_groups::check_group_level_actions)
                && !members::has_flag(user, OrganizationMembership::allow_group_level_actions.slot);
            Answer::records(if lacks { vec![] } else { groups(user) })
        })
        .answers(User::user_groups_count, |user| Value::Int(groups(user).len() as i64).into())
}

fn active_members(on: Reading<'_>, organization: u64) -> usize {
    let memberships = on.of_organization::<OrganizationMembership>(organization);
    memberships.filter(|membership| membership.get(OrganizationMembership::is_active) != Some(false)).count()
}

/// The own groups, and those that others of the organization share.
fn groups(user: &View<'_, User>) -> Vec<Row<UserGroup>> {
    let on = user.on;
    if user.is(User::is_patient) {
        return vec![];
    }
    let shared = |group: &View<'_, UserGroup>| {
        let Some(owner) = group.value(UserGroup::user.slot).as_id() else { return true };
        let shares = || members::of_user(on, owner).is_some_and(|membership| membership.is(OrganizationMembership::share_user_groups));
        owner == user.id() || shares()
    };
    let all = on.of_organization::<UserGroup>(user.organization()).filter(|group| on.may_see(UserGroup::TYPE, group.record()));
    all.filter(shared).map(|group| group.row().clone()).collect()
}

/// What the client permissions of a patient say under other names; members may use everything.
fn allowances(entity: Entity<User>) -> Entity<User> {
    type T = FeatureToggle;
    const MIRRORS: [(Field<User, Bool>, Field<FeatureToggle, Bool>); 14] = [
        (User::allow_community_chat, T::allow_community_chat),
        (User::allow_direct_chat, T::allow_direct_chat),
        (User::can_schedule_appointments, T::can_schedule_appointments),
        (User::require_intake_for_communication, T::require_intake_for_communication),
        (User::show_appointments_tab, T::can_schedule_appointments),
        (User::show_care_plan_area, T::can_view_care_plan),
        (User::show_chat_tab, T::allow_direct_chat),
        (User::show_documents_tab, T::can_view_documents),
        (User::show_education_tab, T::can_view_programs),
        (User::show_forms_tab, T::can_view_forms),
        (User::show_goals_area, T::can_view_goals),
        (User::show_journal_entries_area, T::can_view_journal_entries),
        (User::show_packages_tab, T::can_view_packages),
        (User::show_payments_tab, T::can_view_payments),
    ];
    MIRRORS.into_iter().fold(entity, |entity, (shown, flag)| {
        entity.answers(shown, move |user| {
            let by_default = shown.slot != User::require_intake_for_communication.slot;
            let toggle = feature_toggles::effective(user);
            Value::Bool(toggle.and_then(|toggle| toggle.get(flag)).unwrap_or(by_default)).into()
        })
    })
}
