//! Exports: what is held of a sandbox, written down and read back.

use super::{Held, Refused, Sandbox, Sandboxes, seeding::Facts};
use crate::seeds::{Export, Handles};
use std::sync::Arc;

impl Sandbox {
    /// The whole state as a JSON document; the same state gives the same bytes.
    pub fn export(&self) -> Vec<u8> {
        let Held { standing, next_delivery, seed, facts, .. } = self.held();
        let (roles, records) = (facts.roles.clone(), self.records());
        Export { seed: seed.to_string(), standing, next_delivery, roles, records }.write()
    }
}

impl Sandboxes {
    /// What an export holds: all of it, or why it is not taken.
    pub fn read_export(&self, text: &str) -> Result<Held, Refused> {
        Ok(Export::read(text, self.catalogue()).map_err(|error| Refused::Import(error.to_string()))?.into())
    }
}

impl From<Export> for Held {
    fn from(export: Export) -> Self {
        let Export { seed, standing, next_delivery, roles, records } = export;
        Self { standing, next_delivery, seed: seed.into(), facts: Arc::new(Facts { roles, records }), added: Handles::new() }
    }
}
