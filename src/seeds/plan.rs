//! A seed that has been read: records by type, with everything known that does not depend on the time.

use super::{
    cell::{Cell, cell},
    error::{Mistake, Place, SeedError, listed, nearest},
    references::kept_in,
    source::{Source, zone},
    yaml::{Key, Node, What},
};
use crate::engine::password_digest;
use crate::schema::names::{ApiKey, Organization, User};
use crate::schema::{Named, ShapeKind, Slot, TypeId};
use crate::state::Value;
use jiff::tz::TimeZone;
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

#[derive(Debug)]
pub struct Plan {
    pub name: String,
    pub tables: Vec<Table>,
    pub roles: Vec<Role>,
    /// The organization of records that name none.
    pub organization: Option<Ref>,
    /// Types that no file says anything of get a full and a sparse record.
    pub complete: bool,
}

#[derive(Debug)]
pub struct Table {
    pub ty: TypeId,
    pub records: Vec<Planned>,
}

/// A record, but for its times and most ids.
#[derive(Debug)]
pub struct Planned {
    pub handle: String,
    pub id: Option<u64>,
    /// None where nothing is said; Some(None) is nobody's, as a catalogue's entry.
    pub organization: Option<Option<To>>,
    pub cells: Vec<(Slot, Cell)>,
}

/// What a reference leads to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum To {
    Planned(Ref),
    /// The id of a record that is there already.
    Known(u64),
}

impl To {
    pub fn id(self, id: &impl Fn(Ref) -> u64) -> u64 {
        match self {
            Self::Planned(at) => id(at),
            Self::Known(id) => id,
        }
    }
}

/// A planned record: its table's position in the plan, and its own in the table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ref {
    pub table: usize,
    pub record: usize,
}

#[derive(Debug)]
pub struct Role {
    pub name: String,
    pub user: Ref,
    pub password: String,
}

/// Types in the order that their ids are given and their records stored: what others point to first.
const FIRST: [&str; 10] = [
    "Organization",
    "User",
    "OrganizationInfo",
    "OrganizationMembership",
    "UserGroup",
    "Location",
    "AppointmentType",
    "Appointment",
    "AppointmentInclusionType",
    "Tag",
];

/// Known in every record, beside its columns.
const OWN: [&str; 4] = ["handle", "id", "organization", "timezone"];

/// Ids by type and handle.
pub type Handles = BTreeMap<String, BTreeMap<String, u64>>;

/// The records of all sources by type and handle, as they were written.
#[derive(Default)]
pub struct Entries {
    pub tables: Vec<(TypeId, Vec<Entry>)>,
    pub handles: HashMap<(TypeId, String), Ref>,
    /// What is there already.
    pub known: Handles,
}

pub struct Entry {
    pub at: Place,
    pub handle: String,
    pub id: Option<u64>,
    /// None where nothing is said; Some(None) is nobody's.
    organization: Option<Option<(Place, String)>>,
    /// Each with the zone that its times are meant in.
    fields: Vec<(Key, Node, TimeZone)>,
}

/// What the sources say together: a later one completes an earlier one's records, and adds its own.
pub fn plan(sources: &[Source]) -> Result<Plan, SeedError> {
    let manifests = || sources.iter().map(|source| &source.manifest);
    let mut entries = Entries::default();
    let mut own_zone = TimeZone::UTC;
    for source in sources {
        own_zone = source.manifest.zone.clone().unwrap_or(own_zone);
        for (file, node) in &source.files {
            entries.read(file, node, &own_zone)?;
        }
    }
    entries.tables.sort_by_key(|(ty, _)| (FIRST.iter().position(|first| *first == ty.name()).unwrap_or(FIRST.len()), ty.name()));
    entries.number();

    let mut people: Vec<(String, Ref)> = Vec::new();
    for (role, (at, user)) in manifests().flat_map(|manifest| &manifest.roles) {
        people.retain(|(known, _)| known != role);
        people.push((role.clone(), entries.planned_as(User::TYPE, user, at)?));
    }
    let password = manifests().rev().find_map(|manifest| manifest.password.clone());
    let organization = manifests().rev().find_map(|manifest| manifest.organization.as_ref());
    let organization = organization.map(|(at, handle)| entries.planned_as(Organization::TYPE, handle, at)).transpose()?;
    let mut plan = Plan {
        name: manifests().next_back().and_then(|manifest| manifest.name.clone()).unwrap_or_default(),
        tables: entries.tables.iter().map(|(ty, list)| entries.planned(*ty, list)).collect::<Result<_, _>>()?,
        roles: vec![],
        organization,
        complete: manifests().rev().find_map(|manifest| manifest.complete).unwrap_or(false),
    };
    plan.refuse_duplicate_ids(&entries)?;
    plan.add_roles(people, password.as_deref().unwrap_or_default());
    plan.refuse_duplicate_secrets(&entries)?;
    Ok(plan)
}

