//! Plans by their text, so that a known document is neither parsed nor validated again.

use super::plan::Plan;
use crate::schema::Version;
use std::{
    collections::{HashMap, hash_map::RandomState},
    hash::{BuildHasher, Hash},
    sync::{Arc, RwLock},
};

/// Both generations together stay within this many bytes.
const MOST: usize = 8 * 1024 * 1024;
/// Longer documents are planned anew each time.
const LONGEST: usize = 64 * 1024;

/// Two generations: the young one is filled until it is half of the whole, then it becomes the old one. What is asked for
/// in the old one is young again.
#[derive(Default)]
pub struct Plans {
    hasher: RandomState,
    kept: RwLock<Generations>,
}

#[derive(Default)]
struct Generations {
    young: HashMap<u64, Vec<Kept>>,
    old: HashMap<u64, Vec<Kept>>,
    bytes: usize,
}

#[derive(Clone)]
struct Kept {
    version: Version,
    text: Arc<str>,
    operation_name: Option<Arc<str>>,
    plan: Arc<Plan>,
}

impl Kept {
    fn is(&self, version: Version, text: &str, operation_name: Option<&str>) -> bool {
        self.version == version && *self.text == *text && self.operation_name.as_deref() == operation_name
    }

    fn weight(&self) -> usize {
        self.text.len() + self.plan.weight + 128
    }
}

impl Plans {
    pub fn get(&self, version: Version, text: &str, operation_name: Option<&str>) -> Option<Arc<Plan>> {
        let hash = self.hash(version, text, operation_name);
        let find = |kept: &HashMap<u64, Vec<Kept>>| kept.get(&hash)?.iter().find(|kept| kept.is(version, text, operation_name)).cloned();
        let generations = self.kept.read().ok()?;
        if let Some(kept) = find(&generations.young) {
            return Some(kept.plan);
        }
        let kept = find(&generations.old)?;
        drop(generations);
        self.keep(hash, kept.clone());
        Some(kept.plan)
    }

    pub fn put(&self, version: Version, text: &str, operation_name: Option<&str>, plan: Arc<Plan>) {
        if text.len() <= LONGEST {
            let hash = self.hash(version, text, operation_name);
            self.keep(hash, Kept { version, text: text.into(), operation_name: operation_name.map(Arc::from), plan });
        }
    }

    fn keep(&self, hash: u64, kept: Kept) {
        let Ok(mut generations) = self.kept.write() else { return };
        let known = generations
            .young
            .get(&hash)
            .is_some_and(|known| known.iter().any(|known| known.is(kept.version, &kept.text, kept.operation_name.as_deref())));
        if known {
            return;
        }
        if generations.bytes + kept.weight() > MOST / 2 {
            generations.old = std::mem::take(&mut generations.young);
            generations.bytes = 0;
        }
        generations.bytes += kept.weight();
        generations.young.entry(hash).or_default().push(kept);
    }

    fn hash(&self, version: Version, text: &str, operation_name: Option<&str>) -> u64 {
        let mut hasher = self.hasher.build_hasher();
        (version, text, operation_name).hash(&mut hasher);
        std::hash::Hasher::finish(&hasher)
    }
}
