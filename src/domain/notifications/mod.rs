//! Notifications, their settings, and the contacts of patients.

use crate::engine::Area;
use crate::schema::names::{Mutation, Notification, NotificationContact, NotificationSetting, Query, SentNotificationRecord};

pub fn area() -> Area {
    Area::new("notifications")
        .leaves_out(Query::currentUserNotificationsCount, "not built yet")
        .counts(Query::notificationCount, Query::notifications)
        .gets(Query::notificationSetting, NotificationSetting)
        .lists_all(Query::notifications, Notification)
        .gets(Query::sentNotificationRecord, SentNotificationRecord)
        .lists_all(Query::sentNotificationRecords, SentNotificationRecord)
        .counts(Query::sentNotificationRecordsCount, Query::sentNotificationRecords)
        .creates(Mutation::createNotificationContact, NotificationContact)
        .deletes(Mutation::deleteNotificationContact, NotificationContact)
        .leaves_out(Mutation::sendSpeakToTrainerNotification, "not built yet")
        .leaves_out(Mutation::unsubscribeFromNotification, "not built yet")
        .updates(Mutation::updateNotification, Notification)
        .updates(Mutation::updateNotificationContact, NotificationContact)
        .leaves_out(Mutation::updateNotificationRecords, "not built yet")
        .updates(Mutation::updateNotificationSetting, NotificationSetting)
        .leaves_out(Mutation::updateNotifications, "not built yet")
}
