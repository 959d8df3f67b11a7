//! A plan becomes records: ids are given, times worked out, columns derived.

use super::{
    RoleKey, Seeded,
    plan::{Plan, Planned, Ref, Table},
};
use crate::engine::{Catalogue, Planter, table};
use crate::schema::names::{Organization, User};
use crate::schema::{Named, Slot, TypeId};
use crate::state::{Record, Transaction, Value};
use jiff::Timestamp;
use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

pub fn sow(plan: &Plan, catalogue: &Arc<Catalogue>, now: Timestamp) -> Seeded {
    let mut tx = Transaction::unwatched(&catalogue.empty());
    let planter = Planter::new(catalogue, now);
    let ids: Vec<_> = plan.tables.iter().map(|of| ids(of, &mut tx)).collect();
    let id = |at: Ref| ids[at.table][at.record];

    // Twice, because what one record derives may come from a record that is stored later.
    for (of, ids) in plan.tables.iter().zip(&ids) {
        for (planned, own) in of.records.iter().zip(ids) {
            tx.put(table(of.ty), record(plan, of, planned, *own, &planter, now, &id));
        }
    }
    for (of, ids) in plan.tables.iter().zip(&ids) {
        for id in ids {
            let stored = tx.state().get(table(of.ty), *id).map(|record| Record::clone(record));
            stored.map(|record| planter.plant(&mut tx, of.ty, record));
        }
    }

    let (state, _) = tx.commit();
    let roles = plan.roles.iter().map(|role| {
        let email = state.get(table(User::TYPE), id(role.user)).and_then(|user| user.get(User::email.slot).as_str().map(str::to_owned));
        RoleKey {
            role: role.name.clone(),
            secret: role.name.clone(),
            user_id: id(role.user),
            email: email.unwrap_or_default(),
            password: role.password.clone(),
        }
    });
    let roles = roles.collect();
    Seeded { state, roles, records: records(plan, &ids) }
}

/// In file order from where the table's ids start; a record's own `id:` stands.
fn ids(of: &Table, tx: &mut Transaction) -> Vec<u64> {
    let taken: HashSet<u64> = of.records.iter().filter_map(|planned| planned.id).collect();
    let mut free = || loop {
        let id = tx.new_id(table(of.ty));
        if !taken.contains(&id) {
            return id;
        }
    };
    of.records.iter().map(|planned| planned.id.unwrap_or_else(&mut free)).collect()
}

fn record(plan: &Plan, of: &Table, planned: &Planned, own: u64, planter: &Planter, now: Timestamp, id: &impl Fn(Ref) -> u64) -> Record {
    let organization = planned.organization.map_or_else(|| plan.organization.map(id), |named| named.map(|to| to.id(id)));
    let organization = if of.ty == Organization::TYPE { own } else { organization.unwrap_or(0) };
    let mut record = planter.blank(of.ty, own, organization);
    fill(&mut record, planned, of.ty, now, id);
    record
}

/// What is planned for a record, but for what is derived.
pub fn fill(record: &mut Record, planned: &Planned, ty: TypeId, now: Timestamp, id: &impl Fn(Ref) -> u64) {
    for (slot, cell) in &planned.cells {
        record.set(*slot, cell.value(now, id));
    }
    let organization = record.tenant();
    for slot in organization_columns(ty) {
        if organization != 0 && record.get(slot).is_null() {
            record.set(slot, Value::Id(organization));
        }
    }
}

/// Columns that say what the record's organization says.
fn organization_columns(ty: TypeId) -> impl Iterator<Item = Slot> + use<> {
    let shape = ty.shape();
    ["organization_id", "home_organization_id"].into_iter().filter_map(|name| shape.slot(name))
}

fn records(plan: &Plan, ids: &[Vec<u64>]) -> BTreeMap<String, BTreeMap<String, u64>> {
    let handles = |of: &Table, ids: &[u64]| of.records.iter().map(|planned| planned.handle.clone()).zip(ids.iter().copied()).collect();
    plan.tables.iter().zip(ids).map(|(of, ids)| (of.ty.name().to_owned(), handles(of, ids))).collect()
}
