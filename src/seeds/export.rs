//! A whole state as one JSON document, and back: nothing is lost on the way, and the same state gives the same bytes.
//!
//! A value stands as its column keeps it (`"2026-03-02"` for a date, `"123"` for an id); one of another kind, which a column may
//! hold too, says what it is: `{"text": "abc"}`.

mod read;
mod write;

pub use read::Misread;

use super::{Handles, RoleKey};
use crate::engine::Standing;

/// The number of the format. Readers refuse a higher one.
const FORMAT: u64 = 1;

/// What one sandbox leaves to one that goes on from it, wherever that is.
#[derive(Clone)]
pub struct Export {
    /// The name of the seed that it began with.
    pub seed: String,
    pub standing: Standing,
    /// The number of its next delivery.
    pub next_delivery: u64,
    pub roles: Vec<RoleKey>,
    /// The ids of the seed's records, by type and handle.
    pub records: Handles,
}
