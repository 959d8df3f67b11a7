//! What one commit did to one record.

use super::{Record, TableId};
use std::sync::Arc;

#[derive(Clone, Debug)]
pub struct Change {
    pub table: TableId,
    pub id: u64,
    pub before: Option<Arc<Record>>,
    pub after: Option<Arc<Record>>,
}

impl Change {
    /// As webhook events end: `created`, `updated` or `deleted`.
    pub fn verb(&self) -> &'static str {
        match (&self.before, &self.after) {
            (None, _) => "created",
            (Some(_), Some(_)) => "updated",
            (Some(_), None) => "deleted",
        }
    }

    /// The record as it is, or as it was before it went.
    pub fn record(&self) -> &Arc<Record> {
        self.after.as_ref().or(self.before.as_ref()).expect("a change has a record before or after")
    }

    pub fn holds_files(&self) -> bool {
        [&self.before, &self.after].into_iter().flatten().any(|record| record.holds_files())
    }

    /// Lets go of the bytes of files that its records hold.
    pub fn forget_bytes(&mut self) {
        for record in [&mut self.before, &mut self.after].into_iter().flatten() {
            if record.holds_files() {
                *record = Arc::new(record.without_bytes());
            }
        }
    }

    /// The slots whose values differ.
    pub fn slots(&self) -> Vec<u16> {
        let (Some(before), Some(after)) = (&self.before, &self.after) else { return Vec::new() };
        let mut slots: Vec<u16> = before.values().chain(after.values()).map(|(slot, _)| slot).collect();
        slots.sort_unstable();
        slots.dedup();
        slots.retain(|slot| before.get(*slot) != after.get(*slot));
        slots
    }
}
