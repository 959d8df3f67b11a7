//! First states: the built-in clinic, folders of YAML, and large clinics made from them. `seeds/README.md` is the
//! reference of the format.
//!
//! Files are read once ([`Seeds::load`]), into everything that does not depend on the time; a state is made of that for
//! each sandbox's now ([`Seed::state`]).

mod addition;
mod cell;
mod complete;
mod error;
mod example;
mod export;
mod generate;
mod offset;
mod plan;
mod references;
mod source;
mod sow;
#[cfg(test)]
mod tests;
mod yaml;

pub use addition::{Added, Addition};
pub use error::{Mistake, Place, SeedError};
pub use export::{Export, Misread};
pub use plan::Handles;

use crate::{engine::Catalogue, state::State};
use jiff::Timestamp;
use plan::Plan;
use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock},
};

/// Where seeds come from.
pub struct Seeds;

/// A seed that has been read. Cloning is a reference count.
#[derive(Clone, Debug)]
pub struct Seed {
    plan: Arc<Plan>,
    /// How many patients are generated besides those that the files name.
    patients: u64,
}

/// A world's first state, and what a caller needs to know to use it.
pub struct Seeded {
    pub state: State,
    pub roles: Vec<RoleKey>,
    /// The ids of the records that the files name, by type and handle.
    pub records: BTreeMap<String, BTreeMap<String, u64>>,
}

/// How somebody gets in.
#[derive(Clone, Debug, PartialEq)]
pub struct RoleKey {
    pub role: String,
    /// The last part of the role's key; the role's name.
    pub secret: String,
    pub user_id: u64,
    pub email: String,
    pub password: String,
}

static CLINIC: LazyLock<Seed> = LazyLock::new(|| {
    let sources = source::chain("clinic").expect("the built-in seed is YAML: its tests say so");
    Seed { plan: Arc::new(plan::plan(&sources).expect("the built-in seed is sound: its tests say so")), patients: 0 }
});

impl Seeds {
    /// The default seed, `clinic`.
    pub fn builtin() -> Seed {
        CLINIC.clone()
    }

    /// The seed that `spec` names: `clinic`, a folder, or either with a number of patients to generate (`clinic:10000`).
    pub fn load(spec: &str) -> Result<Seed, SeedError> {
        let sized = spec.rsplit_once(':').and_then(|(name, patients)| Some((name, patients.parse().ok()?)));
        let (name, patients) = sized.unwrap_or((spec, 0));
        if name == "clinic" {
            return Ok(Seed { patients, ..Self::builtin() });
        }
        Ok(Seed { plan: Arc::new(plan::plan(&source::chain(name)?)?), patients })
    }

    /// The seed in these files, names (`User.yaml`) and texts; it may extend one that is built in.
    pub fn from_files(name: &str, files: &[(&str, &str)]) -> Result<Seed, SeedError> {
        Ok(Seed { plan: Arc::new(plan::plan(&source::given(name, files)?)?), patients: 0 })
    }
}

impl Seed {
    pub fn name(&self) -> &str {
        &self.plan.name
    }

    /// The world as it is at `now`. The same seed and now give the same state, to the byte.
    pub fn state(&self, catalogue: &Arc<Catalogue>, now: Timestamp) -> Result<Seeded, SeedError> {
        let mut sown = sow::sow(&self.plan, catalogue, now);
        if self.plan.complete {
            sown.state = complete::complete(&self.plan, &sown.state, &mut sown.records, catalogue, now);
        }
        if self.patients > 0 {
            sown.state = generate::patients(&self.plan, &sown, self.patients, catalogue, now)?;
        }
        Ok(sown)
    }
}
