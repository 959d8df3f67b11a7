//! Sending a delivery again, byte for byte.

use super::{Attempt, Delivery, Outbox, Status, outbox::Kept, record};
use std::sync::Arc;

/// What a replay came to.
pub struct Replayed {
    /// Counts all attempts of the delivery from 1.
    pub number: usize,
    pub attempt: Attempt,
}

/// Why a delivery is not sent again.
pub enum Unreplayed {
    /// It never was, or has been dropped from the ring.
    Unknown,
    /// It is waiting for an attempt, or in the middle of one.
    UnderWay,
}

impl Outbox {
    /// Sends what is known still, with the headers that it was signed with; to its own address, unless `url` is another. That is
    /// an attempt like others where it goes to its own. One that succeeds there delivers what had failed.
    pub async fn replay(&self, id: u64, url: Option<&str>) -> Result<Replayed, Unreplayed> {
        let Some(world) = self.world.upgrade() else { return Err(Unreplayed::Unknown) };
        let delivery = self.begin_replay(id)?;
        let elsewhere = url.filter(|url| *url != &*delivery.url);
        let mut attempt = self.courier().attempt_at(elsewhere.unwrap_or(&delivery.url), &delivery, world.now()).await;
        attempt.url = elsewhere.map(Box::from);
        if elsewhere.is_none() {
            record::record(&world, &[(delivery.clone(), &attempt)]);
        }
        let mut kept = self.kept();
        kept.in_flight.remove(&id);
        kept.replayed(id, &attempt);
        drop(kept);
        self.tell();
        Ok(Replayed { number: delivery.attempts.len() + 1, attempt })
    }

    fn begin_replay(&self, id: u64) -> Result<Arc<Delivery>, Unreplayed> {
        let mut kept = self.kept();
        if kept.pending.contains_key(&id) || kept.in_flight.contains(&id) {
            return Err(Unreplayed::UnderWay);
        }
        let found = kept.known().find(|delivery| delivery.id == id).cloned().filter(|_| !kept.closed);
        let delivery = found.ok_or(Unreplayed::Unknown)?;
        kept.in_flight.insert(id);
        Ok(delivery)
    }
}

impl Kept {
    /// Notes the attempt with its delivery, wherever that is by now.
    fn replayed(&mut self, id: u64, attempt: &Attempt) {
        let Some(found) = self.known().find(|delivery| delivery.id == id).cloned() else { return };
        let mut delivery = Delivery::clone(&found);
        delivery.attempts.push(attempt.clone());
        self.mark(&mut delivery);
        let delivers = attempt.succeeded() && attempt.url.is_none();
        match found.status {
            Status::Pending if self.pending.contains_key(&id) => {
                self.pending.insert(id, Arc::new(delivery));
            }
            Status::Retrying if delivers => {
                self.retrying.take(id);
                delivery.status = Status::Delivered;
                delivery.next_attempt_at = None;
                self.finished.push(Arc::new(delivery));
            }
            Status::Retrying => {
                if let Some(due) = delivery.next_attempt_at {
                    self.retrying.insert(due, Arc::new(delivery));
                }
            }
            // Pending and over: it was only recorded.
            Status::Pending | Status::Delivered | Status::Failed => {
                delivery.status = if delivers { Status::Delivered } else { delivery.status };
                self.finished.replace(|known| known.id == id, Arc::new(delivery));
            }
        }
    }
}
