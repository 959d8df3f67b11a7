//! What the callers of `availableSlotsForRange` and its kin ask for, read from the arguments that they have in common.

use super::{providers, slots::Search, zone};
use crate::domain::people::is_member;
use crate::engine::{Lifted, Reading, Value, civil_date, moment};
use crate::schema::names::{AppointmentType, Location, User, args::availableSlotsForRange as Args};
use jiff::{Timestamp, civil, tz::TimeZone};
use std::ops::RangeInclusive;

/// Arguments by name: the queries share them, though each has a type of its own.
pub struct Asked<'a> {
    lifted: &'a Lifted,
}

impl<'a> Asked<'a> {
    pub fn new(lifted: &'a Lifted) -> Self {
        Self { lifted }
    }

    pub fn value(&self, name: &str) -> Option<&'a Value> {
        let slot = self.lifted.of.shape().slot(name)?;
        self.lifted.mark(slot);
        self.lifted.sent(slot)?.as_ref().filter(|value| !value.is_null())
    }

    pub fn text(&self, name: &str) -> Option<&'a str> {
        self.value(name)?.as_str().map(str::trim).filter(|text| !text.is_empty())
    }

    fn id(&self, name: &str) -> Option<u64> {
        self.value(name)?.as_id()
    }

    fn ids(&self, name: &str) -> Vec<u64> {
        self.value(name).and_then(Value::as_list).unwrap_or_default().iter().filter_map(Value::as_id).collect()
    }

    fn is(&self, name: &str, otherwise: bool) -> bool {
        self.value(name).and_then(Value::as_bool).unwrap_or(otherwise)
    }

    fn minutes(&self, name: &str) -> Option<i64> {
        match self.value(name)? {
            Value::Int(minutes) => Some(*minutes),
            value => value.as_str()?.trim().parse().ok(),
        }
    }

    /// The day that an argument names, as `zone` has it. A day without a time is that day everywhere.
    pub fn day(&self, name: &str, zone: &TimeZone) -> Option<civil::Date> {
        match self.value(name)? {
            Value::Instant(at) => {
                let at = Timestamp::from_microsecond(*at).ok()?;
                let as_read = self.lifted.zone().to_datetime(at);
                Some(if as_read.time() == civil::Time::midnight() { as_read.date() } else { zone.to_datetime(at).date() })
            }
            Value::Date(days) => Some(civil_date(*days)),
            value => {
                let text = value.as_str()?;
                moment::parse_instant(text, zone).map(|at| zone.to_datetime(at).date())
            }
        }
    }

    /// Documented: the zone that is asked for, the patient's who asks, or the provider's.
    pub fn zone(&self, on: Reading<'_>) -> TimeZone {
        let named = self.text(Args::timezone.name()).and_then(|name| TimeZone::get(name).ok());
        let of = |id: Option<u64>| on.find_any::<User>(id?).map(|user| zone::of_user(&user));
        let patient = || of(on.viewer().id().filter(|_| on.viewer().is_patient()));
        named.or_else(patient).or_else(|| of(self.id(Args::provider_id.name()))).unwrap_or_else(|| zone::named(None))
    }

    /// What to look for in `days`.
    pub fn search(&self, on: Reading<'_>, zone: TimeZone, days: RangeInclusive<civil::Date>) -> Search {
        let from = self.day(Args::start_date_boundary.name(), &zone);
        let until = self.day(Args::end_date_boundary.name(), &zone);
        let days = (*days.start()).max(from.unwrap_or(civil::Date::MIN))..=(*days.end()).min(until.unwrap_or(civil::Date::MAX));
        let kind = self.id(Args::appt_type_id.name());
        Search {
            providers: self.providers(on, kind),
            kind,
            groups: self.ids(Args::appointment_type_ids.name()),
            days,
            zone,
            minutes: self.minutes(Args::length.name()),
            place: self.id(Args::appt_loc_id.name()),
            way: self.text(Args::contact_type.name()).map(str::to_owned),
            moving: self.id(Args::appointment_to_reschedule_id.name()),
            with_full_sessions: self.is(Args::clients_can_join_waitlist.name(), false),
            one_each: self.is(Args::make_unique.name(), true),
            with_synced: self.is(Args::outside_factors.name(), true),
        }
    }

    /// Documented: with `org_level` all providers of the organization or those named, without those excluded; tags all at once.
    fn providers(&self, on: Reading<'_>, kind: Option<u64>) -> Vec<u64> {
        let asked = self.id(Args::provider_id.name());
        let provider = asked.and_then(|id| on.find_any::<User>(id)).filter(is_member);
        let org_level = self.is(Args::org_level.name(), false);
        let (named, excluded) = (self.ids(Args::provider_ids.name()), self.ids(Args::exclude_provider_ids.name()));
        let tags = self.ids(Args::tag_ids.name());
        let mut all = match (org_level, &provider) {
            (true, provider) => {
                let organization = provider.as_ref().map_or(on.viewer().organization(), |provider| provider.organization());
                let mut all = providers::of_organization(on, organization);
                all.retain(|provider| (named.is_empty() || named.contains(provider)) && !excluded.contains(provider));
                all.retain(|provider| tags.iter().all(|tag| providers::is_tagged(on, *provider, *tag)));
                all
            }
            (false, Some(provider)) => vec![provider.id()],
            (false, None) => vec![],
        };
        let in_state = self.text(Args::licensed_in_state.name()).map(str::to_owned).or_else(|| state_of_viewer(on, kind));
        if let Some(state) = in_state {
            all.retain(|provider| providers::is_licensed(on, *provider, &state));
        }
        if let Some(plan) = self.id(Args::accepts_insurance_plan_id.name()) {
            all.retain(|provider| providers::accepts(on, *provider, plan));
        }
        all
    }
}

/// Documented: a type may be for clients of the states in which a provider is licensed.
fn state_of_viewer(on: Reading<'_>, kind: Option<u64>) -> Option<String> {
    let kind = on.find_any::<AppointmentType>(kind?)?;
    let patient = on.viewer().id().filter(|_| on.viewer().is_patient() && kind.is(AppointmentType::require_in_state_clients))?;
    let home = on.having(Location::user_id, patient).next()?;
    home.get(Location::state).filter(|state| !state.trim().is_empty()).map(str::to_owned)
}
