//! What is counted of calls, for whoever scrapes it.

use crate::graphql::Report;
use axum::http::StatusCode;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// What an operation may be. The last is what never became one.
pub const KINDS: [&str; 4] = ["query", "mutation", "subscription", "none"];
/// The statuses that operations are answered with; the last stands for any other.
pub const STATUSES: [&str; 5] = ["200", "429", "500", "503", "other"];
pub const RESULTS: [&str; 2] = ["ok", "errors"];
/// In microseconds; beyond the last comes infinity.
pub const BOUNDS: [u64; 12] = [50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 50_000, 250_000, 1_000_000, 5_000_000];

#[derive(Default)]
pub struct Metrics {
    operations: [[[AtomicU64; RESULTS.len()]; STATUSES.len()]; KINDS.len()],
    durations: [AtomicU64; BOUNDS.len() + 1],
    microseconds: AtomicU64,
}

impl Metrics {
    pub fn count(&self, report: &Report, status: StatusCode, duration: Duration) {
        let at = |names: &[&str], name: Option<&str>| names.iter().position(|known| Some(*known) == name).unwrap_or(names.len() - 1);
        let (kind, status) = (at(&KINDS, report.about.kind), at(&STATUSES, Some(status.as_str())));
        self.operations[kind][status][usize::from(!report.errors.is_empty())].fetch_add(1, Relaxed);
        let took = duration.as_micros() as u64;
        let bucket = BOUNDS.iter().position(|bound| took <= *bound).unwrap_or(BOUNDS.len());
        self.durations[bucket].fetch_add(1, Relaxed);
        self.microseconds.fetch_add(took, Relaxed);
    }

    /// How many operations, by the positions of their kind, status and result.
    pub fn operations(&self, kind: usize, status: usize, result: usize) -> u64 {
        self.operations[kind][status][result].load(Relaxed)
    }

    /// How many took up to each bound, and how many there were in all.
    pub fn durations(&self) -> (Vec<u64>, u64) {
        let mut sum = 0;
        let mut up_to = self.durations.iter().map(|count| {
            sum += count.load(Relaxed);
            sum
        });
        let counts: Vec<u64> = up_to.by_ref().take(BOUNDS.len()).collect();
        let all = up_to.next().unwrap_or_default();
        (counts, all)
    }

    pub fn microseconds(&self) -> u64 {
        self.microseconds.load(Relaxed)
    }
}
