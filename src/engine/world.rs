//! One sandbox: a whole world, and the one place where its state moves forward.

use super::{
    Catalogue, Made, Reading, Refusal, Scene, Settings, Viewer,
    area::{AnyInput, Audience, DueRule},
    call::{Call, Work},
    event::{Event, events},
    files::Link,
    input::Lifted,
    journal::{Ring, Weight},
    row::table,
};
use crate::env::{Clock, Random};
use crate::schema::names::{Mutation, Query};
use crate::schema::{Named, Slot, TypeId, Version};
use crate::state::{Change, Ids, Record, State, TableId, Transaction, Value};
use arc_swap::{ArcSwap, ArcSwapOption};
use jiff::{Timestamp, tz::TimeZone};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

/// A state, and the number of the commit that led to it.
#[derive(Clone)]
pub struct Snapshot {
    pub state: State,
    pub commit: u64,
}

/// One step of a world.
#[derive(Clone)]
pub struct Commit {
    /// Counts from 1 in each sandbox.
    pub number: u64,
    pub at: Timestamp,
    /// The user behind the key; None for what nobody called for.
    pub actor: Option<u64>,
    /// The mutation, or what else moved the world.
    pub cause: &'static str,
    pub changes: Arc<[Change]>,
    pub events: Arc<[Event]>,
}

impl Weight for Commit {
    fn weight(&self) -> usize {
        // A change holds on to two records of some hundred bytes.
        256 + self.changes.len() * 600 + self.events.len() * 128
    }
}

/// All that a world goes on from: a copy that is made of it does what the world itself would have done.
#[derive(Clone)]
pub struct Standing {
    pub snapshot: Arc<Snapshot>,
    pub clock: Clock,
    pub settings: Arc<Settings>,
    /// The seed of its randomness.
    pub seed: String,
    /// How many commits drew random numbers.
    pub draws: u64,
}

/// Follows from commits: deliveries, frames. Told inside the critical section, in commit order; must not block, nor ask
/// the world for a commit.
pub trait Consequence: Send + Sync {
    /// Err refuses the commit, because what would follow from it has no room.
    fn accepts(&self, events: &[Event], after: &State) -> Result<(), Refusal>;
    fn committed(&self, world: &World, commit: &Commit, after: &State);
}

/// What fell due, and was done.
pub struct Done {
    /// On the sandbox's clock: the due instant, or later where nobody looked by then.
    pub at: Timestamp,
    /// What its rule calls it.
    pub what: &'static str,
    pub of: TypeId,
    pub id: u64,
}

/// What a mutation came to.
pub struct Outcome {
    pub result: Result<Made, Refusal>,
    /// The state that the answer is read from.
    pub state: State,
    /// The commit's number, where anything changed.
    pub commit: Option<u64>,
    /// The fields of the input that were taken and had no effect.
    pub without_effect: Vec<String>,
}

/// Who held a key in the state that a commit led to: between two commits, calls come with the same few keys.
struct Known {
    commit: u64,
    secret: Box<str>,
    viewer: Viewer,
}

/// One sandbox.
pub struct World {
    pub name: Arc<str>,
    /// The seed of its randomness and the name it was made from.
    pub seed: String,
    pub catalogue: Arc<Catalogue>,
    current: ArcSwap<Snapshot>,
    /// The latest that was asked for.
    known: ArcSwapOption<Known>,
    clock: RwLock<Clock>,
    settings: ArcSwap<Settings>,
    /// Where new ids come from, if not from the state alone.
    ids: Option<Arc<Ids>>,
    journal: Mutex<Ring<Commit>>,
    consequences: RwLock<Vec<Arc<dyn Consequence>>>,
    /// How many commits drew random numbers. Those of other commits must not matter: deliveries end when they end.
    draws: AtomicU64,
}

/// Memory for one ring, where nothing else is set.
pub const RING_BYTES: usize = 384 * 1024;

impl World {
    pub fn new(name: &str, seed: &str, catalogue: Arc<Catalogue>, state: State, clock: Clock) -> Self {
        Self {
            name: name.into(),
            seed: seed.to_owned(),
            catalogue,
            current: ArcSwap::from_pointee(Snapshot { state, commit: 0 }),
            known: ArcSwapOption::empty(),
            clock: RwLock::new(clock),
            settings: ArcSwap::default(),
            ids: None,
            journal: Mutex::new(Ring::new(RING_BYTES)),
            consequences: RwLock::default(),
            draws: AtomicU64::new(0),
        }
    }

