//! When providers can be booked, and the free slots that follow from it.

mod bulk_create_availability;
mod bulk_delete_availability;
mod busy;
mod create_availability;
mod delete_availability;
mod edit_availability;
mod list;
mod notice;
mod occurrences;
mod providers;
mod record;
mod search;
mod slot_queries;
mod slots;
mod summary;
mod times;
mod with_appointment_types;
mod zone;

pub use providers::of_organization as providers_of;
pub use slots::{Search, is_full};
pub use zone::of_user as zone_of;

use crate::engine::Area;
use crate::schema::names::{Mutation, Query};

pub fn area() -> Area {
    Area::new("availability")
        .entity(record::entity())
        .query(Query::availabilities, list::availabilities)
        .query(Query::availabilitiesCount, list::count)
        .query(Query::availability, list::availability)
        .query(Query::availabilitySummaryJson, summary::availability_summary_json)
        .query(Query::availableSlotsForRange, slot_queries::available_slots_for_range)
        .public()
        .query(Query::daysAvailableForRange, slot_queries::days_available_for_range)
        .public()
        .query(Query::nextAvailableSlot, slot_queries::next_available_slot)
        .public()
        .query(Query::phasedAvailableSlotsForRange, slot_queries::phased_available_slots_for_range)
        .public()
        .query(Query::timesForRange, slot_queries::times_for_range)
        .mutation(Mutation::bulkCreateAvailability, bulk_create_availability::bulk_create_availability)
        .mutation(Mutation::bulkDeleteAvailability, bulk_delete_availability::bulk_delete_availability)
        .mutation(Mutation::createAvailability, create_availability::create_availability)
        .mutation(Mutation::createAvailabilityWithAppointmentTypes, with_appointment_types::create)
        .mutation(Mutation::deleteAvailability, delete_availability::delete_availability)
        .mutation(Mutation::editAvailability, edit_availability::edit_availability)
        .mutation(Mutation::editAvailabilityWithAppointmentTypes, with_appointment_types::edit)
}
