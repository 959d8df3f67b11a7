//! What everything that reads is given: a state, and who reads it when.

use super::{Catalogue, Kind, Row, Settings, View, Viewer, row::table};
use crate::schema::{Field, Named, TypeId, Version};
use crate::state::{Record, State, TENANT, Value};
use jiff::Timestamp;
use std::sync::Arc;

/// What stands instead of a root field's answer: an error with this text and code.
#[derive(Debug)]
pub struct FailingField {
    pub field: String,
    pub message: String,
    pub code: Option<String>,
}

/// One call's surroundings.
#[derive(Clone)]
pub struct Scene {
    pub viewer: Viewer,
    pub now: Timestamp,
    pub version: Version,
    /// The sandbox's name.
    pub sandbox: Arc<str>,
    /// `http://host:port` for links to this server.
    pub origin: Arc<str>,
    /// What is accepted without effect is an error.
    pub strict: bool,
    pub settings: Arc<Settings>,
    /// A root field that fails on purpose.
    pub failing: Option<Arc<FailingField>>,
    pub catalogue: Arc<Catalogue>,
}

/// A state before it is known who looks at it: for working that out.
#[derive(Clone, Copy)]
pub struct Records<'s>(pub(super) &'s State);

impl<'s> Records<'s> {
    pub fn get<T: Named>(&self, id: u64) -> Option<Row<T>> {
        self.0.get(table(T::TYPE), id).cloned().map(Row::new)
    }

    /// The records whose `field` is `value`, by an index where the entity declares one.
    pub fn having<T: Named + 'static, K: Kind>(&self, field: Field<T, K>, value: K::Write) -> Box<dyn Iterator<Item = Row<T>> + 's> {
        Box::new(having(self.0, field, K::write(value)).map(|record| Row::new(record.clone())))
    }
}

/// A state as one person sees it.
#[derive(Clone, Copy)]
pub struct Reading<'s> {
    pub state: &'s State,
    pub scene: &'s Scene,
}

impl<'s> Reading<'s> {
    pub fn viewer(&self) -> &'s Viewer {
        &self.scene.viewer
    }

    pub fn now(&self) -> Timestamp {
        self.scene.now
    }

    /// The record, if there is one that the viewer may see.
    pub fn find<T: Named>(&self, id: u64) -> Option<View<'s, T>> {
        self.find_any(id).filter(|view: &View<'_, T>| self.may_see(T::TYPE, view.record()))
    }

    /// The record, whoever may see it.
    pub fn find_any<T: Named>(&self, id: u64) -> Option<View<'s, T>> {
        Some(View::new(*self, self.state.get(table(T::TYPE), id)?))
    }

    /// All records of a type, by id.
    pub fn all<T: Named>(&self) -> impl DoubleEndedIterator<Item = View<'s, T>> + use<'s, T> {
        let on = *self;
        self.state.all(table(T::TYPE)).map(move |record| View::new(on, record))
    }

    /// The records whose `field` is `value`, by an index where the entity declares one.
    pub fn having<T: Named + 'static, K: Kind>(&self, field: Field<T, K>, value: K::Write) -> Box<dyn Iterator<Item = View<'s, T>> + 's> {
        let on = *self;
        Box::new(having(self.state, field, K::write(value)).map(move |record| View::new(on, record)))
    }

    /// The records that belong to one organization.
    pub fn of_organization<T: Named + 'static>(&self, id: u64) -> Box<dyn Iterator<Item = View<'s, T>> + 's> {
        let on = *self;
        match self.state.index(table(T::TYPE), &[TENANT], &[]) {
            Some(index) => {
                let found = self.state.find(table(T::TYPE), index, &[Value::Id(id)], false, None);
                Box::new(found.map(move |record| View::new(on, record)))
            }
            None => Box::new(self.all::<T>().filter(move |view| view.organization() == id)),
        }
    }

    /// The same state, whoever looks.
    pub fn records(&self) -> Records<'s> {
        Records(self.state)
    }

    /// How many records [`Reading::having`] would give; where there is an index, without looking at them.
    pub fn count_having<T: Named + 'static, K: Kind>(&self, field: Field<T, K>, value: K::Write) -> usize {
        let value = K::write(value);
        match self.state.index(table(T::TYPE), &[field.slot], &[]) {
            Some(index) => self.state.count(table(T::TYPE), index, &[value]),
            None => self.all::<T>().filter(|view| holds(view.value(field.slot), &value)).count(),
        }
    }

    pub fn may_see(&self, ty: TypeId, record: &Arc<Record>) -> bool {
        self.scene.catalogue.may_see(ty, *self, record)
    }
}

fn having<'s, T: Named, K>(state: &'s State, field: Field<T, K>, value: Value) -> Box<dyn Iterator<Item = &'s Arc<Record>> + 's> {
    match state.index(table(T::TYPE), &[field.slot], &[]) {
        Some(index) => state.find(table(T::TYPE), index, &[value], false, None),
        None => Box::new(state.all(table(T::TYPE)).filter(move |record| holds(record.get(field.slot), &value))),
    }
}

fn holds(value: &Value, wanted: &Value) -> bool {
    value == wanted || value.as_list().is_some_and(|items| items.contains(wanted))
}
