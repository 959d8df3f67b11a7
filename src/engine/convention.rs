//! What a mutation does when Healthie gives it no rule of its own.

use super::{
    Call, Draft, Lifted, Made, Reading, Refusal, Row, area::AnyInput, fill, listing, refusal::CANT_BE_BLANK, relations, row::table,
};
use crate::schema::{Named, Slot, TypeId};
use crate::state::{Record, Value};
use std::sync::Arc;

pub fn create<T: Named>(call: &mut Call<'_, AnyInput>) -> Result<Made, Refusal> {
    let draft = call.draft::<T>();
    check(call, &draft)?;
    let made = draft.save(call);
    Ok(Made::from(call.save_nested(&made)?))
}

pub fn update<T: Named>(call: &mut Call<'_, AnyInput>) -> Result<Made, Refusal> {
    let row = target::<T>(call)?;
    let draft = call.edit(&row);
    check(call, &draft)?;
    let changed = draft.save(call);
    Ok(Made::from(call.save_nested(&changed)?))
}

/// Answers with the record as it was.
pub fn delete<T: Named>(call: &mut Call<'_, AnyInput>) -> Result<Made, Refusal> {
    let row = target::<T>(call)?;
    match call.scene().catalogue.rules(T::TYPE).and_then(|rules| rules.deleted_at) {
        Some(deleted_at) => {
            let now = Value::Instant(call.now().as_microsecond());
            let mut draft = call.change(&row);
            draft.set_value(deleted_at, now);
            Ok(Made::from(draft.save(call)))
        }
        None => {
            call.delete(&row);
            Ok(Made::from(row))
        }
    }
}

impl<I: Named> Call<'_, I> {
    /// Refuses what could not be read, references to what the caller may not see, blank columns that the entity requires, and
    /// what the entity refuses.
    pub fn check<T: Named>(&self, draft: &Draft<T>) -> Result<(), Refusal> {
        self.input.lifted.refuse_unreadable()?;
        let sent = self.input.lifted.each().filter_map(|(slot, value)| Some((slot, value.as_ref()?)));
        Refusal::all(relations::strangers(T::TYPE, self.on(), self.input.lifted.of, sent))?;
        refuse_unfit(T::TYPE, self.on(), draft.record())
    }
}

/// Blank columns that the entity requires, all at once; then what the entity refuses.
pub(super) fn refuse_unfit(ty: TypeId, on: Reading<'_>, record: &Record) -> Result<(), Refusal> {
    let Some(rules) = on.scene.catalogue.rules(ty) else { return Ok(()) };
    let blank = rules.required.iter().filter(|slot| super::call::is_blank(record.get(**slot)));
    Refusal::all(blank.map(|slot| Refusal::named(ty.shape().column(*slot).name(), CANT_BE_BLANK)))?;
    if rules.unfit.is_empty() {
        return Ok(());
    }
    let record = Arc::new(record.clone());
    rules.unfit.iter().try_for_each(|unfit| unfit(on, &record))
}

fn check<T: Named>(call: &Call<'_, AnyInput>, draft: &Draft<T>) -> Result<(), Refusal> {
    call.check(draft)
}

/// The record that the input's `id` names, or what stands for it (`goal_id` of a goal), if the viewer may see it.
fn target<T: Named>(call: &Call<'_, AnyInput>) -> Result<Row<T>, Refusal> {
    let lifted = call.input.lifted;
    let shape = lifted.of.shape();
    let keys = relations::stems(T::TYPE).into_iter().map(|stem| format!("{stem}_id"));
    let slot = shape.slot("id").or_else(|| keys.into_iter().find_map(|key| shape.slot(&key)));
    let sent = slot.inspect(|slot| lifted.mark(*slot)).and_then(|slot| lifted.sent(slot)?.as_ref());
    let found = sent.and_then(Value::as_id).and_then(|id| call.find::<T>(id));
    found.ok_or_else(|| Refusal::not_found(slot.map_or("id", |slot| shape.column(slot).name()), T::TYPE.name()))
}

