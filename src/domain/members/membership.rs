//! What ties a member to an organization: a role, and a flag for everything that the member may do.

use crate::engine::{Answer, Draft, Entity, Input, QueryError, Reading, View};
use crate::schema::names::{OrganizationMembership, User, args};
use crate::schema::{Base, Bool, Field, Named, Slot};

type M = OrganizationMembership;

/// What a new member may do, as far as nothing else is said.
///
/// Assumed, since nobody has published it: what concerns the member's own work, and nothing of others.
const OWN_WORK: [Field<M, Bool>; 21] = [
    M::allow_group_level_actions,
    M::can_add_clients,
    M::can_add_own_appointments,
    M::can_be_care_team_member,
    M::can_charge_clients,
    M::can_create_tags,
    M::can_delete_own_appointments,
    M::can_edit_own_appointments,
    M::can_lock_own_charting_notes,
    M::can_manage_own_availability,
    M::can_manage_own_blocks,
    M::can_order_labs,
    M::can_see_billing,
    M::can_sign_own_charting_notes,
    M::can_status_own_appointments,
    M::can_view_cms1500s,
    M::can_view_labs,
    M::can_view_super_bills,
    M::is_provider,
    M::start_conversation_with,
    M::is_active,
];

pub fn entity() -> Entity<M> {
    let entity = Entity::new()
        .flags_default_to_no()
        .defaults(M::org_role, "Standard".to_owned())
        .indexed(M::user_id)
        .indexed(M::organization_id)
        .visible(is_visible)
        .derives(keep_support_apart)
        // Documented: another name for the flag that replaced it.
        .answers(M::can_lock_form_answer_groups, |membership| membership.value(M::can_lock_own_charting_notes.slot).clone().into())
        .ruled(M::can_lock_form_answer_groups)
        .ruled(M::is_active)
        .ruled(M::user_id)
        .ruled(M::organization_id)
        .announces("organization_membership");
    OWN_WORK.into_iter().fold(entity, |entity, flag| entity.defaults(flag, true))
}

/// Documented: support members are no providers, have no clients and are on no care team.
fn keep_support_apart(membership: &mut Draft<M>, _: Reading<'_>) {
    if membership.get(M::org_role) == Some("Support") {
        membership.put(M::is_provider, false);
        membership.put(M::can_be_care_team_member, false);
    }
}

/// Members of the organization and of the one above it; for everybody, the membership of a person they may see.
fn is_visible(membership: &View<'_, M>) -> bool {
    let viewer = membership.on.viewer();
    let member = || membership.get(M::user_id).is_some_and(|user| membership.on.find::<User>(user).is_some());
    viewer.reaches(membership.organization()) || member()
}

/// The membership of a member, the active one first.
pub fn of_user(on: Reading<'_>, user: u64) -> Option<View<'_, M>> {
    let all = || on.having(M::user_id, user);
    all().find(|membership| membership.get(M::is_active) != Some(false)).or_else(|| all().next())
}

/// True where the member has `flag`, and for the owner of the organization, who has all.
pub fn has_flag(user: &View<'_, User>, flag: Slot) -> bool {
    let Some(membership) = of_user(user.on, user.id()) else { return false };
    is_owner(user) || membership.value(flag).as_bool() == Some(true)
}

pub fn is_owner(user: &View<'_, User>) -> bool {
    let organization = user.on.find_any::<crate::schema::names::Organization>(user.organization());
    organization.and_then(|organization| organization.get(crate::schema::names::Organization::owner_id)) == Some(user.id())
}

/// The membership of an owner. Assumed: every permission, but no notifications and nothing that hides something.
pub fn may_everything(mut membership: Draft<M>) -> Draft<M> {
    let shape = M::TYPE.shape();
    for (slot, column) in shape.columns().iter().enumerate() {
        let is_permission = ["can_", "sees_", "is_admin", "is_developer"].iter().any(|start| column.name().starts_with(start));
        if column.base == Base::Bool && is_permission {
            membership.set_value(slot as Slot, true.into());
        }
    }
    membership
}

/// Documented: by id or by the member, else the caller's own.
pub fn organization_membership(on: Reading<'_>, asked: &Input<'_, args::organizationMembership>) -> Result<Answer, QueryError> {
    type Asked = args::organizationMembership;
    let id = asked.get(Asked::id).ok().flatten();
    let user = asked.get(Asked::user_id).ok().flatten().or(on.viewer().id());
    let id = id.or_else(|| of_user(on, user?).map(|membership| membership.id()));
    Ok(id.and_then(|id| on.find::<M>(id)).into())
}
