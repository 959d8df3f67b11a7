//! Who may lock, unlock, sign and amend a filled form, and when there is something to lock.

use crate::domain::members;
use crate::engine::{Call, Refusal, Row, View, ViewerKind};
use crate::schema::names::{FormAnswerGroup as Group, OrganizationMembership as M, User};
use crate::schema::{Bool, Field, Named};

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    Lock,
    Unlock,
    Sign,
    AddAddendum,
}

impl Deed {
    fn verb(self) -> &'static str {
        match self {
            Self::Lock => "lock",
            Self::Unlock => "unlock",
            Self::Sign => "sign",
            Self::AddAddendum => "add an addendum to",
        }
    }
}

/// True where `provider` may, and the form's state leaves something to do.
pub fn is_possible(group: &View<'_, Group>, deed: Deed, provider: u64) -> bool {
    let locked = group.get(Group::locked_at).is_some();
    let signed = group.get(Group::signed_by_ids).unwrap_or_default().contains(&provider);
    let open = match deed {
        Deed::Lock => !locked,
        Deed::Unlock | Deed::AddAddendum => locked,
        Deed::Sign => !signed,
    };
    open && may(group, deed, provider)
}

/// Documented: members only, by a flag for their own and one for others' forms; support members sign nothing.
fn may(group: &View<'_, Group>, deed: Deed, provider: u64) -> bool {
    let own = group.get(Group::filler_id) == Some(provider);
    let flag = match (deed, own) {
        (Deed::Lock, true) => M::can_lock_own_charting_notes,
        (Deed::Lock, false) => M::can_lock_others_charting_notes,
        (Deed::Unlock, _) => M::can_unlock_charting_notes,
        (Deed::Sign, true) => M::can_sign_own_charting_notes,
        (Deed::Sign, false) => M::can_sign_others_charting_notes,
        (Deed::AddAddendum, true) => return is_member(group, provider),
        (Deed::AddAddendum, false) => M::can_write_org_addendums,
    };
    has(group, provider, flag) && !(deed == Deed::Sign && is_support(group, provider))
}

fn has(group: &View<'_, Group>, provider: u64, flag: Field<M, Bool>) -> bool {
    let viewer = group.on.viewer();
    if viewer.is(provider) {
        return viewer.may(flag);
    }
    group.on.find_any::<User>(provider).is_some_and(|user| !user.is(User::is_patient) && members::has_flag(&user, flag.slot))
}

fn is_member(group: &View<'_, Group>, provider: u64) -> bool {
    group.on.find_any::<User>(provider).is_some_and(|user| !user.is(User::is_patient))
}

fn is_support(group: &View<'_, Group>, provider: u64) -> bool {
    let viewer = group.on.viewer();
    if viewer.is(provider) {
        return viewer.kind == ViewerKind::Support;
    }
    members::of_user(group.on, provider).is_some_and(|member| member.get(M::org_role) == Some("Support"))
}

/// Refuses where the caller may not.
pub fn refuse_without<I: Named>(call: &Call<'_, I>, group: &Row<Group>, deed: Deed) -> Result<(), Refusal> {
    let view = View::new(call.on(), group.record());
    match may(&view, deed, call.viewer_id()) {
        true => Ok(()),
        false => Err(Refusal::no_permission(&format!("{} this form answer group", deed.verb()))),
    }
}

/// Documented: a locked form is not changed. Assumed: the text.
pub fn refuse_locked(group: &Row<Group>) -> Result<(), Refusal> {
    match group.get(Group::locked_at) {
        Some(_) => Err(Refusal::base("This form is locked and cannot be edited")),
        None => Ok(()),
    }
}
