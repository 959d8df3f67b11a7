//! Who locked, unlocked, signed or amended a filled form, and when.

use crate::engine::{Call, Draft, Entity, Row};
use crate::schema::names::{
    Action, ChartingNoteAddendumType, FormAnswerGroup, FormAnswerGroupAuditEvent as Event, FormAnswerGroupSigning, User,
};
use crate::schema::{EnumValue, Named};

/// Whoever sees an entry sees who made it.
pub fn entity() -> Entity<Event> {
    Entity::usual()
        .answers(Event::committed_by, |event| event.follow::<User, _>(Event::committed_by_id).into())
        .answers(Event::form_answer_group, |event| event.follow::<FormAnswerGroup, _>(Event::form_answer_group).into())
        .answers(Event::related_object, |event| match event.follow::<ChartingNoteAddendumType, _>(Event::addendum_id) {
            Some(addendum) => addendum.into(),
            None => event.follow::<FormAnswerGroupSigning, _>(Event::signing_id).into(),
        })
}

/// An entry for what the caller does to `group`, now.
pub fn entry<I: Named>(call: &mut Call<'_, I>, group: &Row<FormAnswerGroup>, action: EnumValue<Action>) -> Draft<Event> {
    let (now, caller) = (call.now(), call.viewer_id());
    let entry = call.blank_draft::<Event>().belongs_to(group.organization());
    entry
        .set(Event::form_answer_group, group.id())
        .set(Event::action, action)
        .set(Event::committed_at, now)
        .set(Event::committed_by_id, caller)
}
