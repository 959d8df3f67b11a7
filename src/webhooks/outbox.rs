//! The deliveries of one sandbox: those that wait, those under way, and the newest of those that are over.

use super::{Attempt, Courier, Deliver, Delivery, Status, payload, pull::Shelf, queue, queue::Lane, record, retry, retry::Retrying};
use crate::engine::{Commit, Consequence, Event, Manner, RING_BYTES, Refusal, Ring, World, table};
use crate::faults::{Faults, Respond};
use crate::schema::Named;
use crate::schema::names::Webhook;
use crate::state::{Change, Record, State};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use tokio::sync::watch;
use tokio::task::yield_now;

/// Deliveries that wait are never dropped; beyond so many of them, a commit that would add one is refused.
pub const MOST_PENDING: usize = 100_000;

/// One in so many deliveries comes twice where they are rough, and one in so many late.
const ROUGH: u64 = 4;

pub struct Outbox {
    pub(super) sandbox: Arc<str>,
    /// Of the sandbox's randomness.
    seed: String,
    pub(super) world: Weak<World>,
    courier: Arc<Courier>,
    pub(super) me: Weak<Self>,
    kept: Mutex<Kept>,
    /// Counts what happened, for those who wait.
    pub(super) happened: watch::Sender<u64>,
    most_pending: usize,
    on_retry: OnceLock<Box<dyn Fn() + Send + Sync>>,
    faults: OnceLock<Arc<Faults>>,
}

pub(super) struct Kept {
    pub next_id: u64,
    /// Due now: each waits for an attempt, or is in the middle of one.
    pub pending: BTreeMap<u64, Arc<Delivery>>,
    /// What waits for its first attempt; an entry has a task that empties it.
    pub lanes: HashMap<Lane, VecDeque<u64>>,
    pub shelf: Shelf,
    pub in_flight: BTreeSet<u64>,
    /// What came of attempts that are over, and aren't recorded yet.
    ended: Vec<(u64, Attempt)>,
    pub retrying: Retrying,
    pub finished: Ring<Arc<Delivery>>,
    /// How often any delivery has changed.
    pub changes: u64,
    /// Written while somebody advances the clock, who is told.
    tried: Option<Vec<Tried>>,
    pub closed: bool,
}

/// An attempt, and what became of its delivery.
pub struct Tried {
    /// On the sandbox's clock.
    pub at: Timestamp,
    pub delivery: u64,
    /// Counts from 1.
    pub attempt: usize,
    pub status: Status,
}

impl Outbox {
    /// Follows `world`, so that its commits are delivered.
    pub fn follow(world: &Arc<World>, courier: Arc<Courier>) -> Arc<Self> {
        Self::holding(world, courier, MOST_PENDING)
    }

    pub(super) fn holding(world: &Arc<World>, courier: Arc<Courier>, most_pending: usize) -> Arc<Self> {
        let kept = Kept {
            next_id: 1,
            pending: BTreeMap::new(),
            lanes: HashMap::new(),
            shelf: Shelf::default(),
            in_flight: BTreeSet::new(),
            ended: vec![],
            retrying: Retrying::default(),
            finished: Ring::new(RING_BYTES),
            changes: 0,
            tried: None,
            closed: false,
        };
        let outbox = Arc::new_cyclic(|me| Self {
            sandbox: world.name.clone(),
            seed: world.seed.clone(),
            world: Arc::downgrade(world),
            courier,
            me: me.clone(),
            kept: Mutex::new(kept),
            happened: watch::Sender::new(0),
            most_pending,
            on_retry: OnceLock::new(),
            faults: OnceLock::new(),
        });
        world.follow(outbox.clone());
        outbox
    }

    /// `told` is called whenever a retry has been put off to some instant. The first to ask for it is the only one.
    pub fn on_retry(&self, told: impl Fn() + Send + Sync + 'static) {
        let _ = self.on_retry.set(Box::new(told));
    }

    /// What goes wrong on purpose. The first to say so is the only one.
    pub fn suffer(&self, faults: Arc<Faults>) {
        let _ = self.faults.set(faults);
    }

    /// What strikes a delivery, among the faults that `wants` says yes to.
    pub(super) fn struck(&self, delivery: &Delivery, wants: impl Fn(&Respond) -> bool) -> Option<Respond> {
        let faults = self.faults.get().filter(|faults| faults.any())?;
        faults.strike_delivery(&self.seed, &delivery.url, delivery.event.name(), wants)
    }

