//! What a question is answered with, before a version and a selection turn it into JSON.

use super::listing::Page;
use crate::schema::{Slot, TypeId};
use crate::state::{Record, Value};
use std::sync::Arc;

#[derive(Clone, Debug)]
pub enum Answer {
    Value(Value),
    Record(TypeId, Arc<Record>),
    List(Vec<Answer>),
    /// A list that knows its order, and what lies beyond it.
    Page(Page),
    /// What is no record: values by the slot of the type.
    Object(TypeId, Vec<(Slot, Answer)>),
}

impl Answer {
    pub const NULL: Self = Self::Value(Value::Null);

    pub fn is_null(&self) -> bool {
        matches!(self, Self::Value(Value::Null))
    }

    pub fn records<T: crate::schema::Named>(rows: impl IntoIterator<Item = super::Row<T>>) -> Self {
        Self::List(rows.into_iter().map(Self::from).collect())
    }
}

impl<T: crate::schema::Named> From<super::Row<T>> for Answer {
    fn from(row: super::Row<T>) -> Self {
        Self::Record(T::TYPE, row.record().clone())
    }
}

impl<T: crate::schema::Named> From<super::View<'_, T>> for Answer {
    fn from(view: super::View<'_, T>) -> Self {
        Self::Record(T::TYPE, view.record().clone())
    }
}

impl<T: Into<Answer>> From<Option<T>> for Answer {
    fn from(answer: Option<T>) -> Self {
        answer.map_or(Self::NULL, Into::into)
    }
}

impl From<Value> for Answer {
    fn from(value: Value) -> Self {
        Self::Value(value)
    }
}
