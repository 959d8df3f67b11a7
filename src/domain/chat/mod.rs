//! Conversations, who is in them, and what is said.

use crate::engine::Area;
use crate::schema::names::{
    ChatSetting, Conversation, ConversationMembership, Draft, Mutation, Note, NoteScheduler, OrganizationMembership, Query, Subscription,
};

pub fn area() -> Area {
    Area::new("chat")
        .gets(Query::chatSetting, ChatSetting)
        .gets(Query::conversation, Conversation)
        .gets(Query::conversationMembership, ConversationMembership)
        .lists_all(Query::conversationMembershipInvitees, ConversationMembership)
        .lists_all(Query::conversationMemberships, ConversationMembership)
        .leaves_out(Query::conversationMembershipsAllCounts, "not built yet")
        .counts(Query::conversationMembershipsCount, Query::conversationMemberships)
        .lists_all(Query::conversations, Conversation)
        .counts(Query::conversationsCount, Query::conversations)
        .gets(Query::draft, Draft)
        .gets(Query::lastCM, ConversationMembership)
        .leaves_out(Query::loadMoreNotesCalled, "not built yet")
        .gets(Query::note, Note)
        .leaves_out(Query::noteViewedStatus, "not built yet")
        .gets(Query::note_scheduler, NoteScheduler)
        .lists_all(Query::notes, Note)
        .counts(Query::notesCount, Query::notes)
        .lists_all(Query::scheduledMessageBlasts, NoteScheduler)
        .leaves_out(Query::showScheduledTab, "not built yet")
        .leaves_out(Query::signedStreamName, "not built yet")
        .creates(Mutation::createChatSetting, ChatSetting)
        .needs(OrganizationMembership::can_edit_settings)
        .creates(Mutation::createConversation, Conversation)
        .creates(Mutation::createDraft, Draft)
        .leaves_out(Mutation::createMessageBlast, "not built yet")
        .creates(Mutation::createNote, Note)
        .leaves_out(Mutation::deleteConversationMembership, "not built yet")
        .deletes(Mutation::deleteNote, Note)
        .deletes(Mutation::removeDraft, Draft)
        .updates(Mutation::updateChatSetting, ChatSetting)
        .needs(OrganizationMembership::can_edit_settings)
        .updates(Mutation::updateConversation, Conversation)
        .needs(OrganizationMembership::can_add_members_to_chat)
        .updates(Mutation::updateConversationMembership, ConversationMembership)
        .updates(Mutation::updateNote, Note)
        .updates(Mutation::updateNoteScheduler, NoteScheduler)
        .leaves_out_subscription(Subscription::conversationChangedSubscription, "subscriptions over the WebSocket are not served yet")
        .leaves_out_subscription(
            Subscription::conversationMembershipAddedSubscription,
            "subscriptions over the WebSocket are not served yet",
        )
        .leaves_out_subscription(
            Subscription::conversationMembershipUpdatedSubscription,
            "subscriptions over the WebSocket are not served yet",
        )
        .leaves_out_subscription(Subscription::noteAddedSubscription, "subscriptions over the WebSocket are not served yet")
}
