//! Free times: what a provider's hours leave once visits, blocks and the settings are taken off.
//!
//! The rules are assumed from what the settings are documented to mean; Healthie's own code is not public.

use super::{
    busy,
    notice::Notice,
    occurrences::merged,
    record::{kinds, repeats},
    zone,
};
use crate::domain::{appointments, scheduling_settings::Settings};
use crate::engine::{Reading, Row, View};
use crate::schema::names::{
    Appointment, AppointmentInclusionType, AppointmentSetting, AppointmentType, Availability, BaseCalendarInterval, ContactType, User,
};
use jiff::{Timestamp, ToSpan, civil, tz::TimeZone};
use std::ops::{Range, RangeInclusive};

/// A longer range is cut: what lies beyond a year is nobody's question, and would only cost.
const MOST_DAYS: usize = 400;

/// What is looked for.
#[derive(Clone)]
pub struct Search {
    pub providers: Vec<u64>,
    pub kind: Option<u64>,
    /// Types of groups; where there are any, their sessions are what is found.
    pub groups: Vec<u64>,
    pub days: RangeInclusive<civil::Date>,
    /// Where days begin and times are shown.
    pub zone: TimeZone,
    pub minutes: Option<i64>,
    pub place: Option<u64>,
    pub way: Option<String>,
    /// The visit that is moved: it is not in its own way, and the limits of moving apply.
    pub moving: Option<u64>,
    pub with_full_sessions: bool,
    pub one_each: bool,
    pub with_synced: bool,
}

#[derive(Clone)]
pub struct Slot {
    pub provider: u64,
    pub start: Timestamp,
    pub minutes: i64,
    pub session: Option<Row<Appointment>>,
    pub is_full: bool,
    pub has_waitlist: bool,
}

impl Search {
    /// A search for one provider's times on some days, without any wish.
    pub fn of(provider: u64, kind: Option<u64>, days: RangeInclusive<civil::Date>, zone: TimeZone) -> Self {
        Self {
            providers: vec![provider],
            kind,
            groups: vec![],
            days,
            zone,
            minutes: None,
            place: None,
            way: None,
            moving: None,
            with_full_sessions: false,
            one_each: true,
            with_synced: true,
        }
    }

    /// The free times, earliest first.
    pub fn slots(&self, on: Reading<'_>) -> Vec<Slot> {
        let kind = self.kind.and_then(|kind| there(on, kind));
        let is_group = kind.as_ref().is_some_and(|kind| kind.is(AppointmentType::is_group));
        let mut found = match (&self.groups[..], is_group) {
            ([], true) => self.sessions(on, self.kind.as_slice()),
            ([], false) => self.individual(on, kind.as_ref()),
            (groups, _) => self.sessions(on, groups),
        };
        if self.one_each {
            let rank = |slot: &Slot| std::cmp::Reverse(priority(on, slot.provider));
            found.sort_by_key(|slot| (slot.start, slot.session.as_ref().map(Row::id), rank(slot), slot.provider));
            found.dedup_by_key(|slot| (slot.start, slot.session.as_ref().map(Row::id)));
        }
        found.sort_by_key(|slot| (slot.start, slot.provider));
        found
    }

