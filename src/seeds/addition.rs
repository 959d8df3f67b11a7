//! Records for a world that runs already: read as seeds are, stored as seeds store them, told of as any change is.

use super::{
    error::{Mistake, Place, SeedError, listed, nearest},
    plan::{Entries, Handles, Planned, Ref, Table, kept_type, read_entry},
    references::target,
    sow::fill,
    yaml::{Key, Node, What},
};
use crate::engine::{Catalogue, Planter, table};
use crate::schema::names::{ApiKey, Organization};
use crate::schema::{Named, Slot, TypeId};
use crate::state::{Record, Transaction, Value};
use jiff::{Timestamp, tz::TimeZone};
use serde_json::{Map, Value as Json};
use std::sync::Arc;

/// Records that are stored, changed or removed together.
#[derive(Debug)]
pub struct Addition {
    tables: Vec<Table>,
    /// As they were sent.
    items: Vec<Item>,
}

#[derive(Debug)]
struct Item {
    /// `records[3]`
    at: Place,
    /// Where each of its columns was sent, as they stand in the plan.
    columns: Vec<Place>,
    planned: Ref,
    handle: Option<String>,
    /// Known by its handle.
    id: Option<u64>,
    removes: bool,
    is_quiet: bool,
}

/// What became of one of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Added {
    pub ty: TypeId,
    pub id: u64,
    pub handle: Option<String>,
    /// Nothing is announced of it.
    pub is_quiet: bool,
    pub is_removed: bool,
}

/// What a record is sent with.
const KEYS: [&str; 6] = ["type", "handle", "id", "fields", "fire", "remove"];

/// A record as it was sent: its type, what is said of it beside its columns, and these.
struct Sent {
    ty: TypeId,
    at: Place,
    node: Node,
    removes: bool,
    is_quiet: bool,
}

impl Addition {
    /// Reads `[{type, handle?, id?, fields, fire?, remove?}]`. References may name the handles in `known`. A record whose handle is
    /// known, or whose `id` there is, is changed; `remove` takes it away.
    pub fn read(sent: &Json, known: Handles) -> Result<Self, SeedError> {
        let whole = Place { file: "the body".into(), line: 0 };
        let Json::Array(records) = sent else {
            return Err(Mistake::Shape { found: "something else", wanted: "a list of records, each with `type` and `fields`" }.at(&whole));
        };
        let sent: Vec<Sent> = records.iter().enumerate().map(|(at, record)| Sent::read(at, record)).collect::<Result<_, _>>()?;
        let mut entries = Entries { known, ..Entries::default() };
        let mut items = Vec::with_capacity(sent.len());
        for sent in &sent {
            let entry = read_entry(sent.ty, &sent.node, &TimeZone::UTC)?;
            let planned = entries.add(sent.ty, entry)?;
            let (_, list) = &entries.tables[planned.table];
            let entry = &list[planned.record];
            let handle = Some(entry.handle.clone()).filter(|handle| !handle.is_empty());
            let known = entries.known.get(sent.ty.name()).zip(handle.as_ref()).and_then(|(known, handle)| known.get(handle));
            items.push(Item {
                at: sent.at.clone(),
                columns: entry.places(),
                planned,
                id: entry.id.or(known.copied()),
                handle,
                removes: sent.removes,
                is_quiet: sent.is_quiet,
            });
        }
        let tables = entries.tables.iter().map(|(ty, list)| entries.planned(*ty, list)).collect::<Result<_, _>>()?;
        Ok(Self { tables, items })
    }

    /// Stores all of them in `tx`, those that name no organization in `organization`.
    pub fn store(
        &self,
        tx: &mut Transaction,
        catalogue: &Arc<Catalogue>,
        now: Timestamp,
        organization: u64,
    ) -> Result<Vec<Added>, SeedError> {
        let planter = Planter::new(catalogue, now);
        let mut ids: Vec<Vec<u64>> = self.tables.iter().map(|table| vec![0; table.records.len()]).collect();
        for item in &self.items {
            let id = item.id.unwrap_or_else(|| tx.new_id(table(self.ty(item))));
            ids[item.planned.table][item.planned.record] = id;
        }
        let id = |at: Ref| ids[at.table][at.record];
        let mut before = Vec::new();
        for item in &self.items {
            let (ty, own) = (self.ty(item), id(item.planned));
            let known = tx.state().get(table(ty), own).cloned();
            if known.is_none() && (item.removes || item.handle.is_some() && item.id.is_some()) {
                return Err(Mistake::UnknownId { ty: ty.name(), id: own }.at(&item.at));
            }
            if !item.removes {
                let planned = self.planned(item);
                let mut record = known.as_deref().cloned().unwrap_or_else(|| {
                    let organization = planned.organization.map_or(organization, |named| named.map_or(0, |to| to.id(&id)));
                    planter.blank(ty, own, if ty == Organization::TYPE { own } else { organization })
                });
                fill(&mut record, planned, ty, now, &id);
                tx.put(table(ty), record);
            }
            before.push(known);
        }
        // Afterwards, because what one record derives may come from one that was sent behind it.
        for (item, before) in self.items.iter().zip(&before) {
            let (ty, own) = (self.ty(item), id(item.planned));
            if item.removes {
                planter.remove(tx, ty, own);
                continue;
            }
            let Some(record) = tx.state().get(table(ty), own).map(|record| Record::clone(record)) else { continue };
            self.refuse_strangers(item, &record, tx, catalogue)?;
            match before {
                Some(before) => planter.mend(tx, ty, before, record, self.planned(item).cells.iter().map(|(slot, _)| *slot)),
                None => drop(planter.plant(tx, ty, record)),
            }
        }
        self.refuse_doubled_secrets(tx)?;
        let added = |item: &Item| Added {
            ty: self.ty(item),
            id: id(item.planned),
            handle: item.handle.clone(),
            is_quiet: item.is_quiet,
            is_removed: item.removes,
        };
        Ok(self.items.iter().map(added).collect())
    }

