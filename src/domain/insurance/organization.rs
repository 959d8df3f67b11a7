//! What an organization shows of the insurers that it bills.

use super::{accepted, billing_setting, insurance_plan};
use crate::engine::{Answer, Entity, Input, View};
use crate::schema::Text;
use crate::schema::names::{InsurancePlan, Organization, ProviderAcceptedInsurancePlanType, args};
use crate::schema::{Field, Named};

pub fn answer(entity: Entity<Organization>) -> Entity<Organization> {
    entity
        .answers(Organization::automated_insurance_billing_setting, |organization| {
            billing_setting::of(organization.on, organization.id()).filter(|one| one.on.viewer().reaches(one.organization())).into()
        })
        .answers_to(Organization::accepted_insurance_plans, args::Organization_accepted_insurance_plans, |organization, asked| {
            let mut all = accepted::by(organization.on, organization.id());
            all.retain(|accepted| {
                accepted::plan_of(accepted).is_some_and(|plan| matches(&plan, asked, args::Organization_accepted_insurance_plans::keywords))
            });
            Answer::List(all.into_iter().map(Answer::from).collect())
        })
        // Documented: these two are for booking pages too, which nobody has to sign in for.
        .answers_to(
            Organization::insurance_plans_used_by_organization_providers,
            args::Organization_insurance_plans_used_by_organization_providers,
            |organization, asked| {
                let keywords = args::Organization_insurance_plans_used_by_organization_providers::keywords;
                plans(insurance_plan::in_use(organization.on, organization.id()), asked, keywords)
            },
        )
        .answers_to(Organization::provider_insurance_plans, args::Organization_provider_insurance_plans, |organization, asked| {
            plans(taken_by_providers(organization), asked, args::Organization_provider_insurance_plans::keywords)
        })
}

fn plans<A: Named>(mut plans: Vec<View<'_, InsurancePlan>>, asked: &Input<'_, A>, keywords: Field<A, Text>) -> Answer {
    plans.retain(|plan| matches(plan, asked, keywords));
    Answer::List(plans.into_iter().map(Answer::from).collect())
}

fn matches<A: Named>(plan: &View<'_, InsurancePlan>, asked: &Input<'_, A>, keywords: Field<A, Text>) -> bool {
    let words = asked.get(keywords).ok().flatten().unwrap_or_default().to_lowercase();
    let searched = [InsurancePlan::payer_name, InsurancePlan::payer_id].map(|field| plan.get(field).unwrap_or_default().to_lowercase());
    words.split_whitespace().all(|word| searched.iter().any(|text| text.contains(word)))
}

/// The plans that at least one provider accepts, by name.
fn taken_by_providers<'s>(organization: &View<'s, Organization>) -> Vec<View<'s, InsurancePlan>> {
    let links: Vec<_> = organization.on.of_organization::<ProviderAcceptedInsurancePlanType>(organization.id()).collect();
    let is_taken = |accepted: u64| {
        let of_link = |link: &View<'_, ProviderAcceptedInsurancePlanType>| {
            link.value(ProviderAcceptedInsurancePlanType::accepted_insurance_plan.slot).as_id() == Some(accepted)
        };
        links.iter().any(of_link)
    };
    let all = accepted::by(organization.on, organization.id()).into_iter().filter(|accepted| is_taken(accepted.id()));
    all.filter_map(|accepted| accepted::plan_of(&accepted)).collect()
}