    fn individual(&self, on: Reading<'_>, kind: Option<&View<'_, AppointmentType>>) -> Vec<Slot> {
        // Documented: the type is needed; assumed of a length that stands for it.
        let length = self.minutes.or_else(|| kind?.get(AppointmentType::length)).filter(|minutes| *minutes > 0);
        let (Some(minutes), true) = (length, self.kind.is_none() || kind.is_some()) else { return vec![] };
        let offers = |provider: &&u64| {
            let connected = |kind: &View<'_, AppointmentType>| {
                let named = kind.get(AppointmentType::provider_ids_for_appt_type_connections).unwrap_or_default();
                !kind.is(AppointmentType::require_specific_providers) || named.is_empty() || named.contains(provider)
            };
            kind.is_none_or(connected) && self.may_book(on, kind, **provider)
        };
        self.providers.iter().filter(offers).flat_map(|provider| self.of_provider(on, *provider, minutes)).collect()
    }

    /// Documented: who books for themselves may be kept from it, by the settings or by the type.
    fn may_book(&self, on: Reading<'_>, kind: Option<&View<'_, AppointmentType>>, provider: u64) -> bool {
        if on.viewer().is_member() {
            return true;
        }
        let settings = self.settings(on, provider);
        !settings.is(AppointmentSetting::prevent_client_booking) && kind.is_none_or(|kind| kind.is(AppointmentType::clients_can_book))
    }

    fn settings<'s>(&self, on: Reading<'s>, provider: u64) -> Settings<'s> {
        crate::domain::scheduling_settings::effective(on, Some(provider), self.kind)
    }

    fn of_provider(&self, on: Reading<'_>, provider: u64, minutes: i64) -> Vec<Slot> {
        let settings = self.settings(on, provider);
        let (step, days) = (step(&settings), self.days());
        let whole = self.span(&days);
        let hours = self.hours(on, provider, &settings, &whole);
        if hours.is_empty() {
            return vec![];
        }
        let own_zone = on.find_any::<User>(provider).map_or_else(|| self.zone.clone(), |provider| zone::of_user(&provider));
        let notice = Notice::of(&settings, on.now(), own_zone, self.zone.clone(), self.moving.is_some());
        let buffer = settings.number(AppointmentSetting::buffer).unwrap_or(0).max(0) * 60;
        let busy = busy::of_provider(on, provider, &widened(&whole, minutes * 60 + buffer), self.moving, self.with_synced);
        let mut found = vec![];
        for day in days {
            let Some(day) = bounds(day, &self.zone) else { continue };
            for free in hours.iter().filter(|free| free.start < day.end && free.end > day.start) {
                for start in starts(&day, free, step) {
                    let time = start..later(start, minutes * 60);
                    if time.end <= free.end && notice.allows(start) && !busy.iter().any(|busy| busy.blocks(&time, buffer)) {
                        found.push(Slot { provider, start, minutes, session: None, is_full: false, has_waitlist: false });
                    }
                }
            }
        }
        found
    }

    /// The provider's hours that are for what is looked for.
    fn hours(&self, on: Reading<'_>, provider: u64, settings: &Settings<'_>, within: &Range<Timestamp>) -> Vec<Range<Timestamp>> {
        let by_kind = settings.is(AppointmentSetting::times_by_appointment_type);
        let by_place = settings.is(AppointmentSetting::times_by_location);
        let by_way = settings.is(AppointmentSetting::times_by_contact_type);
        let is_for = |window: &View<'_, Availability>| {
            let of = kinds(window);
            let way = window.get(Availability::contact_type_id).and_then(|way| on.find_any::<ContactType>(way));
            let way = way.as_ref().and_then(|way| way.get(ContactType::name));
            (!by_kind || of.is_empty() || self.kind.is_some_and(|kind| of.contains(&kind)))
                && (!by_place || fits(window.get(Availability::appointment_location_id), self.place))
                && (!by_way || self.way.as_deref().is_none_or(|asked| way.is_none_or(|way| way.eq_ignore_ascii_case(asked))))
        };
        let windows = on.having(Availability::user_id, provider).filter(is_for);
        let times = windows.filter_map(|window| repeats(&window)).flat_map(|times| times.within(within));
        merged(times.map(|(_, time)| time).collect())
    }

    /// Documented: groups are booked into sessions that are on the calendar already.
    fn sessions(&self, on: Reading<'_>, groups: &[u64]) -> Vec<Slot> {
        let mut found: Vec<Slot> = vec![];
        let span = self.span(&self.days());
        for provider in &self.providers {
            for session in on.having(Appointment::provider_ids, vec![*provider]) {
                let known = found.iter().any(|slot| slot.session.as_ref().is_some_and(|known| known.id() == session.id()));
                let of = session.get(Appointment::appointment_type_id).filter(|of| groups.contains(of));
                let Some(kind) = of.filter(|_| !known).and_then(|kind| there(on, kind)) else { continue };
                let in_days = session.get(Appointment::date).is_some_and(|start| span.contains(&start));
                if in_days && appointments::is_active(&session) && self.may_book(on, Some(&kind), *provider) {
                    found.extend(self.session(on, &session, &kind));
                }
            }
        }
        found
    }

    fn session(&self, on: Reading<'_>, session: &View<'_, Appointment>, kind: &View<'_, AppointmentType>) -> Option<Slot> {
        let provider = session.get(Appointment::other_party_id)?;
        let start = session.get(Appointment::date)?;
        let settings = crate::domain::scheduling_settings::effective(on, Some(provider), Some(kind.id()));
        let notice = Notice::of(&settings, on.now(), self.zone.clone(), self.zone.clone(), false);
        let is_full = is_full(session);
        let has_waitlist = kind.is(AppointmentType::is_waitlist_enabled);
        let shown = !is_full || self.with_full_sessions && has_waitlist;
        (shown && notice.is_far_enough(start)).then(|| Slot {
            provider,
            start,
            minutes: session.get(Appointment::length).unwrap_or_default(),
            session: Some(session.row().clone()),
            is_full,
            has_waitlist,
        })
    }

    fn days(&self) -> Vec<civil::Date> {
        let days = std::iter::successors(Some(*self.days.start()), |day| day.tomorrow().ok());
        days.take_while(|day| day <= self.days.end()).take(MOST_DAYS).collect()
    }

    fn span(&self, days: &[civil::Date]) -> Range<Timestamp> {
        let (Some(first), Some(last)) = (days.first(), days.last()) else { return Timestamp::UNIX_EPOCH..Timestamp::UNIX_EPOCH };
        match (bounds(*first, &self.zone), bounds(*last, &self.zone)) {
            (Some(first), Some(last)) => first.start..last.end,
            _ => Timestamp::UNIX_EPOCH..Timestamp::UNIX_EPOCH,
        }
    }
}

