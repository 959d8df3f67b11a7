//! One mutation being carried out.

use super::{
    Answer, Background, Event, Input, Kind, Lifted, Nested, Reading, Refusal, Row, Scene, View, Viewer, fill, moment,
    nested::Nesting,
    refusal::{CANT_BE_BLANK, IS_INVALID},
    row::table,
};
use crate::env::Random;
use crate::schema::names::Webhook;
use crate::schema::{Bool, Field, Id, Many, Named, Slot, TypeId};
use crate::state::{File, Record, Transaction, Value};
use jiff::Timestamp;
use std::{marker::PhantomData, ops::Deref, sync::Arc};

/// What a rule is given: the caller's `input`, typed as `I`, and a transaction to write to.
pub struct Call<'a, I = ()> {
    pub input: Input<'a, I>,
    pub(super) work: &'a mut Work,
    pub(super) scene: &'a Scene,
}

/// What a mutation has done so far.
pub struct Work {
    pub(super) tx: Transaction,
    pub random: Random,
    /// The records whose changes announce nothing.
    pub(super) silenced: Vec<(TypeId, u64)>,
    /// What is announced though no change says so.
    pub(super) announced: Vec<Event>,
    /// Fields of nested inputs that had no effect.
    pub(super) ignored: Vec<String>,
}

impl Work {
    pub(super) fn on(tx: Transaction, random: Random) -> Self {
        Self { tx, random, silenced: vec![], announced: vec![], ignored: vec![] }
    }
}

impl<'a, I> Deref for Call<'a, I> {
    type Target = Input<'a, I>;
    fn deref(&self) -> &Input<'a, I> {
        &self.input
    }
}

impl<'a, I: Named> Call<'a, I> {
    pub(super) fn new(lifted: &'a Lifted, work: &'a mut Work, scene: &'a Scene) -> Self {
        Self { input: Input::new(lifted), work, scene }
    }

