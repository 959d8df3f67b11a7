//! Appointment types: what can be booked, with whom and how long it takes.

mod appointment_type;
mod create_appointment_type;
mod list;
mod sms_template_warning;
mod update_appointment_type;

use crate::engine::Area;
use crate::schema::names::{AppointmentType, Mutation, OrganizationMembership, Query};

pub use appointment_type::offers;

pub fn area() -> Area {
    Area::new("appointment_types")
        .entity(appointment_type::entity())
        .mutation(Mutation::createAppointmentType, create_appointment_type::create_appointment_type)
        .needs(OrganizationMembership::can_edit_appointment_types)
        .mutation(Mutation::updateAppointmentType, update_appointment_type::update_appointment_type)
        .needs(OrganizationMembership::can_edit_appointment_types)
        .deletes(Mutation::deleteAppointmentType, AppointmentType)
        .needs(OrganizationMembership::can_edit_appointment_types)
        .gets(Query::appointmentType, AppointmentType)
        .public()
        .lists(Query::appointmentTypes, list::appointment_types())
        .public()
        .counts(Query::appointmentTypesCount, Query::appointmentTypes)
        .public()
}
