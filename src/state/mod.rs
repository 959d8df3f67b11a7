//! The emulator's memory: an immutable value. Knows tables and records, nothing of GraphQL or Healthie.

mod change;
mod file;
mod ids;
mod index;
mod record;
mod table;
mod transaction;
mod value;

pub use change::Change;
pub use file::File;
pub use ids::Ids;
pub use index::{IndexSpec, Key, TENANT, encode};
pub use record::Record;
pub use transaction::Transaction;
pub use value::Value;

use imbl::OrdMap;
use std::sync::Arc;
use table::Table;

/// Which table; the number is the owner's affair.
pub type TableId = u16;

/// How tables are indexed, and where their ids start. The same for every state of a program.
#[derive(Default)]
pub struct Layout {
    pub indexes: OrdMap<TableId, Vec<IndexSpec>>,
    pub first_ids: OrdMap<TableId, u64>,
}

/// Everything the emulator remembers. Cloning is two reference counts; a clone never changes.
#[derive(Clone, Default)]
pub struct State {
    layout: Arc<Layout>,
    tables: OrdMap<TableId, Arc<Table>>,
}

impl State {
    pub fn new(layout: Arc<Layout>) -> Self {
        Self { layout, tables: OrdMap::new() }
    }

    pub fn get(&self, table: TableId, id: u64) -> Option<&Arc<Record>> {
        self.tables.get(&table)?.rows().get(&id)
    }

    /// All records of a table by id.
    pub fn all(&self, table: TableId) -> impl DoubleEndedIterator<Item = &Arc<Record>> {
        self.tables.get(&table).into_iter().flat_map(|table| table.rows().values())
    }

    pub fn len(&self, table: TableId) -> usize {
        self.tables.get(&table).map_or(0, |table| table.rows().len())
    }

    /// The id that the next new record of `table` gets; None where the table has never been touched.
    pub fn next_id(&self, table: TableId) -> Option<u64> {
        self.tables.get(&table).map(|table| table.next_id)
    }

    pub fn is_empty(&self) -> bool {
        self.tables.values().all(|table| table.rows().is_empty())
    }

    /// The tables that hold anything.
    pub fn tables(&self) -> impl Iterator<Item = TableId> {
        self.tables.keys().copied()
    }

    /// The records of `table` whose values are `equal` to those of the index's, in the index's order,
    /// from behind the key `after` on (the encoded order values and the id, see [`encode`]).
    pub fn find<'a>(
        &'a self,
        table: TableId,
        index: usize,
        equal: &[Value],
        reverse: bool,
        after: Option<&[u8]>,
    ) -> Box<dyn Iterator<Item = &'a Arc<Record>> + 'a> {
        match self.tables.get(&table) {
            Some(table) => Box::new(table.ids(index, equal, reverse, after).filter_map(|id| table.rows().get(&id))),
            None => Box::new(std::iter::empty()),
        }
    }

    /// How many records [`State::find`] would give, without looking at them.
    pub fn count(&self, table: TableId, index: usize, equal: &[Value]) -> usize {
        self.tables.get(&table).map_or(0, |table| table.count(index, equal))
    }

    /// The position of an index that is by just these columns, or by these and more behind `order`.
    pub fn index(&self, table: TableId, equal: &[u16], order: &[u16]) -> Option<usize> {
        let specs = self.layout.indexes.get(&table)?;
        specs.iter().position(|spec| spec.equal == equal && spec.order.starts_with(order))
    }

    /// As [`State::index`], for an order that has to be all of the index's, so that it can be walked instead of sorting.
    pub fn exact_index(&self, table: TableId, equal: &[u16], order: &[u16]) -> Option<usize> {
        let specs = self.layout.indexes.get(&table)?;
        specs.iter().position(|spec| spec.equal == equal && spec.order == order)
    }

    fn table_mut(&mut self, table: TableId) -> &mut Table {
        let layout = &self.layout;
        let made = || {
            let indexes = layout.indexes.get(&table).map_or(0, Vec::len);
            Arc::new(Table::new(indexes, layout.first_ids.get(&table).copied().unwrap_or(1)))
        };
        Arc::make_mut(self.tables.entry(table).or_insert_with(made))
    }

    fn put(&mut self, table: TableId, record: Arc<Record>) {
        let layout = self.layout.clone();
        let specs = layout.indexes.get(&table).map_or(&[][..], Vec::as_slice);
        self.table_mut(table).put(specs, record);
    }

    fn remove(&mut self, table: TableId, id: u64) {
        let layout = self.layout.clone();
        let specs = layout.indexes.get(&table).map_or(&[][..], Vec::as_slice);
        self.table_mut(table).remove(specs, id);
    }
}
