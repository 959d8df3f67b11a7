//! One sandbox: a world with its deliveries and its request log.

use super::{
    Clockwork, Feed, Key, Limiter, Logged, Requests, Snapshots,
    driver::Driver,
    seeding::{Facts, main_organization},
    snapshots::Held,
};
use crate::engine::{Catalogue, World};
use crate::env::{Clock, machine_time};
use crate::faults::Faults;
use crate::seeds::{Handles, RoleKey};
use crate::state::Ids;
use crate::subscriptions::Switchboard;
use crate::webhooks::{Courier, Outbox};
use jiff::Timestamp;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};

pub struct Sandbox {
    pub world: Arc<World>,
    pub outbox: Arc<Outbox>,
    pub clockwork: Arc<Clockwork>,
    pub switchboard: Arc<Switchboard>,
    pub requests: Requests,
    pub feed: Arc<Feed>,
    pub limiter: Limiter,
    pub faults: Arc<Faults>,
    pub snapshots: Arc<Snapshots>,
    /// The name of its seed.
    pub seed: Arc<str>,
    /// Real time.
    pub created_at: Timestamp,
    /// True where nobody asked for it: the first use of its name made it.
    pub(super) made_by_use: bool,
    /// Where its clock was told to start.
    pub(super) began_frozen: Option<Timestamp>,
    facts: Arc<Facts>,
    /// The ids of the records that were added with a handle.
    pub(super) added: Mutex<Handles>,
    /// The machine's second of the last call.
    used: AtomicI64,
}

impl Sandbox {
    /// Data, id counters, clock, settings and webhooks of this one; none of its logs and pending deliveries.
    pub(super) fn copied(
        &self,
        name: &str,
        frozen: Option<Clock>,
        ids: Option<Arc<Ids>>,
        courier: &Arc<Courier>,
        driver: &Arc<Driver>,
    ) -> Self {
        let snapshot = self.world.snapshot();
        // Numbers of its own: this one has used up the first of the seed's.
        let randomness = format!("{}/{}", self.world.seed, snapshot.commit);
        let clock = frozen.unwrap_or(self.world.clock());
        let world = World::new(name, &randomness, self.world.catalogue.clone(), snapshot.state.clone(), clock).with_ids(ids);
        world.set_settings((*self.world.settings()).clone());
        let added = Mutex::new(self.added_handles());
        Self { began_frozen: frozen.map(|clock| clock.now()), added, ..Self::of(world, &self.seed, self.facts.clone(), courier, driver) }
    }

    /// All that a snapshot holds of it.
    pub(super) fn held(&self) -> Held {
        Held {
            standing: self.world.standing(),
            next_delivery: self.outbox.next_id(),
            seed: self.seed.clone(),
            facts: self.facts.clone(),
            added: self.added_handles(),
        }
    }

    pub(super) fn added_handles(&self) -> Handles {
        self.added.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A sandbox that goes on from what is held of another.
    pub(super) fn going_on(
        name: &str,
        held: Held,
        ids: Option<Arc<Ids>>,
        catalogue: &Arc<Catalogue>,
        courier: &Arc<Courier>,
        driver: &Arc<Driver>,
    ) -> Self {
        let Held { standing, next_delivery, seed, facts, added } = held;
        let world = World::going_on(name, catalogue.clone(), standing).with_ids(ids);
        let sandbox = Self::of(world, &seed, facts, courier, driver);
        let sandbox = Self { added: Mutex::new(added), ..sandbox };
        sandbox.outbox.number_from(next_delivery);
        sandbox
    }

    pub(super) fn of(world: World, seed: &str, facts: Arc<Facts>, courier: &Arc<Courier>, driver: &Arc<Driver>) -> Self {
        let world = Arc::new(world);
        let outbox = Outbox::follow(&world, courier.clone());
        let faults = Arc::<Faults>::default();
        outbox.suffer(faults.clone());
        let clockwork = Clockwork::follow(&world, &outbox, driver);
        let switchboard = Switchboard::follow(&world);
        let feed = Feed::follow(&world);
        let now = machine_time();
        Self {
            world,
            outbox,
            clockwork,
            switchboard,
            requests: Requests::default(),
            feed,
            limiter: Limiter::default(),
            faults,
            snapshots: Arc::default(),
            seed: seed.into(),
            created_at: now,
            made_by_use: false,
            began_frozen: None,
            facts,
            added: Mutex::default(),
            used: AtomicI64::new(now.as_second()),
        }
    }

    /// Remembers an operation, and tells those who watch.
    pub fn log(&self, logged: Logged) {
        self.requests.push(logged);
        self.feed.tell();
    }

    /// The roles of the seed.
    pub fn roles(&self) -> impl Iterator<Item = &RoleKey> {
        self.facts.roles.iter()
    }

    /// Each role of the seed, with its key in this sandbox.
    pub fn keys(&self) -> impl Iterator<Item = (&RoleKey, String)> {
        self.facts.roles.iter().map(|role| (role, Key::of_role(&self.world.name, &role.secret)))
    }

    /// The ids of the seed's records, by type and handle.
    pub(super) fn seeded(&self) -> &Handles {
        &self.facts.records
    }

    /// The organization of what names none.
    pub(super) fn main_organization(&self) -> u64 {
        main_organization(&self.world.snapshot().state, &self.facts.roles)
    }

    pub(super) fn touch(&self) {
        self.used_at(machine_time());
    }

    pub(super) fn used_at(&self, at: Timestamp) {
        self.used.store(at.as_second(), Relaxed);
    }

    pub(super) fn used(&self) -> Timestamp {
        Timestamp::from_second(self.used.load(Relaxed)).unwrap_or(Timestamp::MIN)
    }
}
