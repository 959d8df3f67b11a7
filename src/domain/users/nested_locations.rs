//! Addresses that come with a person.

use crate::engine::{Call, Nested, Refusal, Row};
use crate::schema::Named;
use crate::schema::names::{ClientLocationInput as Input, Location, User};

/// Adds, changes or, with `_destroy`, removes the addresses that an input describes.
pub fn write<I: Named>(call: &mut Call<'_, I>, user: &Row<User>, inputs: &[Nested<'_, Input>]) -> Result<(), Refusal> {
    for input in inputs {
        write_one(call, user, input)?;
    }
    Ok(())
}

fn write_one<I: Named>(call: &mut Call<'_, I>, user: &Row<User>, input: &Nested<'_, Input>) -> Result<(), Refusal> {
    let known = match input.get(Input::id) {
        Some(id) => Some(of(call, user, id)?),
        None => None,
    };
    match &known {
        Some(location) if input.get(Input::_destroy) == Some(true) => {
            call.delete(location);
            return Ok(());
        }
        _ => {}
    }
    let mut draft = match &known {
        Some(location) => call.change(location),
        None => call.blank_draft().belongs_to(user.organization()).set(Location::user_id, user.id()),
    };
    call.fill_from(&mut draft, input);
    draft.save(call);
    Ok(())
}

/// The single `location` of an input: without an `id` it is the address that the person shows as their location.
pub fn write_primary<I: Named>(call: &mut Call<'_, I>, user: &Row<User>, input: &Nested<'_, Input>) -> Result<(), Refusal> {
    let primary = call.having(Location::user_id, user.id()).into_iter().next();
    let Some(primary) = primary.filter(|_| input.get(Input::id).is_none()) else { return write_one(call, user, input) };
    if input.get(Input::_destroy) == Some(true) {
        call.delete(&primary);
        return Ok(());
    }
    let mut draft = call.change(&primary);
    call.fill_from(&mut draft, input);
    draft.save(call);
    Ok(())
}

fn of<I: Named>(call: &Call<'_, I>, user: &Row<User>, id: u64) -> Result<Row<Location>, Refusal> {
    let found = call.find_any::<Location>(id).filter(|location| location.get(Location::user_id) == Some(user.id()));
    found.ok_or_else(|| Refusal::not_found("location", "Location"))
}
