//! Notifications, their settings, and the contacts of patients.

mod contact;
mod counts;
mod notification;
mod sent_record;
mod setting;
mod unsubscribe;

pub use counts::on_user;
pub use notification::{are_cleared, clear};

use crate::engine::Area;
use crate::schema::names::{Mutation, NotificationContact, NotificationSetting, Query, SentNotificationRecord, Subscription};

pub fn area() -> Area {
    Area::new("notifications")
        .entity(notification::entity())
        .entity(setting::entity())
        .entity(contact::entity())
        .entity(contact::portal_setting())
        .entity(sent_record::entity())
        .question(Query::currentUserNotificationsCount, counts::current_user_notifications_count)
        .counts(Query::notificationCount, Query::notifications)
        .gets(Query::notificationSetting, NotificationSetting)
        .lists(Query::notifications, notification::notifications())
        .gets(Query::sentNotificationRecord, SentNotificationRecord)
        .lists(Query::sentNotificationRecords, sent_record::sent_notification_records())
        .counts(Query::sentNotificationRecordsCount, Query::sentNotificationRecords)
        .mutation(Mutation::createNotificationContact, contact::create_notification_contact)
        .patients_too()
        .deletes(Mutation::deleteNotificationContact, NotificationContact)
        .patients_too()
        .mutation(Mutation::sendSpeakToTrainerNotification, sent_record::send_speak_to_trainer_notification)
        .patients_too()
        .accepted()
        .mutation(Mutation::unsubscribeFromNotification, unsubscribe::unsubscribe_from_notification)
        .public()
        .mutation(Mutation::updateNotification, notification::update_notification)
        .patients_too()
        .mutation(Mutation::updateNotificationContact, contact::update_notification_contact)
        .patients_too()
        .mutation(Mutation::updateNotificationRecords, sent_record::update_notification_records)
        .mutation(Mutation::updateNotificationSetting, setting::update_notification_setting)
        .patients_too()
        .mutation(Mutation::updateNotifications, notification::update_notifications)
        .patients_too()
        .subscription(Subscription::userUpdatedSubscription, counts::user_updated())
}
