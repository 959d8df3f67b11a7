//! The seeds of a running server: the built-in one, the one that was asked for, and those that callers add.

use crate::engine::Catalogue;
use crate::sandboxes::{Held, SeedSource};
use crate::seeds::{Export, Mistake, Place, Seed, SeedError, Seeded, Seeds};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

const BUILT_IN: &str = "clinic";
/// Each is kept as long as the server runs.
const MOST: usize = 100;
/// Of a clinic that a call asks for; whoever starts the server may have more.
const MOST_PATIENTS: usize = 20_000;

pub struct Library {
    catalogue: Arc<Catalogue>,
    seeds: RwLock<Vec<(String, Known)>>,
}

#[derive(Clone)]
enum Known {
    Files(Seed),
    Export(Held),
}

impl Library {
    /// With the seed that `wanted` names: a built-in one, a folder, or a file that holds an export.
    pub fn read(wanted: &str, catalogue: Arc<Catalogue>) -> Result<Self, SeedError> {
        let mut seeds = vec![(BUILT_IN.to_owned(), Known::Files(Seeds::builtin()))];
        if wanted != BUILT_IN {
            let known = if Path::new(wanted).is_file() { export(wanted, &catalogue)? } else { Known::Files(Seeds::load(wanted)?) };
            seeds.push((wanted.to_owned(), known));
        }
        Ok(Self { catalogue, seeds: RwLock::new(seeds) })
    }

    fn find(&self, name: &str) -> Option<Known> {
        let seeds = self.seeds.read().unwrap_or_else(PoisonError::into_inner);
        let known = seeds.iter().find(|(known, _)| known == name).map(|(_, seed)| seed.clone());
        known.or_else(|| large(name).map(Known::Files))
    }

    /// Checked as a whole, as when it is planted.
    fn files(&self, name: &str, text: &str, now: Timestamp) -> Result<Known, String> {
        let files: BTreeMap<String, String> = serde_json::from_str(text).map_err(|error| {
            format!(
                "send a tar of a seed's folder, an export, or an object of file names with their YAML as text (\"seed.yaml\": …): {error}"
            )
        })?;
        let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let seed = Seeds::from_files(name, &files).map_err(|error| error.to_string())?;
        seed.state(&self.catalogue, now).map_err(|error| error.to_string())?;
        Ok(Known::Files(seed))
    }
}

/// The clinic with many patients, if that is what the name says: `clinic:1000`.
fn large(name: &str) -> Option<Seed> {
    let patients: usize = name.strip_prefix(BUILT_IN)?.strip_prefix(':')?.parse().ok()?;
    if patients <= MOST_PATIENTS { Seeds::load(name).ok() } else { None }
}

fn export(path: &str, catalogue: &Catalogue) -> Result<Known, SeedError> {
    let wrong = |mistake: Mistake| SeedError { at: Place { file: path.into(), line: 0 }, mistake };
    let text = std::fs::read_to_string(path).map_err(|error| wrong(Mistake::Io(error.to_string())))?;
    let export = Export::read(&text, catalogue).map_err(|error| wrong(Mistake::Export(error.to_string())))?;
    Ok(Known::Export(export.into()))
}

impl SeedSource for Library {
    fn names(&self) -> Vec<String> {
        self.seeds.read().unwrap_or_else(PoisonError::into_inner).iter().map(|(name, _)| name.clone()).collect()
    }

    fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    fn seeded(&self, name: &str, now: Timestamp) -> Result<Seeded, String> {
        match self.find(name) {
            Some(Known::Files(seed)) => seed.state(&self.catalogue, now).map_err(|error| error.to_string()),
            Some(Known::Export(_)) | None => Err(format!("there is no seed {name:?}")),
        }
    }

    fn exported(&self, name: &str) -> Option<Held> {
        match self.find(name) {
            Some(Known::Export(held)) => Some(held),
            Some(Known::Files(_)) | None => None,
        }
    }

    fn add(&self, name: &str, text: &str, now: Timestamp) -> Result<(), String> {
        if name == BUILT_IN {
            return Err(format!("{BUILT_IN:?} is built in; choose another name"));
        }
        let known = match Export::is_one(text) {
            true => Known::Export(Export::read(text, &self.catalogue).map_err(|error| error.to_string())?.into()),
            false => self.files(name, text, now)?,
        };
        let mut seeds = self.seeds.write().unwrap_or_else(PoisonError::into_inner);
        let taken = seeds.iter().position(|(taken, _)| taken == name);
        match taken {
            Some(at) => seeds[at].1 = known,
            None if seeds.len() >= MOST => {
                return Err(format!("there are {MOST} seeds, which is as many as there may be; use a name again"));
            }
            None => seeds.push((name.to_owned(), known)),
        }
        Ok(())
    }
}
