//! What a chart says of a patient beside notes: medications, allergies, conditions, devices.

mod add_pharmacy;
mod allergens;
mod allergy_sensitivity;
mod ccda;
mod create_allergy_sensitivity;
mod create_family_history;
mod create_implantable_device_user;
mod create_medication;
mod diagnosis;
mod health_assessment;
mod medication;
mod medication_history;
mod medication_option;
mod of_patient;
mod pharmacy;
mod prescription;
mod prescription_medications;
mod statuses;
mod update_medication;

pub use of_patient::on_user;

use crate::engine::Area;
use crate::schema::names::{
    AllergySensitivity, CognitiveStatus, DrugAllergenType, FamilyHistoryCondition, FunctionalStatus, HealthAssessment, HealthConcern,
    Immunization, ImplantableDeviceUser, MedicationOptionType, MedicationType, Mutation, Pharmacy, Procedure, Query, SmokingStatus,
    UniqueDeviceIdentifier, WebhookEventType,
};

pub fn area() -> Area {
    let area = Area::new("chart")
        .entity(allergens::entity())
        .entity(allergy_sensitivity::entity())
        .entity(create_family_history::entity())
        .entity(create_implantable_device_user::entity())
        .entity(diagnosis::entity())
        .entity(medication::entity())
        .entity(medication_history::entity())
        .entity(medication_option::entity())
        .entity(medication_option::dosage())
        .entity(pharmacy::entity())
        .entity(prescription::entity())
        .entity(statuses::immunization())
        .entity(statuses::problem())
        .entity(statuses::procedure())
        .query(Query::allergySuggestions, allergens::allergy_suggestions)
        .gets(Query::drugAllergen, DrugAllergenType)
        .lists(Query::drugAllergens, allergens::drug_allergens())
        .gets(Query::healthAssessment, HealthAssessment)
        .lists_all(Query::healthAssessments, HealthAssessment)
        .gets(Query::medication, MedicationType)
        .gets(Query::medication_option, MedicationOptionType)
        .query(Query::medication_options, medication_option::medication_options)
        .public()
        .lists(Query::medications, medication::medications())
        .counts(Query::medications_count, Query::medications)
        .gets(Query::pharamcy, Pharmacy)
        .query(Query::pharmacies, pharmacy::pharmacies)
        .gets(Query::pharmacy, Pharmacy)
        .query(Query::prescription, prescription::prescription)
        .query(Query::prescriptionMedications, prescription_medications::prescription_medications)
        .query(Query::prescriptions, prescription::prescriptions)
        .query(Query::surescriptsReportedMedicationHistory, medication_history::reported)
        .event(WebhookEventType::PRESCRIPTION_MEDICATION_STATUS_UPDATED, prescription::medication_status_changed)
        .leaves_out(Mutation::parseCcdaDocument, "no C-CDA document is read");
    mutations(area)
}

fn mutations(area: Area) -> Area {
    area.mutation(Mutation::addPharmacy, add_pharmacy::add_pharmacy)
        .mutation(Mutation::clearUnreconciledObjects, ccda::clear_unreconciled_objects)
        .mutation(Mutation::completeCcdaReconciliation, ccda::complete_reconciliation)
        .mutation(Mutation::createAllergySensitivity, create_allergy_sensitivity::create_allergy_sensitivity)
        .creates(Mutation::createCognitiveStatus, CognitiveStatus)
        .mutation(Mutation::createFamilyHistory, create_family_history::create_family_history)
        .creates(Mutation::createFunctionalStatus, FunctionalStatus)
        .creates(Mutation::createHealthConcern, HealthConcern)
        .creates(Mutation::createImmunization, Immunization)
        .mutation(Mutation::createImplantableDeviceUser, create_implantable_device_user::create_implantable_device_user)
        .mutation(Mutation::createMedication, create_medication::create_medication)
        .creates(Mutation::createProcedure, Procedure)
        .creates(Mutation::createSmokingStatus, SmokingStatus)
        .creates(Mutation::createUniqueDeviceIdentifier, UniqueDeviceIdentifier)
        .deletes(Mutation::deleteAllergySensitivity, AllergySensitivity)
        .deletes(Mutation::deleteCognitiveStatus, CognitiveStatus)
        .deletes(Mutation::deleteFamilyHistory, FamilyHistoryCondition)
        .deletes(Mutation::deleteFunctionalStatus, FunctionalStatus)
        .deletes(Mutation::deleteHealthConcern, HealthConcern)
        .deletes(Mutation::deleteImplantableDeviceUser, ImplantableDeviceUser)
        .deletes(Mutation::deleteMedication, MedicationType)
        .deletes(Mutation::deleteProcedure, Procedure)
        .deletes(Mutation::deleteSmokingStatus, SmokingStatus)
        .deletes(Mutation::deleteUniqueDeviceIdentifier, UniqueDeviceIdentifier)
        .mutation(Mutation::healthAssessmentServiceSignup, health_assessment::sign_up)
        .accepted()
        .mutation(Mutation::ingestMedicationsFromSurescripts, medication_history::ingest)
        .mutation(Mutation::logMedicationHistoryConsent, medication_history::log_consent)
        .mutation(Mutation::updateAllergySensitivity, create_allergy_sensitivity::update_allergy_sensitivity)
        .mutation(Mutation::updateCalorieLevel, health_assessment::update_calorie_level)
        .updates(Mutation::updateCognitiveStatus, CognitiveStatus)
        .mutation(Mutation::updateFamilyHistory, create_family_history::update_family_history)
        .updates(Mutation::updateFunctionalStatus, FunctionalStatus)
        .updates(Mutation::updateHealthConcern, HealthConcern)
        .updates(Mutation::updateImmunization, Immunization)
        .mutation(Mutation::updateImplantableDeviceUser, create_implantable_device_user::update_implantable_device_user)
        .mutation(Mutation::updateMacronutrientSplit, health_assessment::update_macronutrient_split)
        .mutation(Mutation::updateMedication, update_medication::update_medication)
        .updates(Mutation::updateProcedure, Procedure)
        .updates(Mutation::updateSmokingStatus, SmokingStatus)
        .updates(Mutation::updateUniqueDeviceIdentifier, UniqueDeviceIdentifier)
}
