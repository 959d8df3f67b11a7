//! One record: a few values, found by slot.

use super::{File, Value};
use std::sync::Arc;

/// A row of a table. Only the columns that hold something take room.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    id: u64,
    tenant: u64,
    /// Sorted by slot; never holds a null.
    values: Vec<(u16, Value)>,
}

static NULL: Value = Value::Null;

impl Record {
    /// An empty record of `tenant`; 0 stands for nobody's.
    pub fn new(id: u64, tenant: u64) -> Self {
        Self { id, tenant, values: Vec::new() }
    }

    pub fn id(&self) -> u64 {
        self.id
    }

    /// Whose world the record belongs to.
    pub fn tenant(&self) -> u64 {
        self.tenant
    }

    pub fn set_tenant(&mut self, tenant: u64) {
        self.tenant = tenant;
    }

    pub fn get(&self, slot: u16) -> &Value {
        match self.values.binary_search_by_key(&slot, |(slot, _)| *slot) {
            Ok(at) => &self.values[at].1,
            Err(_) => &NULL,
        }
    }

    pub fn set(&mut self, slot: u16, value: Value) {
        match (self.values.binary_search_by_key(&slot, |(slot, _)| *slot), value.is_null()) {
            (Ok(at), true) => {
                self.values.remove(at);
            }
            (Ok(at), false) => self.values[at].1 = value,
            (Err(_), true) => {}
            (Err(at), false) => self.values.insert(at, (slot, value)),
        }
    }

    /// What it holds, by slot.
    pub fn values(&self) -> impl Iterator<Item = (u16, &Value)> {
        self.values.iter().map(|(slot, value)| (*slot, value))
    }

    pub fn holds_files(&self) -> bool {
        self.values.iter().any(|(_, value)| value.as_file().is_some())
    }

    /// The same without the bytes of its files.
    pub fn without_bytes(&self) -> Self {
        let mut light = self.clone();
        for (_, value) in &mut light.values {
            if let Value::File(file) = value {
                *file = Arc::new(File { bytes: Arc::default(), ..File::clone(file) });
            }
        }
        light
    }

    pub(super) fn shrunk(mut self) -> Self {
        self.values.shrink_to_fit();
        self
    }
}
