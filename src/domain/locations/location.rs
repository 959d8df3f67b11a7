//! What an address is, and the list of somebody's.

use crate::engine::{Entity, List, View, Within};
use crate::schema::names::{Location, args};

pub fn entity() -> Entity<Location> {
    Entity::new()
        .about(Location::user_id)
        .indexed(Location::user_id)
        .searched(Location::name)
        .searched(Location::line1)
        .searched(Location::line2)
        .searched(Location::city)
        .searched(Location::state)
        .searched(Location::zip)
        .computed(Location::to_oneline, to_oneline)
        .announces("location")
}

/// Somebody's addresses, the viewer's own where nobody is named.
pub fn locations() -> List<Location, args::locations> {
    List::new()
        .unpaged()
        .within(|on, asked| {
            let asked = asked.get(args::locations::user_id).ok().flatten();
            asked.or(on.viewer().id()).map_or_else(Within::nothing, |user| Within::having(Location::user_id, user))
        })
        .keywords(args::locations::keywords)
        .filter(args::locations::has_name, |location, only| !only || location.get(Location::name).is_some_and(|name| !name.is_empty()))
}

/// Assumed: the parts as an envelope has them, state and postal code together.
fn to_oneline(location: &View<'_, Location>) -> Option<String> {
    let part = |field| location.get(field).map(str::trim).filter(|part| !part.is_empty());
    let place: Vec<&str> = [part(Location::state), part(Location::zip)].into_iter().flatten().collect();
    let place = place.join(" ");
    let parts = [part(Location::line1), part(Location::line2), part(Location::city), Some(place.as_str()), part(Location::country)];
    let parts: Vec<&str> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    Some(parts.join(", "))
}
