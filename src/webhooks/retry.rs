//! Retries: when a failed delivery is tried again, and until when.

use super::{Deliver, Delivery, Outbox, Status, lanes, outbox::Kept, record};
use crate::engine::{Row, failing::GIVE_UP_AFTER, table};
use crate::schema::Named;
use crate::schema::names::{Webhook, WebhookEvent};
use crate::state::State;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::{Arc, Mutex};

/// Assumed, as the schedule is not documented: the gap doubles from a minute on.
const FIRST_GAP: SignedDuration = SignedDuration::from_mins(1);
const LONGEST_GAP: SignedDuration = SignedDuration::from_hours(12);
/// How many retries are under way to one address at a time.
const AT_ONCE: usize = 64;

/// What waits for a later attempt, by when it is due.
#[derive(Default)]
pub struct Retrying {
    by_id: BTreeMap<u64, Arc<Delivery>>,
    by_due: BTreeSet<(Timestamp, u64)>,
}

impl Retrying {
    pub fn insert(&mut self, due: Timestamp, delivery: Arc<Delivery>) {
        self.by_due.insert((due, delivery.id));
        self.by_id.insert(delivery.id, delivery);
    }

    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    pub fn all(&self) -> impl Iterator<Item = &Arc<Delivery>> {
        self.by_id.values()
    }

    fn next_due(&self) -> Option<Timestamp> {
        self.by_due.first().map(|(due, _)| *due)
    }

    /// Takes out what is due by `until`, the earliest first.
    fn take_due(&mut self, until: Timestamp) -> Vec<Arc<Delivery>> {
        let mut due = Vec::new();
        while let Some((at, id)) = self.by_due.first().copied().filter(|(at, _)| *at <= until) {
            self.by_due.remove(&(at, id));
            due.extend(self.by_id.remove(&id));
        }
        due
    }

    pub fn take(&mut self, id: u64) -> Option<Arc<Delivery>> {
        self.by_due.retain(|(_, waiting)| *waiting != id);
        self.by_id.remove(&id)
    }

    fn take_of(&mut self, webhook: u64) -> Vec<Arc<Delivery>> {
        let taken: BTreeMap<u64, Arc<Delivery>> = self.by_id.extract_if(.., |_, delivery| delivery.webhook == webhook).collect();
        self.by_due.retain(|(_, id)| !taken.contains_key(id));
        taken.into_values().collect()
    }
}

impl Kept {
    /// What waits for `webhook` fails: it was disabled or deleted. An attempt under way is the last one.
    pub fn give_up(&mut self, webhook: u64) {
        let Self { pending, in_flight, .. } = self;
        let waiting: Vec<u64> =
            pending.values().filter(|it| it.webhook == webhook && !in_flight.contains(&it.id)).map(|it| it.id).collect();
        let waiting = waiting.iter().filter_map(|id| self.pending.remove(id)).collect::<Vec<_>>();
        for delivery in waiting.into_iter().chain(self.retrying.take_of(webhook)) {
            let mut delivery = Arc::unwrap_or_clone(delivery);
            delivery.status = Status::Failed;
            delivery.next_attempt_at = None;
            self.mark(&mut delivery);
            self.finished.push(Arc::new(delivery));
        }
    }
}

impl Outbox {
    /// When the next retry is due, on the sandbox's clock.
    pub fn next_retry(&self) -> Option<Timestamp> {
        self.kept().retrying.next_due()
    }

    /// How many deliveries wait for a later attempt.
    pub fn retrying(&self) -> usize {
        self.kept().retrying.len()
    }

    /// Starts the retries that are due by `until`: to each address some at a time, in no order.
    pub fn retry_due(&self, until: Timestamp) {
        let mut kept = self.kept();
        let mut by_url: HashMap<Arc<str>, VecDeque<u64>> = HashMap::new();
        for delivery in kept.retrying.take_due(until) {
            let mut delivery = Arc::unwrap_or_clone(delivery);
            delivery.status = Status::Pending;
            delivery.next_attempt_at = None;
            kept.mark(&mut delivery);
            match self.courier().deliver {
                Deliver::Pull => kept.shelf.add(delivery.id),
                _ => by_url.entry(delivery.url.clone()).or_default().push_back(delivery.id),
            }
            kept.pending.insert(delivery.id, Arc::new(delivery));
        }
        drop(kept);
        self.tell();
        let Some(me) = self.me.upgrade() else { return };
        for waiting in by_url.into_values() {
            let workers = waiting.len().min(AT_ONCE);
            let waiting = Arc::new(Mutex::new(waiting));
            for _ in 0..workers {
                self.courier().runtime().spawn(lanes::retry(me.clone(), waiting.clone()));
            }
        }
    }
}

/// When a delivery whose latest attempt failed is tried again; None: never.
pub fn next_attempt(state: &State, delivery: &Delivery) -> Option<Timestamp> {
    let (first, latest) = (delivery.attempts.first()?.at, delivery.attempts.last()?.at);
    if !goes_on(state, delivery.webhook) || !retries(state, delivery.webhook) {
        return None;
    }
    // The event may have succeeded meanwhile, with other deliveries: this one is given up all the same.
    let event = record::webhook_event(state, delivery.webhook, delivery.event.choice()).cloned().map(Row::<WebhookEvent>::new);
    let failing = event.and_then(|event| event.get(WebhookEvent::first_failed_at)).map_or(first, |since| since.min(first));
    let due = latest.saturating_add(gap(delivery.attempts.len())).ok()?;
    (due <= failing.saturating_add(GIVE_UP_AFTER).ok()?).then_some(due)
}

/// The time between the `attempt`th attempt and the one after it.
fn gap(attempt: usize) -> SignedDuration {
    let doubled = 1_i32.checked_shl(attempt.saturating_sub(1) as u32).filter(|doubled| *doubled > 0);
    doubled.and_then(|doubled| FIRST_GAP.checked_mul(doubled)).map_or(LONGEST_GAP, |gap| gap.min(LONGEST_GAP))
}

/// Whether anything more is sent to `webhook`.
fn goes_on(state: &State, webhook: u64) -> bool {
    find(state, webhook).is_some_and(|webhook| webhook.is(Webhook::is_enabled))
}

fn retries(state: &State, webhook: u64) -> bool {
    find(state, webhook).is_some_and(|webhook| webhook.is(Webhook::should_retry))
}

fn find(state: &State, webhook: u64) -> Option<Row<Webhook>> {
    state.get(table(Webhook::TYPE), webhook).cloned().map(Row::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_double_up_to_half_a_day() {
        let minutes: Vec<i64> = [1, 2, 3, 10, 11, 12, 40, 200].into_iter().map(|attempt| gap(attempt).as_mins()).collect();
        assert_eq!(minutes, [1, 2, 4, 512, 720, 720, 720, 720]);
    }
}
