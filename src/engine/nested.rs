//! Inputs within an input, as far as they describe records of their own: `_attributes` in the manner of Rails.

use super::{
    Collection, How, Reading, Refusal, Scene,
    call::{self, Work},
    convention, fill,
    refusal::IS_INVALID,
    relations,
    row::table,
};
use crate::schema::{Base, Slot, TypeId};
use crate::state::{Record, Value};
use jiff::tz::TimeZone;
use std::sync::Arc;

pub struct Nesting<'a> {
    pub work: &'a mut Work,
    pub scene: &'a Scene,
    /// Where datetimes without an offset are meant.
    pub zone: &'a TimeZone,
}

/// How a nested record hangs on its parent.
enum Hangs {
    /// The nested record points to it.
    Points(Collection),
    /// It lists, or holds, the nested record's id.
    Held(Slot, TypeId),
}

impl Nesting<'_> {
    /// Stores what `fields` of an input of type `of` describe below `parent`, and answers with the parent as it is then.
    /// `mark` is told which fields had an effect.
    pub fn save<'f>(
        &mut self,
        ty: TypeId,
        parent: &Arc<Record>,
        of: TypeId,
        fields: impl Iterator<Item = (Slot, &'f Value)>,
        mark: &dyn Fn(Slot),
    ) -> Result<Arc<Record>, Refusal> {
        let mut parent = parent.clone();
        for (slot, value) in fields {
            let column = of.shape().column(slot);
            let items = match value {
                Value::Object(_) => std::slice::from_ref(value),
                Value::List(items) if column.base == Base::Record => items,
                _ => continue,
            };
            let name = column.name().trim_end_matches("_attributes");
            let Some(own) = ty.shape().slot(name) else { continue };
            let rules = self.scene.catalogue.rules(ty);
            let ruled = rules.is_some_and(|rules| rules.ruled.contains(&own));
            let declared = rules.and_then(|rules| rules.collections.get(&own));
            let referred = rules.and_then(|rules| rules.references.get(&own));
            let hangs = match self.scene.catalogue.how(ty, own) {
                _ if ruled => continue,
                How::Computed(_) if let Some(pointing) = declared => Hangs::Points(*pointing),
                How::Computed(_) if let Some(key) = referred => Hangs::Held(*key, ty.shape().column(own).target),
                How::Collection(pointing) | How::Partner(_, pointing) => Hangs::Points(pointing),
                How::Several(slot, target) | How::Reference(slot, target) => Hangs::Held(slot, target),
                How::Stored(_) | How::Computed(_) | How::Unfilled => continue,
            };
            mark(slot);
            let several = ty.shape().column(own).list;
            for item in items {
                parent = self.item(ty, parent, column.target, item, &hangs, several)?;
            }
        }
        Ok(parent)
    }

    fn item(
        &mut self,
        ty: TypeId,
        parent: Arc<Record>,
        of: TypeId,
        item: &Value,
        hangs: &Hangs,
        several: bool,
    ) -> Result<Arc<Record>, Refusal> {
        let target = match hangs {
            Hangs::Points(pointing) => pointing.of,
            Hangs::Held(_, target) => *target,
        };
        let sent = |name: &str| of.shape().slot(name).and_then(|slot| item.field(slot));
        let named = sent("id").filter(|id| !id.is_null());
        if let Some(other) = named.filter(|_| !several).and_then(|id| self.other(&parent, target, id, hangs)) {
            return Ok(self.hold(ty, parent, other, hangs, several, true));
        }
        let known = match (named, several) {
            (Some(id), _) => Some(
                id.as_id().and_then(|id| self.below(&parent, target, id, hangs)).ok_or_else(|| Refusal::not_found("id", target.name()))?,
            ),
            (None, true) => None,
            (None, false) => self.only(&parent, target, hangs),
        };
        let goes = sent("_destroy").is_some_and(is_yes);
        match (known, goes) {
            (Some(known), true) => {
                self.work.tx.delete(table(target), known.id());
                Ok(self.hold(ty, parent, known.id(), hangs, several, false))
            }
            (None, true) => Ok(parent),
            (known, false) => {
                let id = self.store(&parent, ty, target, of, item, known, hangs)?;
                Ok(self.hold(ty, parent, id, hangs, several, true))
            }
        }
    }

    /// The nested record with this id, if it is the parent's.
    fn below(&self, parent: &Record, target: TypeId, id: u64, hangs: &Hangs) -> Option<Arc<Record>> {
        let found = self.work.tx.state().get(table(target), id)?;
        let own = match hangs {
            Hangs::Points(pointing) => found.get(pointing.by).as_id() == Some(parent.id()),
            Hangs::Held(slot, _) => held(parent.get(*slot)).contains(&id),
        };
        own.then(|| found.clone())
    }

    /// The id of a record that stays as it is: one that the parent doesn't hold yet and may hold from now on, or one that is
    /// nobody's.
    fn other(&self, parent: &Record, target: TypeId, id: &Value, hangs: &Hangs) -> Option<u64> {
        let Hangs::Held(slot, _) = hangs else { return None };
        let on = Reading { state: self.work.tx.state(), scene: self.scene };
        let found = id.as_id().and_then(|id| on.state.get(table(target), id)).filter(|found| on.may_see(target, found))?;
        (parent.get(*slot).as_id() != Some(found.id()) || found.tenant() == 0).then(|| found.id())
    }

    /// The one that is there already.
    fn only(&self, parent: &Record, target: TypeId, hangs: &Hangs) -> Option<Arc<Record>> {
        let state = self.work.tx.state();
        match hangs {
            Hangs::Held(slot, _) => state.get(table(target), parent.get(*slot).as_id()?).cloned(),
            Hangs::Points(pointing) => {
                let index = state.exact_index(table(target), &[pointing.by], &[])?;
                state.find(table(target), index, &[Value::Id(parent.id())], true, None).next().cloned()
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "a record's whole surroundings, used once")]
    fn store(
        &mut self,
        parent: &Record,
        parent_ty: TypeId,
        ty: TypeId,
        of: TypeId,
        item: &Value,
        known: Option<Arc<Record>>,
        hangs: &Hangs,
    ) -> Result<u64, Refusal> {
        let Value::Object(fields) = item else { return Err(Refusal::base("is invalid")) };
        let on = Reading { state: self.work.tx.state(), scene: self.scene };
        Refusal::all(relations::strangers(ty, on, of, fields.iter().map(|(slot, value)| (*slot, value))))?;
        let is_new = known.is_none();
        let mut record = known.map_or_else(|| fill::blank(self.work, self.scene, ty), |known| Record::clone(&known));
        record.set_tenant(parent.tenant());
        for (slot, value) in fields.iter() {
            let name = of.shape().column(*slot).name();
            let accepted = fill::accept(&mut record, ty, name, value, self.zone, &self.scene.catalogue);
            let accepted = accepted.map_err(|_| Refusal::named(name, IS_INVALID))?;
            if !accepted && !matches!(value, Value::Object(_) | Value::List(_)) && !["id", "_destroy"].contains(&name) {
                self.work.ignored.push(format!("{}.{name}", of.name()));
            }
        }
        if let Hangs::Points(pointing) = hangs {
            record.set(pointing.by, Value::Id(parent.id()));
        }
        // An address that somebody's policy mentions is not somebody's address.
        let is_shared = matches!(hangs, Hangs::Held(..)) && self.scene.catalogue.rules(ty).is_some_and(|rules| !rules.personal);
        if is_new && !is_shared {
            self.inherit(&mut record, ty, parent, parent_ty);
        }
        let saved = call::save(record, ty, self.work, self.scene).unwrap_or_else(|same| same);
        let below = fields.iter().map(|(slot, value)| (*slot, value));
        let saved = self.save(ty, &saved, of, below, &|_| {})?;
        // Last, since a record below may be what it required.
        convention::refuse_unfit(ty, Reading { state: self.work.tx.state(), scene: self.scene }, &saved)?;
        Ok(saved.id())
    }

    /// What hangs on a record is about the same person, and made by whoever calls.
    fn inherit(&self, record: &mut Record, ty: TypeId, parent: &Record, parent_ty: TypeId) {
        let about = |ty| self.scene.catalogue.rules(ty).and_then(|rules| rules.about);
        if let Some(slot) = about(ty).filter(|slot| record.get(*slot).is_null()) {
            let person = about(parent_ty).map(|slot| parent.get(slot).clone());
            record.set(slot, person.unwrap_or_default());
        }
        fill::sign(record, ty, self.scene);
    }

    /// The parent with the nested record's id in, or out of, its own column, where that is how they hang together.
    fn hold(&mut self, ty: TypeId, parent: Arc<Record>, id: u64, hangs: &Hangs, several: bool, stays: bool) -> Arc<Record> {
        let Hangs::Held(slot, _) = hangs else { return parent };
        let mut ids = held(parent.get(*slot));
        ids.retain(|held| *held != id);
        if stays {
            ids.push(id);
        }
        let mut changed = Record::clone(&parent);
        let value = match several {
            true => Value::List(ids.into_iter().map(Value::Id).collect()),
            false => ids.last().copied().map_or(Value::Null, Value::Id),
        };
        changed.set(*slot, value);
        call::save(changed, ty, self.work, self.scene).unwrap_or_else(|same| same)
    }
}

fn held(value: &Value) -> Vec<u64> {
    match value.as_list() {
        Some(items) => items.iter().filter_map(Value::as_id).collect(),
        None => value.as_id().into_iter().collect(),
    }
}

/// Rails takes all of these for yes.
fn is_yes(value: &Value) -> bool {
    value.as_bool() == Some(true) || value.as_str().is_some_and(|text| ["1", "true", "t"].contains(&text)) || *value == Value::Int(1)
}
