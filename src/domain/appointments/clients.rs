//! Whom a visit is for: patients, never members.

use crate::domain::people::is_member;
use crate::engine::{Call, Refusal};
use crate::schema::names::User;
use crate::schema::{Field, Id, Many, Named};

/// The client that `field` names.
pub fn one<I: Named>(call: &Call<'_, I>, field: Field<I, Id>) -> Result<u64, Refusal> {
    let client = call.target::<User, _>(field)?.id();
    if is_client(call, client) { Ok(client) } else { Err(Refusal::not_found(field.name(), "User")) }
}

/// The clients that `field` lists.
pub fn several<I: Named>(call: &Call<'_, I>, field: Field<I, Many<Id>>) -> Result<Vec<u64>, Refusal> {
    let clients: Vec<u64> = call.targets::<User>(field)?.iter().map(|client| client.id()).collect();
    let all_clients = clients.iter().all(|client| is_client(call, *client));
    if all_clients { Ok(clients) } else { Err(Refusal::not_found(field.name(), "User")) }
}

fn is_client<I: Named>(call: &Call<'_, I>, id: u64) -> bool {
    call.on().find::<User>(id).is_some_and(|user| !is_member(&user))
}