    /// A world that goes on from where another one stood.
    pub fn going_on(name: &str, catalogue: Arc<Catalogue>, from: Standing) -> Self {
        let Standing { snapshot, clock, settings, seed, draws } = from;
        Self {
            seed,
            current: ArcSwap::new(snapshot),
            settings: ArcSwap::new(settings),
            draws: AtomicU64::new(draws),
            ..Self::new(name, "", catalogue.clone(), catalogue.empty(), clock)
        }
    }

    /// Where it stands between two commits.
    pub fn standing(&self) -> Standing {
        let _between = self.journal();
        let (snapshot, settings, draws) = (self.snapshot(), self.settings(), self.draws.load(Relaxed));
        Standing { snapshot, clock: self.clock(), settings, seed: self.seed.clone(), draws }
    }

    /// Gives no id that another world with the same `ids` has given.
    pub fn with_ids(mut self, ids: Option<Arc<Ids>>) -> Self {
        self.ids = ids;
        self
    }

    pub fn ids(&self) -> Option<&Arc<Ids>> {
        self.ids.as_ref()
    }

    /// Says what follows from this world's commits, besides what does already.
    pub fn follow(&self, consequence: Arc<dyn Consequence>) {
        self.consequences.write().unwrap_or_else(PoisonError::into_inner).push(consequence);
    }

