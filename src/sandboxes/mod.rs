//! The sandboxes of a server: made by the first use of their name, each a whole world.

mod causing;
mod clockwork;
mod driver;
mod exports;
mod feed;
mod key;
mod limiter;
mod requests;
mod sandbox;
mod seeding;
mod snapshots;
#[cfg(test)]
mod tests;

pub use causing::{Announced, NotCaused};
pub use clockwork::{Clockwork, Effect, span};
pub use feed::{Feed, commits};
pub use key::{DEFAULT, Key, is_name, shown};
pub use limiter::{Limiter, Locked};
pub use requests::{Logged, MOST_VARIABLES, Requests, Unmatched};
pub use sandbox::Sandbox;
pub use seeding::{Preset, SeedSource};
pub use snapshots::{Held, Snapshot, Snapshots};

use crate::engine::{Catalogue, RING_BYTES, Ring, Viewer, World};
use crate::env::{Clock, machine_time};
use crate::state::Ids;
use crate::subscriptions::End;
use crate::webhooks::{Courier, Deliver};
use driver::Driver;
use jiff::{SignedDuration, Timestamp};
use seeding::Seedbed;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use tokio::task::AbortHandle;

/// How long a sandbox that nobody asked for by name is safe at the cap.
const IDLE: SignedDuration = SignedDuration::from_hours(1);

/// What a server's sandboxes have in common.
pub struct Options {
    /// The seed of sandboxes that don't name one.
    pub seed: String,
    /// Where their clocks stand; None: in real time.
    pub now: Option<Timestamp>,
    pub most: usize,
    pub webhooks: Vec<Preset>,
    /// No two sandboxes give the same id to a new record, nor does one after a reset.
    pub unique_ids: bool,
}

pub struct Sandboxes {
    catalogue: Arc<Catalogue>,
    courier: Arc<Courier>,
    driver: Arc<Driver>,
    driving: AbortHandle,
    seedbed: Seedbed,
    options: Options,
    /// Of all sandboxes whose ids are unique.
    ids: Arc<Ids>,
    by_name: RwLock<HashMap<Arc<str>, Arc<Sandbox>>>,
    unmatched: Mutex<Ring<Unmatched>>,
}

/// Why there is no sandbox.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum Refused {
    #[error("{0:?} is no name for a sandbox: 1 to 63 of a-z, 0-9 and -")]
    Name(String),
    #[error("there is no sandbox {0:?}; GET /_mock/sandboxes lists them, POST makes one")]
    Unknown(String),
    #[error("sandbox {0:?} exists already; PUT /_mock/sandboxes/{0} makes it fresh")]
    Taken(String),
    #[error("{0:?} is no name for a seed: 1 to 63 of a-z, 0-9 and -")]
    SeedName(String),
    #[error("{0}; nothing was changed")]
    BadSeed(String),
    #[error("{0}; nothing was changed")]
    Import(String),
    #[error("there is no seed {0:?}; there are {1}, and PUT /_mock/seeds/NAME adds one")]
    Seed(String, String),
    #[error("a clock cannot stand at {0}; give a time in the years 1 to 8999")]
    Time(Timestamp),
    #[error("{0:?} is no duration to move on by; write it as 5s, PT72H or P3D")]
    Span(String),
    #[error("sandbox {0:?} was reset or deleted while its clock moved")]
    Gone(String),
    #[error("{0:?} is no name for a snapshot: 1 to 63 of a-z, 0-9 and -")]
    SnapshotName(String),
    #[error("sandbox {0:?} has no snapshot {1:?}; {2}")]
    NoSnapshot(String, String, String),
    #[error("sandbox {0:?} has {1} snapshots, which is as many as one may; DELETE /_mock/sandboxes/{0}/snapshots/{{name}} drops one")]
    Snapshots(String, usize),
    #[error("the seed cannot be planted: {0}")]
    Planting(String),
    #[error("the default sandbox always exists; reset it instead")]
    Default,
    #[error("all {0} sandboxes are in use; delete some, or start with a higher --max-sandboxes")]
    Full(usize),
}

/// How a new sandbox begins.
#[derive(Clone, Debug, Default)]
pub struct Beginning {
    pub seed: Option<String>,
    /// The running sandbox that it is a copy of.
    pub from: Option<String>,
    pub freeze: Option<Timestamp>,
    /// Other than the server's other sandboxes.
    pub unique_ids: Option<bool>,
}

