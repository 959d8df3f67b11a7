//! Medical codes and what a practice charges for them.

use crate::engine::Area;
use crate::schema::names::{
    CptCode, IcdCode, Mutation, OrganizationCptCodeType, OrganizationFeeScheduleCptCodeType, OtherIdNumber, PlaceOfService,
    PreferredMedicalCode, ProviderCptCodeType, Query, TaxonomyCode,
};

pub fn area() -> Area {
    Area::new("codes")
        .lists_every(Query::billableIcdCodes, IcdCode)
        .lists_all(Query::cptCodes, CptCode)
        .counts(Query::cptCodesCount, Query::cptCodes)
        .gets(Query::icdCode, IcdCode)
        .lists_all(Query::icdCodes, IcdCode)
        .counts(Query::icdCodesCount, Query::icdCodes)
        .lists_all(Query::orgProvidersCptCodes, ProviderCptCodeType)
        .gets(Query::organizationCptCode, OrganizationCptCodeType)
        .gets(Query::organizationFeeScheduleCptCode, OrganizationFeeScheduleCptCodeType)
        .lists_all(Query::organizationFeeScheduleCptCodes, OrganizationFeeScheduleCptCodeType)
        .gets(Query::otherIdNumber, OtherIdNumber)
        .lists_all(Query::otherIdNumbers, OtherIdNumber)
        .lists_all(Query::placeOfServices, PlaceOfService)
        .lists_all(Query::preferred_medical_codes, PreferredMedicalCode)
        .lists_all(Query::providerCptCodes, ProviderCptCodeType)
        .gets(Query::taxonomyCode, TaxonomyCode)
        .lists_all(Query::taxonomyCodes, TaxonomyCode)
        .creates(Mutation::createOrganizationCptCode, OrganizationCptCodeType)
        .leaves_out(Mutation::createPreferredMedicalCode, "not built yet")
        .leaves_out(Mutation::createProviderCptCodes, "not built yet")
        .deletes(Mutation::deleteOrganizationCptCode, OrganizationCptCodeType)
        .leaves_out(Mutation::deletePreferredMedicalCode, "not built yet")
        .deletes(Mutation::deleteProviderCptCode, ProviderCptCodeType)
        .updates(Mutation::updateOrganizationCptCode, OrganizationCptCodeType)
        .leaves_out(Mutation::updateProviderCptCodes, "not built yet")
}