    /// The newest state. Takes no lock.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.current.load_full()
    }

    pub fn clock(&self) -> Clock {
        *self.clock.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn set_clock(&self, clock: Clock) {
        *self.clock.write().unwrap_or_else(PoisonError::into_inner) = clock;
    }

    pub fn now(&self) -> Timestamp {
        self.clock().now()
    }

    pub fn settings(&self) -> Arc<Settings> {
        self.settings.load_full()
    }

    pub fn set_settings(&self, settings: Settings) {
        self.settings.store(Arc::new(settings));
    }

    /// Chance for what follows from commit `number`, beside the rules' own.
    pub fn chance(&self, number: u64) -> Random {
        Random::new(&format!("{} after", self.seed), number)
    }

    /// Who holds the key whose last part is `secret`.
    pub fn identify(&self, secret: &str) -> Option<Viewer> {
        let snapshot = self.current.load();
        let known = self.known.load();
        if let Some(known) = known.as_ref().filter(|known| known.commit == snapshot.commit && *known.secret == *secret) {
            return Some(known.viewer.clone());
        }
        let viewer = self.catalogue.identify(&snapshot.state, secret)?;
        self.known.store(Some(Arc::new(Known { commit: snapshot.commit, secret: secret.into(), viewer: viewer.clone() })));
        Some(viewer)
    }

    pub fn scene(&self, viewer: Viewer, version: Version, origin: Arc<str>) -> Scene {
        let catalogue = self.catalogue.clone();
        Scene {
            viewer,
            now: self.now(),
            version,
            sandbox: self.name.clone(),
            origin,
            strict: false,
            settings: self.settings(),
            failing: None,
            catalogue,
        }
    }

    /// The newest commits, oldest first.
    pub fn commits<T>(&self, read: impl FnOnce(&Ring<Commit>) -> T) -> T {
        read(&self.journal())
    }

    /// A rule that panicked left nothing behind: it worked on a transaction of its own.
    fn journal(&self) -> MutexGuard<'_, Ring<Commit>> {
        self.journal.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Carries out the mutation in `slot`, or says None where no area answers it. A refusal leaves the state as it was, and so
    /// does, in a strict scene, a field that had no effect; `goes_without_saying` are those whose value is the default anyway.
    pub fn mutate(&self, slot: Slot, input: Option<&Value>, scene: &Scene, goes_without_saying: &dyn Fn(&str) -> bool) -> Option<Outcome> {
        let rules = self.catalogue.mutation(slot)?;
        let column = Mutation::TYPE.shape().column(slot);
        let of = column.args().and_then(|args| args.shape().slot("input").map(|slot| args.shape().column(slot).target));
        let of = of.unwrap_or(AnyInput::TYPE);
        let sent = if let Some(Value::Object(fields)) = input { fields.as_ref() } else { &[] };
        let lifted = Lifted::new(of, sent, &scene.viewer.zone);
        if let Err(refusal) = permitted(rules.audience, rules.needs, slot, &scene.viewer) {
            let state = self.snapshot().state.clone();
            return Some(Outcome { result: Err(refusal), state, commit: None, without_effect: vec![] });
        }
        let mut without_effect = vec![];
        let outcome = self.commit(scene, column.name(), |work| {
            let mut call = Call::<AnyInput>::new(&lifted, work, scene);
            let made = (rules.run)(&mut call);
            let made = call.but_readable(made)?;
            without_effect = std::mem::take(&mut work.ignored);
            without_effect.extend(lifted.without_effect().into_iter().filter(|name| !goes_without_saying(name)).map(str::to_owned));
            match scene.strict && !without_effect.is_empty() {
                true => Err(Refusal::base("has fields without effect")),
                false => Ok(made),
            }
        });
        Some(Outcome { without_effect, ..outcome })
    }

    /// Commits what asking the query in `slot` leaves behind, if it leaves anything.
    pub fn leave(&self, slot: Slot, args: &Lifted, scene: &Scene) -> Option<u64> {
        let effect = self.catalogue.query(slot)?.effect.as_ref()?;
        let applies = (effect.applies)(Reading { state: &self.snapshot().state, scene }, args);
        applies.then(|| {
            let outcome = self.commit(scene, Query::TYPE.shape().column(slot).name(), |work| {
                (effect.run)(&mut Call::new(args, work, scene));
                Ok(Made::nothing())
            });
            outcome.commit
        })?
    }

    /// Changes the state outside of any mutation: `cause` says what for, in the journal.
    pub fn change(&self, cause: &'static str, rule: impl FnOnce(&mut Transaction)) -> Option<u64> {
        let scene = self.scene(Viewer::nobody(), Version::V2026_01_01, "".into());
        let outcome = self.commit(&scene, cause, |work| {
            rule(&mut work.tx);
            Ok(Made::nothing())
        });
        outcome.commit
    }

    /// As [`World::change`], where `rule` may refuse; changes of the records that it lists announce nothing. Gives back what
    /// the rule came to, and the commit's number where anything changed.
    pub fn add<T, E: From<Refusal>>(
        &self,
        cause: &'static str,
        rule: impl FnOnce(&mut Transaction, &mut Vec<(TypeId, u64)>) -> Result<T, E>,
    ) -> Result<(T, Option<u64>), E> {
        let scene = self.scene(Viewer::nobody(), Version::V2026_01_01, "".into());
        let mut came_to = None;
        let outcome = self.commit(&scene, cause, |work| {
            let result = rule(&mut work.tx, &mut work.silenced);
            let refused = result.is_err();
            came_to = Some(result);
            if refused { Err(Refusal::base("is refused")) } else { Ok(Made::nothing()) }
        });
        let made = came_to.expect("the rule has run")?;
        outcome.result?;
        Ok((made, outcome.commit))
    }

    /// Announces what no change says. Gives back the commit's number.
    pub fn announce(&self, cause: &'static str, event: Event) -> Result<u64, Refusal> {
        let scene = self.scene(Viewer::nobody(), Version::V2026_01_01, "".into());
        let outcome = self.commit(&scene, cause, |work| {
            work.announced.push(event);
            Ok(Made::nothing())
        });
        outcome.result?;
        Ok(outcome.commit.expect("an announcement makes a commit"))
    }

    /// Commits what a fetch of a record's file leaves behind, if it leaves anything.
    pub fn fetched(&self, link: Link) {
        let Some(rule) = self.catalogue.rules(link.of).and_then(|rules| rules.fetched) else { return };
        let scene = self.scene(Viewer::nobody(), Version::V2026_01_01, "".into());
        let none = Lifted::new(AnyInput::TYPE, &[], &TimeZone::UTC);
        self.commit(&scene, "fetch", |work| {
            rule(&mut Call::new(&none, work, &scene), link.id, link.by);
            Ok(Made::nothing())
        });
    }

    fn commit(&self, scene: &Scene, cause: &'static str, rule: impl FnOnce(&mut Work) -> Result<Made, Refusal>) -> Outcome {
        let mut journal = self.journal();
        let before = self.current.load();
        let number = before.commit + 1;
        let random = Random::new(&self.seed, self.draws.load(Relaxed) + 1);
        let mut work = Work::on(Transaction::on(&before.state).with_ids(self.ids.clone()), random.clone());
        let unchanged = |refusal| Outcome { result: Err(refusal), state: before.state.clone(), commit: None, without_effect: vec![] };
        let made = match rule(&mut work) {
            Ok(made) => made,
            Err(refusal) => return unchanged(refusal),
        };
        let drew = work.random != random;
        work.forget_oldest(self.catalogue.logs());
        let Work { tx, silenced, announced, .. } = work;
        let (state, changes) = tx.commit();
        if changes.is_empty() && announced.is_empty() {
            return Outcome { result: Ok(made), state, commit: None, without_effect: vec![] };
        }
        let mut events = events(Reading { state: &state, scene }, &changes, &silenced);
        events.extend(announced);
        let consequences = self.consequences.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(refusal) = consequences.iter().find_map(|consequence| consequence.accepts(&events, &state).err()) {
            return unchanged(refusal);
        }
        let commit = Commit { number, at: scene.now, actor: scene.viewer.id(), cause, changes: changes.into(), events: events.into() };
        self.draws.fetch_add(u64::from(drew), Relaxed);
        // Published first: who is sent word of the change, and asks, finds it.
        self.current.store(Arc::new(Snapshot { state: state.clone(), commit: number }));
        for consequence in consequences.iter() {
            consequence.committed(self, &commit, &state);
        }
        journal.push(light(commit));
        Outcome { result: Ok(made), state, commit: Some(number), without_effect: vec![] }
    }

    /// When the next work falls due, if any does.
    pub fn next_due(&self) -> Option<Timestamp> {
        self.due_before(Timestamp::MAX).map(|(at, _, _)| at)
    }

    /// Runs what falls due up to `until`, in order, and says how much it was.
    pub fn run_due(&self, until: Timestamp) -> usize {
        std::iter::from_fn(|| self.run_next_due(until)).count()
    }

    /// Runs the first of what falls due up to `until`.
    pub fn run_next_due(&self, until: Timestamp) -> Option<Done> {
        let (at, rule, id) = self.due_before(until)?;
        let mut scene = self.scene(Viewer::nobody(), Version::V2026_01_01, "".into());
        scene.now = scene.now.max(at);
        let due = &self.catalogue.due()[rule];
        let none = Lifted::new(due.of, &[], &TimeZone::UTC);
        self.commit(&scene, "due", |work| {
            (due.run)(&mut Call::<AnyInput>::new(&none, work, &scene), id);
            work.no_longer_due(due, id, at);
            Ok(Made::nothing())
        });
        Some(Done { at: scene.now, what: due.what, of: due.of, id })
    }

    /// The nearest due record: when, by which rule, and its id.
    fn due_before(&self, until: Timestamp) -> Option<(Timestamp, usize, u64)> {
        let state = &self.snapshot().state;
        let nearest = self.catalogue.due().iter().enumerate().filter_map(|(rule, due)| {
            let index = state.exact_index(table(due.of), &[], &[due.at])?;
            let record = state.find(table(due.of), index, &[], false, None).next()?;
            let Value::Instant(at) = record.get(due.at) else { return None };
            Some((Timestamp::from_microsecond(*at).ok()?, rule, record.id()))
        });
        nearest.filter(|(at, _, _)| *at <= until).min()
    }
}

