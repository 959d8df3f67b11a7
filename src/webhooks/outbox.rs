//! The deliveries of one sandbox: those that wait, those under way, and the newest of those that are over.

use super::{Attempt, Courier, Delivery, Status, lanes, record};
use crate::engine::{Commit, Consequence, Event, RING_BYTES, Refusal, Ring, Row, World, table};
use crate::schema::names::{Organization, Webhook};
use crate::schema::{EventDef, Named};
use crate::state::State;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::watch;

/// Pending deliveries are never dropped; beyond so many of them, a commit that would add one is refused.
pub const MOST_PENDING: usize = 100_000;

pub struct Outbox {
    sandbox: Arc<str>,
    world: Weak<World>,
    courier: Arc<Courier>,
    me: Weak<Self>,
    kept: Mutex<Kept>,
    /// Counts what happened, for those who wait.
    happened: watch::Sender<u64>,
    most_pending: usize,
}

struct Kept {
    next_id: u64,
    /// Until the first attempt is over.
    pending: BTreeMap<u64, Arc<Delivery>>,
    /// What waits for each address; an entry has a task that empties it.
    lanes: HashMap<Arc<str>, VecDeque<u64>>,
    in_flight: BTreeSet<u64>,
    finished: Ring<Arc<Delivery>>,
    closed: bool,
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
            in_flight: BTreeSet::new(),
            finished: Ring::new(RING_BYTES),
            closed: false,
        };
        let outbox = Arc::new_cyclic(|me| Self {
            sandbox: world.name.clone(),
            world: Arc::downgrade(world),
            courier,
            me: me.clone(),
            kept: Mutex::new(kept),
            happened: watch::Sender::new(0),
            most_pending,
        });
        world.follow(outbox.clone());
        outbox
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn courier(&self) -> &Courier {
        &self.courier
    }

    /// How many deliveries wait for their first attempt, or are in the middle of it.
    pub fn pending(&self) -> usize {
        self.kept().pending.len()
    }

    /// Bytes and dropped entries of the ring of what is over.
    pub fn ring(&self) -> (usize, u64) {
        let kept = self.kept();
        (kept.finished.bytes(), kept.finished.dropped())
    }

    /// Drops what waits, and takes nothing more. Who waits for a delivery is answered.
    pub fn close(&self) {
        let mut kept = self.kept();
        kept.closed = true;
        kept.lanes.values_mut().for_each(VecDeque::clear);
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

    fn tell(&self) {
        self.happened.send_modify(|count| *count += 1);
    }

    /// The next delivery to `url`, and when it leaves on the sandbox's clock; None ends the lane.
    pub(super) fn next(&self, url: &Arc<str>) -> Option<(Arc<Delivery>, Timestamp)> {
        let world = self.world.upgrade();
        let mut kept = self.kept();
        let next = kept.lanes.get_mut(url).and_then(VecDeque::pop_front);
        let delivery = next.and_then(|id| kept.pending.get(&id).cloned());
        let (Some(world), Some(delivery)) = (world, delivery) else {
            kept.lanes.remove(url);
            return None;
        };
        kept.in_flight.insert(delivery.id);
        Some((delivery, world.now()))
    }

    /// A first attempt is over.
    pub(super) fn attempted(&self, id: u64, attempt: Attempt) {
        let pending = self.kept().pending.get(&id).cloned();
        // Recorded before anybody who waits is told, so that they find it recorded.
        if let (Some(world), Some(delivery)) = (self.world.upgrade(), &pending) {
            record::record(&world, delivery, &attempt);
        }
        let mut kept = self.kept();
        kept.in_flight.remove(&id);
        if let Some(delivery) = kept.pending.remove(&id) {
            let mut delivery = Arc::unwrap_or_clone(delivery);
            // Where a failed delivery is to be tried again, it becomes `Retrying` here.
            delivery.status = if attempt.succeeded() { Status::Delivered } else { Status::Failed };
            delivery.attempts.push(attempt);
            kept.finished.push(Arc::new(delivery));
        }
        drop(kept);
        self.tell();
    }
}

