//! What a caller sent, typed: absent, null, a value, or something that cannot be read.

use super::{
    Kind, Refusal, files,
    lift::lift_field,
    refusal::{CANT_BE_BLANK, IS_INVALID},
};
use crate::schema::{Field, Named, Slot, TypeId, Upload};
use crate::state::{File, Value};
use jiff::tz::TimeZone;
use std::{cell::RefCell, marker::PhantomData, sync::Arc};

/// The fields of one input, converted to what the state keeps, and which of them had an effect.
pub struct Lifted {
    pub of: TypeId,
    /// Sorted by slot; None is what could not be read.
    values: Vec<(Slot, Option<Value>)>,
    used: RefCell<Vec<Slot>>,
    accepted: RefCell<Vec<Slot>>,
    /// What was read, but not as what the record keeps.
    unfit: RefCell<Vec<&'static str>>,
    zone: TimeZone,
}

impl Lifted {
    /// `sent` by the slot of `of`'s shape. A `timezone` among them says where datetimes without an offset are meant,
    /// else `zone` does. Documented: zones have IANA names; any other cannot be read.
    pub fn new(of: TypeId, sent: &[(Slot, Value)], zone: &TimeZone) -> Self {
        let shape = of.shape();
        let slot = shape.slot("timezone");
        let name =
            sent.iter().find(|(sent, _)| Some(*sent) == slot).and_then(|(_, value)| value.as_str()).filter(|name| !name.trim().is_empty());
        let named = name.map(|name| TimeZone::get(name).ok());
        let zone = named.clone().flatten().unwrap_or_else(|| zone.clone());
        let mut values: Vec<_> = sent.iter().map(|(slot, value)| (*slot, lift_field(of, *slot, value, &zone).ok())).collect();
        if named == Some(None) {
            values.iter_mut().filter(|(sent, _)| Some(*sent) == slot).for_each(|(_, value)| *value = None);
        }
        Self { of, values, used: RefCell::default(), accepted: RefCell::default(), unfit: RefCell::default(), zone }
    }

    pub fn sent(&self, slot: Slot) -> Option<&Option<Value>> {
        let at = self.values.binary_search_by_key(&slot, |(slot, _)| *slot).ok()?;
        Some(&self.values[at].1)
    }

    /// Where datetimes without an offset are meant.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The same values as fields of another type, as far as it has fields of these names.
    pub fn renamed(&self, of: TypeId) -> Self {
        let renamed = |(slot, value): &(Slot, Option<Value>)| Some((of.shape().slot(self.of.shape().column(*slot).name())?, value.clone()));
        let mut values: Vec<_> = self.values.iter().filter_map(renamed).collect();
        values.sort_by_key(|(slot, _)| *slot);
        Self { of, values, used: RefCell::default(), accepted: RefCell::default(), unfit: RefCell::default(), zone: self.zone.clone() }
    }

    pub fn each(&self) -> impl Iterator<Item = (Slot, &Option<Value>)> {
        self.values.iter().map(|(slot, value)| (*slot, value))
    }

    /// Says that the field had an effect.
    pub fn mark(&self, slot: Slot) {
        let mut used = self.used.borrow_mut();
        if !used.contains(&slot) {
            used.push(slot);
        }
    }

    /// Says that the field is known to change nothing that can be seen.
    pub fn accept(&self, slot: Slot) {
        self.mark(slot);
        self.accepted.borrow_mut().push(slot);
    }

    /// Says that a field of this name, of this input or of one within it, holds what its record cannot keep.
    pub fn unfit(&self, name: &'static str) {
        let mut unfit = self.unfit.borrow_mut();
        if !unfit.contains(&name) {
            unfit.push(name);
        }
    }

    /// Refuses on each field what could not be read.
    pub fn refuse_unreadable(&self) -> Result<(), Refusal> {
        Refusal::all(self.unreadable().into_iter().map(|name| Refusal::named(name, IS_INVALID)))
    }

