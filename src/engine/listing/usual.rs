//! What the arguments of a list ask for, as far as their names say it.

use super::{Keep, List, same};
use crate::engine::relations;
use crate::schema::{Base, Column, Named, Slot, TypeId, Version};
use crate::state::{Record, Value};

/// What every list understands, or what says no more than how much of it is shown.
const PAGING: [&str; 10] = ["after", "before", "first", "last", "limit", "offset", "order_by", "page_size", "per_page", "should_paginate"];

pub fn list<T: Named + 'static, A: Named + 'static>() -> List<T, A> {
    let mut list = List::new();
    for (slot, argument) in A::TYPE.shape().columns().iter().enumerate() {
        if !PAGING.contains(&argument.name()) && argument.name() != "sort_by" {
            list = filtered(list, slot as Slot, argument);
        }
    }
    list
}

fn filtered<T: Named + 'static, A: Named + 'static>(mut list: List<T, A>, slot: Slot, argument: &'static Column) -> List<T, A> {
    let name = argument.name();
    if matches!(name, "keyword" | "keywords") {
        let keywords: crate::schema::Field<A, ()> = crate::schema::Field::at(slot);
        return list.keywords(keywords);
    }
    let Some(asks) = asks_for(T::TYPE, argument) else { return list };
    let off_by_default = defaults_to_no::<A>(name);
    let keep: Keep = Box::new(move |on, record, args| {
        let Some(wanted) = args.sent(slot).and_then(Option::as_ref) else { return true };
        if says_nothing(wanted) || off_by_default && *wanted == Value::Bool(false) {
            return true;
        }
        match asks {
            Asks::Id => wanted.as_list().map_or_else(|| is(record, wanted), |ids| ids.iter().any(|id| is(record, id))),
            Asks::Column(column) => holds(record, column, wanted),
            Asks::Person => {
                let about = on.scene.catalogue.rules(T::TYPE).and_then(|rules| rules.about);
                about.is_none_or(|column| holds(record, column, wanted))
            }
        }
    });
    list.rules.keeps.push((Some(slot), keep));
    list
}

#[derive(Clone, Copy)]
enum Asks {
    Id,
    Column(Slot),
    /// Whom the record is about.
    Person,
}

fn asks_for(of: TypeId, argument: &Column) -> Option<Asks> {
    let name = argument.name();
    let shape = of.shape();
    if name == "id" || name == "ids" || relations::stems(of).iter().any(|stem| name == format!("{stem}_ids")) {
        return Some(Asks::Id);
    }
    let snake = relations::snake(name);
    let single = name.strip_suffix('s').unwrap_or(name);
    let reference = name.strip_suffix("_id").unwrap_or(name);
    let plain = name.strip_suffix("_filter").unwrap_or(name);
    let names = [name, snake.as_str(), single, reference, plain];
    let found = names.iter().find_map(|name| shape.slot(name)).filter(|slot| is_comparable(shape.column(*slot)));
    match found {
        Some(slot) => Some(Asks::Column(slot)),
        None => relations::PERSONS.contains(&name).then_some(Asks::Person),
    }
}

/// A column that holds what it says, not something else under that name.
fn is_comparable(column: &Column) -> bool {
    column.args().is_none() && !(column.base == Base::Record && column.list && column.target.shape().slot("id").is_none())
}

fn holds(record: &Record, column: Slot, wanted: &Value) -> bool {
    match wanted.as_list() {
        Some(wanted) => wanted.iter().any(|wanted| same(record.get(column), wanted)),
        None => same(record.get(column), wanted),
    }
}

fn is(record: &Record, id: &Value) -> bool {
    id.as_id() == Some(record.id())
}

/// Observed for statuses and assumed for all filters: `all` leaves nothing out.
fn says_nothing(wanted: &Value) -> bool {
    wanted.is_null() || wanted.as_str().is_some_and(|text| text.is_empty() || text.eq_ignore_ascii_case("all"))
}

/// True where leaving the argument out means the same as sending false.
fn defaults_to_no<A: Named>(name: &str) -> bool {
    let Some((root, field)) = A::TYPE.name().split_once('.') else { return false };
    Version::ALL.iter().any(|version| {
        let def = version.schema().named(root).and_then(|root| root.field(field)).and_then(|field| field.arg(*version, name));
        def.and_then(|def| def.default()) == Some("false")
    })
}
