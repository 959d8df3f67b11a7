//! How many notifications of which kind somebody has not seen.

use crate::engine::{Answer, Changed, Entity, Reading, Row, Subscribing, Value, View};
use crate::schema::names::{ConversationMembership, Notification, SentNotificationRecord, User, UserNotificationsCount, args};
use crate::schema::{Field, Int, Named};

/// What a person tells of unseen notifications. The kinds are told apart by what their types are called.
pub fn on_user(entity: Entity<User>) -> Entity<User> {
    const KINDS: [(Field<User, Int>, &str); 7] = [
        (User::unseen_appt_notification_count, "appointment"),
        (User::unseen_comment_notification_count, "comment"),
        (User::unseen_document_notification_count, "document"),
        (User::unseen_entry_notification_count, "entry"),
        (User::unseen_goal_notification_count, "goal"),
        (User::unseen_note_notification_count, "note"),
        (User::unseen_payment_notification_count, "payment"),
    ];
    const ALL: [Field<User, Int>; 5] = [
        User::sidebar_notification_count,
        User::unread_notifications_count,
        User::unseen_notification_count,
        User::unseen_notifications_count,
        User::unseen_notifications_count_mobile,
    ];
    let entity = ALL.into_iter().fold(entity, |entity, field| entity.answers(field, |user| Value::Int(unseen(user, |_| true)).into()));
    let entity = KINDS.into_iter().fold(entity, |entity, (field, kind)| {
        entity.answers(field, move |user| Value::Int(unseen(user, |of| of.to_lowercase().contains(kind))).into())
    });
    entity
        .computed(User::unread_convo_count, |user| Some(unread_conversations(user.on, user.id())))
        .answers_to(User::patients_notification_count, args::User_patients_notification_count, |user, asked| {
            let excluded = asked.get(args::User_patients_notification_count::excluded_types).ok().flatten().unwrap_or_default();
            Value::Int(unseen(user, |of| !excluded.split(',').any(|excluded| excluded.trim() == of))).into()
        })
        .computed(User::unseen_sent_notification_records_count, |user| {
            let records = user.on.having(SentNotificationRecord::user_id, user.id());
            Some(records.filter(super::sent_record::is_unseen_bounce).count() as i64)
        })
}

fn unseen(user: &View<'_, User>, wanted: impl Fn(&str) -> bool) -> i64 {
    let told = user.on.having(Notification::other_party_id, user.id());
    let counted = |notification: &View<'_, Notification>| {
        !notification.is(Notification::seen) && wanted(notification.get(Notification::r#type).unwrap_or_default())
    };
    told.filter(counted).count() as i64
}

fn unread_conversations(on: Reading<'_>, user: u64) -> i64 {
    let memberships = on.having(ConversationMembership::user_id, user);
    memberships.filter(|membership| is_unread(membership)).count() as i64
}

fn is_unread(membership: &Row<ConversationMembership>) -> bool {
    membership.get(ConversationMembership::viewed) == Some(false) && !membership.is(ConversationMembership::archived)
}

/// Documented: whenever the viewer's numbers change; the one that does is that of unread conversations.
pub fn user_updated<A>() -> Subscribing<A> {
    Subscribing::to_own()
        .when(|membership: &Changed<ConversationMembership>, _| {
            let unread = |row: &Option<Row<ConversationMembership>>| row.as_ref().is_some_and(is_unread);
            let user = membership.row().get(ConversationMembership::user_id);
            let user = user.filter(|_| unread(&membership.before) != unread(&membership.after));
            user.map(|user| (user, user)).into_iter().collect()
        })
        .shows(|on, _| current_user_notifications_count(on))
}

/// Lab orders wait for nothing in the emulator, which schedules none.
pub fn current_user_notifications_count(on: Reading<'_>) -> Answer {
    type Count = UserNotificationsCount;
    let Some(viewer) = on.viewer().id() else { return Answer::NULL };
    let unread = Value::Int(unread_conversations(on, viewer));
    let values = [(Count::id.slot, Value::Id(viewer)), (Count::conversation_notification_count.slot, unread)];
    let none = (Count::unscheduled_lab_orders_count.slot, Value::Int(0));
    Answer::Object(Count::TYPE, values.into_iter().chain([none]).map(|(slot, value)| (slot, value.into())).collect())
}
