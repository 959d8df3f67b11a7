//! The only way to a new state.

use super::{Change, Ids, Record, State, TableId};
use std::{collections::HashSet, sync::Arc};

/// Edits on top of a state, visible only to whoever holds them until [`Transaction::commit`].
pub struct Transaction {
    base: State,
    next: State,
    /// In the order of the first touch.
    touched: Vec<(TableId, u64)>,
    known: HashSet<(TableId, u64)>,
    watched: bool,
    /// Where ids come from, if not from the state alone.
    ids: Option<Arc<Ids>>,
}

impl Transaction {
    pub fn on(base: &State) -> Self {
        Self { base: base.clone(), next: base.clone(), touched: Vec::new(), known: HashSet::new(), watched: true, ids: None }
    }

    /// Edits whose commit tells of no changes: for first records, of which there may be millions.
    pub fn unwatched(base: &State) -> Self {
        Self { watched: false, ..Self::on(base) }
    }

    /// Gives ids that no world with the same `ids` has given.
    pub fn with_ids(mut self, ids: Option<Arc<Ids>>) -> Self {
        self.ids = ids;
        self
    }

    /// The state with the edits so far.
    pub fn state(&self) -> &State {
        &self.next
    }

    /// The state that the edits started from.
    pub fn base(&self) -> &State {
        &self.base
    }

    /// The id that the next new record of `table` gets; each call gives another.
    pub fn new_id(&mut self, table: TableId) -> u64 {
        let own = self.next.table_mut(table);
        let id = self.ids.as_ref().map_or(own.next_id, |ids| ids.next(table, own.next_id));
        own.next_id = id + 1;
        id
    }

    /// The next new record of `table` gets the id `next`, and so on from there.
    pub fn count_from(&mut self, table: TableId, next: u64) {
        self.next.table_mut(table).next_id = next;
    }

    /// Stores a record, new or changed, under its id.
    pub fn put(&mut self, table: TableId, record: Record) -> Arc<Record> {
        let record = Arc::new(record.shrunk());
        self.touch(table, record.id());
        self.next.put(table, record.clone());
        record
    }

    pub fn delete(&mut self, table: TableId, id: u64) {
        self.touch(table, id);
        self.next.remove(table, id);
    }

    fn touch(&mut self, table: TableId, id: u64) {
        if self.watched && self.known.insert((table, id)) {
            self.touched.push((table, id));
        }
    }

    /// The new state, and every record that differs from the old one, in the order of the first touch.
    pub fn commit(self) -> (State, Vec<Change>) {
        let Self { base, next, touched, .. } = self;
        let changes = touched
            .into_iter()
            .map(|(table, id)| Change { table, id, before: base.get(table, id).cloned(), after: next.get(table, id).cloned() })
            .filter(|change| change.before != change.after)
            .collect();
        (next, changes)
    }
}
