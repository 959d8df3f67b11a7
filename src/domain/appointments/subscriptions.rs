//! What the people of a visit hear of as it happens.

use super::{appointment, calendar, video};
use crate::engine::{Answer, Changed, Reading, Row, Subscribing, Value, View};
use crate::schema::Named;
use crate::schema::names::{Appointment, User, VideoChat, VideoChatsSubscriptionPayload as Payload, args};

/// Documented: `changeDevicesAvailability` says it of one visit; its participants hear of it.
pub fn user_devices() -> Subscribing<args::Subscription_appointmentUserDevicesSubscription> {
    type Asked = args::Subscription_appointmentUserDevicesSubscription;
    Subscribing::<Asked>::to(|asked| asked.get(Asked::id).ok().flatten())
        .when(|user: &Changed<User>, _| {
            let said = |row: &Option<Row<User>>| {
                let row = row.as_ref();
                row.and_then(|row| Some((row.get(User::devices_said_in_id)?, row.is(User::devices_unavailability))))
            };
            let after = said(&user.after).filter(|after| Some(*after) != said(&user.before));
            after.map(|(visit, _)| (visit, visit)).into_iter().collect()
        })
        .shows(|on, told| visit_of(on, told.about, takes_part))
}

/// Assumed: to all of its providers; not for those whom a new visit begins with.
pub fn clients_added<A>() -> Subscribing<A> {
    Subscribing::to_own()
        .when(|visit: &Changed<Appointment>, _| {
            let clients = |row: &Row<Appointment>| row.get(Appointment::attendee_ids).unwrap_or_default();
            let (Some(before), Some(after)) = (&visit.before, &visit.after) else { return vec![] };
            let (known, now) = (clients(before), clients(after));
            match after.is(Appointment::is_group) && now.iter().any(|client| !known.contains(client)) {
                true => providers(after).into_iter().map(|provider| (provider, after.id())).collect(),
                false => vec![],
            }
        })
        .shows(|on, told| visit_of(on, told.about, |visit, viewer| providers(visit).contains(&viewer)))
}

/// Documented by the names of what is sent: a video visit comes up (assumed: ten minutes ahead), begins, or is over.
pub fn video_chats<A>() -> Subscribing<A> {
    Subscribing::to_own()
        .when(|visit: &Changed<Appointment>, on| {
            let Some(after) = &visit.after else { return vec![] };
            let turn = |row: Option<&Row<Appointment>>, person| {
                row.filter(|row| takes_part(row, person)).and_then(|row| video::turn(&View::new(on, row.record()), on.now()))
            };
            let people = providers(after).into_iter().chain(after.get(Appointment::attendee_ids).unwrap_or_default());
            let turned = people.filter(|person| {
                let (before, after) = (turn(visit.before.as_ref(), *person), turn(Some(after), *person));
                before != after && (before, after) != (None, Some(video::Turn::Ended))
            });
            turned.map(|person| (person, after.id())).collect()
        })
        .passing(|on, since| {
            let Some(viewer) = on.viewer().id() else { return vec![] };
            let turned = |visit: &View<'_, Appointment>| video::turn(visit, since) != video::turn(visit, on.now());
            video::of(on, viewer).into_iter().filter(turned).map(|visit| visit.id()).collect()
        })
        .shows(|on, told| {
            let Some(visit) = on.find_any::<Appointment>(told.about).filter(|visit| takes_part(visit, told.topic.of)) else {
                return Answer::NULL;
            };
            let place = match video::turn(&visit, on.now()) {
                Some(video::Turn::Current) => Payload::current_video_chat.slot,
                Some(video::Turn::Upcoming) => Payload::upcoming_video_chat.slot,
                Some(video::Turn::Ended) | None => Payload::ended_video_chat.slot,
            };
            Answer::Object(Payload::TYPE, vec![(place, chat(&visit))])
        })
}

fn chat(visit: &View<'_, Appointment>) -> Answer {
    let client = visit.get(Appointment::user_id).and_then(|id| appointment::client(visit, id));
    let provider = visit.follow::<User, _>(Appointment::other_party_id).map(|provider| crate::domain::people::full_name(&provider));
    let stored = |slot| Answer::Value(visit.value(slot).clone());
    Answer::Object(
        VideoChat::TYPE,
        vec![
            (VideoChat::id.slot, Value::Id(visit.id()).into()),
            (VideoChat::contact_type.slot, stored(Appointment::contact_type.slot)),
            (VideoChat::date.slot, stored(Appointment::date.slot)),
            (VideoChat::is_group.slot, stored(Appointment::is_group.slot)),
            (VideoChat::provider_name.slot, provider.map(Value::from).into()),
            (VideoChat::user.slot, client.into()),
        ],
    )
}

fn providers(visit: &Row<Appointment>) -> Vec<u64> {
    visit.get(Appointment::provider_ids).unwrap_or_default()
}

fn takes_part(visit: &Row<Appointment>, person: u64) -> bool {
    providers(visit).contains(&person) || calendar::attends(visit, person)
}

/// The visit, to a viewer whom it concerns.
fn visit_of(on: Reading<'_>, visit: u64, concerns: fn(&Row<Appointment>, u64) -> bool) -> Answer {
    let viewer = on.viewer().id();
    on.find::<Appointment>(visit).filter(|visit| viewer.is_some_and(|viewer| concerns(visit, viewer))).into()
}
