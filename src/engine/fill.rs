//! What a mutation's input leaves in a record: each field goes to the column that it names.

use super::{
    Catalogue, How, Scene,
    call::Work,
    files,
    lift::{Unreadable, lift},
    relations,
    row::table,
};
use crate::schema::{Base, Slot, TypeId};
use crate::state::{File, Record, Value};
use jiff::tz::TimeZone;
use std::sync::Arc;

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
    let value = unwrapped(value);
    if let Some(slot) = file_column(ty, name, value) {
        // A blank text says nothing of the file; null for the upload itself takes it away.
        if value.as_file().is_some() || !name.ends_with(files::AS_TEXT) {
            put_file(record, ty, slot, value.as_file());
        }
        return Ok(true);
    }
    let Some(slot) = column(ty, name, value, catalogue) else { return Ok(false) };
    record.set(slot, lift(ty.shape().column(slot), value, zone)?);
    Ok(true)
}

/// An input that holds nothing but a file stands for it: `announcement_image: { image: … }`.
fn unwrapped(value: &Value) -> &Value {
    match value {
        Value::Object(fields) => match &**fields {
            [(_, file @ Value::File(_))] => file,
            _ => value,
        },
        _ => value,
    }
}

/// The column that holds what an upload `name`, or the text `name_string`, carries: the one that shows its address
/// (`avatar_url` of `avatar`), else the one of that name.
fn file_column(ty: TypeId, name: &str, value: &Value) -> Option<Slot> {
    let is_file = value.as_file().is_some();
    if !is_file && !value.is_null() {
        return None;
    }
    let shape = ty.shape();
    let own = shape.slot(name);
    if !is_file && own.is_some_and(|own| shape.column(own).base != Base::Upload) {
        return None;
    }
    let stem = name.strip_suffix(files::AS_TEXT).unwrap_or(name);
    let shown = shape.slot(&format!("{stem}_url")).filter(|slot| shape.column(*slot).base == Base::Text);
    shown.or_else(|| own.filter(|own| is_file && matches!(shape.column(*own).base, Base::Text | Base::Upload)))
}

/// The column in `slot` holds the file, or nothing; the columns that say more of it (`logo_file_name` beside `logo_url`)
/// follow.
pub fn put_file(record: &mut Record, ty: TypeId, slot: Slot, file: Option<&Arc<File>>) {
    let shape = ty.shape();
    let stem = files::stem(shape.column(slot).name());
    let name = file.map(|file| files::name_or(file, stem));
    let told = [
        ("name", Value::from(name.clone())),
        ("file_name", Value::from(name)),
        ("content_type", Value::from(file.map(|file| file.content_type.to_string()))),
        ("file_size", Value::from(file.map(|file| file.size as i64))),
    ];
    for (what, value) in told {
        let Some(slot) = shape.slot(&format!("{stem}_{what}")) else { continue };
        if let Ok(value) = lift(shape.column(slot), &value, &TimeZone::UTC) {
            record.set(slot, value);
        }
    }
    record.set(slot, file.cloned().map_or(Value::Null, Value::File));
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