    /// The state with what this mutation has written so far.
    pub fn on(&self) -> Reading<'_> {
        Reading { state: self.work.tx.state(), scene: self.scene }
    }

    pub fn viewer(&self) -> &'a Viewer {
        &self.scene.viewer
    }

    /// Notes that what the input says in `field`, such as `webhook_events.event_type`, changes nothing.
    pub fn has_no_effect(&mut self, field: &str) {
        self.work.ignored.push(field.to_owned());
    }

    /// The id of the person who calls; 0 without a key.
    pub fn viewer_id(&self) -> u64 {
        self.scene.viewer.id().unwrap_or(0)
    }

    pub fn now(&self) -> Timestamp {
        self.scene.now
    }

    /// When that is due which Healthie makes in the background; None where it is made at once. Assumed: in a second.
    pub fn background(&self) -> Option<Timestamp> {
        match self.scene.settings.background {
            Background::Instant => None,
            Background::OnClock => Some(moment::later(self.scene.now, 1)),
        }
    }

    pub fn scene(&self) -> &'a Scene {
        self.scene
    }

    pub fn random(&mut self) -> &mut Random {
        &mut self.work.random
    }

    /// Refuses where the viewer lacks `flag`; `to` ends the sentence "You do not have permission to …".
    pub fn needs(&self, flag: Field<crate::schema::names::OrganizationMembership, Bool>, to: &str) -> Result<(), Refusal> {
        if self.viewer().may(flag) { Ok(()) } else { Err(Refusal::no_permission(to)) }
    }

    /// The record, if there is one that the viewer may see.
    pub fn find<T: Named>(&self, id: u64) -> Option<Row<T>> {
        self.on().find::<T>(id).map(|view| view.row().clone())
    }

    /// The record, whoever may see it.
    pub fn find_any<T: Named>(&self, id: u64) -> Option<Row<T>> {
        self.on().find_any::<T>(id).map(|view| view.row().clone())
    }

    /// The record that a field of the input names; refused on that field where it names none that the viewer may see.
    pub fn target<T: Named, K: Kind>(&self, field: Field<I, K>) -> Result<Row<T>, Refusal> {
        self.input.lifted.mark(field.slot);
        let sent = self.input.lifted.sent(field.slot).and_then(Option::as_ref);
        let found = sent.and_then(Value::as_id).and_then(|id| self.find::<T>(id));
        found.ok_or_else(|| Refusal::not_found(field.name(), T::TYPE.name()))
    }

    /// As [`Call::target`], where the field names a record at all.
    pub fn target_if_any<T: Named, K: Kind>(&self, field: Field<I, K>) -> Result<Option<Row<T>>, Refusal> {
        if self.input.is_blank(field) {
            self.input.lifted.mark(field.slot);
            return Ok(None);
        }
        self.target(field).map(Some)
    }

    /// The records that a field of the input lists, none where it is absent or null; refused on that field where it lists
    /// one that the viewer may not see.
    pub fn targets<T: Named>(&self, field: Field<I, Many<Id>>) -> Result<Vec<Row<T>>, Refusal> {
        self.input.lifted.mark(field.slot);
        let sent = self.input.lifted.sent(field.slot).and_then(Option::as_ref).and_then(Value::as_list).unwrap_or_default();
        let found = sent.iter().map(|id| id.as_id().and_then(|id| self.find::<T>(id)));
        found.collect::<Option<_>>().ok_or_else(|| Refusal::not_found(field.name(), T::TYPE.name()))
    }

    /// All of an entity's records whose `field` is `value`.
    pub fn having<T: Named + 'static, K: Kind>(&self, field: Field<T, K>, value: K::Write) -> Vec<Row<T>> {
        self.on().having(field, value).map(|view| view.row().clone()).collect()
    }

    /// A new `T` with the entity's defaults and every input field that `T` has too.
    pub fn draft<T: Named>(&mut self) -> Draft<T> {
        let mut draft = self.blank_draft();
        self.fill(&mut draft);
        fill::sign(&mut draft.record, T::TYPE, self.scene);
        draft
    }

    /// A new `T` with the entity's defaults alone.
    pub fn blank_draft<T: Named>(&mut self) -> Draft<T> {
        Draft { record: fill::blank(self.work, self.scene, T::TYPE), of: PhantomData }
    }

    /// The record with every input field that `T` has too: null clears, absent leaves.
    pub fn edit<T: Named>(&self, row: &Row<T>) -> Draft<T> {
        let mut draft = self.change(row);
        self.fill(&mut draft);
        draft
    }

    /// The record, to be changed field by field.
    pub fn change<T: Named>(&self, row: &Row<T>) -> Draft<T> {
        Draft { record: Record::clone(row.record()), of: PhantomData }
    }

    fn fill<T: Named>(&self, draft: &mut Draft<T>) {
        let lifted = self.input.lifted;
        for (slot, value) in lifted.each() {
            let name = lifted.of.shape().column(slot).name();
            let Some(value) = value else { continue };
            match fill::accept(&mut draft.record, T::TYPE, name, value, lifted.zone(), &self.scene.catalogue) {
                Ok(true) => lifted.mark(slot),
                Ok(false) => {}
                Err(_) => lifted.unfit(name),
            }
        }
    }

    /// Takes every field of a nested input that `T` has too, as [`Call::edit`] does for the input itself.
    pub fn fill_from<N: Named, T: Named>(&self, draft: &mut Draft<T>, nested: &Nested<'_, N>) {
        let Value::Object(fields) = nested.value else { return };
        for (slot, value) in fields.iter() {
            let name = N::TYPE.shape().column(*slot).name();
            let lifted = self.input.lifted;
            if fill::accept(&mut draft.record, T::TYPE, name, value, lifted.zone(), &self.scene.catalogue).is_err() {
                lifted.unfit(name);
            }
        }
    }

    /// Stores the records that inputs within the input describe, for those fields of `row` that lead to records of their own:
    /// each is made, changed where it has an `id`, or removed where it has a `_destroy`. The ones that aren't mentioned stay.
    pub fn save_nested<T: Named>(&mut self, row: &Row<T>) -> Result<Row<T>, Refusal> {
        self.save_nested_fields(row, |_| true)
    }

    /// As [`Call::save_nested`], for what one field of the input describes.
    pub fn save_nested_in<T: Named, K>(&mut self, row: &Row<T>, field: Field<I, K>) -> Result<Row<T>, Refusal> {
        self.save_nested_fields(row, |slot| slot == field.slot)
    }

    fn save_nested_fields<T: Named>(&mut self, row: &Row<T>, wanted: impl Fn(Slot) -> bool) -> Result<Row<T>, Refusal> {
        let lifted = self.input.lifted;
        let fields = lifted.each().filter_map(|(slot, value)| Some((slot, value.as_ref()?))).filter(|(slot, _)| wanted(*slot));
        let mut nesting = Nesting { work: &mut *self.work, scene: self.scene, zone: lifted.zone() };
        let record = nesting.save(T::TYPE, row.record(), lifted.of, fields, &|slot| lifted.mark(slot))?;
        Ok(Row::new(record))
    }

    /// What the rule came to; refused where something could not be read, though no rule asked for it. What was sent and could
    /// not be kept is no blank either.
    pub(super) fn but_readable(&self, made: Result<Made, Refusal>) -> Result<Made, Refusal> {
        match made {
            Ok(made) => self.input.lifted.refuse_unreadable().map(|()| made),
            Err(mut refusal) => {
                let unreadable = self.input.lifted.unreadable();
                for (name, message) in &mut refusal.entries {
                    if message == CANT_BE_BLANK && name.is_some_and(|name| unreadable.contains(&name)) {
                        IS_INVALID.clone_into(message);
                    }
                }
                Err(refusal)
            }
        }
    }

    pub fn delete<T: Named>(&mut self, row: &Row<T>) {
        self.work.tx.delete(table(T::TYPE), row.id());
    }

    /// What this mutation does to the record announces nothing.
    pub fn silence<T: Named>(&mut self, row: &Row<T>) {
        self.work.silenced.push((T::TYPE, row.id()));
    }

    /// Sends `test.created` to one webhook; makes a commit though nothing changes.
    pub fn send_test(&mut self, webhook: &Row<Webhook>) {
        self.work.announced.push(Event::test(webhook.id(), webhook.organization()));
    }
}

