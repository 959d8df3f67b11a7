//! Ids that several worlds share, so that none of them gives one that another has given.

use super::TableId;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// The next id of each table.
#[derive(Default, Debug)]
pub struct Ids(Mutex<BTreeMap<TableId, u64>>);

impl Ids {
    /// The next of `table` that is not below `own`, the next that the world itself would give.
    pub fn next(&self, table: TableId, own: u64) -> u64 {
        let mut next = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let next = next.entry(table).or_insert(own);
        let id = own.max(*next);
        *next = id + 1;
        id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_given_once_and_never_below_what_a_world_has() {
        let ids = Ids::default();
        assert_eq!([ids.next(1, 10), ids.next(1, 10), ids.next(1, 20), ids.next(1, 10), ids.next(2, 10)], [10, 11, 20, 21, 10]);
    }
}
