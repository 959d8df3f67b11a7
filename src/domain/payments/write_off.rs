//! Write-offs: what nobody is asked for any more, and why.

use super::{money, requested_payment};
use crate::engine::{CANT_BE_BLANK, Call, Entity, Made, Nested, Refusal};
use crate::schema::names::{
    RequestedPayment, WriteOff, WriteOffInput, WriteOffType, createWriteOffInput, deleteWriteOffInput, updateWriteOffInput,
};

pub fn entity() -> Entity<WriteOff> {
    Entity::usual()
        .visible(|off| {
            let invoice = off.follow::<RequestedPayment, _>(WriteOff::requested_payment);
            invoice.is_some_and(|invoice| off.on.find::<RequestedPayment>(invoice.id()).is_some())
        })
        .refuses(|off| refuse_unfit(off.get(WriteOff::amount), off.get(WriteOff::write_off_type), off.get(WriteOff::other_reason)))
}

/// Documented: a reason of one's own needs words. Assumed: the texts.
fn refuse_unfit(amount: Option<f64>, kind: Option<&str>, reason: Option<&str>) -> Result<(), Refusal> {
    if amount.is_none_or(|amount| !(amount > 0.0 && amount < 1e9)) {
        return Err(Refusal::named("amount", "must be greater than 0"));
    }
    let unexplained = kind == Some(WriteOffType::OTHER.name) && reason.is_none_or(|reason| reason.trim().is_empty());
    if unexplained { Err(Refusal::named("other_reason", CANT_BE_BLANK)) } else { Ok(()) }
}

pub fn refuse_unfit_rows(rows: &[Nested<'_, WriteOffInput>]) -> Result<(), Refusal> {
    let kept = rows.iter().filter(|row| row.get(WriteOffInput::_destroy) != Some(true));
    let unfit = kept.map(|row| {
        refuse_unfit(row.get(WriteOffInput::amount), row.get(WriteOffInput::write_off_type), row.get(WriteOffInput::other_reason))
    });
    unfit.collect()
}

fn refuse_more_than(open: i64, amount: f64) -> Result<(), Refusal> {
    match money::from_dollars(amount) > open {
        true => Err(Refusal::named("amount", "must be less than or equal to the balance due")),
        false => Ok(()),
    }
}

pub fn create_write_off(call: &mut Call<'_, createWriteOffInput>) -> Result<Made, Refusal> {
    type Input = createWriteOffInput;
    let invoice = call.target::<RequestedPayment, _>(Input::requested_payment_id)?;
    let amount = call.require(Input::amount)?;
    refuse_unfit(Some(amount), call.get(Input::write_off_type)?, call.get(Input::other_reason)?)?;
    refuse_more_than(requested_payment::row_balance(call, &invoice), amount)?;
    let off = call.draft::<WriteOff>().set(WriteOff::requested_payment, invoice.id()).save(call);
    requested_payment::settle(call, Some(invoice.id()));
    Ok(off.into())
}

pub fn update_write_off(call: &mut Call<'_, updateWriteOffInput>) -> Result<Made, Refusal> {
    type Input = updateWriteOffInput;
    let off = call.target::<WriteOff, _>(Input::id)?;
    let before = off.get(WriteOff::requested_payment).and_then(|invoice| invoice.id());
    let moved = call.target_if_any::<RequestedPayment, _>(Input::requested_payment_id)?;
    let mut draft = call.edit(&off);
    for kept in [WriteOff::amount.slot, WriteOff::write_off_type.slot, WriteOff::requested_payment.slot] {
        if draft.value(kept).is_null() {
            draft.set_value(kept, off.value(kept).clone());
        }
    }
    let invoice = moved.as_ref().map(|invoice| invoice.id()).or(before);
    if let Some(invoice) = invoice {
        draft.put(WriteOff::requested_payment, invoice);
    }
    refuse_unfit(draft.get(WriteOff::amount), draft.get(WriteOff::write_off_type), draft.get(WriteOff::other_reason))?;
    if let Some(row) = invoice.and_then(|id| call.find_any::<RequestedPayment>(id)) {
        let own = if before == invoice { money::from_dollars(off.get(WriteOff::amount).unwrap_or(0.0)) } else { 0 };
        refuse_more_than(requested_payment::row_balance(call, &row) + own, draft.get(WriteOff::amount).unwrap_or(0.0))?;
    }
    let saved = draft.save(call);
    requested_payment::settle(call, before);
    requested_payment::settle(call, invoice.filter(|invoice| Some(*invoice) != before));
    Ok(saved.into())
}

pub fn delete_write_off(call: &mut Call<'_, deleteWriteOffInput>) -> Result<Made, Refusal> {
    let off = call.target::<WriteOff, _>(deleteWriteOffInput::id)?;
    call.delete(&off);
    requested_payment::settle(call, off.get(WriteOff::requested_payment).and_then(|invoice| invoice.id()));
    Ok(off.into())
}
