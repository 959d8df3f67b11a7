//! What somebody is told: notifications, and that they were seen.

use crate::engine::{Answer, CANT_BE_BLANK, Call, Entity, Input as Args, List, Made, Reading, Refusal, Row, View, Within};
use crate::schema::names::{
    Notification, User, args, bulkUpdateNotificationsInput, bulkUpdateNotificationsPayload, updateNotificationInput as Input,
    updateNotificationPayload as Payload,
};

/// Documented: `user` made it, `other_party` is told. Seen by both, and by administrators.
pub fn entity() -> Entity<Notification> {
    Entity::usual()
        .about_nobody()
        .silent()
        .indexed(Notification::other_party_id)
        .defaults(Notification::seen, false)
        .computed(Notification::creator_user_name, |notification| {
            notification.follow::<User, _>(Notification::user_id).map(|user| crate::domain::people::full_name(&user))
        })
        .computed(Notification::link_string, |notification| {
            let link = notification.get(Notification::link)?;
            Some(if link.starts_with('/') { format!("{}{link}", notification.on.scene.origin) } else { link.to_owned() })
        })
        .visible(|notification| {
            let viewer = notification.on.viewer();
            let told = notification.get(Notification::other_party_id).is_some_and(|told| viewer.is(told));
            let made = notification.get(Notification::user_id).is_some_and(|made| viewer.is(made));
            told || made || viewer.is_admin() && viewer.reaches(notification.organization())
        })
}

type Asked = args::notifications;

