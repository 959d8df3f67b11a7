//! Booking visits, moving and cancelling them, who comes.

mod appointment;
mod attendance;
mod calendar;
mod cancel_upcoming;
mod clients;
mod create_appointment;
mod delete_appointment;
mod events;
mod list;
mod providers;
mod reschedule;
mod single;
mod times;
mod update_appointment;
mod update_appointment_inclusion;

pub use appointment::is_active;
pub use cancel_upcoming::cancel_upcoming_of;

use crate::engine::Area;
use crate::schema::names::{
    AdvanceAppointmentPrice, Appointment, AppointmentCreditChange, AppointmentTypeCptCodeType, Mutation, Query, RecurringAppointment,
    Subscription, WebhookEventType,
};

pub fn area() -> Area {
    Area::new("appointments")
        .entity(appointment::entity())
        .entity(attendance::entity())
        .mutation(Mutation::createAppointment, create_appointment::create_appointment)
        .mutation(Mutation::updateAppointment, update_appointment::update_appointment)
        .patients_too()
        .mutation(Mutation::deleteAppointment, delete_appointment::delete_appointment)
        .patients_too()
        .mutation(Mutation::updateAppointmentInclusion, update_appointment_inclusion::update_appointment_inclusion)
        .patients_too()
        .query(Query::appointment, single::appointment)
        .public()
        .lists(Query::appointments, list::appointments())
        .counts(Query::appointmentsCount, Query::appointments)
        .question(Query::nextAppointment, single::next_appointment)
        .query(Query::appointmentInclusion, single::appointment_inclusion)
        .event(WebhookEventType::APPOINTMENT_PATIENT_ADDED, events::patient_added)
        .event(WebhookEventType::APPOINTMENT_PATIENT_REMOVED, events::patient_removed)
        .lists_all(Query::advanceAppointmentPrices, AdvanceAppointmentPrice)
        .leaves_out(Query::appointmentBookingWarnings, "not built yet")
        .leaves_out(Query::appointmentFrequencyData, "not built yet")
        .leaves_out(Query::appointmentNumberPerDayOfMonth, "not built yet")
        .lists_all(Query::appointmentTypeCreditChanges, AppointmentCreditChange)
        .leaves_out(Query::appointmentWorkflowStatuses, "not built yet")
        .leaves_out(Query::appointmentsSummary, "not built yet")
        .lists_all(Query::closeToCurrentVideoChats, Appointment)
        .lists_all(Query::currentVideoChats, Appointment)
        .gets(Query::recurringAppointment, RecurringAppointment)
        .leaves_out(Mutation::changeDevicesAvailability, "not built yet")
        .leaves_out(Mutation::completeCheckout, "not built yet")
        .creates(Mutation::createAppointmentTypeCptCode, AppointmentTypeCptCodeType)
        .deletes(Mutation::deleteAppointmentTypeCptCode, AppointmentTypeCptCodeType)
        .updates(Mutation::updateAppointmentTypeCptCode, AppointmentTypeCptCodeType)
        .leaves_out(Mutation::updateUserAppointmentPricing, "not built yet")
        .leaves_out_subscription(Subscription::appointmentUserDevicesSubscription, "subscriptions over the WebSocket are not served yet")
        .leaves_out_subscription(
            Subscription::groupAppointmentClientsAddedSubscription,
            "subscriptions over the WebSocket are not served yet",
        )
        .leaves_out_subscription(Subscription::videoChatsSubscription, "subscriptions over the WebSocket are not served yet")
}
