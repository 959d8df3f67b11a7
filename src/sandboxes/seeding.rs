//! From a seed to the first state of a sandbox, which forks share as long as it is fresh.

use super::{Held, Refused};
use crate::engine::{Catalogue, Kind, Snapshot, Standing, table};
use crate::env::{Clock, machine_time};
use crate::schema::names::{Organization, User, Webhook, WebhookEvent};
use crate::schema::{EventDef, Field, Named};
use crate::seeds::{RoleKey, Seeded};
use crate::state::{Record, State, Transaction, Value};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Where seeds come from.
pub trait SeedSource: Send + Sync {
    fn names(&self) -> Vec<String>;
    /// Also true of those that are made when somebody asks for them, which `names` doesn't list.
    fn has(&self, name: &str) -> bool {
        self.names().iter().any(|known| known == name)
    }
    /// The first state for a sandbox whose clock shows `now`; Err says what is wrong with the seed.
    fn seeded(&self, name: &str, now: Timestamp) -> Result<Seeded, String>;
    /// Where the seed is an export: what that holds.
    fn exported(&self, _name: &str) -> Option<Held> {
        None
    }
    /// Adds a seed: an export, or YAML by file name. Err says what is wrong with it.
    fn add(&self, _name: &str, _text: &str, _now: Timestamp) -> Result<(), String> {
        Err("the seeds of this server are fixed".to_owned())
    }
}

/// A webhook that every new sandbox has.
#[derive(Clone, Debug)]
pub struct Preset {
    pub url: String,
    /// Empty: all.
    pub events: Vec<&'static EventDef>,
}

/// What does not change with the state.
pub struct Facts {
    pub roles: Vec<RoleKey>,
    pub records: BTreeMap<String, BTreeMap<String, u64>>,
}

/// A first state with its webhooks, whose secrets are the sandbox's own.
#[derive(Clone)]
pub struct Planted {
    pub facts: Arc<Facts>,
    state: State,
    webhooks: Arc<[u64]>,
    seed: Arc<str>,
    at: Timestamp,
    frozen: bool,
}

/// Records are offsets from the time of planting, so that a state in real time goes stale.
const FRESH: SignedDuration = SignedDuration::from_secs(60);
const MOST_CACHED: usize = 4;

pub struct Seedbed {
    source: Arc<dyn SeedSource>,
    catalogue: Arc<Catalogue>,
    presets: Vec<Preset>,
    /// Newest first.
    cached: Mutex<Vec<Planted>>,
}

impl Seedbed {
    pub fn new(source: Arc<dyn SeedSource>, catalogue: Arc<Catalogue>, presets: Vec<Preset>) -> Self {
        Self { source, catalogue, presets, cached: Mutex::default() }
    }

    pub fn names(&self) -> Vec<String> {
        self.source.names()
    }

    pub fn add(&self, seed: &str, text: &str) -> Result<(), Refused> {
        self.source.add(seed, text, machine_time()).map_err(Refused::BadSeed)?;
        self.cached.lock().unwrap_or_else(PoisonError::into_inner).retain(|old| &*old.seed != seed);
        Ok(())
    }

    /// Who has a key from the start.
    pub fn facts(&self, seed: &str, clock: Clock) -> Result<Arc<Facts>, Refused> {
        match self.source.exported(seed) {
            Some(held) => Ok(held.facts),
            None => Ok(self.plant(seed, clock)?.facts),
        }
    }

    /// What `sandbox` goes on from, where the seed is an export: with the webhooks that every sandbox has, unless the export has them.
    pub fn exported(&self, seed: &str, sandbox: &str, clock: Option<Clock>) -> Option<Held> {
        let mut held = self.source.exported(seed)?;
        let Standing { snapshot, clock: its, .. } = &mut held.standing;
        *its = clock.unwrap_or(*its);
        let lacking: Vec<&Preset> = self.presets.iter().filter(|preset| !preset.is_in(&snapshot.state)).collect();
        if !lacking.is_empty() {
            let organization = main_organization(&snapshot.state, &held.facts.roles);
            let mut tx = Transaction::on(&snapshot.state);
            for preset in lacking {
                let id = preset.add(&mut tx, organization, &self.catalogue, its.now());
                own_secret(&mut tx, id, sandbox);
            }
            *snapshot = Arc::new(Snapshot { state: tx.commit().0, commit: snapshot.commit });
        }
        held.seed = seed.into();
        Some(held)
    }

