//! The emulator's memory: an immutable value. Knows tables and records, nothing of GraphQL or Healthie.

mod value;

pub use value::Value;
