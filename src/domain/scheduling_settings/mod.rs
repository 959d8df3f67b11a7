//! What a calendar is set up with: settings, places, requests, contact types.

mod places;
mod request;
mod save_setting;
mod setting;
mod view_setting;

pub use setting::{Settings, effective, has_own, of_person, whom};

use crate::engine::Area;
use crate::schema::names::{AppointmentLocation, AppointmentRequestType, CalendarViewSetting, Mutation, OrganizationMembership, Query};

pub fn area() -> Area {
    Area::new("scheduling_settings")
        .entity(setting::entity())
        .entity(setting::location())
        .entity(setting::room())
        .entity(setting::contact_type())
        .entity(request::entity())
        .entity(request::slot())
        .entity(view_setting::entity())
        .gets(Query::appointmentLocation, AppointmentLocation)
        .public()
        .lists(Query::appointmentLocations, places::appointment_locations())
        .public()
        .gets(Query::appointmentRequest, AppointmentRequestType)
        .lists(Query::appointmentRequests, request::appointment_requests())
        .query(Query::appointmentSetting, setting::appointment_setting)
        .public()
        .query(Query::calendarViewSetting, view_setting::calendar_view_setting)
        .query(Query::colorCodeOptions, view_setting::color_code_options)
        .question(Query::contactTypes, setting::contact_types)
        .query(Query::locationResources, places::location_resources)
        .lists(Query::providerAppointmentLocations, places::provider_appointment_locations())
        .mutation(Mutation::createAppointmentRequest, request::create)
        .public()
        .mutation(Mutation::createAppointmentSetting, save_setting::create)
        .needs(OrganizationMembership::can_edit_settings)
        .deletes(Mutation::deleteAppointmentRequest, AppointmentRequestType)
        .mutation(Mutation::updateAppointmentRequest, request::update)
        .mutation(Mutation::updateAppointmentSetting, save_setting::update)
        .needs(OrganizationMembership::can_edit_settings)
        .sets(Mutation::updateCalendarViewSetting, CalendarViewSetting)
}
