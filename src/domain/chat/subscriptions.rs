//! What people in a conversation hear of as it happens.

use super::{membership, note};
use crate::engine::{Answer, Changed, Happening, Reading, Subscribing};
use crate::schema::names::{Conversation, ConversationMembership, Note, args};

/// Documented: a message that is sent, to the members of the conversation; its author is one. Documented: `sortBy` has no effect.
pub fn note_added() -> Subscribing<args::Subscription_noteAddedSubscription> {
    type Asked = args::Subscription_noteAddedSubscription;
    Subscribing::<Asked>::to(|asked| {
        asked.accept(Asked::sortBy);
        asked.get(Asked::conversationId).ok().flatten()?.trim().parse().ok()
    })
    .when(|note: &Changed<Note>, _| sent_in(note).map(|talk| (talk, note.row().id())).into_iter().collect())
    .shows(|on, told| match is_member(on, told.topic.of) {
        true => on.find::<Note>(told.about).into(),
        false => Answer::NULL,
    })
}

/// Assumed: the conversation itself, which every message changes, and who is in it.
pub fn conversation_changed() -> Subscribing<args::Subscription_conversationChangedSubscription> {
    type Asked = args::Subscription_conversationChangedSubscription;
    Subscribing::<Asked>::to(|asked| asked.get(Asked::id).ok().flatten())
        .when(|talk: &Changed<Conversation>, _| vec![(talk.row().id(), talk.row().id())])
        .when(|note: &Changed<Note>, _| sent_in(note).map(|talk| (talk, talk)).into_iter().collect())
        .when(|membership: &Changed<ConversationMembership>, _| match membership.before.is_some() && membership.after.is_some() {
            true => vec![],
            false => membership.row().get(ConversationMembership::conversation_id).map(|talk| (talk, talk)).into_iter().collect(),
        })
        .shows(|on, told| match is_member(on, told.topic.of) {
            true => on.find::<Conversation>(told.about).into(),
            false => Answer::NULL,
        })
}

pub fn membership_added() -> Subscribing<args::Subscription_conversationMembershipAddedSubscription> {
    Subscribing::to_own()
        .when(|membership: &Changed<ConversationMembership>, _| if membership.created() { of_user(membership) } else { vec![] })
        .shows(own)
}

/// Documented: for a message, for having been read, for the archive. Where the clock stands, the second of two messages changes no
/// membership.
pub fn membership_updated() -> Subscribing<args::Subscription_conversationMembershipUpdatedSubscription> {
    Subscribing::to_own()
        .when(|membership: &Changed<ConversationMembership>, _| match membership.before.is_some() && membership.after.is_some() {
            true => of_user(membership),
            false => vec![],
        })
        .when(|note: &Changed<Note>, on| {
            let all = sent_in(note).into_iter().flat_map(|talk| on.having(ConversationMembership::conversation_id, talk));
            all.filter_map(|membership| Some((membership.get(ConversationMembership::user_id)?, membership.id()))).collect()
        })
        .shows(own)
}

/// The conversation of a message that was sent now.
fn sent_in(note: &Changed<Note>) -> Option<u64> {
    note.row().get(Note::conversation_id).filter(|_| note::was_sent(note))
}

fn of_user(membership: &Changed<ConversationMembership>) -> Vec<(u64, u64)> {
    let membership = membership.row();
    membership.get(ConversationMembership::user_id).map(|user| (user, membership.id())).into_iter().collect()
}

fn own(on: Reading<'_>, told: Happening) -> Answer {
    on.find::<ConversationMembership>(told.about).into()
}

fn is_member(on: Reading<'_>, talk: u64) -> bool {
    on.viewer().id().is_some_and(|viewer| membership::of(on, talk, viewer).is_some())
}
