//! When providers can be booked, and the free slots that follow from it.

use crate::engine::Area;
use crate::schema::names::{Availability, Mutation, Query};

pub fn area() -> Area {
    Area::new("availability")
        .lists_all(Query::availabilities, Availability)
        .counts(Query::availabilitiesCount, Query::availabilities)
        .gets(Query::availability, Availability)
        .leaves_out(Query::availabilitySummaryJson, "not built yet")
        .leaves_out(Query::availableSlotsForRange, "not built yet")
        .leaves_out(Query::daysAvailableForRange, "not built yet")
        .leaves_out(Query::nextAvailableSlot, "not built yet")
        .leaves_out(Query::phasedAvailableSlotsForRange, "not built yet")
        .leaves_out(Query::timesForRange, "not built yet")
        .leaves_out(Mutation::bulkCreateAvailability, "not built yet")
        .leaves_out(Mutation::bulkDeleteAvailability, "not built yet")
        .creates(Mutation::createAvailability, Availability)
        .creates(Mutation::createAvailabilityWithAppointmentTypes, Availability)
        .deletes(Mutation::deleteAvailability, Availability)
        .updates(Mutation::editAvailability, Availability)
        .updates(Mutation::editAvailabilityWithAppointmentTypes, Availability)
}
