//! Calendars elsewhere that a member's visits are copied to and from. Nothing is copied: no vendor is called.

use crate::engine::{Entity, List, Refusal, Value, View};
use crate::schema::names::{ExternalCalendar, User, args};

pub fn entity() -> Entity<ExternalCalendar> {
    Entity::usual()
        .requires(ExternalCalendar::external_type)
        .defaults(ExternalCalendar::add_to_calendar, true)
        .defaults(ExternalCalendar::pull_from_calendar, true)
        .defaults(ExternalCalendar::pull_in_event_details, false)
        // No first sync will ever be over here.
        .defaults(ExternalCalendar::has_ran_first_sync, false)
        .defaults(ExternalCalendar::is_errored, false)
        .refuses(|calendar| {
            match calendar.get(ExternalCalendar::external_type).is_none_or(|kind| is(kind, "google") || is(kind, "outlook")) {
                true => Ok(()),
                false => Err(Refusal::named("external_type", "is not included in the list")),
            }
        })
        .visible(is_visible)
        .computed(ExternalCalendar::has_refresh_token, |calendar| {
            Some(calendar.get(ExternalCalendar::refresh_token).is_some_and(|token| !token.is_empty()))
        })
}

fn is(kind: &str, wanted: &str) -> bool {
    kind.trim().eq_ignore_ascii_case(wanted)
}

/// Documented: the member's own, and administrators'.
fn is_visible(calendar: &View<'_, ExternalCalendar>) -> bool {
    let viewer = calendar.on.viewer();
    let own = calendar.get(ExternalCalendar::user_id).is_some_and(|user| viewer.is(user));
    own || viewer.is_admin() && viewer.reaches(calendar.organization())
}

pub fn external_calendars() -> List<ExternalCalendar, args::externalCalendars> {
    type Asked = args::externalCalendars;
    List::new()
        .filter(Asked::calendar_type, |calendar, kind| calendar.get(ExternalCalendar::external_type).is_some_and(|own| is(own, kind)))
        .filter(Asked::calendar_status, |calendar, status| status != "errored" || calendar.is(ExternalCalendar::is_errored))
        .keep(|calendar, asked| {
            let everybody = asked.is(Asked::is_org) || asked.is(Asked::include_suborganizations);
            everybody || calendar.get(ExternalCalendar::user_id) == calendar.on.viewer().id()
        })
        .reads(Asked::is_org)
        .within(|on, asked| {
            // Documented: those below come with a flag of their own.
            match asked.is(Asked::include_suborganizations) {
                true => crate::engine::Within::everything(),
                false => crate::engine::Within::organization(on.viewer().organization()),
            }
        })
        .reads(Asked::include_suborganizations)
}

/// What a member shows of the own calendars.
pub fn answer(entity: Entity<User>) -> Entity<User> {
    entity
        .answers(User::google_calendar, |user| of(user).find(|calendar| has_kind(calendar, "google")).into())
        .answers(User::outlook, |user| of(user).find(|calendar| has_kind(calendar, "outlook")).into())
        .answers(User::broken_synced_cal, |user| of(user).find(|calendar| calendar.is(ExternalCalendar::is_errored)).into())
        .answers(User::has_synced_cal, |user| {
            let any = user.on.having(ExternalCalendar::user_id, user.id()).next().is_some();
            Value::Bool(any).into()
        })
}

fn of<'s>(user: &View<'s, User>) -> impl Iterator<Item = View<'s, ExternalCalendar>> {
    user.on.having(ExternalCalendar::user_id, user.id()).filter(is_visible)
}

fn has_kind(calendar: &View<'_, ExternalCalendar>, wanted: &str) -> bool {
    calendar.get(ExternalCalendar::external_type).is_some_and(|kind| is(kind, wanted))
}