impl Consequence for Outbox {
    fn accepts(&self, events: &[Event], after: &State) -> Result<(), Refusal> {
        let full = !events.is_empty() && self.pending() >= self.most_pending;
        match full && events.iter().any(|event| !wanting(event, after).is_empty()) {
            true => Err(Refusal::no_room()),
            false => Ok(()),
        }
    }

    fn committed(&self, _world: &World, commit: &Commit, after: &State) {
        let wanted: Vec<_> = commit.events.iter().map(|event| (event, wanting(event, after))).collect();
        if wanted.iter().all(|(_, webhooks)| webhooks.is_empty()) {
            return;
        }
        let mut kept = self.kept();
        for (event, webhook) in wanted.iter().flat_map(|(event, webhooks)| webhooks.iter().map(move |webhook| (event, webhook))) {
            if kept.closed {
                return;
            }
            let delivery = Delivery::new(kept.next_id, &self.sandbox, commit, event, webhook);
            kept.next_id += 1;
            self.queue(&mut kept, delivery);
        }
        drop(kept);
        self.tell();
    }
}

impl Outbox {
    fn queue(&self, kept: &mut Kept, delivery: Delivery) {
        let (id, url) = (delivery.id, delivery.url.clone());
        kept.pending.insert(id, Arc::new(delivery));
        if let Some(lane) = kept.lanes.get_mut(&url) {
            lane.push_back(id);
            return;
        }
        kept.lanes.insert(url.clone(), VecDeque::from([id]));
        if let Some(me) = self.me.upgrade() {
            self.courier.runtime().spawn(lanes::run(me, url));
        }
    }
}

/// The webhooks that hear of `event`: those of its organization and of the parent that are enabled and listen to it.
fn wanting(event: &Event, state: &State) -> Vec<Row<Webhook>> {
    let all = state.all(table(Webhook::TYPE)).cloned().map(Row::<Webhook>::new);
    if let Some(only) = event.only {
        return all.filter(|webhook| webhook.id() == only).collect();
    }
    let parent = state.get(table(Organization::TYPE), event.organization);
    let parent = parent.and_then(|organization| organization.get(Organization::parent_organization_id.slot).as_id());
    all.filter(|webhook| webhook.is(Webhook::is_enabled))
        .filter(|webhook| {
            let its = webhook.get(Webhook::organization_id).unwrap_or(webhook.organization());
            its == event.organization || Some(its) == parent
        })
        .filter(|webhook| listens(webhook, event.def, state))
        .collect()
}

fn listens(webhook: &Row<Webhook>, event: &EventDef, state: &State) -> bool {
    let single = webhook.value(Webhook::event_type.slot).as_str().and_then(EventDef::find);
    single.is_some_and(|single| single.name() == event.name()) || record::webhook_event(state, webhook.id(), event.choice()).is_some()
}

/// Which deliveries somebody asks about.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub event_type: Option<String>,
    pub resource_id: Option<String>,
    pub webhook_id: Option<String>,
    pub status: Option<Status>,
    pub commit: Option<u64>,
    /// Only deliveries that were made after this one.
    pub after: Option<u64>,
}

impl Filter {
    /// What about the delivery is not as asked: `status is pending, not delivered`.
    pub fn differs(&self, delivery: &Delivery) -> Vec<String> {
        let mut differs = Vec::new();
        let mut compare = |name: &str, is: &str, wanted: Option<&str>| {
            if let Some(wanted) = wanted.filter(|wanted| *wanted != is) {
                differs.push(format!("{name} is {is}, not {wanted}"));
            }
        };
        let event = self.event_type.as_deref();
        // The enum's spelling will do as well.
        compare("event_type", delivery.event.name(), event.filter(|event| *event != delivery.event.choice()));
        compare("resource_id", &delivery.resource_id.to_string(), self.resource_id.as_deref());
        compare("webhook_id", &delivery.webhook.to_string(), self.webhook_id.as_deref());
        compare("commit", &delivery.commit.to_string(), self.commit.map(|commit| commit.to_string()).as_deref());
        compare("status", delivery.status.name(), self.status.map(Status::name));
        differs
    }
}