    pub(super) fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn courier(&self) -> &Courier {
        &self.courier
    }

    /// How many deliveries are due now, or in the middle of an attempt.
    pub fn pending(&self) -> usize {
        self.kept().pending.len()
    }

    /// The number of the next delivery.
    pub fn next_id(&self) -> u64 {
        self.kept().next_id
    }

    /// Numbers deliveries from `id` on, where the records tell of earlier ones already.
    pub fn number_from(&self, id: u64) {
        self.kept().next_id = id;
    }

    /// Bytes and dropped entries of the ring of what is over.
    pub fn ring(&self) -> (usize, u64) {
        let kept = self.kept();
        (kept.finished.bytes(), kept.finished.dropped())
    }

    pub fn is_closed(&self) -> bool {
        self.kept().closed
    }

    /// Drops what waits, and takes nothing more. Who waits for a delivery is answered.
    pub fn close(&self) {
        let mut kept = self.kept();
        kept.closed = true;
        kept.lanes.values_mut().for_each(VecDeque::clear);
        let fetched = kept.shelf.clear();
        kept.in_flight.retain(|id| !fetched.contains_key(id));
        kept.retrying = Retrying::default();
        let Kept { pending, in_flight, .. } = &mut *kept;
        pending.retain(|id, _| in_flight.contains(id));
        drop(kept);
        self.tell();
    }

    /// As [`Outbox::close`]; returns once nothing is under way.
    pub async fn finish(&self) {
        self.close();
        let mut happened = self.happened.subscribe();
        while !self.kept().in_flight.is_empty() && happened.changed().await.is_ok() {}
    }

    /// Returns once nothing is due now, or the outbox is closed. What is to be fetched is waited for once somebody has.
    pub async fn idle(&self) {
        let mut happened = self.happened.subscribe();
        let is_idle = || {
            let kept = self.kept();
            let is_waited_for = self.courier.deliver != Deliver::Pull;
            kept.closed || if is_waited_for { kept.pending.is_empty() } else { kept.in_flight.is_empty() }
        };
        while !is_idle() && happened.changed().await.is_ok() {}
    }

    /// Remembers attempts from here on, for [`Outbox::tried`].
    pub fn listen(&self) {
        self.kept().tried = Some(vec![]);
    }

    /// The attempts since the last call, at each instant by delivery.
    pub fn tried(&self) -> Vec<Tried> {
        let mut tried = self.kept().tried.as_mut().map(std::mem::take).unwrap_or_default();
        tried.sort_by_key(|tried| (tried.at, tried.delivery, tried.attempt));
        tried
    }

    /// Remembers attempts no longer.
    pub fn stop_listening(&self) {
        self.kept().tried = None;
    }

    pub(super) fn tell(&self) {
        self.happened.send_modify(|count| *count += 1);
    }

    /// The pending delivery `id`, from now on in the middle of an attempt, and the sandbox's time. None where it was dropped.
    pub(super) fn begin(&self, kept: &mut Kept, id: u64) -> Option<(Arc<Delivery>, Timestamp)> {
        let world = self.world.upgrade()?;
        let delivery = kept.pending.get(&id)?.clone();
        kept.in_flight.insert(id);
        Some((delivery, world.now()))
    }

    /// An attempt is over. What ends at about the same time is recorded together, since a commit costs more than what it says.
    pub(super) fn ended(&self, id: u64, attempt: Attempt) {
        let mut kept = self.kept();
        kept.ended.push((id, attempt));
        let is_first = kept.ended.len() == 1;
        drop(kept);
        let Some(me) = self.me.upgrade().filter(|_| is_first) else { return };
        self.courier.runtime().spawn(async move {
            // What else is about to end does so first.
            yield_now().await;
            let ended = std::mem::take(&mut me.kept().ended);
            me.attempted(ended);
        });
    }

    /// Attempts are over.
    pub(super) fn attempted(&self, ended: Vec<(u64, Attempt)>) {
        let world = self.world.upgrade();
        // Recorded before anybody who waits is told, so that they find it recorded.
        if let Some(world) = &world {
            let of = |kept: &Kept, id| kept.pending.get(id).cloned();
            let kept = self.kept();
            let attempts: Vec<_> = ended.iter().filter_map(|(id, attempt)| Some((of(&kept, id)?, attempt))).collect();
            drop(kept);
            record::record(world, &attempts);
        }
        let mut kept = self.kept();
        let mut again = false;
        for (id, attempt) in ended {
            again |= kept.conclude(world.as_deref(), id, attempt);
        }
        drop(kept);
        self.tell();
        if let Some(told) = self.on_retry.get().filter(|_| again) {
            told();
        }
    }
}