/// A record on its way into the state.
pub struct Draft<T> {
    record: Record,
    of: PhantomData<fn() -> T>,
}

impl<T: Named> Draft<T> {
    pub(super) fn of(record: Record) -> Self {
        Self { record, of: PhantomData }
    }

    pub(super) fn record(&self) -> &Record {
        &self.record
    }

    pub(super) fn into_record(self) -> Record {
        self.record
    }

    pub fn id(&self) -> u64 {
        self.record.id()
    }

    pub fn organization(&self) -> u64 {
        self.record.tenant()
    }

    pub fn set<K: Kind>(mut self, field: Field<T, K>, value: K::Write) -> Self {
        self.put(field, value);
        self
    }

    pub fn put<K: Kind>(&mut self, field: Field<T, K>, value: K::Write) {
        self.record.set(field.slot, K::write(value));
    }

    /// Holds `file` in `field`, and says its name, type and size in the columns for that.
    pub fn put_file<K>(&mut self, field: Field<T, K>, file: &Arc<File>) {
        fill::put_file(&mut self.record, T::TYPE, field.slot, Some(file));
    }

    pub fn file<K>(&self, field: Field<T, K>) -> Option<&Arc<File>> {
        self.record.get(field.slot).as_file()
    }

    pub fn clear<K>(&mut self, field: Field<T, K>) {
        self.record.set(field.slot, Value::Null);
    }

    pub fn get<K: Kind>(&self, field: Field<T, K>) -> Option<K::Read<'_>> {
        K::read(self.record.get(field.slot))
    }

    pub fn is_blank<K>(&self, field: Field<T, K>) -> bool {
        is_blank(self.record.get(field.slot))
    }

    pub fn value(&self, slot: Slot) -> &Value {
        self.record.get(slot)
    }

    /// True where saving it would change the record.
    pub fn differs_from(&self, row: &Row<T>) -> bool {
        **row.record() != self.record
    }

    pub fn set_value(&mut self, slot: Slot, value: Value) {
        self.record.set(slot, value);
    }

    /// Makes it a record of another organization than the caller's.
    pub fn belongs_to(mut self, organization: u64) -> Self {
        self.record.set_tenant(organization);
        self
    }

    /// As [`Draft::belongs_to`], for a draft that is only lent.
    pub fn hand_to(&mut self, organization: u64) {
        self.record.set_tenant(organization);
    }

    /// Stores it, with the columns that the entity derives and the times of creation and change.
    pub fn save<I: Named>(self, call: &mut Call<'_, I>) -> Row<T> {
        let scene = call.scene;
        save(self.record, T::TYPE, call.work, scene).map_or_else(Row::new, Row::new)
    }
}

pub fn is_blank(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty())
}

/// Err is the record unchanged: an update that changes nothing leaves `updated_at` as it is and makes no commit.
pub(super) fn save(mut record: Record, ty: TypeId, work: &mut Work, scene: &Scene) -> Result<Arc<Record>, Arc<Record>> {
    if let Some(rules) = scene.catalogue.rules(ty) {
        for derive in &rules.derived {
            derive(&mut record, Reading { state: work.tx.state(), scene });
        }
    }
    let before = work.tx.state().get(table(ty), record.id()).cloned();
    if let Some(before) = before.filter(|before| **before == record) {
        return Err(before);
    }
    let existed = work.tx.base().get(table(ty), record.id()).is_some();
    let now = Value::Instant(scene.now.as_microsecond());
    if let Some(slot) = ty.shape().slot("created_at").filter(|slot| !existed && record.get(*slot).is_null()) {
        record.set(slot, now.clone());
    }
    if let Some(slot) = ty.shape().slot("updated_at") {
        record.set(slot, now);
    }
    Ok(work.tx.put(table(ty), record))
}

/// What a mutation answers with: the record that its payload shows, and what else the payload has.
#[derive(Debug)]
pub struct Made {
    pub record: Option<(TypeId, Arc<Record>)>,
    /// By the name of the payload's field.
    pub also: Vec<(&'static str, Answer)>,
    /// Who reads the payload, where that is not who called: somebody who has just signed in.
    pub reader: Option<Viewer>,
}

impl Made {
    /// A payload without a record.
    pub fn nothing() -> Self {
        Self { record: None, also: vec![], reader: None }
    }

    /// The payload is read as `viewer` sees things.
    pub fn read_by(mut self, viewer: Viewer) -> Self {
        self.reader = Some(viewer);
        self
    }

    /// A field of the payload that the record is not.
    pub fn also<P: Named, K>(mut self, field: Field<P, K>, answer: impl Into<Answer>) -> Self {
        self.also.push((field.name(), answer.into()));
        self
    }
}

impl<T: Named> From<Row<T>> for Made {
    fn from(row: Row<T>) -> Self {
        Self { record: Some((T::TYPE, row.record().clone())), also: vec![], reader: None }
    }
}

impl<T: Named> From<View<'_, T>> for Made {
    fn from(view: View<'_, T>) -> Self {
        Self::from(view.row().clone())
    }
}
