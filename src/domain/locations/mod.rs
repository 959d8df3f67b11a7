//! Locations: the addresses of patients, and of the places where members work.

mod create_location;
mod location;

use crate::engine::Area;
use crate::schema::names::{Location, Mutation, Query};

pub fn area() -> Area {
    Area::new("locations")
        .entity(location::entity())
        .mutation(Mutation::createLocation, create_location::create_location)
        .patients_too()
        .updates(Mutation::updateLocation, Location)
        .patients_too()
        .deletes(Mutation::deleteLocation, Location)
        .patients_too()
        .gets(Query::location, Location)
        .lists(Query::locations, location::locations())
        .counts(Query::locationsCount, Query::locations)
}
