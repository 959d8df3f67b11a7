//! Somebody's place in a conversation: what it is called for them, and whether they have read it.

use super::conversation;
use crate::domain::people::full_name;
use crate::engine::{Call, Changed, Entity, Reading, Row, View};
use crate::schema::Named;
use crate::schema::names::{Conversation, ConversationMembership, User};

pub fn entity() -> Entity<ConversationMembership> {
    Entity::new()
        .defaults(ConversationMembership::viewed, false)
        .defaults(ConversationMembership::archived, false)
        .indexed(ConversationMembership::user_id)
        .ruled(ConversationMembership::user_id)
        .ruled(ConversationMembership::conversation_id)
        .visible(|membership| {
            let own = membership.get(ConversationMembership::user_id).is_some_and(|user| membership.on.viewer().is(user));
            own || membership
                .get(ConversationMembership::conversation_id)
                .is_some_and(|talk| membership.on.find::<Conversation>(talk).is_some())
        })
        .announces("conversation_membership")
        // Documented: the participant.
        .refers(ConversationMembership::creator, ConversationMembership::user_id)
        .refers(ConversationMembership::convo, ConversationMembership::conversation_id)
        .computed(ConversationMembership::display_name, display_name)
        .computed(ConversationMembership::display_other_user_name, |membership| {
            only_other(membership).map(|other| full_name(&other)).or_else(|| display_name(membership))
        })
        .computed(ConversationMembership::display_other_user_first_name, |membership| {
            only_other(membership).and_then(|other| other.get(User::first_name).map(str::to_owned))
        })
        .computed(ConversationMembership::user_list_as_display_name, |membership| Some(conversation::names(others(membership).into_iter())))
        // Documented: of the owner.
        .computed(ConversationMembership::display_name_and_initial, |membership| {
            let owner = convo(membership)?.follow::<User, _>(Conversation::owner_id)?;
            let initial = owner.get(User::last_name).and_then(|name| name.chars().next());
            let first = owner.get(User::first_name).unwrap_or_default();
            Some(initial.map_or(first.to_owned(), |initial| format!("{first} {initial}.")))
        })
        .computed(ConversationMembership::display_avatar, |membership| only_other(membership).and_then(|other| other.url(User::avatar_url)))
}

fn convo<'s>(membership: &View<'s, ConversationMembership>) -> Option<View<'s, Conversation>> {
    membership.follow(ConversationMembership::conversation_id)
}

/// What it was called, else the others in it.
fn display_name(membership: &View<'_, ConversationMembership>) -> Option<String> {
    let given = convo(membership)?.get(Conversation::name).filter(|name| !name.trim().is_empty()).map(str::to_owned);
    given.or_else(|| Some(conversation::names(others(membership).into_iter())))
}

fn others<'s>(membership: &View<'s, ConversationMembership>) -> Vec<View<'s, User>> {
    let own = membership.get(ConversationMembership::user_id);
    let members = convo(membership).into_iter().flat_map(|talk| conversation::members(&talk).collect::<Vec<_>>());
    members.filter(|user| Some(user.id()) != own).collect()
}

fn only_other<'s>(membership: &View<'s, ConversationMembership>) -> Option<View<'s, User>> {
    let mut others = others(membership);
    others.pop().filter(|_| others.is_empty())
}

/// Somebody's membership of a conversation.
pub fn of(on: Reading<'_>, talk: u64, user: u64) -> Option<View<'_, ConversationMembership>> {
    on.having(ConversationMembership::conversation_id, talk)
        .find(|membership| membership.get(ConversationMembership::user_id) == Some(user))
}

/// Takes somebody in, unless they are in already. Assumed: who opens a conversation has seen it.
pub fn add<I: Named>(call: &mut Call<'_, I>, talk: &Row<Conversation>, user: u64) {
    if of(call.on(), talk.id(), user).is_some() {
        return;
    }
    let seen = call.viewer().is(user);
    let membership = call.blank_draft::<ConversationMembership>().belongs_to(talk.organization());
    let membership = membership.set(ConversationMembership::conversation_id, talk.id()).set(ConversationMembership::user_id, user);
    membership.set(ConversationMembership::viewed, seen).save(call);
}

/// True where the caller is in the conversation and has not read it.
pub fn is_unread(on: Reading<'_>, talk: Option<u64>) -> bool {
    let own = talk.zip(on.viewer().id()).and_then(|(talk, viewer)| of(on, talk, viewer));
    own.is_some_and(|own| !own.is(ConversationMembership::viewed))
}

/// The caller has read the conversation.
///
/// Documented: `conversation_membership.viewed` fires when somebody views a conversation, and no mutation does. Assumed:
/// reading it or its messages is what views it.
pub fn view<I: Named>(call: &mut Call<'_, I>, talk: Option<u64>) {
    let own = talk.and_then(|talk| of(call.on(), talk, call.viewer_id()).map(|own| own.row().clone()));
    if let Some(own) = own {
        set_viewed(call, &own, true);
    }
}

pub fn set_viewed<I: Named>(call: &mut Call<'_, I>, membership: &Row<ConversationMembership>, viewed: bool) {
    let mut draft = call.change(membership).set(ConversationMembership::viewed, viewed);
    if viewed && !membership.is(ConversationMembership::viewed) {
        let views = membership.get(ConversationMembership::view_count).unwrap_or(0);
        draft = draft.set(ConversationMembership::view_count, views + 1).set(ConversationMembership::last_viewed_at, call.now());
    }
    draft.save(call);
}

/// `conversation_membership.viewed`. Documented: marking it unread again announces nothing. Assumed: nor does writing in it,
/// which leaves nothing unread.
pub fn was_viewed(membership: &Changed<ConversationMembership>) -> bool {
    let views =
        |row: &Option<Row<ConversationMembership>>| row.as_ref().map(|row| row.get(ConversationMembership::view_count).unwrap_or(0));
    membership.before.is_some() && views(&membership.after) > views(&membership.before)
}
