//! The other numbers by which insurers know a provider.

use crate::engine::{Entity, List, Within};
use crate::schema::names::{OtherIdNumber, args};

pub fn entity() -> Entity<OtherIdNumber> {
    Entity::usual().computed(OtherIdNumber::label, |number| {
        let id = number.get(OtherIdNumber::other_id).unwrap_or_default();
        // Assumed: the qualifier in brackets, which tells several numbers apart.
        match number.get(OtherIdNumber::other_id_qualifier).filter(|qualifier| !qualifier.is_empty()) {
            Some(qualifier) => Some(format!("{id} ({qualifier})")),
            None => Some(id.to_owned()),
        }
    })
}

/// Somebody's, the viewer's own where nobody is named.
pub fn other_id_numbers() -> List<OtherIdNumber, args::otherIdNumbers> {
    List::new().unpaged().within(|on, asked| {
        let asked = asked.get(args::otherIdNumbers::user_id).ok().flatten().or(on.viewer().id());
        asked.map_or_else(Within::nothing, |user| Within::having(OtherIdNumber::user_id, user))
    })
}
