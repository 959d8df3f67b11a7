//! The snapshots of a sandbox: states by name, to go back to. Taking one costs a few reference counts whatever the state's size.

use super::{Refused, Sandbox, is_name, seeding::Facts};
use crate::engine::Standing;
use crate::env::machine_time;
use crate::seeds::Handles;
use jiff::Timestamp;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Each holds on to the records that have changed since.
const MOST: usize = 100;

/// Oldest first. A sandbox keeps them when it is restored or reset; they go when it is deleted or made fresh.
#[derive(Default)]
pub struct Snapshots(Mutex<Vec<Snapshot>>);

#[derive(Clone)]
pub struct Snapshot {
    pub name: String,
    /// Real time.
    pub created_at: Timestamp,
    /// What the sandbox's clock showed.
    pub now: Timestamp,
    /// The last commit that it holds.
    pub commit: u64,
    held: Held,
}

/// What one sandbox leaves to the one that goes on from it: data, id counters, clock, settings, randomness. No logs, no deliveries.
#[derive(Clone)]
pub struct Held {
    pub standing: Standing,
    pub next_delivery: u64,
    pub seed: Arc<str>,
    pub facts: Arc<Facts>,
    /// The handles of the records that were added.
    pub added: Handles,
}

impl Snapshots {
    fn kept(&self) -> MutexGuard<'_, Vec<Snapshot>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn all(&self) -> Vec<Snapshot> {
        self.kept().clone()
    }

    /// What the snapshot `name` of `sandbox` holds.
    pub(super) fn held(&self, sandbox: &str, name: &str) -> Result<Held, Refused> {
        let kept = self.kept();
        let found = kept.iter().find(|snapshot| snapshot.name == name).map(|snapshot| snapshot.held.clone());
        found.ok_or_else(|| unknown(sandbox, name, &kept))
    }
}

impl Sandbox {
    /// Takes a snapshot. One that has the name already is replaced; without a name it gets one of its own.
    pub fn take_snapshot(&self, name: Option<&str>) -> Result<Snapshot, Refused> {
        if let Some(name) = name.filter(|name| !is_name(name)) {
            return Err(Refused::SnapshotName(name.to_owned()));
        }
        let held = self.held();
        let mut kept = self.snapshots.kept();
        let name = name.map_or_else(|| free_name(&kept), str::to_owned);
        kept.retain(|snapshot| snapshot.name != name);
        if kept.len() >= MOST {
            return Err(Refused::Snapshots(self.world.name.to_string(), MOST));
        }
        let Standing { clock, snapshot, .. } = &held.standing;
        let taken = Snapshot { name, created_at: machine_time(), now: clock.now(), commit: snapshot.commit, held };
        kept.push(taken.clone());
        Ok(taken)
    }

    pub fn drop_snapshot(&self, name: &str) -> Result<(), Refused> {
        let mut kept = self.snapshots.kept();
        match kept.iter().position(|snapshot| snapshot.name == name) {
            Some(at) => drop(kept.remove(at)),
            None => return Err(unknown(&self.world.name, name, &kept)),
        }
        Ok(())
    }
}

fn free_name(kept: &[Snapshot]) -> String {
    let mut names = (1..).map(|number: u64| format!("snapshot-{number}"));
    names.find(|name| kept.iter().all(|snapshot| snapshot.name != *name)).expect("numbers don't end")
}

fn unknown(sandbox: &str, name: &str, kept: &[Snapshot]) -> Refused {
    let names: Vec<&str> = kept.iter().map(|snapshot| snapshot.name.as_str()).collect();
    let there_are = match names.len() {
        0 => format!("POST /_mock/sandboxes/{sandbox}/snapshots takes one"),
        _ => format!("there are {}", names.join(", ")),
    };
    Refused::NoSnapshot(sandbox.to_owned(), name.to_owned(), there_are)
}
