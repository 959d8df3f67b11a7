//! Who provides a visit: the provider it is booked with, and others who join.

use crate::domain::{members, people::is_member};
use crate::engine::{Call, Refusal};
use crate::schema::names::{OrganizationMembership, User};
use crate::schema::{Field, Id, Named, Text};

/// The provider that `field` names; None where it is blank. Clients can't provide.
pub fn primary<I: Named>(call: &Call<'_, I>, field: Field<I, Id>) -> Result<Option<u64>, Refusal> {
    if call.is_blank(field) {
        call.accept(field);
        return Ok(None);
    }
    let provider = call.target::<User, _>(field)?.id();
    if is_provider(call, provider) { Ok(Some(provider)) } else { Err(Refusal::not_found(field.name(), "User")) }
}

/// Those that the comma-separated ids in `field` name; None where it is absent.
pub fn additional<I: Named>(call: &Call<'_, I>, field: Field<I, Text>) -> Result<Option<Vec<u64>>, Refusal> {
    let given = call.given(field)?;
    if !given.is_sent() {
        return Ok(None);
    }
    let named = given.value().unwrap_or_default().split(',').map(str::trim).filter(|id| !id.is_empty());
    let found: Option<Vec<u64>> = named.map(|id| id.parse().ok().filter(|id| is_provider(call, *id))).collect();
    found.map(Some).ok_or_else(|| Refusal::not_found(field.name(), "User"))
}

/// Documented: support members have no calendar. Assumed: nor has who was deactivated.
fn is_provider<I: Named>(call: &Call<'_, I>, id: u64) -> bool {
    let on = call.on();
    let found = on.find::<User>(id).filter(|user| is_member(user) && user.get(User::active) != Some(false));
    let support = || members::of_user(on, id).and_then(|found| Some(found.get(OrganizationMembership::org_role)? == "Support"));
    found.is_some() && support() != Some(true)
}
