//! Medical codes and what a practice charges for them.

mod catalogue;
mod create_organization_cpt_code;
mod create_preferred_medical_code;
mod create_provider_cpt_codes;
mod delete_organization_cpt_code;
mod delete_preferred_medical_code;
mod favourite;
mod organization_cpt_code;
mod other_id_number;
mod provider_cpt_code;
mod update_organization_cpt_code;
mod update_provider_cpt_codes;

pub use catalogue::label_of;

use crate::engine::{Area, Refusal};
use crate::schema::names::{IcdCode, Mutation, OrganizationCptCodeType, OtherIdNumber, ProviderCptCodeType, Query, TaxonomyCode};

pub fn area() -> Area {
    Area::new("codes")
        .entity(catalogue::cpt_code())
        .lists(Query::cptCodes, catalogue::cpt_codes())
        .counts(Query::cptCodesCount, Query::cptCodes)
        .entity(catalogue::icd_code())
        .gets(Query::icdCode, IcdCode)
        .lists(Query::icdCodes, catalogue::icd_codes())
        .counts(Query::icdCodesCount, Query::icdCodes)
        .question(Query::billableIcdCodes, catalogue::billable_icd_codes)
        .entity(catalogue::place_of_service())
        .lists(Query::placeOfServices, catalogue::place_of_services())
        .entity(catalogue::taxonomy_code())
        .gets(Query::taxonomyCode, TaxonomyCode)
        .lists(Query::taxonomyCodes, catalogue::taxonomy_codes())
        .entity(favourite::entity())
        .lists(Query::preferred_medical_codes, favourite::preferred_medical_codes())
        .mutation(Mutation::createPreferredMedicalCode, create_preferred_medical_code::create_preferred_medical_code)
        .mutation(Mutation::deletePreferredMedicalCode, delete_preferred_medical_code::delete_preferred_medical_code)
        .entity(organization_cpt_code::entity())
        .entity(organization_cpt_code::fee_entity())
        .gets(Query::organizationCptCode, OrganizationCptCodeType)
        .mutation(Mutation::createOrganizationCptCode, create_organization_cpt_code::create_organization_cpt_code)
        .mutation(Mutation::updateOrganizationCptCode, update_organization_cpt_code::update_organization_cpt_code)
        .mutation(Mutation::deleteOrganizationCptCode, delete_organization_cpt_code::delete_organization_cpt_code)
        .entity(organization_cpt_code::scheduled_entity())
        .query(Query::organizationFeeScheduleCptCode, organization_cpt_code::scheduled)
        .query(Query::organizationFeeScheduleCptCodes, organization_cpt_code::all_scheduled)
        .entity(provider_cpt_code::entity())
        .lists(Query::orgProvidersCptCodes, organization_cpt_code::of_providers())
        .lists(Query::providerCptCodes, provider_cpt_code::provider_cpt_codes())
        .mutation(Mutation::createProviderCptCodes, create_provider_cpt_codes::create_provider_cpt_codes)
        .mutation(Mutation::updateProviderCptCodes, update_provider_cpt_codes::update_provider_cpt_codes)
        .deletes(Mutation::deleteProviderCptCode, ProviderCptCodeType)
        .entity(other_id_number::entity())
        .gets(Query::otherIdNumber, OtherIdNumber)
        .lists(Query::otherIdNumbers, other_id_number::other_id_numbers())
}

/// Assumed: the texts, Rails' own.
fn refuse_other_than_amount(price: Option<&str>) -> Result<(), Refusal> {
    match price.filter(|price| !price.trim().is_empty()).map(crate::domain::payments::money::cents) {
        Some(None) => Err(Refusal::named("price_per_unit", "is not a number")),
        Some(Some(cents)) if cents < 0 => Err(Refusal::named("price_per_unit", "must be greater than or equal to 0")),
        _ => Ok(()),
    }
}
