//! A state read back: all of it, or a sentence that says where it is wrong.

use super::{Export, FORMAT};
use crate::engine::{Catalogue, Settings, Snapshot, Standing, table, written};
use crate::env::Clock;
use crate::schema::{ShapeKind, TypeId};
use crate::seeds::{Handles, RoleKey};
use crate::state::{Record, State, Transaction};
use jiff::{SignedDuration, Timestamp};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Value as Json, from_str};
use std::collections::HashSet;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// Why a document is not taken: where, what, and what would be right.
#[derive(Debug, PartialEq, thiserror::Error)]
#[error("{0}")]
pub struct Misread(String);

fn misread(place: &str, why: impl fmt::Display) -> Misread {
    Misread(format!("the export is wrong at {place}: {why}"))
}

#[derive(serde::Deserialize)]
struct Head {
    healthie_mock_export: Option<u64>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Document<'a> {
    #[serde(rename = "healthie_mock_export")]
    _format: u64,
    seed: String,
    clock: WrittenClock,
    settings: Settings,
    randomness: Randomness,
    commit: u64,
    next_delivery: u64,
    roles: Vec<WrittenRole>,
    handles: Pairs<Pairs<String>>,
    #[serde(borrow)]
    tables: Vec<&'a RawValue>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
enum WrittenClock {
    FrozenAt(Timestamp),
    Ahead(SignedDuration),
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Randomness {
    seed: String,
    draws: u64,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenRole {
    role: String,
    secret: String,
    user_id: String,
    email: String,
    password: String,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenTable<'a> {
    #[serde(rename = "type")]
    of: String,
    next_id: String,
    #[serde(borrow)]
    records: Vec<&'a RawValue>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenRecord {
    id: String,
    organization: String,
    values: Pairs<Json>,
}

/// The members of an object, each once.
struct Pairs<T>(Vec<(String, T)>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Pairs<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Reader<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Reader<T> {
            type Value = Pairs<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs<T>, A::Error> {
                let (mut pairs, mut seen) = (vec![], HashSet::new());
                while let Some((name, value)) = map.next_entry::<String, T>()? {
                    if !seen.insert(name.clone()) {
                        return Err(serde::de::Error::custom(format!("{name:?} stands there twice")));
                    }
                    pairs.push((name, value));
                }
                Ok(Pairs(pairs))
            }
        }
        from.deserialize_map(Reader(PhantomData))
    }
}

impl Export {
    /// Whether `text` means to be an export.
    pub fn is_one(text: &str) -> bool {
        from_str::<Head>(text).is_ok_and(|head| head.healthie_mock_export.is_some())
    }

    /// What [`Export::write`] wrote; whole, or not at all.
    pub fn read(text: &str, catalogue: &Catalogue) -> Result<Self, Misread> {
        let head: Head = from_str(text).map_err(|error| Misread(format!("this is no export, or not all of one: {error}")))?;
        match head.healthie_mock_export {
            None => return Err(Misread("this is no export: it has no \"healthie_mock_export\"".to_owned())),
            Some(FORMAT) => {}
            Some(other) => {
                let why = format!("this is an export of format {other}, and this program reads {FORMAT}; take the version that wrote it");
                return Err(Misread(why));
            }
        }
        let document: Document<'_> = from_str(text).map_err(|error| Misread(format!("the export is wrong: {error}")))?;
        document.settings.check().map_err(|why| misread("settings", why))?;
        let state = state(&document.tables, catalogue)?;
        let clock = match document.clock {
            WrittenClock::FrozenAt(at) => Clock::standing(at).ok_or_else(|| misread("clock", "give a time in the years 1 to 8999"))?,
            WrittenClock::Ahead(ahead) => Clock::Running(ahead),
        };
        let standing = Standing {
            snapshot: Arc::new(Snapshot { state, commit: document.commit }),
            clock,
            settings: Arc::new(document.settings),
            seed: document.randomness.seed,
            draws: document.randomness.draws,
        };
        let roles = document.roles.into_iter().enumerate().map(|(at, role)| role.read(at)).collect::<Result<_, _>>()?;
        Ok(Self { seed: document.seed, standing, next_delivery: document.next_delivery, roles, records: handles(document.handles)? })
    }
}

impl WrittenRole {
    fn read(self, at: usize) -> Result<RoleKey, Misread> {
        let Self { role, secret, user_id, email, password } = self;
        let user_id = id(&format!("roles[{at}].user_id"), &user_id)?;
        Ok(RoleKey { role, secret, user_id, email, password })
    }
}

fn handles(written: Pairs<Pairs<String>>) -> Result<Handles, Misread> {
    let of_type = |(of, ids): (String, Pairs<String>)| {
        let ids = ids.0.into_iter().map(|(handle, text)| Ok((handle.clone(), id(&format!("handles.{of}.{handle}"), &text)?)));
        Ok((of.clone(), ids.collect::<Result<_, _>>()?))
    };
    written.0.into_iter().map(of_type).collect()
}

fn state(tables: &[&RawValue], catalogue: &Catalogue) -> Result<State, Misread> {
    let mut tx = Transaction::unwatched(&catalogue.empty());
    let mut seen = HashSet::new();
    for (at, raw) in tables.iter().enumerate() {
        let place = format!("tables[{at}]");
        let written: WrittenTable<'_> = from_str(raw.get()).map_err(|error| misread(&place, plainly(&error)))?;
        let of = TypeId::named(&written.of).filter(|of| of.shape().kind == ShapeKind::Object);
        let of = of.ok_or_else(|| misread(&place, format!("there is no type {:?}", written.of)))?;
        if !seen.insert(of) {
            return Err(misread(&place, format!("the type {} stands there twice", of.name())));
        }
        let place = format!("tables[{at}] ({})", of.name());
        let mut ids = HashSet::with_capacity(written.records.len());
        for (at, raw) in written.records.iter().enumerate() {
            let place = format!("{place}.records[{at}]");
            let record = record(of, raw, &place)?;
            if !ids.insert(record.id()) {
                return Err(misread(&place, format!("the id {} is taken by an earlier record", record.id())));
            }
            tx.put(table(of), record);
        }
        let next_id = id(&format!("{place}.next_id"), &written.next_id)?;
        if let Some(taken) = ids.iter().max().filter(|taken| **taken >= next_id) {
            return Err(misread(&place, format!("next_id is {next_id}, and a record has the id {taken} already")));
        }
        tx.count_from(table(of), next_id);
    }
    Ok(tx.commit().0)
}

fn record(of: TypeId, raw: &RawValue, place: &str) -> Result<Record, Misread> {
    let written: WrittenRecord = from_str(raw.get()).map_err(|error| misread(place, plainly(&error)))?;
    let own = id(&format!("{place}.id"), &written.id)?;
    let mut record = Record::new(own, id(&format!("{place}.organization"), &written.organization)?);
    for (name, json) in &written.values.0 {
        let slot = of.shape().slot(name).ok_or_else(|| misread(place, format!("{} has no column {name:?}", of.name())))?;
        let value = written::from_json(of.shape().column(slot), json);
        let wrong = |wanted| misread(&format!("{place}.values.{name}"), format!("{} is not {wanted}", shortened(json)));
        record.set(slot, value.map_err(wrong)?);
    }
    Ok(record)
}

fn id(place: &str, text: &str) -> Result<u64, Misread> {
    written::id(text).ok_or_else(|| misread(place, format!("{text:?} is not an id in digits")))
}

/// Without line and column, which are those of a piece.
fn plainly(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or(text.clone(), |(what, _)| what.to_owned())
}

fn shortened(json: &Json) -> String {
    let text = json.to_string();
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
