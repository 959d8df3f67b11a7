//! Insurance plans, policies, authorizations and payments.

use crate::engine::Area;
use crate::schema::names::{
    AcceptedInsurancePlan, AutomatedInsuranceBillingSetting, InsuranceAuthorizationType, InsurancePayment, InsurancePlan, Mutation,
    OrganizationMembership, Policy, ProviderAcceptedInsurancePlanType, Query,
};

pub fn area() -> Area {
    Area::new("insurance")
        .gets(Query::automatedInsuranceBillingSetting, AutomatedInsuranceBillingSetting)
        .gets(Query::insuranceAuthorization, InsuranceAuthorizationType)
        .lists_all(Query::insurancePayments, InsurancePayment)
        .needs(OrganizationMembership::can_see_billing)
        .lists_all(Query::insurancePlans, InsurancePlan)
        .counts(Query::insurancePlansCount, Query::insurancePlans)
        .gets(Query::policy, Policy)
        .gets(Query::providerAcceptedInsurancePlan, ProviderAcceptedInsurancePlanType)
        .lists_all(Query::providerAcceptedInsurancePlans, ProviderAcceptedInsurancePlanType)
        .leaves_out(Mutation::createAcceptedInsurancePlan, "not built yet")
        .creates(Mutation::createAutomatedInsuranceBillingSetting, AutomatedInsuranceBillingSetting)
        .creates(Mutation::createInsuranceAuthorization, InsuranceAuthorizationType)
        .creates(Mutation::createInsurancePayment, InsurancePayment)
        .needs(OrganizationMembership::can_see_billing)
        .creates(Mutation::createInsurancePlan, InsurancePlan)
        .leaves_out(Mutation::createProviderAcceptedInsurancePlans, "not built yet")
        .deletes(Mutation::deleteAcceptedInsurancePlan, AcceptedInsurancePlan)
        .deletes(Mutation::deleteInsuranceAuthorization, InsuranceAuthorizationType)
        .deletes(Mutation::deleteInsurancePlan, InsurancePlan)
        .leaves_out(Mutation::deleteManualInsurancePayment, "not built yet")
        .deletes(Mutation::deleteProviderAcceptedInsurancePlan, ProviderAcceptedInsurancePlanType)
        .leaves_out(Mutation::runEligibilityCheck, "not built yet")
        .updates(Mutation::updateAutomatedInsuranceBillingSetting, AutomatedInsuranceBillingSetting)
        .updates(Mutation::updateInsuranceAuthorization, InsuranceAuthorizationType)
        .sets(Mutation::updateInsurancePaymentDepositStatus, InsurancePayment)
        .updates(Mutation::updateInsurancePlan, InsurancePlan)
        .sets(Mutation::updateManualInsurancePayment, InsurancePayment)
        .needs(OrganizationMembership::can_see_billing)
        .updates(Mutation::updatePolicy, Policy)
}