impl Entries {
    fn read(&mut self, file: &str, node: &Node, zone: &TimeZone) -> Result<(), SeedError> {
        let ty = kept_type(file, &Place { line: 0, ..node.at.clone() })?;
        let records = match &node.what {
            What::Null => &[][..],
            What::List(records) => records,
            _ => return Err(node.misplaced("a list of records, each begun with `- handle:`")),
        };
        let table = match self.tables.iter().position(|(known, _)| *known == ty) {
            Some(table) => table,
            None => {
                self.tables.push((ty, vec![]));
                self.tables.len() - 1
            }
        };
        let inherited = self.tables[table].1.len();
        for node in records {
            let entry = entry(ty, node, zone)?;
            let list = &mut self.tables[table].1;
            match self.handles.get(&(ty, entry.handle.clone())) {
                Some(known) if known.record < inherited => list[known.record].complete(entry),
                Some(known) => {
                    let first = list[known.record].at.clone();
                    return Err(Mistake::DuplicateHandle { ty: ty.name(), handle: entry.handle, first }.at(&entry.at));
                }
                None => {
                    self.handles.insert((ty, entry.handle.clone()), Ref { table, record: list.len() });
                    list.push(entry);
                }
            }
        }
        Ok(())
    }

    /// Takes one more record, and says where it stands for good.
    pub fn add(&mut self, ty: TypeId, entry: Entry) -> Result<Ref, SeedError> {
        let table = self.tables.iter().position(|(known, _)| *known == ty).unwrap_or_else(|| {
            self.tables.push((ty, vec![]));
            self.tables.len() - 1
        });
        let list = &mut self.tables[table].1;
        let at = Ref { table, record: list.len() };
        if !entry.handle.is_empty()
            && let Some(first) = self.handles.insert((ty, entry.handle.clone()), at)
        {
            let first = list[first.record].at.clone();
            return Err(Mistake::DuplicateHandle { ty: ty.name(), handle: entry.handle, first }.at(&entry.at));
        }
        if let Some(other) = list.iter().find(|other| entry.id.is_some() && other.id == entry.id) {
            let (id, handle) = (entry.id.unwrap_or_default(), other.handle.clone());
            return Err(Mistake::DuplicateId { ty: ty.name(), id, handle }.at(&entry.at));
        }
        list.push(entry);
        Ok(at)
    }

    /// Tables are where they stay; references say where.
    fn number(&mut self) {
        for (table, (ty, list)) in self.tables.iter().enumerate() {
            for (record, entry) in list.iter().enumerate() {
                self.handles.insert((*ty, entry.handle.clone()), Ref { table, record });
            }
        }
    }

    fn find(&self, ty: TypeId, handle: &str, at: &Place) -> Result<To, SeedError> {
        let known = self.known.get(ty.name()).and_then(|known| known.get(handle)).map(|id| To::Known(*id));
        known.map_or_else(|| self.planned_as(ty, handle, at).map(To::Planned), Ok)
    }