/// Who calls, and where.
pub struct Caller {
    pub sandbox: Arc<Sandbox>,
    pub viewer: Viewer,
}

/// Why a call gets no answer.
#[derive(Debug, PartialEq)]
pub enum Turned {
    /// The key matches nobody.
    BadKey,
    Refused(Refused),
}

/// What becomes of a sandbox that has the name already.
enum Taken {
    Keep,
    Refuse,
    Replace,
}

impl Sandboxes {
    /// Begins with the default sandbox.
    pub fn new(catalogue: Arc<Catalogue>, courier: Arc<Courier>, seeds: Arc<dyn SeedSource>, options: Options) -> Result<Self, Refused> {
        let seedbed = Seedbed::new(seeds, catalogue.clone(), options.webhooks.clone());
        let unmatched = Mutex::new(Ring::new(RING_BYTES));
        let (driver, driving) = Driver::start(courier.runtime());
        let all =
            Self { catalogue, courier, driver, driving, seedbed, options, ids: Arc::default(), by_name: RwLock::default(), unmatched };
        all.enter(DEFAULT)?;
        Ok(all)
    }

    /// When the deliveries of all sandboxes leave.
    pub fn deliver(&self) -> Deliver {
        self.courier.deliver
    }

    /// What all sandboxes go by.
    pub fn catalogue(&self) -> &Arc<Catalogue> {
        &self.catalogue
    }

