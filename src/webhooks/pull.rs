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

    pub fn clear(&mut self) {
        self.waiting.clear();
    }
}

impl Outbox {
    /// The next delivery to fetch, waited for; whoever gets it makes the attempt, and reports it with [`Outbox::report`]. None
    /// where none came within `longest`.
    pub async fn fetch(&self, longest: Duration) -> Option<Arc<Delivery>> {
        let taken = std::sync::Mutex::new(None);
        self.until(longest, |kept| {
            while let Some(id) = kept.shelf.waiting.pop_front() {
                // None: it was given up meanwhile.
                if let Some((delivery, now)) = self.begin(kept, id) {
                    kept.shelf.fetched.insert(id, now);
                    *taken.lock().expect("nobody panics with it") = Some(delivery);
                    return true;
                }
            }
            false
        })
        .await;
        let taken = taken.into_inner().expect("nobody panics with it")?;
        if let Some(me) = self.me.upgrade() {
            let (id, attempts) = (taken.id, taken.attempts.len());
            self.courier().runtime().spawn(async move {
                tokio::time::sleep(LEASE).await;
                let late = format!("was fetched, and nothing was reported within {} s", LEASE.as_secs());
                me.report(id, attempts, None, Some(late), LEASE.as_millis() as u64);
            });
        }
        Some(taken)
    }

    /// What became of a delivery that was fetched when it had had `attempts` attempts; false where nobody has fetched it, or what
    /// became of it is known.
    pub fn report(&self, id: u64, attempts: usize, status: Option<u16>, error: Option<String>, duration_ms: u64) -> bool {
        let mut kept = self.kept();
        let is_this = kept.pending.get(&id).is_some_and(|delivery| delivery.attempts.len() == attempts);
        let Some(at) = kept.shelf.fetched.remove(&id).filter(|_| is_this) else { return false };
        drop(kept);
        self.attempted(id, Attempt { at, url: None, status, error, duration_ms });
        true
    }
}
