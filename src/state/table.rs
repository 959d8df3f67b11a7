//! The records of one type, with their indexes and their id counter.

use super::{
    IndexSpec, Record,
    index::{Index, Key, encode},
};
use crate::state::Value;
use imbl::OrdMap;
use std::sync::Arc;

#[derive(Clone)]
pub(super) struct Table {
    rows: OrdMap<u64, Arc<Record>>,
    indexes: Vec<Index>,
    pub(super) next_id: u64,
}

impl Table {
    pub(super) fn new(indexes: usize, first_id: u64) -> Self {
        Self { rows: OrdMap::new(), indexes: vec![Index::default(); indexes], next_id: first_id }
    }

    pub(super) fn rows(&self) -> &OrdMap<u64, Arc<Record>> {
        &self.rows
    }

    pub(super) fn put(&mut self, specs: &[IndexSpec], record: Arc<Record>) {
        let before = self.rows.insert(record.id(), record.clone());
        for (index, spec) in self.indexes.iter_mut().zip(specs) {
            if let Some(before) = &before {
                if unmoved(spec, before, &record) {
                    continue;
                }
                index.remove(spec, before);
            }
            index.add(spec, &record);
        }
        self.next_id = self.next_id.max(record.id() + 1);
    }

    pub(super) fn remove(&mut self, specs: &[IndexSpec], id: u64) {
        let Some(before) = self.rows.remove(&id) else { return };
        for (index, spec) in self.indexes.iter_mut().zip(specs) {
            index.remove(spec, &before);
        }
    }

    pub(super) fn count(&self, index: usize, equal: &[Value]) -> usize {
        self.indexes[index].count(&key(equal))
    }

    /// Ids in the order of `index`, among the records with these values.
    pub(super) fn ids<'a>(
        &'a self,
        index: usize,
        equal: &[Value],
        reverse: bool,
        after: Option<&[u8]>,
    ) -> Box<dyn Iterator<Item = u64> + 'a> {
        self.indexes[index].ids(&key(equal), reverse, after)
    }
}

fn unmoved(spec: &IndexSpec, before: &Record, after: &Record) -> bool {
    before.tenant() == after.tenant() && spec.equal.iter().chain(&spec.order).all(|slot| before.get(*slot) == after.get(*slot))
}

fn key(values: &[Value]) -> Key {
    let mut key = Key::new();
    for value in values {
        encode(&mut key, value);
    }
    key
}
