//! First records: what a seed stores before anybody calls. As rules store them, but nobody is told.

use super::{Catalogue, Reading, Scene, Viewer, row::table};
use crate::schema::{Slot, TypeId, Version};
use crate::state::{Record, Transaction, Value};
use jiff::Timestamp;
use std::sync::Arc;

/// Gives records what their entity says of all its records: defaults, derived columns, times.
pub struct Planter {
    scene: Scene,
}

impl Planter {
    pub fn new(catalogue: &Arc<Catalogue>, now: Timestamp) -> Self {
        let scene = Scene {
            viewer: Viewer::nobody(),
            now,
            version: Version::V2026_01_01,
            sandbox: "".into(),
            origin: "".into(),
            strict: false,
            settings: Arc::default(),
            failing: None,
            catalogue: catalogue.clone(),
        };
        Self { scene }
    }

    /// A record with the entity's defaults alone, of `tenant`.
    pub fn blank(&self, ty: TypeId, id: u64, tenant: u64) -> Record {
        let mut record = Record::new(id, tenant);
        for (slot, value) in self.scene.catalogue.rules(ty).map_or(&[][..], |rules| &rules.defaults) {
            record.set(*slot, value.clone());
        }
        record
    }

    /// Stores what became of the record `before`, if it is another. It changed now, where `said` doesn't have the time of change.
    pub fn mend(&self, tx: &mut Transaction, ty: TypeId, before: &Arc<Record>, mut record: Record, mut said: impl Iterator<Item = Slot>) {
        self.derive(tx, ty, &mut record);
        let updated_at = ty.shape().slot("updated_at").filter(|slot| !said.any(|said| said == *slot));
        if let Some(slot) = updated_at.filter(|_| record != **before) {
            record.set(slot, Value::Instant(self.scene.now.as_microsecond()));
        }
        tx.put(table(ty), record);
    }

    /// Takes a record away; one of a type that keeps the deleted ones is marked.
    pub fn remove(&self, tx: &mut Transaction, ty: TypeId, id: u64) {
        let marked = self.scene.catalogue.rules(ty).and_then(|rules| rules.deleted_at);
        let record = marked.and_then(|slot| Some((slot, Record::clone(tx.state().get(table(ty), id)?))));
        match record {
            Some((slot, mut record)) => {
                record.set(slot, Value::Instant(self.scene.now.as_microsecond()));
                tx.put(table(ty), record);
            }
            None => tx.delete(table(ty), id),
        }
    }

    fn derive(&self, tx: &Transaction, ty: TypeId, record: &mut Record) {
        for derive in self.scene.catalogue.rules(ty).map_or(&[][..], |rules| &rules.derived) {
            derive(record, Reading { state: tx.state(), scene: &self.scene });
        }
    }

    /// Stores the record with the columns that the entity derives from what is stored so far. A record without a time
    /// of creation was made now, and one without a time of change has not changed since.
    pub fn plant(&self, tx: &mut Transaction, ty: TypeId, mut record: Record) -> Arc<Record> {
        self.derive(tx, ty, &mut record);
        let now = Value::Instant(self.scene.now.as_microsecond());
        let created_at = ty.shape().slot("created_at");
        if let Some(slot) = created_at.filter(|slot| record.get(*slot).is_null()) {
            record.set(slot, now.clone());
        }
        if let Some(slot) = ty.shape().slot("updated_at").filter(|slot| record.get(*slot).is_null()) {
            let created = created_at.map(|slot| record.get(slot).clone());
            record.set(slot, created.unwrap_or(now));
        }
        tx.put(table(ty), record)
    }
}
