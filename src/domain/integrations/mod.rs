//! Connections to others: calendars, wearables, stores. Records without the wires.

use crate::engine::Area;
use crate::schema::names::{
    AppleHealth, DexcomConnection, DoseSpot, ExternalCalendar, Fitbit, FullscriptPractitionerType, FullscriptPractitionerTypeType,
    FullscriptTreatmentPlanType, GoogleFit, IntegrationCategoryType, MealPlan, MobileHealthDataIntegration, MobileHealthDataSnapshot,
    Mutation, Query, ShapaConnection, WithingsConnection,
};

pub fn area() -> Area {
    Area::new("integrations")
        .gets(Query::dosespotUserInfo, DoseSpot)
        .leaves_out(Query::dosespot_ui_link, "not built yet")
        .leaves_out(Query::dynamicLink, "not built yet")
        .leaves_out(Query::embeddedZoomJwt, "not built yet")
        .lists_all(Query::externalCalendars, ExternalCalendar)
        .lists_every(Query::fullscriptPractitionerTypes, FullscriptPractitionerTypeType)
        .lists_every(Query::fullscriptPractitioners, FullscriptPractitionerType)
        .lists_all(Query::integrationsList, IntegrationCategoryType)
        .lists_every(Query::meal_plan_options, MealPlan)
        .leaves_out(Query::sdkConfig, "not built yet")
        .lists_all(Query::treatmentPlans, FullscriptTreatmentPlanType)
        .leaves_out(Query::visualizeDashboard, "not built yet")
        .leaves_out(Query::zoomSdkJwt, "not built yet")
        .leaves_out(Mutation::cancelMobileHealthDataSnapshot, "not built yet")
        .creates(Mutation::createAppleHealth, AppleHealth)
        .leaves_out(Mutation::createDosespotClinician, "not built yet")
        .leaves_out(Mutation::createExternalCalendar, "not built yet")
        .creates(Mutation::createFitbit, Fitbit)
        .leaves_out(Mutation::createFullscriptPractitioner, "not built yet")
        .creates(Mutation::createGoogleFit, GoogleFit)
        .creates(Mutation::createMobileHealthDataIntegration, MobileHealthDataIntegration)
        .creates(Mutation::createMobileHealthDataSnapshot, MobileHealthDataSnapshot)
        .deletes(Mutation::deleteAppleHealth, AppleHealth)
        .deletes(Mutation::deleteDexcomConnection, DexcomConnection)
        .leaves_out(Mutation::deleteExternalCalendar, "not built yet")
        .deletes(Mutation::deleteFitbit, Fitbit)
        .deletes(Mutation::deleteGoogleFit, GoogleFit)
        .leaves_out(Mutation::deleteMobileHealthDataIntegration, "not built yet")
        .deletes(Mutation::deleteShapaConnection, ShapaConnection)
        .leaves_out(Mutation::deleteTranscript, "not built yet")
        .deletes(Mutation::deleteWithingsConnection, WithingsConnection)
        .leaves_out(Mutation::deleteZoomRecordingFile, "not built yet")
        .leaves_out(Mutation::processMobileHealthDataSnapshot, "not built yet")
        .leaves_out(Mutation::requestIntegration, "not built yet")
        .sets(Mutation::updateAppleHealth, AppleHealth)
        .leaves_out(Mutation::updateExternalCalendar, "not built yet")
        .updates(Mutation::updateFitbit, Fitbit)
        .updates(Mutation::updateGoogleFit, GoogleFit)
}
