//! Reading records by typed field.

use super::{Kind, Reading, files};
use crate::schema::{Field, Named, Slot, Text, TypeId};
use crate::state::{Change, File, Record, TableId, Value};
use std::{fmt, marker::PhantomData, ops::Deref, sync::Arc};

/// The table that keeps the records of a type.
pub fn table(ty: TypeId) -> TableId {
    ty.index() as TableId
}

/// One record of type `T`, as it stood when it was read.
pub struct Row<T> {
    record: Arc<Record>,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for Row<T> {
    fn clone(&self) -> Self {
        Self::new(self.record.clone())
    }
}

impl<T: Named> fmt::Debug for Row<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields = self.record.values().map(|(slot, value)| (T::TYPE.shape().column(slot).name(), value));
        write!(f, "{} {} ", T::TYPE.name(), self.id())?;
        f.debug_map().entries(fields).finish()
    }
}

impl<T> Row<T> {
    pub fn new(record: Arc<Record>) -> Self {
        Self { record, of: PhantomData }
    }

    pub fn id(&self) -> u64 {
        self.record.id()
    }

    /// The organization that the record belongs to; 0 where it belongs to none.
    pub fn organization(&self) -> u64 {
        self.record.tenant()
    }

    pub fn record(&self) -> &Arc<Record> {
        &self.record
    }

    pub fn get<K: Kind>(&self, field: Field<T, K>) -> Option<K::Read<'_>> {
        K::read(self.record.get(field.slot))
    }

    /// True only where the field is true.
    pub fn is(&self, field: Field<T, crate::schema::Bool>) -> bool {
        self.get(field) == Some(true)
    }

    /// The file that the column holds.
    pub fn file<K>(&self, field: Field<T, K>) -> Option<&Arc<File>> {
        self.record.get(field.slot).as_file()
    }

    pub fn value(&self, slot: Slot) -> &Value {
        self.record.get(slot)
    }
}

/// A record with the state it is read from and the person who reads it.
pub struct View<'s, T> {
    pub on: Reading<'s>,
    row: Row<T>,
}

impl<T> Deref for View<'_, T> {
    type Target = Row<T>;
    fn deref(&self) -> &Row<T> {
        &self.row
    }
}

impl<'s, T: Named> View<'s, T> {
    pub fn new(on: Reading<'s>, record: &Arc<Record>) -> Self {
        Self { on, row: Row::new(record.clone()) }
    }

    /// The record that a reference points to, whoever may see it.
    pub fn follow<U: Named, K: Kind>(&self, field: Field<T, K>) -> Option<View<'s, U>> {
        self.on.find_any::<U>(self.value(field.slot).as_id()?)
    }

    /// The address in `field`: the text that it holds, or a link to the file.
    pub fn url(&self, field: Field<T, Text>) -> Option<String> {
        match self.value(field.slot) {
            Value::File(file) => Some(self.link(field, &files::name_or(file, files::stem(field.name())))),
            value => value.as_str().map(str::to_owned),
        }
    }

    /// Where the file that `field` holds is to be fetched for a while, under this name.
    pub fn link<K>(&self, field: Field<T, K>, name: &str) -> String {
        files::link(self.on.scene, T::TYPE, self.id(), field.slot, name)
    }

    pub fn row(&self) -> &Row<T> {
        &self.row
    }
}

/// One record of type `T`, before and after a commit.
pub struct Changed<T> {
    pub before: Option<Row<T>>,
    pub after: Option<Row<T>>,
}

impl<T: Named> Changed<T> {
    pub fn new(change: &Change) -> Option<Self> {
        let row = |record: &Option<Arc<Record>>| record.clone().map(Row::new);
        (change.table == table(T::TYPE)).then(|| Self { before: row(&change.before), after: row(&change.after) })
    }

    /// True when `field` was empty before, and is not now.
    pub fn gained<K: Kind>(&self, field: Field<T, K>) -> bool {
        let has = |row: &Option<Row<T>>| row.as_ref().is_some_and(|row| row.get(field).is_some());
        !has(&self.before) && has(&self.after)
    }

    pub fn created(&self) -> bool {
        self.before.is_none()
    }

    /// The record as it is, or as it was before it went.
    pub fn row(&self) -> &Row<T> {
        self.after.as_ref().or(self.before.as_ref()).expect("a change has a record before or after")
    }
}