/// Changes the one `T` that is the caller's, or the organization's, or of the person that the input names; makes it where
/// there is none yet.
pub fn set<T: Named>(call: &mut Call<'_, AnyInput>) -> Result<Made, Refusal> {
    let lifted = call.input.lifted;
    let draft = match one(T::TYPE, call.on(), lifted) {
        Some(found) => call.edit(&Row::<T>::new(found)),
        None => call.draft::<T>(),
    };
    check(call, &draft)?;
    let set = draft.save(call);
    Ok(Made::from(call.save_nested(&set)?))
}

/// The record that `args` name: by `id`; else by whatever else they say that a column of that name holds; else, where they
/// name none, the viewer's own, or the organization's.
pub fn one(of: TypeId, on: Reading<'_>, args: &Lifted) -> Option<Arc<Record>> {
    let shape = args.of.shape();
    let sent = |slot: Slot| args.sent(slot).and_then(Option::as_ref).filter(|value| !value.is_null());
    if let Some(slot) = shape.slot("id") {
        args.mark(slot);
        if let Some(id) = sent(slot) {
            return found(of, on, id.as_id()?);
        }
    }
    let mut named = args.each().filter_map(|(slot, _)| Some((slot, sent(slot)?, column_named(of, shape.column(slot).name(), on)?)));
    if let Some((arg, wanted, column)) = named.next() {
        args.mark(arg);
        let index = on.state.index(table(of), &[column], &[]);
        let mut holding: Box<dyn Iterator<Item = &Arc<Record>>> = match index {
            Some(index) => on.state.find(table(of), index, std::slice::from_ref(wanted), true, None),
            None => Box::new(on.state.all(table(of)).rev().filter(|record| listing::same(record.get(column), wanted))),
        };
        return holding.find(|record| on.may_see(of, record)).cloned();
    }
    own(of, on)
}

fn found(of: TypeId, on: Reading<'_>, id: u64) -> Option<Arc<Record>> {
    on.state.get(table(of), id).filter(|record| on.may_see(of, record)).cloned()
}

/// The column that an argument of this name asks for: ids and identifiers alone, since others are options.
fn column_named(of: TypeId, name: &str, on: Reading<'_>) -> Option<Slot> {
    let identifies = name.ends_with("_id") || ["uuid", "code"].contains(&name);
    identifies.then(|| fill::column(of, name, &Value::Id(0), &on.scene.catalogue)).flatten()
}

/// What is the viewer's: settings and the like, of which everybody has one.
fn own(of: TypeId, on: Reading<'_>) -> Option<Arc<Record>> {
    let viewer = on.viewer().id()?;
    let rules = on.scene.catalogue.rules(of)?;
    let by_owner = |slot: Slot| {
        let mut all: Box<dyn Iterator<Item = &Arc<Record>>> = match on.state.index(table(of), &[slot], &[]) {
            Some(index) => on.state.find(table(of), index, &[Value::Id(viewer)], true, None),
            None => Box::new(on.state.all(table(of)).rev().filter(move |record| record.get(slot).as_id() == Some(viewer))),
        };
        all.next().cloned()
    };
    match rules.about.into_iter().chain(rules.makers.iter().copied()).find_map(by_owner) {
        Some(own) => Some(own),
        None if rules.about.is_some() => None,
        None => on.state.all(table(of)).find(|record| on.may_see(of, record)).cloned(),
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    #[test]
    fn nothing_refers_to_what_the_caller_does_not_see() {
        let clinic = Clinic::open();
        let stranger = clinic.id("User", "outsider_patient");
        clinic.refuses(&format!(r#"createMedication(input: {{user_id: "{stranger}", name: "Zinc"}})"#), &[("user_id", "User not found")]);
        clinic.refuses(
            &format!(r#"createReferral(input: {{user_id: "{}", referring_physician_id: "1"}})"#, clinic.id("User", "patient")),
            &[("referring_physician_id", "ReferringPhysician not found")],
        );
    }
}