impl Work {
    /// Lets go of what is too old to be kept in these tables, so that memory does not grow with traffic.
    fn forget_oldest(&mut self, logs: &[(TableId, usize)]) {
        for (table, most) in logs {
            while self.tx.state().len(*table) > *most {
                let Some(oldest) = self.tx.state().all(*table).next().map(|record| record.id()) else { break };
                self.tx.delete(*table, oldest);
            }
        }
    }

    /// A rule that leaves its record due would run for ever.
    fn no_longer_due(&mut self, due: &DueRule, id: u64, at: Timestamp) {
        let Some(record) = self.tx.state().get(table(due.of), id) else { return };
        if *record.get(due.at) == Value::Instant(at.as_microsecond()) {
            let mut record = Record::clone(record);
            record.set(due.at, Value::Null);
            self.tx.put(table(due.of), record);
        }
    }
}

/// The journal keeps no file alive that the state let go of.
fn light(commit: Commit) -> Commit {
    if !commit.changes.iter().any(Change::holds_files) {
        return commit;
    }
    let mut changes = commit.changes.to_vec();
    changes.iter_mut().for_each(Change::forget_bytes);
    Commit { changes: changes.into(), ..commit }
}

/// The text for what a viewer may not do; observed for `createTask`, assumed to be built alike for the others.
fn permitted(audience: Audience, needs: Option<Slot>, slot: Slot, viewer: &Viewer) -> Result<(), Refusal> {
    use super::ViewerKind::{Nobody, Patient};
    let open = match (audience, viewer.kind) {
        (Audience::Public, _) => true,
        (Audience::Everybody, kind) => kind != Nobody,
        (Audience::Members, kind) => !matches!(kind, Nobody | Patient),
    };
    let allowed = needs.is_none_or(|flag| !viewer.is_member() && open || viewer.may_slot(flag));
    if open && allowed { Ok(()) } else { Err(Refusal::no_permission(&sentence(Mutation::TYPE.shape().column(slot).name()))) }
}

/// `createApiKey` as the end of a sentence: `create this api key`.
fn sentence(mutation: &str) -> String {
    let mut words = String::new();
    for c in mutation.chars() {
        if c.is_uppercase() {
            words.push(' ');
        }
        words.extend(c.to_lowercase());
    }
    match words.split_once(' ') {
        Some(("bulk", _)) => words,
        Some((verb, what)) => format!("{verb} this {what}"),
        None => format!("{words} this"),
    }
}
