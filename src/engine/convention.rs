//! What a mutation does when Healthie gives it no rule of its own.

use super::{Call, Draft, Made, Refusal, Row, area::AnyInput, refusal::CANT_BE_BLANK};
use crate::schema::Named;
use crate::state::Value;

pub fn create<T: Named>(call: &mut Call<'_, AnyInput>) -> Result<Made, Refusal> {
    let draft = call.draft::<T>();
    check(call, &draft)?;
    Ok(Made::from(draft.save(call)))
}

pub fn update<T: Named>(call: &mut Call<'_, AnyInput>) -> Result<Made, Refusal> {
    let row = target::<T>(call)?;
    let draft = call.edit(&row);
    check(call, &draft)?;
    Ok(Made::from(draft.save(call)))
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
    /// Refuses what could not be read, and blank columns that the entity requires, all at once.
    pub fn check<T: Named>(&self, draft: &Draft<T>) -> Result<(), Refusal> {
        self.refuse_unreadable()?;
        let required = self.scene().catalogue.rules(T::TYPE).map_or(&[][..], |rules| &rules.required);
        let blank = required.iter().filter(|slot| super::call::is_blank(draft.value(**slot)));
        Refusal::all(blank.map(|slot| Refusal::named(T::TYPE.shape().column(*slot).name(), CANT_BE_BLANK)))
    }
}

fn check<T: Named>(call: &Call<'_, AnyInput>, draft: &Draft<T>) -> Result<(), Refusal> {
    call.check(draft)
}

/// The record that the input's `id` names, if the viewer may see it.
fn target<T: Named>(call: &Call<'_, AnyInput>) -> Result<Row<T>, Refusal> {
    let lifted = call.input.lifted;
    let slot = lifted.of.shape().slot("id");
    let sent = slot.inspect(|slot| lifted.mark(*slot)).and_then(|slot| lifted.sent(slot)?.as_ref());
    let found = sent.and_then(Value::as_id).and_then(|id| call.find::<T>(id));
    found.ok_or_else(|| Refusal::not_found("id", T::TYPE.name()))
}
