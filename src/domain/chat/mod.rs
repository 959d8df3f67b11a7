//! Conversations, who is in them, and what is said.

mod care;
mod chat_setting;
mod conversation;
mod create_conversation;
mod create_message_blast;
mod create_note;
mod delete_conversation_membership;
mod draft;
mod inbox;
mod membership;
mod note;
mod note_scheduler;
mod signed_stream_name;
mod subscriptions;
mod update_conversation;
mod update_conversation_membership;
mod update_note;

pub use care::open_conversations;

use crate::engine::{Area, Value};
use crate::schema::names::{
    ChatSetting, Conversation, Draft, Mutation, Note, NoteScheduler, OrganizationMembership, Query, Subscription, WebhookEventType, args,
};

pub fn area() -> Area {
    Area::new("chat")
        .entity(conversation::entity())
        .entity(membership::entity())
        .entity(note::entity())
        .entity(note_scheduler::entity())
        .entity(chat_setting::entity())
        .entity(draft::entity())
        .gets(Query::chatSetting, ChatSetting)
        .gets(Query::conversation, Conversation)
        .leaves::<args::conversation>(
            |on, asked| membership::is_unread(on, asked.get(args::conversation::id).ok().flatten()),
            |call| membership::view(call, call.get(args::conversation::id).ok().flatten()),
        )
        .query(Query::conversationMembership, inbox::conversation_membership)
        .lists(Query::conversationMembershipInvitees, inbox::invitees())
        .lists(Query::conversationMemberships, inbox::conversation_memberships())
        .query(Query::conversationMembershipsAllCounts, inbox::all_counts)
        .counts(Query::conversationMembershipsCount, Query::conversationMemberships)
        .lists(Query::conversations, conversation::conversations())
        .query(Query::conversationsCount, conversation::count)
        .query(Query::draft, draft::draft)
        .query(Query::lastCM, inbox::last)
        // Documented: state of the web app's own; never true here.
        .question(Query::loadMoreNotesCalled, |_| Value::Bool(false).into())
        .gets(Query::note, Note)
        .query(Query::noteViewedStatus, note::viewed_status)
        .gets(Query::note_scheduler, NoteScheduler)
        .lists(Query::notes, note::notes())
        .leaves::<args::notes>(
            |on, asked| {
                !asked.is(args::notes::scheduled_notes) && membership::is_unread(on, asked.get(args::notes::conversation_id).ok().flatten())
            },
            |call| membership::view(call, call.get(args::notes::conversation_id).ok().flatten()),
        )
        .counts(Query::notesCount, Query::notes)
        .lists(Query::scheduledMessageBlasts, note_scheduler::scheduled_message_blasts())
        .question(Query::showScheduledTab, inbox::show_scheduled_tab)
        .query(Query::signedStreamName, signed_stream_name::signed_stream_name)
        .mutation(Mutation::createChatSetting, chat_setting::create_chat_setting)
        .needs(OrganizationMembership::can_edit_settings)
        .mutation(Mutation::createConversation, create_conversation::create_conversation)
        .mutation(Mutation::createDraft, draft::create_draft)
        .patients_too()
        .mutation(Mutation::createMessageBlast, create_message_blast::create_message_blast)
        .mutation(Mutation::createNote, create_note::create_note)
        .patients_too()
        .mutation(Mutation::deleteConversationMembership, delete_conversation_membership::delete_conversation_membership)
        .mutation(Mutation::deleteNote, update_note::delete_note)
        .patients_too()
        .deletes(Mutation::removeDraft, Draft)
        .patients_too()
        .mutation(Mutation::updateChatSetting, chat_setting::update_chat_setting)
        .needs(OrganizationMembership::can_edit_settings)
        .mutation(Mutation::updateConversation, update_conversation::update_conversation)
        .mutation(Mutation::updateConversationMembership, update_conversation_membership::update_conversation_membership)
        .patients_too()
        .mutation(Mutation::updateNote, update_note::update_note)
        .patients_too()
        .mutation(Mutation::updateNoteScheduler, create_message_blast::update_note_scheduler)
        .event(WebhookEventType::CONVERSATION_MEMBERSHIP_VIEWED, membership::was_viewed)
        .event(WebhookEventType::MESSAGE_CREATED, note::was_sent)
        .event(WebhookEventType::MESSAGE_DELETED, note::was_deleted)
        .event(WebhookEventType::SCHEDULED_MESSAGE_SENT, note_scheduler::was_sent)
        .due("message", NoteScheduler::due_at, note_scheduler::fall_due)
        .subscription(Subscription::conversationChangedSubscription, subscriptions::conversation_changed())
        .subscription(Subscription::conversationMembershipAddedSubscription, subscriptions::membership_added())
        .subscription(Subscription::conversationMembershipUpdatedSubscription, subscriptions::membership_updated())
        .subscription(Subscription::noteAddedSubscription, subscriptions::note_added())
}
