//! Where a member is licensed.

use crate::engine::{Call, Entity, List, Nested, Refusal, Row, View, Within};
use crate::schema::Named;
use crate::schema::names::{StateLicense, StateLicensesInput as Input, User, args};

pub fn entity() -> Entity<StateLicense> {
    Entity::new().indexed(StateLicense::user_id).requires(StateLicense::state)
}

/// Of the members named, else of all in the caller's organization.
pub fn state_licenses() -> List<StateLicense, args::stateLicenses> {
    List::new()
        .unpaged()
        .within(|on, asked| match asked.get(args::stateLicenses::provider_id).ok().flatten() {
            Some(provider) => Within::having(StateLicense::user_id, provider),
            None => Within::organization(on.viewer().organization()),
        })
        .filter_eq(args::stateLicenses::provider_ids, StateLicense::user_id)
}

/// True where the member has a license of the state, by its two letters.
pub fn is_licensed_in(user: &View<'_, User>, state: &str) -> bool {
    let mut licenses = user.on.having(StateLicense::user_id, user.id());
    licenses.any(|license| license.get(StateLicense::state).is_some_and(|own| own.eq_ignore_ascii_case(state)))
}

/// Adds, changes or, with `_destroy`, removes the licenses that an input describes.
///
/// Observed: one without an `id` is added, also where the member has one of that state.
pub fn write<I: Named>(call: &mut Call<'_, I>, user: &Row<User>, inputs: &[Nested<'_, Input>]) -> Result<(), Refusal> {
    for input in inputs {
        let known = match input.get(Input::id) {
            Some(id) => Some(of(call, user, id)?),
            None => None,
        };
        match &known {
            Some(license) if input.get(Input::_destroy) == Some(true) => call.delete(license),
            _ => {
                let mut draft = match &known {
                    Some(license) => call.change(license),
                    None => call.blank_draft().belongs_to(user.organization()).set(StateLicense::user_id, user.id()),
                };
                call.fill_from(&mut draft, input);
                call.check(&draft)?;
                draft.save(call);
            }
        }
    }
    Ok(())
}

fn of<I: Named>(call: &Call<'_, I>, user: &Row<User>, id: u64) -> Result<Row<StateLicense>, Refusal> {
    let found = call.find_any::<StateLicense>(id).filter(|license| license.get(StateLicense::user_id) == Some(user.id()));
    found.ok_or_else(|| Refusal::not_found("state_licenses", "StateLicense"))
}