    fn planned_as(&self, ty: TypeId, handle: &str, at: &Place) -> Result<Ref, SeedError> {
        self.handles.get(&(ty, handle.to_owned())).copied().ok_or_else(|| {
            let planned = || self.tables.iter().filter(|(known, _)| *known == ty).flat_map(|(_, list)| list);
            let planned = || planned().map(|entry| entry.handle.as_str()).filter(|handle| !handle.is_empty());
            let known = || planned().chain(self.known.get(ty.name()).into_iter().flat_map(|known| known.keys().map(String::as_str)));
            let nearest = nearest(handle, known());
            Mistake::UnknownHandle { ty: ty.name(), handle: handle.to_owned(), nearest, known: listed(known()) }.at(at)
        })
    }

    pub fn planned(&self, ty: TypeId, list: &[Entry]) -> Result<Table, SeedError> {
        let records = list.iter().map(|entry| {
            let organization = entry.organization.as_ref();
            let find = |(at, named): &(Place, String)| match named.parse() {
                Ok(id) => Ok(To::Known(id)),
                Err(_) => self.find(Organization::TYPE, named, at),
            };
            let organization = organization.map(|named| named.as_ref().map(find).transpose()).transpose()?;
            let cells = entry.fields.iter().map(|(key, node, zone)| self.cell(ty, key, node, zone)).collect::<Result<_, _>>()?;
            Ok(Planned { handle: entry.handle.clone(), id: entry.id, organization, cells })
        });
        Ok(Table { ty, records: records.collect::<Result<_, SeedError>>()? })
    }

    fn cell(&self, ty: TypeId, key: &Key, node: &Node, zone: &TimeZone) -> Result<(Slot, Cell), SeedError> {
        if let (User::TYPE, "password") = (ty, key.name.as_str()) {
            return Ok((User::password_digest.slot, Cell::Value(password_digest(node.text()?).into())));
        }
        // `user: ada` where there is a `user_id` alone.
        let Some(slot) = ty.shape().slot(&key.name).or_else(|| ty.shape().slot(&format!("{}_id", key.name))) else {
            let known = ty.shape().columns().iter().map(|column| column.name());
            let nearest = nearest(&key.name, known.chain(OWN));
            return Err(Mistake::UnknownColumn { ty: ty.name(), name: key.name.clone(), nearest }.at(&key.at));
        };
        let Some(kept) = kept_in(ty, slot) else {
            return Err(Mistake::NotKept { ty: ty.name(), name: key.name.clone() }.at(&key.at));
        };
        Ok((kept, cell(ty, ty.shape().column(kept), node, zone, &|ty, handle| self.find(ty, handle, &node.at))?))
    }

    fn place(&self, at: Ref) -> &Place {
        &self.tables[at.table].1[at.record].at
    }
}

/// The type of this name whose records are kept.
pub fn kept_type(name: &str, at: &Place) -> Result<TypeId, SeedError> {
    let is_kept = |ty: &TypeId| ty.shape().kind == ShapeKind::Object && ty.shape().slot("id").is_some();
    TypeId::named(name).filter(is_kept).ok_or_else(|| {
        let nearest = nearest(name, TypeId::all().filter(is_kept).map(TypeId::name));
        Mistake::UnknownType { name: name.to_owned(), nearest }.at(at)
    })
}

fn entry(ty: TypeId, node: &Node, own_zone: &TimeZone) -> Result<Entry, SeedError> {
    let entry = read_entry(ty, node, own_zone)?;
    if entry.handle.is_empty() { Err(Mistake::NoHandle(ty.name()).at(&entry.at)) } else { Ok(entry) }
}

/// A record, with a handle or without.
pub fn read_entry(ty: TypeId, node: &Node, own_zone: &TimeZone) -> Result<Entry, SeedError> {
    let mut entry = Entry { at: node.at.clone(), handle: String::new(), id: None, organization: None, fields: vec![] };
    let fields = node.map_entries("a record with `handle:` and columns")?;
    let own_zone = match fields.iter().find(|(key, _)| key.name == "timezone") {
        Some((_, node)) if !matches!(node.what, What::Null) => zone(node)?,
        _ => own_zone.clone(),
    };
    for (key, node) in fields {
        match key.name.as_str() {
            "handle" => entry.handle = node.text()?.to_owned(),
            "id" => entry.id = Some(id(ty, node)?),
            "organization" if matches!(node.what, What::Null) => entry.organization = Some(None),
            "organization" => entry.organization = Some(Some((node.at.clone(), node.text()?.to_owned()))),
            "timezone" if ty.shape().slot("timezone").is_none() => {}
            _ => entry.fields.push((key.clone(), node.clone(), own_zone.clone())),
        }
    }
    Ok(entry)
}

