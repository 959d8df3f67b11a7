//! Connections to others: calendars, wearables, stores. Records without the wires.

mod create_apple_health;
mod create_dosespot_clinician;
mod create_external_calendar;
mod create_fitbit;
mod create_google_fit;
mod create_mobile_health_data_integration;
mod delete_mobile_health_data_integration;
mod dosespot;
mod elsewhere;
mod external_calendar;
mod fullscript;
mod snapshot;
mod wearable;

use crate::engine::{Area, Entity};
use crate::schema::names::{
    AppleHealth, DexcomConnection, DoseSpot, ExternalCalendar, Fitbit, FullscriptPractitionerType, FullscriptPractitionerTypeType,
    GoogleFit, IntegrationCategoryType, IntegrationOptionType, Mutation, Query, ShapaConnection, User, WithingsConnection,
};

pub fn area() -> Area {
    Area::new("integrations")
        .entity(external_calendar::entity())
        .lists(Query::externalCalendars, external_calendar::external_calendars())
        .mutation(Mutation::createExternalCalendar, create_external_calendar::create_external_calendar)
        .updates(Mutation::updateExternalCalendar, ExternalCalendar)
        .deletes(Mutation::deleteExternalCalendar, ExternalCalendar)
        .entity(wearable::apple_health())
        .mutation(Mutation::createAppleHealth, create_apple_health::set_apple_health)
        .patients_too()
        .mutation(Mutation::updateAppleHealth, create_apple_health::set_apple_health)
        .patients_too()
        .deletes(Mutation::deleteAppleHealth, AppleHealth)
        .patients_too()
        .entity(wearable::fitbit())
        .mutation(Mutation::createFitbit, create_fitbit::create_fitbit)
        .patients_too()
        .updates(Mutation::updateFitbit, Fitbit)
        .patients_too()
        .deletes(Mutation::deleteFitbit, Fitbit)
        .patients_too()
        .entity(wearable::google_fit())
        .mutation(Mutation::createGoogleFit, create_google_fit::create_google_fit)
        .patients_too()
        .updates(Mutation::updateGoogleFit, GoogleFit)
        .patients_too()
        .deletes(Mutation::deleteGoogleFit, GoogleFit)
        .patients_too()
        .entity(wearable::dexcom())
        .deletes(Mutation::deleteDexcomConnection, DexcomConnection)
        .patients_too()
        .entity(wearable::shapa())
        .deletes(Mutation::deleteShapaConnection, ShapaConnection)
        .patients_too()
        .entity(wearable::withings())
        .deletes(Mutation::deleteWithingsConnection, WithingsConnection)
        .patients_too()
        .entity(wearable::mobile())
        .mutation(Mutation::createMobileHealthDataIntegration, create_mobile_health_data_integration::create_mobile_health_data_integration)
        .patients_too()
        .mutation(Mutation::deleteMobileHealthDataIntegration, delete_mobile_health_data_integration::delete_mobile_health_data_integration)
        .patients_too()
        .entity(snapshot::entity())
        .mutation(Mutation::createMobileHealthDataSnapshot, snapshot::create)
        .patients_too()
        .mutation(Mutation::cancelMobileHealthDataSnapshot, snapshot::cancel)
        .patients_too()
        .mutation(Mutation::processMobileHealthDataSnapshot, snapshot::process)
        .patients_too()
        .entity(dosespot::entity())
        .gets(Query::dosespotUserInfo, DoseSpot)
        .query(Query::dosespot_ui_link, dosespot::ui_link)
        .mutation(Mutation::createDosespotClinician, create_dosespot_clinician::create_dosespot_clinician)
        .entity(fullscript::practitioner_entity())
        .lists_every(Query::fullscriptPractitioners, FullscriptPractitionerType)
        .lists_every(Query::fullscriptPractitionerTypes, FullscriptPractitionerTypeType)
        .creates(Mutation::createFullscriptPractitioner, FullscriptPractitionerType)
        .lists(Query::treatmentPlans, fullscript::treatment_plans())
        .query(Query::dynamicLink, fullscript::dynamic_link)
        .entity(Entity::<IntegrationCategoryType>::usual())
        .entity(Entity::<IntegrationOptionType>::usual())
        .lists(Query::integrationsList, elsewhere::integrations())
        .mutation(Mutation::requestIntegration, elsewhere::request_integration)
        .accepted()
        .query(Query::sdkConfig, elsewhere::sdk_config)
        .public()
        .query(Query::zoomSdkJwt, elsewhere::nothing)
        .accepted()
        .query(Query::embeddedZoomJwt, elsewhere::nothing)
        .accepted()
        .query(Query::visualizeDashboard, elsewhere::nothing)
        .accepted()
        .question(Query::meal_plan_options, elsewhere::no_meal_plans)
        .mutation(Mutation::deleteTranscript, elsewhere::delete_transcript)
        .mutation(Mutation::deleteZoomRecordingFile, elsewhere::delete_zoom_recording_file)
}

/// What a person shows of the own connections.
pub fn answer_of_user(entity: Entity<User>) -> Entity<User> {
    external_calendar::answer(wearable::answer(entity))
}
