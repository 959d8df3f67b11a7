//! Locations: the addresses of patients, and of the places where members work.

mod create_location;
mod delete_location;
mod location;
mod update_location;

use crate::engine::{Area, Call, Kind, Refusal, Row};
use crate::schema::names::{Location, Mutation, Query};
use crate::schema::{Field, Named};

pub fn area() -> Area {
    Area::new("locations")
        .entity(location::entity())
        .mutation(Mutation::createLocation, create_location::create_location)
        .patients_too()
        .mutation(Mutation::updateLocation, update_location::update_location)
        .patients_too()
        .mutation(Mutation::deleteLocation, delete_location::delete_location)
        .patients_too()
        .gets(Query::location, Location)
        .lists(Query::locations, location::locations())
        .counts(Query::locationsCount, Query::locations)
}

/// The address that `field` names. Patients see those of the people who care for them too, and change only their own
/// (assumed, like every refusal of what can be seen).
fn target<I: Named, K: Kind>(call: &Call<'_, I>, field: Field<I, K>, to: &str) -> Result<Row<Location>, Refusal> {
    let location = call.target::<Location, _>(field)?;
    let own = location.get(Location::user_id).is_some_and(|user| call.viewer().is(user));
    if own || !call.viewer().is_patient() { Ok(location) } else { Err(Refusal::no_permission(to)) }
}