    pub fn plant(&self, seed: &str, clock: Clock) -> Result<Planted, Refused> {
        let (now, frozen) = (clock.now(), clock.is_frozen());
        let serves = |planted: &Planted| {
            let age = now.duration_since(planted.at);
            let fresh = if frozen { age.is_zero() } else { !age.is_negative() && age < FRESH };
            &*planted.seed == seed && planted.frozen == frozen && fresh
        };
        let mut cached = self.cached.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(planted) = cached.iter().find(|planted| serves(planted)) {
            return Ok(planted.clone());
        }
        let planted = self.sow(seed, now, frozen)?;
        cached.retain(|old| old.frozen || &*old.seed != seed);
        cached.insert(0, planted.clone());
        cached.truncate(MOST_CACHED);
        Ok(planted)
    }

    fn sow(&self, seed: &str, now: Timestamp, frozen: bool) -> Result<Planted, Refused> {
        if !self.source.has(seed) {
            return Err(Refused::Seed(seed.to_owned(), self.source.names().join(", ")));
        }
        let Seeded { state, roles, records } = self.source.seeded(seed, now).map_err(Refused::Planting)?;
        let organization = main_organization(&state, &roles);
        let mut tx = Transaction::on(&state);
        let webhooks = self.presets.iter().map(|preset| preset.add(&mut tx, organization, &self.catalogue, now)).collect();
        let (state, _) = tx.commit();
        Ok(Planted { facts: Arc::new(Facts { roles, records }), state, webhooks, seed: seed.into(), at: now, frozen })
    }
}

impl Planted {
    /// The state for one sandbox.
    pub fn state_for(&self, sandbox: &str) -> State {
        let mut tx = Transaction::on(&self.state);
        for id in &*self.webhooks {
            own_secret(&mut tx, *id, sandbox);
        }
        tx.commit().0
    }
}

fn own_secret(tx: &mut Transaction, webhook: u64, sandbox: &str) {
    let Some(webhook) = tx.state().get(table(Webhook::TYPE), webhook) else { return };
    let mut webhook = Record::clone(webhook);
    set(&mut webhook, Webhook::signature_secret, format!("whsec_{sandbox}"));
    tx.put(table(Webhook::TYPE), webhook);
}

impl Preset {
    fn is_in(&self, state: &State) -> bool {
        state.all(table(Webhook::TYPE)).any(|webhook| webhook.get(Webhook::url.slot).as_str() == Some(&self.url))
    }

    fn add(&self, tx: &mut Transaction, organization: u64, catalogue: &Catalogue, now: Timestamp) -> u64 {
        let mut webhook = blank(tx, catalogue, Webhook, organization);
        let id = webhook.id();
        set(&mut webhook, Webhook::url, self.url.clone());
        set(&mut webhook, Webhook::is_enabled, true);
        set(&mut webhook, Webhook::should_retry, true);
        set(&mut webhook, Webhook::organization_id, organization);
        set(&mut webhook, Webhook::created_at, now);
        set(&mut webhook, Webhook::updated_at, now);
        tx.put(table(Webhook::TYPE), webhook);
        let listed = self.events.iter().copied();
        let all = EventDef::all().iter().filter(|_| self.events.is_empty());
        for def in listed.chain(all) {
            let mut event = blank(tx, catalogue, WebhookEvent, organization);
            event.set(WebhookEvent::event_type.slot, Value::text(def.choice()));
            set(&mut event, WebhookEvent::webhook_id, id);
            set(&mut event, WebhookEvent::retry_count, 0);
            set(&mut event, WebhookEvent::created_at, now);
            set(&mut event, WebhookEvent::updated_at, now);
            tx.put(table(WebhookEvent::TYPE), event);
        }
        id
    }
}

/// With the entity's defaults.
fn blank<T: Named>(tx: &mut Transaction, catalogue: &Catalogue, _of: T, organization: u64) -> Record {
    let mut record = Record::new(tx.new_id(table(T::TYPE)), organization);
    for (slot, value) in catalogue.rules(T::TYPE).into_iter().flat_map(|rules| &rules.defaults) {
        record.set(*slot, value.clone());
    }
    record
}

/// The first role's; a seed without roles: the first there is.
pub fn main_organization(state: &State, roles: &[RoleKey]) -> u64 {
    let first = roles.iter().find_map(|role| state.get(table(User::TYPE), role.user_id)).map(|user| user.tenant());
    let any = || state.all(table(Organization::TYPE)).next().map(|organization| organization.id());
    first.filter(|id| *id != 0).or_else(any).unwrap_or(0)
}

fn set<T, K: Kind>(record: &mut Record, field: Field<T, K>, value: K::Write) {
    record.set(field.slot, K::write(value));
}
