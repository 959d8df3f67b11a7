//! Booking visits, moving and cancelling them, who comes.

mod appointment;
mod attendance;
mod booking_warnings;
mod calendar;
mod cancel_upcoming;
mod clients;
mod complete_checkout;
mod create_appointment;
mod delete_appointment;
mod events;
mod list;
mod notices;
mod prices;
mod providers;
mod recurring;
mod reminders;
mod reports;
mod reschedule;
mod single;
mod subscriptions;
mod times;
mod update_appointment;
mod update_appointment_inclusion;
mod video;
mod workflow;

pub use appointment::is_active;
pub use cancel_upcoming::cancel_upcoming_of;
pub use notices::wants;
pub use reminders::plan_anew as plan_reminders_anew;

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
        .query(Query::appointmentBookingWarnings, booking_warnings::appointment_booking_warnings)
        .query(Query::appointmentFrequencyData, reports::appointment_frequency_data)
        .query(Query::appointmentNumberPerDayOfMonth, reports::appointment_number_per_day_of_month)
        .lists_all(Query::appointmentTypeCreditChanges, AppointmentCreditChange)
        .query(Query::appointmentWorkflowStatuses, workflow::appointment_workflow_statuses)
        .query(Query::appointmentsSummary, reports::appointments_summary)
        .query(Query::closeToCurrentVideoChats, video::close_to_current)
        .query(Query::currentVideoChats, video::current)
        .gets(Query::recurringAppointment, RecurringAppointment)
        .due("reminder", Appointment::remind_at, reminders::remind)
        .due("series", RecurringAppointment::continues_at, recurring::carry_on)
        .mutation(Mutation::changeDevicesAvailability, video::change_devices_availability)
        .patients_too()
        .mutation(Mutation::completeCheckout, complete_checkout::complete_checkout)
        .public()
        .mutation(Mutation::createAppointmentTypeCptCode, prices::create_cpt_code)
        .deletes(Mutation::deleteAppointmentTypeCptCode, AppointmentTypeCptCodeType)
        .mutation(Mutation::updateAppointmentTypeCptCode, prices::update_cpt_code)
        .mutation(Mutation::updateUserAppointmentPricing, prices::update_user_appointment_pricing)
        .subscription(Subscription::appointmentUserDevicesSubscription, subscriptions::user_devices())
        .subscription(Subscription::groupAppointmentClientsAddedSubscription, subscriptions::clients_added())
        .subscription(Subscription::videoChatsSubscription, subscriptions::video_chats())
}