/// Documented: with a capacity, a session is full once so many clients are confirmed.
pub fn is_full(session: &View<'_, Appointment>) -> bool {
    let Some(most) = session.get(Appointment::max_attendees).and_then(|most| most.trim().parse::<usize>().ok()) else { return false };
    let included = session.on.having(AppointmentInclusionType::appointment_id, session.id());
    let confirmed =
        included.filter(|of| !of.is(AppointmentInclusionType::cancelled) && of.get(AppointmentInclusionType::confirmed) != Some(false));
    confirmed.count() >= most
}

fn there(on: Reading<'_>, kind: u64) -> Option<View<'_, AppointmentType>> {
    on.find_any::<AppointmentType>(kind).filter(|kind| kind.get(AppointmentType::deleted_at).is_none())
}

/// Hours for one place are for nobody who asks for another. Assumed: who asks for none takes any.
fn fits(of: Option<u64>, asked: Option<u64>) -> bool {
    of.is_none() || asked.is_none() || of == asked
}

/// Documented: the higher the priority, the sooner a provider is chosen.
fn priority(on: Reading<'_>, provider: u64) -> i64 {
    on.find_any::<User>(provider).and_then(|provider| provider.get(User::scheduling_priority)).unwrap_or(0)
}

/// Documented: the clock minutes on which clients may book, else the grid of the calendar, fifteen minutes unless it says so.
fn step(settings: &Settings<'_>) -> i64 {
    let restricted = settings.get(AppointmentSetting::booking_interval_restriction).filter(|minutes| [20, 30, 60].contains(minutes));
    restricted.unwrap_or(match settings.get(AppointmentSetting::base_calendar_interval) {
        Some(interval) if interval == BaseCalendarInterval::FIVE_MINUTES.name => 5,
        Some(interval) if interval == BaseCalendarInterval::TEN_MINUTES.name => 10,
        _ => 15,
    })
}

/// The points of the grid at which something in `free` may begin on this day.
fn starts(day: &Range<Timestamp>, free: &Range<Timestamp>, step: i64) -> impl Iterator<Item = Timestamp> + use<> {
    let step = step * 60;
    let midnight = day.start.as_second();
    let ahead = (free.start.as_second() - midnight).max(0);
    let first = midnight + (ahead + step - 1) / step * step;
    let end = free.end.min(day.end).as_second();
    (0..)
        .map(move |count| first + count * step)
        .take_while(move |second| *second < end)
        .filter_map(|second| Timestamp::from_second(second).ok())
}

/// A day as it is in a zone: 23 or 25 hours long where the clocks change.
pub fn bounds(day: civil::Date, zone: &TimeZone) -> Option<Range<Timestamp>> {
    let midnight = |day: civil::Date| zone.to_timestamp(day.to_datetime(civil::Time::midnight())).ok();
    Some(midnight(day)?..midnight(day.checked_add(1.day()).ok()?)?)
}

fn later(at: Timestamp, seconds: i64) -> Timestamp {
    crate::engine::moment::later(at, seconds)
}

fn widened(time: &Range<Timestamp>, seconds: i64) -> Range<Timestamp> {
    later(time.start, -seconds)..later(time.end, seconds)
}
