//! What was asked: kept raw, shown when somebody wants to see it.

use crate::engine::{RING_BYTES, Ring, Weight};
use crate::graphql::Report;
use jiff::Timestamp;
use serde_json::{Value as Json, json};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// One operation of one call.
pub struct Logged {
    pub at: Timestamp,
    pub key: Option<Box<str>>,
    pub user_id: Option<u64>,
    /// As they were sent; None where there were none, or too many to keep.
    pub variables: Option<Box<str>>,
    pub status: u16,
    pub duration: Duration,
    pub report: Report,
}

/// The longest variables that are kept.
pub const MOST_VARIABLES: usize = 16 * 1024;

impl Weight for Logged {
    fn weight(&self) -> usize {
        let report = &self.report;
        let texts =
            [&report.errors, &report.without_effect, &report.assumed].into_iter().flatten().map(|text| text.len() + 24).sum::<usize>();
        320 + self.key.as_deref().map_or(0, str::len) + self.variables.as_deref().map_or(0, str::len) + texts
    }
}

/// The newest operations of a sandbox.
pub struct Requests {
    ring: Mutex<Numbered>,
}

struct Numbered {
    ring: Ring<(u64, Logged)>,
    next: u64,
}

impl Weight for (u64, Logged) {
    fn weight(&self) -> usize {
        self.1.weight()
    }
}

impl Default for Requests {
    fn default() -> Self {
        Self { ring: Mutex::new(Numbered { ring: Ring::new(RING_BYTES), next: 1 }) }
    }
}

impl Requests {
    pub fn push(&self, logged: Logged) {
        let mut kept = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        let number = kept.next;
        kept.next += 1;
        kept.ring.push((number, logged));
    }

    /// Bytes and dropped entries.
    pub fn ring(&self) -> (usize, u64) {
        let kept = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        (kept.ring.bytes(), kept.ring.dropped())
    }

    /// The number of the newest.
    pub fn last(&self) -> u64 {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner).next - 1
    }

    /// At most `most` of those behind the one numbered `after`, each with its number. None where some of them have been dropped,
    /// unless it is to be `even_with_gaps`.
    pub fn since(&self, after: u64, most: usize, even_with_gaps: bool) -> Option<Vec<(u64, Json)>> {
        let kept = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        let oldest = kept.ring.iter().next().map_or(kept.next, |(number, _)| *number);
        let newer = kept.ring.iter().filter(|(number, _)| *number > after).take(most);
        (even_with_gaps || after + 1 >= oldest).then(|| newer.map(|(number, logged)| (*number, shown(*number, logged))).collect())
    }

    /// Oldest first, as the control API shows them.
    pub fn to_json(&self) -> Vec<Json> {
        let kept = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        kept.ring.iter().map(|(number, logged)| shown(*number, logged)).collect()
    }
}

fn shown(number: u64, logged: &Logged) -> Json {
    let Report { about, errors, commits, without_effect, assumed, unknown_id: _ } = &logged.report;
    json!({
        "id": number.to_string(),
        "at": logged.at,
        "key": logged.key,
        "user_id": logged.user_id.map(|id| id.to_string()),
        "operation": about.operation.as_deref(),
        "root_fields": &*about.root_fields,
        "variables": logged.variables.as_deref().and_then(|text| serde_json::from_str::<Json>(text).ok()),
        "status": logged.status,
        "errors": errors,
        "commits": commits,
        "duration_us": logged.duration.as_micros() as u64,
        "without_effect": without_effect,
        "unfilled": &*about.unfilled,
        "assumed": assumed,
    })
}

/// A call that matched no sandbox.
pub struct Unmatched {
    pub at: Timestamp,
    /// As far as it may be shown.
    pub key: Option<Box<str>>,
    pub reason: String,
}

impl Weight for Unmatched {
    fn weight(&self) -> usize {
        96 + self.key.as_deref().map_or(0, str::len) + self.reason.len()
    }
}

impl Unmatched {
    pub fn to_json(&self) -> Json {
        let called_with = self.key.as_deref().unwrap_or("no key");
        json!({ "at": self.at, "key": self.key, "reason": format!("{called_with}: {}", self.reason) })
    }
}
