//! Two people turn out to be one: whatever names the one names the other.

use super::{
    Call, Row,
    call::{Work, save},
    relations,
    row::table,
};
use crate::schema::names::User;
use crate::schema::{Named, Slot, TypeId};
use crate::state::{Record, Value};
use std::sync::Arc;

impl<I: Named> Call<'_, I> {
    /// Every record but people themselves that names `from` names `to` from now on, and announces nothing.
    pub fn hand_over(&mut self, from: &Row<User>, to: &Row<User>) {
        let scene = self.scene();
        for ty in TypeId::all().filter(|ty| *ty != User::TYPE && scene.catalogue.is_stored(*ty)) {
            let columns = relations::people(ty);
            for record in naming(self.work, ty, &columns, from.id()) {
                let mut changed = Record::clone(&record);
                for slot in &columns {
                    changed.set(*slot, renamed(record.get(*slot), from.id(), to.id()));
                }
                self.work.silenced.push((ty, record.id()));
                // One that was the same already is one that named nobody.
                let _ = save(changed, ty, self.work, scene);
            }
        }
    }
}

fn naming(work: &Work, ty: TypeId, columns: &[Slot], person: u64) -> Vec<Arc<Record>> {
    let names = |value: &Value| match value.as_list() {
        Some(items) => items.iter().any(|item| item.as_id() == Some(person)),
        None => value.as_id() == Some(person),
    };
    let all = work.tx.state().all(table(ty));
    all.filter(|record| columns.iter().any(|slot| names(record.get(*slot)))).cloned().collect()
}

fn renamed(value: &Value, from: u64, to: u64) -> Value {
    let one = |value: &Value| if value.as_id() == Some(from) { Value::Id(to) } else { value.clone() };
    let Some(items) = value.as_list() else { return one(value) };
    let mut renamed: Vec<Value> = Vec::with_capacity(items.len());
    for item in items.iter().map(one) {
        if !renamed.contains(&item) {
            renamed.push(item);
        }
    }
    Value::List(renamed.into())
}