fn id(ty: TypeId, node: &Node) -> Result<u64, SeedError> {
    let text = node.text()?;
    // Documented: some fields show ids as Int, so they have to fit one.
    let id = text.parse::<u64>().ok().filter(|id| (1..=i32::MAX as u64).contains(id));
    let wanted = "a whole number from 1 to 2147483647";
    id.ok_or_else(|| Mistake::Unreadable { text: text.into(), column: format!("{}.id", ty.name()), wanted: wanted.into() }.at(&node.at))
}

impl Entry {
    /// Where each of its columns stands.
    pub fn places(&self) -> Vec<Place> {
        self.fields.iter().map(|(key, _, _)| key.at.clone()).collect()
    }

    /// What an extending seed says of the same handle stands instead.
    fn complete(&mut self, other: Self) {
        self.id = other.id.or(self.id);
        self.organization = other.organization.or(self.organization.take());
        for field in other.fields {
            self.fields.retain(|(key, _, _)| key.name != field.0.name);
            self.fields.push(field);
        }
    }
}

impl Plan {
    fn refuse_duplicate_ids(&self, entries: &Entries) -> Result<(), SeedError> {
        for (table, of) in self.tables.iter().enumerate() {
            let mut taken: HashMap<u64, &str> = HashMap::new();
            for (record, planned) in of.records.iter().enumerate() {
                let Some(id) = planned.id else { continue };
                if let Some(handle) = taken.insert(id, &planned.handle) {
                    let at = entries.place(Ref { table, record });
                    return Err(Mistake::DuplicateId { ty: of.ty.name(), id, handle: handle.to_owned() }.at(at));
                }
            }
        }
        Ok(())
    }

    /// A key for each role, with the role's name as its secret, and the seed's password for users without their own.
    fn add_roles(&mut self, people: Vec<(String, Ref)>, password: &str) {
        let digest: Value = password_digest(password).into();
        let mut keys = Vec::new();
        for (role, user) in people {
            let record = &mut self.tables[user.table].records[user.record];
            if !record.cells.iter().any(|(slot, _)| *slot == User::password_digest.slot) {
                record.cells.push((User::password_digest.slot, Cell::Value(digest.clone())));
            }
            keys.push(Planned {
                handle: role.clone(),
                id: None,
                organization: record.organization,
                cells: vec![
                    (ApiKey::name.slot, Cell::Value(format!("Seed key ({role})").into())),
                    (ApiKey::secret.slot, Cell::Value(role.as_str().into())),
                    (ApiKey::user_id.slot, Cell::One(To::Planned(user))),
                ],
            });
            self.roles.push(Role { name: role, user, password: password.to_owned() });
        }
        match self.tables.iter_mut().find(|table| table.ty == ApiKey::TYPE) {
            Some(table) => table.records.extend(keys),
            None => self.tables.push(Table { ty: ApiKey::TYPE, records: keys }),
        }
    }

    fn refuse_duplicate_secrets(&self, entries: &Entries) -> Result<(), SeedError> {
        let Some(table) = self.tables.iter().position(|table| table.ty == ApiKey::TYPE) else { return Ok(()) };
        let mut taken: HashSet<Arc<str>> = self.roles.iter().map(|role| role.name.as_str().into()).collect();
        for (record, planned) in self.tables[table].records.iter().enumerate() {
            let written = entries.tables.get(table).is_some_and(|(_, list)| record < list.len());
            for (slot, cell) in planned.cells.iter().filter(|_| written) {
                let Cell::Value(Value::Text(secret)) = cell else { continue };
                if *slot == ApiKey::secret.slot && !taken.insert(secret.clone()) {
                    return Err(Mistake::DuplicateSecret(secret.to_string()).at(entries.place(Ref { table, record })));
                }
            }
        }
        Ok(())
    }
}
