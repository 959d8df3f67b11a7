//! Deliveries that are fetched instead of sent: for a receiver that no server can reach, behind NAT or in another network.

use super::{Attempt, Delivery, Outbox};
use jiff::Timestamp;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

/// How long whoever fetched a delivery may take to report what became of it. Always real time, and longer than a receiver may take.
const LEASE: Duration = Duration::from_secs(60);

/// What waits to be fetched.
#[derive(Default)]
pub struct Shelf {
    waiting: VecDeque<u64>,
    /// When each of those that were fetched left, on the sandbox's clock.
    fetched: HashMap<u64, Timestamp>,
}

impl Shelf {
    pub fn add(&mut self, id: u64) {
        self.waiting.push_back(id);
    }

    /// Forgets everything, and says what was fetched: nobody waits for its report.
    pub fn clear(&mut self) -> HashMap<u64, Timestamp> {
        self.waiting.clear();
        std::mem::take(&mut self.fetched)
    }
}

impl Outbox {
    /// The next delivery to fetch, waited for; whoever gets it makes the attempt, and reports it with [`Outbox::report`]. None
    /// where none came within `longest`.
    pub async fn fetch(&self, longest: Duration) -> Option<Arc<Delivery>> {
        let mut taken = None;
        self.until(longest, |kept| {
            while let Some(id) = kept.shelf.waiting.pop_front() {
                // None: it was given up meanwhile.
                if let Some((delivery, now)) = self.begin(kept, id) {
                    kept.shelf.fetched.insert(id, now);
                    taken = Some(delivery);
                    return true;
                }
            }
            false
        })
        .await;
        let taken = taken?;
        let (me, id, attempts) = (self.me.clone(), taken.id, taken.attempts.len());
        self.courier().runtime().spawn(async move {
            tokio::time::sleep(LEASE).await;
            let late = format!("was fetched, and nothing was reported within {} s", LEASE.as_secs());
            if let Some(me) = me.upgrade() {
                me.report(id, attempts, None, Some(late), LEASE.as_millis() as u64);
            }
        });
        Some(taken)
    }

    /// What became of a delivery that was fetched when it had had `attempts` attempts; false where nobody has fetched it, or what
    /// became of it is known.
    pub fn report(&self, id: u64, attempts: usize, status: Option<u16>, error: Option<String>, duration_ms: u64) -> bool {
        let mut kept = self.kept();
        // A report that comes late is about an attempt that is over, and must not end the one that is under way.
        if kept.pending.get(&id).is_none_or(|delivery| delivery.attempts.len() != attempts) {
            return false;
        }
        let Some(at) = kept.shelf.fetched.remove(&id) else { return false };
        drop(kept);
        self.attempted(vec![(id, Attempt { at, url: None, status, error, duration_ms })]);
        true
    }
}