/// Whether a webhook was disabled or deleted by this change.
fn silences(change: &Change) -> bool {
    let is_enabled = |webhook: &Arc<Record>| webhook.get(Webhook::is_enabled.slot).as_bool() == Some(true);
    let before = change.before.as_ref().is_some_and(is_enabled);
    change.table == table(Webhook::TYPE) && before && !change.after.as_ref().is_some_and(is_enabled)
}

impl Kept {
    /// What becomes of the delivery `id` after `attempt`; true where it is tried again.
    fn conclude(&mut self, world: Option<&World>, id: u64, attempt: Attempt) -> bool {
        self.in_flight.remove(&id);
        let Some(delivery) = self.pending.remove(&id) else { return false };
        let mut delivery = Arc::unwrap_or_clone(delivery);
        let (at, succeeded) = (attempt.at, attempt.succeeded());
        delivery.attempts.push(attempt);
        self.mark(&mut delivery);
        // Under the lock: a webhook that is disabled from here on ends the retries that it finds.
        let again = world.filter(|_| !succeeded && !self.closed).and_then(|world| retry::next_attempt(&world.snapshot().state, &delivery));
        delivery.next_attempt_at = again;
        delivery.status = match again {
            _ if succeeded => Status::Delivered,
            Some(_) => Status::Retrying,
            None => Status::Failed,
        };
        if let Some(tried) = &mut self.tried {
            tried.push(Tried { at, delivery: id, attempt: delivery.attempts.len(), status: delivery.status });
        }
        match again {
            Some(due) => self.retrying.insert(due, Arc::new(delivery)),
            None => self.finished.push(Arc::new(delivery)),
        }
        again.is_some()
    }

    /// Numbers what changes about `delivery` now.
    pub fn mark(&mut self, delivery: &mut Delivery) {
        self.changes += 1;
        delivery.changed = self.changes;
    }
}

impl Consequence for Outbox {
    fn accepts(&self, events: &[Event], after: &State) -> Result<(), Refusal> {
        let is_full = || {
            let kept = self.kept();
            kept.pending.len() + kept.retrying.len() >= self.most_pending
        };
        match !events.is_empty() && is_full() && events.iter().any(|event| !queue::wanting(event, after).is_empty()) {
            true => Err(Refusal::no_room()),
            false => Ok(()),
        }
    }

    fn committed(&self, world: &World, commit: &Commit, after: &State) {
        let silenced: Vec<u64> = commit.changes.iter().filter(|change| silences(change)).map(|change| change.id).collect();
        let wanted: Vec<_> = commit.events.iter().map(|event| (event, queue::wanting(event, after))).collect();
        if silenced.is_empty() && wanted.iter().all(|(_, webhooks)| webhooks.is_empty()) {
            return;
        }
        let mut kept = self.kept();
        if kept.closed {
            return;
        }
        let settings = world.settings();
        let (is_rough, mut chance) = (settings.webhooks == Manner::Rough, world.chance(commit.number));
        for webhook in silenced {
            kept.give_up(webhook);
        }
        let bodies = wanted.iter().filter(|(_, webhooks)| !webhooks.is_empty());
        let bodies = bodies.map(|(event, webhooks)| (event, webhooks, Arc::<str>::from(payload::body(event, settings.resource_id))));
        for (event, webhook, body) in bodies.flat_map(|(event, webhooks, body)| webhooks.iter().map(move |it| (event, it, body.clone()))) {
            let delivery = Delivery::new(kept.next_id, &self.sandbox, commit, event, webhook, body, self.courier.plain);
            kept.next_id += 1;
            // Which ones are drawn alike, however many webhooks there are.
            let struck = self.struck(&delivery, |respond| respond.duplicate || respond.reorder).unwrap_or_default();
            let late = is_rough && chance.below(ROUGH) == 0 || struck.reorder;
            if is_rough && chance.below(ROUGH) == 0 || struck.duplicate {
                let mut again = delivery.clone();
                again.id = kept.next_id;
                kept.next_id += 1;
                self.queue(&mut kept, again);
            }
            if late { self.queue_late(&mut kept, delivery) } else { self.queue(&mut kept, delivery) }
        }
        drop(kept);
        self.tell();
    }
}