impl Status {
    fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::Retrying => "retrying",
            Self::Failed => "failed",
        }
    }
}

/// What there is of what was asked for.
pub struct Found {
    /// In the order they were made.
    pub deliveries: Vec<Arc<Delivery>>,
    /// False when time ran out before there were enough.
    pub complete: bool,
    /// Where there were too few: the deliveries that come nearest, with what differs.
    pub nearest: Vec<(Arc<Delivery>, Vec<String>)>,
}

/// Whether anything is due now.
pub struct Settled {
    pub settled: bool,
    /// In the order they were made.
    pub deliveries: Vec<Arc<Delivery>>,
}

const NEAREST: usize = 5;

impl Outbox {
    /// Everything that is still known, in the order it was made.
    fn known(&self) -> Vec<Arc<Delivery>> {
        let kept = self.kept();
        let mut known: Vec<_> = kept.finished.iter().chain(kept.pending.values()).cloned().collect();
        known.sort_by_key(|delivery| delivery.id);
        known
    }

    pub fn list(&self, filter: &Filter) -> Vec<Arc<Delivery>> {
        let newer = |delivery: &Arc<Delivery>| filter.after.is_none_or(|after| delivery.id > after);
        self.known().into_iter().filter(newer).filter(|delivery| filter.differs(delivery).is_empty()).collect()
    }

    /// Waits until `count` deliveries are as asked, for `longest` at most.
    pub async fn wait(&self, filter: &Filter, count: usize, longest: Duration) -> Found {
        let enough = |found: &Vec<_>| found.len() >= count;
        let (deliveries, complete) = self.until(longest, || self.list(filter), enough).await;
        let nearest = if complete { vec![] } else { self.nearest(filter) };
        Found { deliveries, complete, nearest }
    }

    fn nearest(&self, filter: &Filter) -> Vec<(Arc<Delivery>, Vec<String>)> {
        let newer = self.known().into_iter().filter(|delivery| filter.after.is_none_or(|after| delivery.id > after));
        let mut near: Vec<_> = newer.map(|delivery| (filter.differs(&delivery), delivery)).map(|(differs, it)| (it, differs)).collect();
        near.retain(|(_, differs)| !differs.is_empty());
        near.sort_by_key(|(_, differs)| differs.len());
        near.truncate(NEAREST);
        near
    }

    /// Waits until nothing that `commits` caused (any commit, where there are none) is due now.
    pub async fn settled(&self, commits: &[u64], longest: Duration) -> Settled {
        let asked = |delivery: &Arc<Delivery>| commits.is_empty() || commits.contains(&delivery.commit);
        let look = || self.known().into_iter().filter(asked).collect::<Vec<_>>();
        let idle = |found: &Vec<Arc<Delivery>>| found.iter().all(|delivery| delivery.status != Status::Pending);
        let (deliveries, settled) = self.until(longest, look, idle).await;
        Settled { settled, deliveries }
    }

    /// Looks again whenever something happens, until it is as wanted or time runs out or the sandbox is gone.
    async fn until<T>(&self, longest: Duration, look: impl Fn() -> T, wanted: impl Fn(&T) -> bool) -> (T, bool) {
        let mut happened = self.happened.subscribe();
        let deadline = tokio::time::Instant::now() + longest;
        loop {
            happened.mark_unchanged();
            let closed = self.kept().closed;
            let seen = look();
            let done = wanted(&seen);
            if done || closed || tokio::time::Instant::now() >= deadline {
                return (seen, done);
            }
            // An error is the time that is up: looked at once more, above.
            let _ = tokio::time::timeout_at(deadline, happened.changed()).await;
        }
    }
}
