//! What a calendar is set up with: settings, places, requests, contact types.

mod setting;

pub use setting::{Settings, effective, has_own, whom};

use crate::engine::Area;
use crate::schema::names::{
    AppointmentLocation, AppointmentRequestType, AppointmentSetting, CalendarViewSetting, Mutation, OrganizationMembership, Query,
};

pub fn area() -> Area {
    Area::new("scheduling_settings")
        .entity(setting::entity())
        .entity(setting::location())
        .entity(setting::room())
        .entity(setting::contact_type())
        .gets(Query::appointmentLocation, AppointmentLocation)
        .lists_all(Query::appointmentLocations, AppointmentLocation)
        .gets(Query::appointmentRequest, AppointmentRequestType)
        .lists_all(Query::appointmentRequests, AppointmentRequestType)
        .query(Query::appointmentSetting, setting::appointment_setting)
        .public()
        .gets(Query::calendarViewSetting, CalendarViewSetting)
        .leaves_out(Query::colorCodeOptions, "not built yet")
        .question(Query::contactTypes, setting::contact_types)
        .leaves_out(Query::locationResources, "not built yet")
        .lists_all(Query::providerAppointmentLocations, AppointmentLocation)
        .creates(Mutation::createAppointmentRequest, AppointmentRequestType)
        .creates(Mutation::createAppointmentSetting, AppointmentSetting)
        .needs(OrganizationMembership::can_edit_settings)
        .deletes(Mutation::deleteAppointmentRequest, AppointmentRequestType)
        .updates(Mutation::updateAppointmentRequest, AppointmentRequestType)
        .updates(Mutation::updateAppointmentSetting, AppointmentSetting)
        .needs(OrganizationMembership::can_edit_settings)
        .updates(Mutation::updateCalendarViewSetting, CalendarViewSetting)
}
