//! What a mutation's input leaves in a record: each field goes to the column that it names.

use super::{
    Catalogue, How, Scene,
    call::Work,
    lift::{Unreadable, lift},
    relations,
    row::table,
};
use crate::schema::{Base, Slot, TypeId};
use crate::state::{Record, Value};
use jiff::tz::TimeZone;

/// A new record of `ty` with the entity's defaults alone.
pub fn blank(work: &mut Work, scene: &Scene, ty: TypeId) -> Record {
    let id = work.tx.new_id(table(ty));
    let mut record = Record::new(id, scene.viewer.organization());
    for (slot, value) in scene.catalogue.rules(ty).map_or(&[][..], |rules| &rules.defaults) {
        record.set(*slot, value.clone());
    }
    record
}

/// Says who made a new record, and whom it is about, where the input doesn't.
///
/// Documented for most types (`user_id` defaults to whoever calls), assumed for the others.
pub fn sign(record: &mut Record, ty: TypeId, scene: &Scene) {
    let (Some(rules), Some(caller)) = (scene.catalogue.rules(ty), scene.viewer.id()) else { return };
    let about = rules.about.filter(|slot| rules.personal && (scene.viewer.is_patient() || ty.shape().column(*slot).name() == "user_id"));
    for slot in rules.makers.iter().copied().chain(about) {
        if record.get(slot).is_null() {
            record.set(slot, Value::Id(caller));
        }
    }
}

/// Takes an input's value for the column that it names; false where there is none that takes it.
pub fn accept(
    record: &mut Record,
    ty: TypeId,
    name: &str,
    value: &Value,
    zone: &TimeZone,
    catalogue: &Catalogue,
) -> Result<bool, Unreadable> {
    let Some(slot) = column(ty, name, value, catalogue) else { return Ok(false) };
    record.set(slot, lift(ty.shape().column(slot), value, zone)?);
    Ok(true)
}

/// The column that an input field of this name and value fills. None for what a rule or nested records answer for.
pub fn column(ty: TypeId, name: &str, value: &Value, catalogue: &Catalogue) -> Option<Slot> {
    let slot = named(ty, name, catalogue)?;
    let column = ty.shape().column(slot);
    let rules = catalogue.rules(ty);
    let ruled = rules.is_some_and(|rules| rules.ruled.contains(&slot));
    if name == "id" || ruled || column.args().is_some() && !column.published {
        return None;
    }
    match column.base {
        Base::Record if column.list => is_ids(value) && matches!(catalogue.how(ty, slot), How::Several(..)),
        Base::Record => matches!(value, Value::Null | Value::Id(_)),
        _ => true,
    }
    .then_some(slot)
}

/// `x`; `user` for `user_id`, `users` for `user_ids`; `userId` for `user_id`; whom the record is about by either name.
fn named(ty: TypeId, name: &str, catalogue: &Catalogue) -> Option<Slot> {
    let shape = ty.shape();
    let reference = || {
        let single = name.strip_suffix("_id").and_then(|name| shape.slot(name));
        let several = || name.strip_suffix("_ids").and_then(|name| shape.slot(&format!("{name}s")));
        single.or_else(several).filter(|slot| shape.column(*slot).base == Base::Record)
    };
    let written_otherwise = || {
        let snake = relations::snake(name);
        (snake != name).then(|| named(ty, &snake, catalogue)).flatten()
    };
    let about = || catalogue.rules(ty).and_then(|rules| rules.about).filter(|_| relations::PERSONS.contains(&name));
    shape.slot(name).or_else(reference).or_else(written_otherwise).or_else(about)
}

fn is_ids(value: &Value) -> bool {
    value.is_null() || value.as_list().is_some_and(|items| items.iter().all(|item| matches!(item, Value::Id(_))))
}
