//! How soon, and how far ahead, can be booked.

use crate::domain::scheduling_settings::Settings;
use crate::engine::moment;
use crate::schema::names::AppointmentSetting;
use jiff::{Timestamp, ToSpan, civil, tz::TimeZone};

pub struct Notice {
    now: Timestamp,
    earliest: Timestamp,
    /// The provider's day on which nothing can be booked.
    today: Option<civil::Date>,
    last_day: Option<civil::Date>,
    provider: TimeZone,
    asked: TimeZone,
}

impl Notice {
    pub fn of(settings: &Settings<'_>, now: Timestamp, provider: TimeZone, asked: TimeZone, moves: bool) -> Self {
        let minutes = match moves {
            true => settings.get(AppointmentSetting::minimum_advance_reschedule_time),
            false => settings.get(AppointmentSetting::minimum_advance_schedule_time),
        };
        let days = || settings.number(AppointmentSetting::minimum_days_in_advance).unwrap_or(0).clamp(0, 3_660);
        let seconds = minutes.map_or_else(|| days() * 86_400, |minutes| minutes.clamp(0, 60 * 24 * 3_660) * 60);
        let today = settings.is(AppointmentSetting::same_day_appointments).then(|| provider.to_datetime(now).date());
        let ahead = settings.number(AppointmentSetting::max_days_in_future).filter(|days| (0..=36_600).contains(days));
        let last_day = ahead.and_then(|days| asked.to_datetime(now).date().checked_add(days.days()).ok());
        Self { now, earliest: moment::later(now, seconds), today, last_day, provider, asked }
    }

    pub fn allows(&self, start: Timestamp) -> bool {
        self.is_far_enough(start)
            && self.today.is_none_or(|today| self.provider.to_datetime(start).date() != today)
            && self.last_day.is_none_or(|last| self.asked.to_datetime(start).date() <= last)
    }

    pub fn is_far_enough(&self, start: Timestamp) -> bool {
        start > self.now && start >= self.earliest
    }
}