    /// The sandbox of this name, if there is one.
    pub fn get(&self, name: &str) -> Option<Arc<Sandbox>> {
        self.by_name.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    /// All of them, by name.
    pub fn all(&self) -> Vec<Arc<Sandbox>> {
        let mut all: Vec<_> = self.by_name.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect();
        all.sort_by(|a, b| a.world.name.cmp(&b.world.name));
        all
    }

    /// The sandbox of this name, made now if there is none.
    pub fn enter(&self, name: &str) -> Result<Arc<Sandbox>, Refused> {
        match self.visit(name) {
            Some(sandbox) => Ok(sandbox),
            None => Ok(self.put(self.begin(name, &Beginning::default(), true)?, Taken::Keep)?.0),
        }
    }

    /// As [`Sandboxes::get`], for who is about to use it: under the lock, so that it isn't given up as idle meanwhile.
    fn visit(&self, name: &str) -> Option<Arc<Sandbox>> {
        let by_name = self.by_name.read().unwrap_or_else(PoisonError::into_inner);
        by_name.get(name).inspect(|sandbox| sandbox.touch()).cloned()
    }

    /// A new sandbox; without a name it gets one of its own.
    pub fn create(&self, name: Option<&str>, beginning: &Beginning) -> Result<Arc<Sandbox>, Refused> {
        let name = name.map_or_else(|| self.free_name(), str::to_owned);
        if self.get(&name).is_some() {
            return Err(Refused::Taken(name));
        }
        Ok(self.put(self.begin(&name, beginning, false)?, Taken::Refuse)?.0)
    }

    fn free_name(&self) -> String {
        let by_name = self.by_name.read().unwrap_or_else(PoisonError::into_inner);
        let mut names = (1..).map(|number: u64| format!("sandbox-{number}"));
        names.find(|name| !by_name.contains_key(name.as_str())).expect("numbers don't end")
    }

    /// It exists and is fresh afterwards. Returns once the deliveries of its predecessor that were under way are over.
    pub async fn renew(&self, name: &str, beginning: &Beginning) -> Result<Arc<Sandbox>, Refused> {
        self.replace(self.begin(name, beginning, false)?).await
    }

    /// Back to its seed. Returns once the deliveries that were under way are over.
    pub async fn reset(&self, name: &str) -> Result<Arc<Sandbox>, Refused> {
        let old = self.enter(name)?;
        let unique_ids = Some(old.world.ids().is_some());
        let beginning = Beginning { seed: Some(old.seed.to_string()), from: None, freeze: old.began_frozen, unique_ids };
        let mut fresh = self.begin(name, &beginning, old.made_by_use)?;
        fresh.snapshots = old.snapshots.clone();
        self.replace(fresh).await
    }

    /// Back to a snapshot of its own, as often as is wanted. Returns once the deliveries that were under way are over.
    pub async fn restore(&self, name: &str, snapshot: &str) -> Result<Arc<Sandbox>, Refused> {
        let old = self.enter(name)?;
        let held = old.snapshots.held(name, snapshot)?;
        self.go_on(&old, held).await
    }

    /// Goes on from what is held of another. Returns once the deliveries that were under way are over.
    pub async fn import(&self, name: &str, held: Held) -> Result<Arc<Sandbox>, Refused> {
        let old = self.enter(name)?;
        self.go_on(&old, held).await
    }

    async fn go_on(&self, old: &Sandbox, held: Held) -> Result<Arc<Sandbox>, Refused> {
        let mut fresh = self.going_on(&old.world.name, held, old.world.ids().cloned());
        fresh.snapshots = old.snapshots.clone();
        (fresh.began_frozen, fresh.made_by_use) = (old.began_frozen, old.made_by_use);
        self.replace(fresh).await
    }

    fn going_on(&self, name: &str, held: Held, ids: Option<Arc<Ids>>) -> Sandbox {
        Sandbox::going_on(name, held, ids, &self.catalogue, &self.courier, &self.driver)
    }

    /// The names of the seeds that there are.
    pub fn seeds(&self) -> Vec<String> {
        self.seedbed.names()
    }

    /// Adds a seed, or replaces one that was added before. Sandboxes that began with that stay as they are.
    pub fn add_seed(&self, name: &str, text: &str) -> Result<(), Refused> {
        match is_name(name) {
            true => self.seedbed.add(name, text),
            false => Err(Refused::SeedName(name.to_owned())),
        }
    }

    async fn replace(&self, fresh: Sandbox) -> Result<Arc<Sandbox>, Refused> {
        let (sandbox, replaced) = self.put(fresh, Taken::Replace)?;
        self.end(replaced).await;
        Ok(sandbox)
    }

    /// Returns once the deliveries that were under way are over.
    pub async fn delete(&self, name: &str) -> Result<(), Refused> {
        if name == DEFAULT {
            return Err(Refused::Default);
        }
        let removed = self.by_name.write().unwrap_or_else(PoisonError::into_inner).remove(name);
        match removed {
            Some(sandbox) => self.end(Some(sandbox)).await,
            None => return Err(Refused::Unknown(name.to_owned())),
        }
        Ok(())
    }

    /// Everybody who waits for a delivery is answered, every socket ends.
    pub fn close(&self) {
        for sandbox in self.all() {
            sandbox.switchboard.close(End::ServerStops);
            sandbox.outbox.close();
        }
    }

    fn begin(&self, name: &str, beginning: &Beginning, made_by_use: bool) -> Result<Sandbox, Refused> {
        if !is_name(name) {
            return Err(Refused::Name(name.to_owned()));
        }
        if let Some(from) = &beginning.from {
            let source = self.get(from).ok_or_else(|| Refused::Unknown(from.clone()))?;
            let frozen = beginning.freeze.map(standing).transpose()?;
            let ids = self.ids(beginning.unique_ids.unwrap_or(source.world.ids().is_some()));
            return Ok(source.copied(name, frozen, ids, &self.courier, &self.driver));
        }
        let clock = beginning.freeze.or(self.options.now).map(standing).transpose()?;
        let seed = beginning.seed.as_deref().unwrap_or(&self.options.seed);
        let ids = self.ids(beginning.unique_ids.unwrap_or(self.options.unique_ids));
        let mut sandbox = match self.seedbed.exported(seed, name, clock) {
            Some(held) => self.going_on(name, held, ids),
            None => {
                let clock = clock.unwrap_or_default();
                let planted = self.seedbed.plant(seed, clock)?;
                let world = World::new(name, seed, self.catalogue.clone(), planted.state_for(name), clock).with_ids(ids);
                Sandbox::of(world, seed, planted.facts, &self.courier, &self.driver)
            }
        };
        sandbox.began_frozen = beginning.freeze;
        sandbox.made_by_use = made_by_use;
        Ok(sandbox)
    }

    fn ids(&self, unique: bool) -> Option<Arc<Ids>> {
        unique.then(|| self.ids.clone())
    }

    /// Also gives back what was replaced.
    fn put(&self, fresh: Sandbox, taken: Taken) -> Result<(Arc<Sandbox>, Option<Arc<Sandbox>>), Refused> {
        let fresh = Arc::new(fresh);
        let mut by_name = self.by_name.write().unwrap_or_else(PoisonError::into_inner);
        match (by_name.get(&fresh.world.name), taken) {
            (Some(old), Taken::Keep) => return Ok((old.clone(), None)),
            (Some(_), Taken::Refuse) => return Err(Refused::Taken(fresh.world.name.to_string())),
            (Some(_), Taken::Replace) => {}
            (None, _) if by_name.len() < self.options.most => {}
            (None, _) => {
                let idle = longest_idle(by_name.values()).ok_or(Refused::Full(self.options.most))?;
                let evicted = by_name.remove(&idle);
                self.courier.runtime().spawn_blocking(move || drop(evicted));
            }
        }
        let replaced = by_name.insert(fresh.world.name.clone(), fresh.clone());
        Ok((fresh, replaced))
    }

    /// Drops what is pending, waits for what is under way, and frees the memory in the background.
    async fn end(&self, sandbox: Option<Arc<Sandbox>>) {
        let Some(sandbox) = sandbox else { return };
        sandbox.switchboard.close(End::SandboxGone);
        sandbox.outbox.finish().await;
        self.courier.runtime().spawn_blocking(move || drop(sandbox));
    }

    /// Who calls with `key`, and in which sandbox. Without a key: nobody, in the one that the call is pinned to.
    pub fn identify(&self, key: Option<&str>, pinned: Option<&str>) -> Result<Caller, Turned> {
        let found = match key {
            Some(key) => self.holder(key),
            None => self.nobody(pinned.unwrap_or(DEFAULT)),
        };
        found.map_err(|unheld| {
            let (reason, turned) = match unheld {
                Unheld::Reason(reason) => (reason, Turned::BadKey),
                Unheld::Refused(refused) => (refused.to_string(), Turned::Refused(refused)),
            };
            let call = Unmatched { at: machine_time(), key: key.map(|key| shown(key).into()), reason };
            self.unmatched.lock().unwrap_or_else(PoisonError::into_inner).push(call);
            turned
        })
    }

    fn nobody(&self, pinned: &str) -> Result<Caller, Unheld> {
        let sandbox = self.enter(pinned).map_err(Unheld::Refused)?;
        Ok(Caller { sandbox, viewer: Viewer::nobody() })
    }

    fn holder(&self, key: &str) -> Result<Caller, Unheld> {
        let Key { sandbox, secret } = Key::parse(key).map_err(Unheld::Reason)?;
        let sandbox = match self.visit(sandbox) {
            Some(sandbox) => sandbox,
            None => {
                self.may_begin(sandbox, secret)?;
                self.enter(sandbox).map_err(Unheld::Refused)?
            }
        };
        let viewer = sandbox.world.identify(secret).ok_or_else(|| Unheld::Reason(key::unheld(secret)))?;
        Ok(Caller { sandbox, viewer })
    }

    /// Only the key of one of the seed's roles makes a sandbox.
    fn may_begin(&self, sandbox: &str, secret: &str) -> Result<(), Unheld> {
        let clock = self.options.now.map_or_else(Clock::default, Clock::Frozen);
        let facts = self.seedbed.facts(&self.options.seed, clock).map_err(Unheld::Refused)?;
        let is_role = facts.roles.iter().any(|role| role.secret == secret);
        match is_name(sandbox) {
            true if is_role => Ok(()),
            _ if key::is_made(secret) => Err(Unheld::Reason(format!("no sandbox '{sandbox}'"))),
            _ if !is_role => Err(Unheld::Reason(key::unheld(secret))),
            _ => Err(Unheld::Reason(Refused::Name(sandbox.to_owned()).to_string())),
        }
    }

    /// The calls that matched no sandbox.
    pub fn unmatched<T>(&self, read: impl FnOnce(&Ring<Unmatched>) -> T) -> T {
        read(&self.unmatched.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Sandboxes {
    fn drop(&mut self) {
        self.driving.abort();
    }
}

enum Unheld {
    Reason(String),
    Refused(Refused),
}

/// A clock that stands at `at`.
pub fn standing(at: Timestamp) -> Result<Clock, Refused> {
    Clock::standing(at).ok_or(Refused::Time(at))
}

/// The sandbox that was made by use, lies idle the longest, and waits for nothing.
fn longest_idle<'a>(all: impl Iterator<Item = &'a Arc<Sandbox>>) -> Option<Arc<str>> {
    let long_ago = machine_time() - IDLE;
    let idle = all.filter(|sandbox| sandbox.made_by_use && &*sandbox.world.name != DEFAULT && sandbox.used() < long_ago);
    let idle = idle.filter(|sandbox| sandbox.outbox.pending() == 0 && !sandbox.switchboard.is_used());
    idle.min_by_key(|sandbox| sandbox.used()).map(|sandbox| sandbox.world.name.clone())
}