    /// The names of the fields that could not be read.
    pub fn unreadable(&self) -> Vec<&'static str> {
        let mut names: Vec<_> =
            self.each().filter(|(_, value)| value.is_none()).map(|(slot, _)| self.of.shape().column(slot).name()).collect();
        names.extend(self.unfit.borrow().iter().filter(|name| !names.contains(name)).copied().collect::<Vec<_>>());
        names
    }

    /// True where a rule, or a convention, looked at the field for more than to accept it.
    pub fn had_effect(&self, slot: Slot) -> bool {
        self.used.borrow().contains(&slot) && !self.accepted.borrow().contains(&slot)
    }

    /// The names of the fields that were sent and had no effect.
    pub fn without_effect(&self) -> Vec<&'static str> {
        let used = self.used.borrow();
        self.values.iter().filter(|(slot, _)| !used.contains(slot)).map(|(slot, _)| self.of.shape().column(*slot).name()).collect()
    }
}

/// The three things that a readable field can be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Given<V> {
    Absent,
    Null,
    Value(V),
}

impl<V> Given<V> {
    pub fn value(self) -> Option<V> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    pub fn is_sent(&self) -> bool {
        !matches!(self, Self::Absent)
    }
}

/// A caller's input of type `I`.
pub struct Input<'a, I> {
    pub lifted: &'a Lifted,
    of: PhantomData<fn() -> I>,
}

impl<'a, I: Named> Input<'a, I> {
    pub fn new(lifted: &'a Lifted) -> Self {
        Self { lifted, of: PhantomData }
    }

    /// Refused where it cannot be read as what the field holds.
    pub fn given<K: Kind>(&self, field: Field<I, K>) -> Result<Given<K::Read<'a>>, Refusal> {
        self.lifted.mark(field.slot);
        match self.lifted.sent(field.slot) {
            None => Ok(Given::Absent),
            Some(None) => Err(Refusal::on(field, IS_INVALID)),
            Some(Some(Value::Null)) => Ok(Given::Null),
            Some(Some(value)) => match K::read(value) {
                Some(value) => Ok(Given::Value(value)),
                None => Err(Refusal::on(field, IS_INVALID)),
            },
        }
    }

    /// The value, where there is one.
    pub fn get<K: Kind>(&self, field: Field<I, K>) -> Result<Option<K::Read<'a>>, Refusal> {
        Ok(self.given(field)?.value())
    }

    /// The file that was sent for `field`: uploaded, or as base64 in the text beside it (`file_string` of `file`).
    pub fn file(&self, field: Field<I, Upload>) -> Result<Option<&'a Arc<File>>, Refusal> {
        if let Some(file) = self.get(field)? {
            return Ok(Some(file));
        }
        let Some(slot) = files::as_text(I::TYPE, field.slot) else { return Ok(None) };
        self.lifted.mark(slot);
        match self.lifted.sent(slot) {
            Some(None) => Err(Refusal::named(I::TYPE.shape().column(slot).name(), IS_INVALID)),
            Some(Some(value)) => Ok(value.as_file()),
            None => Ok(None),
        }
    }

    /// Refused where it is absent, null or blank.
    pub fn require<K: Kind>(&self, field: Field<I, K>) -> Result<K::Read<'a>, Refusal> {
        let blank = || Refusal::on(field, CANT_BE_BLANK);
        if self.is_blank(field) {
            self.lifted.mark(field.slot);
            return Err(blank());
        }
        self.get(field)?.ok_or_else(blank)
    }

    /// True where nothing, null or only white space was sent.
    pub fn is_blank<K>(&self, field: Field<I, K>) -> bool {
        match self.lifted.sent(field.slot) {
            None | Some(Some(Value::Null)) => true,
            Some(Some(value)) => value.as_str().is_some_and(|text| text.trim().is_empty()),
            Some(None) => false,
        }
    }

    /// True for a Boolean that was sent as true.
    pub fn is(&self, field: Field<I, crate::schema::Bool>) -> bool {
        self.get(field).ok().flatten() == Some(true)
    }

    /// Says that the field is known and meant to have no effect of its own (a hint, a welcome e-mail that nobody gets).
    pub fn accept<K>(&self, field: Field<I, K>) {
        self.lifted.accept(field.slot);
    }

    /// Where datetimes without an offset are meant.
    pub fn zone(&self) -> &'a TimeZone {
        &self.lifted.zone
    }
}
