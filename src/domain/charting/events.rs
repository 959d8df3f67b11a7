//! What is announced of filled forms and proposed notes.

use crate::engine::Changed;
use crate::schema::names::{FormAnswerGroup as Group, GeneratedFormAnswerGroupType as Generated};

/// Assumed: a draft is announced once it is finished.
pub fn created(change: &Changed<Group>) -> bool {
    let finished = |row: &Option<crate::engine::Row<Group>>| row.as_ref().is_some_and(|row| row.is(Group::finished));
    finished(&change.after) && !finished(&change.before)
}

/// Assumed: nobody hears of a draft that goes.
pub fn deleted(change: &Changed<Group>) -> bool {
    change.gained(Group::deleted_at) && change.row().is(Group::finished)
}

pub fn locked(change: &Changed<Group>) -> bool {
    change.gained(Group::locked_at)
}

pub fn unlocked(change: &Changed<Group>) -> bool {
    let locked = |row: &Option<crate::engine::Row<Group>>| row.as_ref().is_some_and(|row| row.get(Group::locked_at).is_some());
    locked(&change.before) && change.after.is_some() && !locked(&change.after)
}

pub fn signed(change: &Changed<Group>) -> bool {
    let count =
        |row: &Option<crate::engine::Row<Group>>| row.as_ref().and_then(|row| row.get(Group::signed_by_ids)).map_or(0, |by| by.len());
    count(&change.after) > count(&change.before)
}

pub fn proposed(change: &Changed<Generated>) -> bool {
    change.created()
}

/// Assumed: turning a proposed note into a form, or down, is told by its own event only.
pub fn proposal_updated(change: &Changed<Generated>) -> bool {
    change.before.is_some() && change.after.is_some() && !converted(change) && !rejected(change)
}

pub fn converted(change: &Changed<Generated>) -> bool {
    let has = |row: &Option<crate::engine::Row<Generated>>| {
        row.as_ref().is_some_and(|row| !row.value(Generated::form_answer_group.slot).is_null())
    };
    !has(&change.before) && has(&change.after) && change.before.is_some()
}

pub fn rejected(change: &Changed<Generated>) -> bool {
    change.before.is_some() && change.gained(Generated::rejected_at)
}

pub fn proposal_deleted(change: &Changed<Generated>) -> bool {
    change.after.is_none()
}
