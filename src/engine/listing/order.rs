//! What the name of an order says: `DUE_DATE` is a column, `PATIENT_NAME` the name of the record that another points to,
//! `STATUS_DUE_DATE` one column after the other.

use super::SortKey;
use crate::engine::{Reading, relations, row::table};
use crate::schema::{Base, Slot, TypeId};
use crate::state::{Record, Value};
use std::sync::Arc;

/// What lists are ordered by under other names than the columns have.
const ALSO: [(&str, &[&str]); 7] = [
    ("name", &["sort_name", "last_name", "title", "display_name", "label", "first_name"]),
    ("title", &["name"]),
    ("date", &["created_at"]),
    ("start_date", &["start_on", "start_at", "started_at"]),
    ("end_date", &["end_on", "end_at", "ended_at"]),
    ("client", &["patient", "user"]),
    ("updated_at", &["created_at"]),
];

/// The keys of the order `name`, in lower case and without its direction; None where nobody knows it.
pub fn keys(of: TypeId, name: &str) -> Option<Vec<SortKey>> {
    if let Some(key) = key(of, name) {
        return Some(vec![key]);
    }
    let cuts = name.match_indices('_').map(|(at, _)| at).rev();
    cuts.into_iter().find_map(|at| {
        let first = key(of, &name[..at])?;
        let mut all = vec![first];
        all.extend(keys(of, &name[at + 1..])?);
        Some(all)
    })
}

fn key(of: TypeId, name: &str) -> Option<SortKey> {
    let also = ALSO.iter().find(|(known, _)| *known == name).map_or(&[][..], |(_, also)| also);
    let by_column = [name].iter().chain(also).find_map(|name| column(of, name));
    by_column.or_else(|| named_person(of, name))
}

fn column(of: TypeId, name: &str) -> Option<SortKey> {
    let slot = of.shape().slot(name)?;
    let column = of.shape().column(slot);
    match column.base {
        _ if column.list => None,
        Base::Record => Some(name_of(of, slot)),
        _ => Some(SortKey::Column(slot)),
    }
}

/// `patient_name` and `client_last_name` of what is about a person, and `first_name` where nobody else is meant.
fn named_person(of: TypeId, name: &str) -> Option<SortKey> {
    const PARTS: [(&str, &[&str]); 4] =
        [("full_name", &CALLED), ("first_name", &["first_name"]), ("last_name", &["last_name"]), ("name", &CALLED)];
    let (whom, called) = PARTS.iter().find_map(|(part, called)| Some((name.strip_suffix(part)?.trim_end_matches('_'), *called)))?;
    let shape = of.shape();
    let single = |name: &str| shape.slot(name).filter(|slot| shape.column(*slot).base == Base::Record && !shape.column(*slot).list);
    let by_word = single(whom).or_else(|| shape.slot(&format!("{whom}_id")));
    let about = || ["", "patient", "client", "user"].contains(&whom).then(|| relations::person(of)).flatten();
    by_word.or_else(about).map(|slot| text_of(of, slot, called))
}

/// What a record may be called by, the likeliest first.
const CALLED: [&str; 3] = ["sort_name", "name", "title"];

/// What the record that `slot` points to is called.
fn name_of(of: TypeId, slot: Slot) -> SortKey {
    text_of(of, slot, &CALLED)
}

/// The first of these columns of the record that `slot` points to.
fn text_of(of: TypeId, slot: Slot, columns: &[&str]) -> SortKey {
    let column = of.shape().column(slot);
    let people = TypeId::named("User").expect("every version has users");
    let target = if column.base == Base::Record { column.target } else { people };
    let key = of.shape().slot(&format!("{}_id", column.name())).unwrap_or(slot);
    let called: Vec<Slot> = columns.iter().filter_map(|name| target.shape().slot(name)).collect();
    SortKey::Computed(Arc::new(move |on: Reading<'_>, record: &Arc<Record>| {
        let found = record.get(key).as_id().and_then(|id| on.state.get(table(target), id));
        let name = found.and_then(|found| called.iter().map(|slot| found.get(*slot)).find(|name| !name.is_null()));
        name.and_then(Value::as_str).map_or(Value::Null, |name| Value::from(name.to_lowercase()))
    }))
}
