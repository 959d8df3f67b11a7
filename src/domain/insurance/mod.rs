//! Insurance plans, policies, authorizations and payments.

mod accepted;
mod authorization;
mod billing_setting;
mod create_accepted_insurance_plan;
mod create_insurance_authorization;
mod create_insurance_payment;
mod create_insurance_plan;
mod create_provider_accepted_insurance_plans;
mod delete_accepted_insurance_plan;
mod delete_insurance_plan;
mod delete_manual_insurance_payment;
mod insurance_payment;
mod insurance_plan;
mod organization;
mod policy;
mod run_eligibility_check;
mod update_insurance_payment_deposit_status;
mod update_insurance_plan;
mod update_manual_insurance_payment;
mod update_policy;

pub use accepted::of_setting as answer_of_setting;
pub use organization::answer as answer_of_organization;
pub use policy::{answer as answer_of_user, write as write_policies};

use crate::engine::{Area, Reading, Refusal};
use crate::schema::names::{
    InsuranceAuthorizationType, Mutation, OrganizationMembership, Policy, ProviderAcceptedInsurancePlanType, Query,
};

pub fn area() -> Area {
    Area::new("insurance")
        .entity(insurance_plan::entity())
        .lists(Query::insurancePlans, insurance_plan::insurance_plans())
        .counts(Query::insurancePlansCount, Query::insurancePlans)
        .mutation(Mutation::createInsurancePlan, create_insurance_plan::create_insurance_plan)
        .mutation(Mutation::updateInsurancePlan, update_insurance_plan::update_insurance_plan)
        .mutation(Mutation::deleteInsurancePlan, delete_insurance_plan::delete_insurance_plan)
        .entity(accepted::entity())
        .mutation(Mutation::createAcceptedInsurancePlan, create_accepted_insurance_plan::create_accepted_insurance_plan)
        .mutation(Mutation::deleteAcceptedInsurancePlan, delete_accepted_insurance_plan::delete_accepted_insurance_plan)
        .entity(accepted::of_provider_entity())
        .gets(Query::providerAcceptedInsurancePlan, ProviderAcceptedInsurancePlanType)
        .lists(Query::providerAcceptedInsurancePlans, accepted::of_provider())
        .mutation(
            Mutation::createProviderAcceptedInsurancePlans,
            create_provider_accepted_insurance_plans::create_provider_accepted_insurance_plans,
        )
        .deletes(Mutation::deleteProviderAcceptedInsurancePlan, ProviderAcceptedInsurancePlanType)
        .entity(policy::entity())
        .entity(policy::cpt_codes_entity())
        .entity(policy::icd_codes_entity())
        .gets(Query::policy, Policy)
        .mutation(Mutation::updatePolicy, update_policy::update_policy)
        .mutation(Mutation::runEligibilityCheck, run_eligibility_check::run_eligibility_check)
        .needs(OrganizationMembership::request_eligibility_checks)
        .entity(authorization::entity())
        .gets(Query::insuranceAuthorization, InsuranceAuthorizationType)
        .mutation(Mutation::createInsuranceAuthorization, create_insurance_authorization::create_insurance_authorization)
        .updates(Mutation::updateInsuranceAuthorization, InsuranceAuthorizationType)
        .deletes(Mutation::deleteInsuranceAuthorization, InsuranceAuthorizationType)
        .entity(insurance_payment::entity())
        .lists(Query::insurancePayments, insurance_payment::insurance_payments())
        .mutation(Mutation::createInsurancePayment, create_insurance_payment::create_insurance_payment)
        .mutation(Mutation::updateManualInsurancePayment, update_manual_insurance_payment::update_manual_insurance_payment)
        .mutation(Mutation::deleteManualInsurancePayment, delete_manual_insurance_payment::delete_manual_insurance_payment)
        .mutation(
            Mutation::updateInsurancePaymentDepositStatus,
            update_insurance_payment_deposit_status::update_insurance_payment_deposit_status,
        )
        .entity(billing_setting::entity())
        .query(Query::automatedInsuranceBillingSetting, billing_setting::setting)
        .mutation(Mutation::createAutomatedInsuranceBillingSetting, billing_setting::set)
        .mutation(Mutation::updateAutomatedInsuranceBillingSetting, billing_setting::update)
}

/// The organization that the viewer works for, or is a patient of.
fn own_organization(on: Reading<'_>) -> u64 {
    on.viewer().user.as_ref().map_or(0, |user| user.organization())
}

/// True for the members of an organization and those above it, and for its patients.
fn belongs_here(on: Reading<'_>, organization: u64) -> bool {
    on.viewer().reaches(organization) || on.viewer().id().is_some() && own_organization(on) == organization
}

/// Documented: 2,000 characters at most.
fn refuse_long_metadata(metadata: Option<&str>) -> Result<(), Refusal> {
    match metadata {
        Some(metadata) if metadata.chars().count() > 2_000 => Err(Refusal::named("metadata", "is too long (maximum is 2000 characters)")),
        _ => Ok(()),
    }
}
