//! A sandbox's clock: real time, moved or stopped.

use jiff::{SignedDuration, Timestamp, tz::TimeZone};

/// Runs with the machine's clock at a distance from it, or stands still.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Clock {
    Frozen(Timestamp),
    /// This much ahead of the machine (behind it, when negative).
    Running(SignedDuration),
}

impl Default for Clock {
    fn default() -> Self {
        Self::Running(SignedDuration::ZERO)
    }
}

impl Clock {
    /// Standing at `at`. None where the calendar ends too near: what a sandbox holds lies before and behind its now.
    pub fn standing(at: Timestamp) -> Option<Self> {
        let year = TimeZone::UTC.to_datetime(at).year();
        (1..9000).contains(&year).then_some(Self::Frozen(at))
    }

    pub fn now(&self) -> Timestamp {
        match self {
            Self::Frozen(at) => *at,
            Self::Running(ahead) => machine_time().checked_add(*ahead).unwrap_or(Timestamp::MAX),
        }
    }

    pub fn is_frozen(&self) -> bool {
        matches!(self, Self::Frozen(_))
    }

    /// The machine's time when this one shows `at`; None: it stands.
    pub fn machine_time_at(&self, at: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Frozen(_) => None,
            Self::Running(ahead) => Some(at.checked_sub(*ahead).unwrap_or(Timestamp::MAX)),
        }
    }

    /// Moved on to `at`, as seen from what it showed at first; it goes on standing or running.
    pub fn moved(&self, from: Timestamp, at: Timestamp) -> Self {
        match self {
            Self::Frozen(_) => Self::Frozen(at),
            Self::Running(ahead) => Self::Running(ahead.saturating_add(at.duration_since(from))),
        }
    }

    /// The same time of day, but running from here on.
    pub fn resumed(&self) -> Self {
        Self::Running(self.now().duration_since(machine_time()))
    }
}

/// Real time: for time-outs, logs and durations that virtual time must not touch.
#[expect(clippy::disallowed_methods, reason = "the one place that asks the machine")]
pub fn machine_time() -> Timestamp {
    Timestamp::now()
}
