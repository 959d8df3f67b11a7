//! `complete: true`: each type has two records at least, so that every list shows something and nulls occur where real data has
//! them: a full one about the seed's first patient where no file says anything of the type, and a sparse one about the second.

use super::{example, plan::Plan};
use crate::engine::{Catalogue, How, Planter, table};
use crate::schema::names::{Organization, User};
use crate::schema::{Base, Column, Named, Slot, TypeId};
use crate::state::{Record, State, Transaction, Value};
use jiff::Timestamp;
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

/// The handles of what is added.
pub const FULL: &str = "full";
pub const SPARSE: &str = "sparse";

/// Nobody asked for webhooks and mails: a server sends nothing to anybody unless it is told to.
const ASKED_FOR: [&str; 4] = ["SentMail", "SentWebhook", "Webhook", "WebhookEvent"];

/// The ids of records by type and handle.
pub type Records = BTreeMap<String, BTreeMap<String, u64>>;

struct Completer<'a> {
    catalogue: &'a Catalogue,
    /// What there was before.
    known: State,
    now: Timestamp,
    organization: u64,
    provider: u64,
    /// Of each type with less than two records: the ids of its first, or full, and of its sparse one.
    new: HashMap<TypeId, [u64; 2]>,
}

/// Whom a record is about, and how much it says.
#[derive(Clone, Copy, PartialEq)]
struct Look {
    patient: u64,
    is_full: bool,
}

/// Adds to `state`, and to `records`, what is missing in the seed's organization.
pub fn complete(plan: &Plan, state: &State, records: &mut Records, catalogue: &Arc<Catalogue>, now: Timestamp) -> State {
    let Some([first, second]) = patients(plan, records, state) else { return state.clone() };
    let mut tx = Transaction::unwatched(state);
    let missing = TypeId::all().filter(|ty| catalogue.is_stored(*ty) && ty.shape().slot("id").is_some());
    let missing = missing.filter(|ty| !ASKED_FOR.contains(&ty.name()));
    let missing: Vec<TypeId> = missing.filter(|ty| state.len(table(*ty)) < 2).collect();
    let first_of = |ty: TypeId| state.all(table(ty)).next().map(|record| record.id());
    let new = missing.iter().map(|ty| {
        let full = first_of(*ty).unwrap_or_else(|| tx.new_id(table(*ty)));
        (*ty, [full, tx.new_id(table(*ty))])
    });
    let new = new.collect();
    let of = |slot: Slot| state.get(table(User::TYPE), first).map(|user| user.get(slot).as_id().unwrap_or(0)).unwrap_or_default();
    let completer = Completer {
        catalogue,
        known: state.clone(),
        now,
        organization: of(User::home_organization_id.slot),
        provider: of(User::dietitian_id.slot),
        new,
    };
    let planter = Planter::new(catalogue, now);
    for ty in missing {
        let [full, sparse] = completer.new[&ty];
        let wanted = [(full, FULL, first), (sparse, SPARSE, second)].into_iter().filter(|(id, _, _)| first_of(ty) != Some(*id));
        for (id, handle, patient) in wanted {
            let blank = planter.blank(ty, id, completer.organization);
            let record = completer.record(ty, blank, Look { patient, is_full: handle == FULL });
            planter.plant(&mut tx, ty, record);
            records.entry(ty.name().to_owned()).or_default().insert(handle.to_owned(), id);
        }
    }
    tx.commit().0
}

/// The first two patients with a provider in the seed's organization, in file order.
fn patients(plan: &Plan, records: &Records, state: &State) -> Option<[u64; 2]> {
    let organization = plan.organization.map(|at| &plan.tables[at.table].records[at.record].handle)?;
    let organization = *records.get(Organization::TYPE.name())?.get(organization)?;
    let patients = state.all(table(User::TYPE)).filter(|user| user.tenant() == organization);
    let mut patients = patients.filter(|user| !user.get(User::dietitian_id.slot).is_null()).map(|user| user.id());
    Some([patients.next()?, patients.next()?])
}

impl Completer<'_> {
    fn record(&self, ty: TypeId, mut record: Record, look: Look) -> Record {
        let rules = self.catalogue.rules(ty);
        let is_required = |slot: Slot| rules.is_some_and(|rules| rules.required.contains(&slot) || rules.about == Some(slot));
        for (slot, column) in ty.shape().columns().iter().enumerate() {
            let slot = slot as Slot;
            let wanted = look.is_full || is_required(slot) || is_the_owners(column);
            if wanted && column.args().is_none() && record.get(slot).is_null() {
                record.set(slot, self.value(ty, slot, column, look));
            }
        }
        record
    }

    fn value(&self, ty: TypeId, slot: Slot, column: &'static Column, look: Look) -> Value {
        match self.catalogue.how(ty, slot) {
            How::Stored(_) if column.base == Base::Id => self.pointed(ty, column, look),
            How::Stored(_) if column.list || !column.published => Value::Null,
            How::Stored(_) => example::of(ty, column, self.now),
            How::Reference(key, _) if key != slot => Value::Null,
            How::Reference(_, User::TYPE) => Value::Id(self.person(column.name(), look)),
            How::Reference(_, target) => self.exemplar(target, ty, look),
            How::Several(_, target) if target != User::TYPE => match self.exemplar(target, ty, look) {
                Value::Null => Value::Null,
                one => Value::List([one].into()),
            },
            _ => Value::Null,
        }
    }

    /// What a column of ids holds, as far as its name says what of.
    fn pointed(&self, ty: TypeId, column: &'static Column, look: Look) -> Value {
        if column.list {
            return Value::Null;
        }
        match super::references::target(ty, column) {
            Some(User::TYPE) => Value::Id(self.person(column.name().trim_end_matches("_id"), look)),
            Some(target) => self.exemplar(target, ty, look),
            None => Value::Null,
        }
    }

    /// Patients are the look's, everybody else is the first patient's provider.
    fn person(&self, name: &str, look: Look) -> u64 {
        let is_patient = ["patient", "client", "user", "recipient", "linked_client", "sender"].contains(&name);
        if is_patient { look.patient } else { self.provider }
    }

    /// A record of `target` that is there to point to: about the same patient, where one is.
    fn exemplar(&self, target: TypeId, from: TypeId, look: Look) -> Value {
        if target == Organization::TYPE {
            return Value::Id(self.organization);
        }
        if target == from {
            return Value::Null;
        }
        if let Some([full, sparse]) = self.new.get(&target) {
            return Value::Id(if look.is_full { *full } else { *sparse });
        }
        let about = self.catalogue.rules(target).and_then(|rules| rules.about);
        let own = || self.known.all(table(target)).filter(|record| record.tenant() == self.organization);
        let same = about.and_then(|about| own().find(|record| record.get(about).as_id() == Some(look.patient)));
        let any = || own().next().filter(|_| about.is_none());
        same.or_else(any).map_or(Value::Null, |record| Value::Id(record.id()))
    }
}

/// Without its owner, a record is nobody's to see.
fn is_the_owners(column: &Column) -> bool {
    ["user", "owner", "owner_id", "organization", "organization_id"].contains(&column.name())
}