/// Documented: what the caller is told, or somebody else; the newest first.
pub fn notifications() -> List<Notification, Asked> {
    List::new()
        .within(|on, asked| {
            let whom = asked.get(Asked::other_party_id).ok().flatten().or(on.viewer().id());
            whom.map_or_else(Within::nothing, |whom| Within::having(Notification::other_party_id, whom))
        })
        .filter(Asked::types, |notification, types| {
            types.is_empty() || notification.get(Notification::r#type).is_some_and(|of| types.contains(&of))
        })
        .filter(Asked::seen_status, |notification, seen| notification.is(Notification::seen) == seen)
        .filter(Asked::read_status, |notification, read| is_read(notification) == read)
        .default_order("CREATED_AT_DESC")
}

/// The API shows as text whether it was read.
fn is_read(notification: &View<'_, Notification>) -> bool {
    notification.get(Notification::read).is_some_and(|read| read == "true")
}

pub fn update_notification(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let notification = told(call, call.target::<Notification, _>(Input::id)?)?;
    let (read, seen) = (call.get(Input::read)?, call.get(Input::seen)?);
    let notification = marked(call, &notification, read, seen);
    let current = call.viewer().user.clone();
    Ok(Made::from(notification).also(Payload::currentUser, current))
}

fn told<I: crate::schema::Named>(call: &Call<'_, I>, notification: Row<Notification>) -> Result<Row<Notification>, Refusal> {
    match notification.get(Notification::other_party_id).is_some_and(|told| call.viewer().is(told)) || call.viewer().is_admin() {
        true => Ok(notification),
        false => Err(Refusal::not_found("id", "Notification")),
    }
}

fn marked<I: crate::schema::Named>(
    call: &mut Call<'_, I>,
    notification: &Row<Notification>,
    read: Option<bool>,
    seen: Option<bool>,
) -> Row<Notification> {
    let mut draft = call.change(notification);
    if let Some(seen) = seen {
        draft.put(Notification::seen, seen);
    }
    if let Some(read) = read {
        draft.put(Notification::read, read.to_string());
    }
    draft.save(call)
}

/// Documented: those that are listed, or the caller's last 500.
pub fn update_notifications(call: &mut Call<'_, bulkUpdateNotificationsInput>) -> Result<Made, Refusal> {
    type Input = bulkUpdateNotificationsInput;
    let all = call.is(Input::updateAllNotifications) || call.is(Input::fromAllNotifications);
    let notifications = match all {
        true => {
            call.accept(Input::notification_ids);
            let mut own = call.having(Notification::other_party_id, call.viewer_id());
            own.sort_by_key(|notification| std::cmp::Reverse(notification.id()));
            own.truncate(500);
            own
        }
        false => call.targets::<Notification>(Input::notification_ids)?,
    };
    if notifications.is_empty() && !all {
        return Err(Refusal::on(Input::notification_ids, CANT_BE_BLANK));
    }
    let (read, seen) = (call.get(Input::read)?, call.get(Input::seen)?);
    let mut changed = Vec::with_capacity(notifications.len());
    for notification in notifications {
        let notification = told(call, notification)?;
        changed.push(marked(call, &notification, read, seen));
    }
    let current = call.viewer().user.clone();
    let told = Made::nothing().also(bulkUpdateNotificationsPayload::notifications, Answer::records(changed));
    Ok(told.also(bulkUpdateNotificationsPayload::current_user, current))
}

/// True where reading a person clears notifications. Documented: unless `clear_notifs` is false.
pub fn are_cleared(on: Reading<'_>, asked: &Args<'_, args::user>) -> bool {
    let wanted = asked.get(args::user::clear_notifs).ok().flatten() != Some(false);
    wanted && !about(on, asked).is_empty()
}

/// Marks what the caller was told about the person as seen.
pub fn clear(call: &mut Call<'_, args::user>) {
    let unseen = about(call.on(), &call.input);
    for notification in unseen {
        marked(call, &notification, None, Some(true));
    }
}

/// What the caller was told about the person that `user` asks for, and has not seen.
fn about(on: Reading<'_>, asked: &Args<'_, args::user>) -> Vec<Row<Notification>> {
    let (Some(viewer), Some(person)) = (on.viewer().id(), asked.get(args::user::id).ok().flatten()) else { return vec![] };
    let told = on.having(Notification::other_party_id, viewer);
    let unseen =
        told.filter(|notification| notification.get(Notification::user_id) == Some(person) && !notification.is(Notification::seen));
    unseen.map(|notification| notification.row().clone()).collect()
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn reading_a_patient_clears_what_was_told_about_them() {
        let clinic = Clinic::open().as_role("provider");
        let patient = clinic.id("User", "patient");
        let unseen = || clinic.run("{ notificationCount(seen_status: false) }")["data"]["notificationCount"].clone();
        assert_eq!(unseen(), 1);
        clinic.run(&format!("{{ user(id: {patient}, clear_notifs: false) {{ id }} }}"));
        assert_eq!(unseen(), 1);
        clinic.run(&format!("{{ user(id: {patient}) {{ id }} }}"));
        assert_eq!(unseen(), 0);
    }

    #[test]
    fn notifications_are_the_newest_first_and_marked_by_whoever_is_told() {
        let clinic = Clinic::open().as_role("provider");
        let seen = clinic.run("{ notifications { id type message seen read creator_user_name user { first_name } } }");
        let all = seen["data"]["notifications"].as_array().expect("a list");
        assert_eq!((&all[0]["creator_user_name"], &all[0]["seen"]), (&json!("Ava Thornton"), &json!(false)));
        let id = all[0]["id"].as_str().expect("one");
        let read = clinic.run(&format!(
            "mutation {{ updateNotification(input: {{ id: {id}, read: true, seen: true }}) {{ notification {{ read seen }} currentUser {{ unread_notifications_count }} messages {{ message }} }} }}"
        ));
        assert_eq!(
            read["data"]["updateNotification"],
            json!({ "notification": { "read": "true", "seen": true }, "currentUser": { "unread_notifications_count": 0 }, "messages": null })
        );
        let again =
            clinic.run("mutation { updateNotifications(input: { updateAllNotifications: true, seen: false }) { notifications { seen } } }");
        assert_eq!(again["data"]["updateNotifications"]["notifications"][0], json!({ "seen": false }));
        clinic.as_role("provider2").refuses(&format!("updateNotification(input: {{ id: {id} }})"), &[("id", "Notification not found")]);
        clinic.refuses("updateNotifications(input: { seen: true })", &[("notification_ids", "can't be blank")]);
        assert_eq!(clinic.events(), [] as [&str; 0]);
    }
}