    fn ty(&self, item: &Item) -> TypeId {
        self.tables[item.planned.table].ty
    }

    fn planned(&self, item: &Item) -> &Planned {
        &self.tables[item.planned.table].records[item.planned.record]
    }

    /// Ids that were sent lead somewhere.
    fn refuse_strangers(&self, item: &Item, record: &Record, tx: &Transaction, catalogue: &Catalogue) -> Result<(), SeedError> {
        let ty = self.ty(item);
        let stranger = |slot: Slot| {
            let to = target(ty, ty.shape().column(slot)).filter(|to| catalogue.is_stored(*to))?;
            let value = record.get(slot);
            let ids = value.as_list().unwrap_or(std::slice::from_ref(value)).iter().filter_map(Value::as_id);
            ids.into_iter().find(|id| tx.state().get(table(to), *id).is_none()).map(|id| Mistake::UnknownId { ty: to.name(), id })
        };
        let mut cells = self.planned(item).cells.iter().zip(&item.columns);
        cells.find_map(|((slot, _), at)| stranger(*slot).map(|mistake| mistake.at(at))).map_or(Ok(()), Err)
    }

    fn refuse_doubled_secrets(&self, tx: &Transaction) -> Result<(), SeedError> {
        let keys = self.items.iter().filter(|item| self.ty(item) == ApiKey::TYPE && !item.removes);
        for item in keys {
            let secret = self.planned(item).cells.iter().find(|(slot, _)| *slot == ApiKey::secret.slot);
            let Some(secret) = secret.map(|(_, cell)| cell.value(Timestamp::UNIX_EPOCH, &|_| 0)) else { continue };
            let holders = tx.state().all(table(ApiKey::TYPE)).filter(|key| *key.get(ApiKey::secret.slot) == secret).count();
            if holders > 1 {
                return Err(Mistake::DuplicateSecret(secret.as_str().unwrap_or_default().to_owned()).at(&item.at));
            }
        }
        Ok(())
    }
}

impl Sent {
    fn read(index: usize, record: &Json) -> Result<Self, SeedError> {
        let at = place(&format!("records[{index}]"));
        let Json::Object(record) = record else {
            return Err(node(&at, record).misplaced("a record with `type` and `fields`"));
        };
        if let Some(name) = record.keys().find(|key| !KEYS.contains(&key.as_str())) {
            return Err(Mistake::UnknownKey { name: name.clone(), nearest: nearest(name, KEYS), known: listed(KEYS.into_iter()) }.at(&at));
        }
        let named = |key: &str| place(&format!("records[{index}].{key}"));
        let Some(Json::String(ty)) = record.get("type") else {
            return Err(node(&named("type"), record.get("type").unwrap_or(&Json::Null)).misplaced("the name of a type"));
        };
        let ty = kept_type(ty, &named("type"))?;
        let flag = |key: &str, default| match record.get(key) {
            None | Some(Json::Null) => Ok(default),
            Some(Json::Bool(flag)) => Ok(*flag),
            Some(other) => Err(node(&named(key), other).misplaced("`true` or `false`")),
        };
        let none = Map::new();
        let fields = match record.get("fields") {
            None | Some(Json::Null) => &none,
            Some(Json::Object(fields)) => fields,
            Some(other) => return Err(node(&named("fields"), other).misplaced("a map of columns")),
        };
        let mut entries: Vec<(Key, Node)> = Vec::with_capacity(fields.len() + 1);
        let own = ["handle", "id"].into_iter().filter_map(|name| Some((name, record.get(name).filter(|value| !value.is_null())?)));
        for (name, value) in own.chain(fields.iter().map(|(name, value)| (name.as_str(), value))) {
            let at = if record.contains_key(name) { named(name) } else { named(&format!("fields.{name}")) };
            if entries.iter().any(|(known, _)| known.name == name) {
                return Err(Mistake::DuplicateColumn { name: name.to_owned() }.at(&at));
            }
            entries.push((Key { at: at.clone(), name: name.to_owned() }, node(&at, value)));
        }
        Ok(Self {
            ty,
            node: Node { at: at.clone(), what: What::Map(entries) },
            at,
            removes: flag("remove", false)?,
            is_quiet: !flag("fire", true)?,
        })
    }
}

fn place(file: &str) -> Place {
    Place { file: file.into(), line: 0 }
}

/// JSON as a seed would have it.
fn node(at: &Place, value: &Json) -> Node {
    let plain = |text: String| What::Text { text, quoted: false };
    let what = match value {
        Json::Null => What::Null,
        Json::Bool(yes) => plain(yes.to_string()),
        Json::Number(number) => plain(number.to_string()),
        Json::String(text) => What::Text { text: text.clone(), quoted: true },
        Json::Array(items) => What::List(items.iter().map(|item| node(at, item)).collect()),
        Json::Object(fields) => {
            What::Map(fields.iter().map(|(name, value)| (Key { at: at.clone(), name: name.clone() }, node(at, value))).collect())
        }
    };
    Node { at: at.clone(), what }
}
