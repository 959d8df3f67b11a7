//! What a payer's plan is: one of the catalogue that everybody finds, or one that an organization made for itself.

use super::accepted;
use crate::engine::{Answer, Entity, List, Reading, Refusal, Row, Value, View, Within};
use crate::schema::names::{InsurancePlan, Location, OrganizationCptCodeInsuranceFeeType, Policy, User, args};

pub fn entity() -> Entity<InsurancePlan> {
    Entity::new()
        .defaults(InsurancePlan::is_custom, true)
        .requires(InsurancePlan::payer_name)
        .refuses(|plan| super::refuse_long_metadata(plan.get(InsurancePlan::metadata)))
        .visible(is_visible)
        .searched(InsurancePlan::payer_name)
        .searched(InsurancePlan::payer_id)
        .ruled(InsurancePlan::is_custom)
        .answers(InsurancePlan::name_and_id, |plan| Value::from(name_and_id(plan)).into())
        .answers_to(InsurancePlan::is_accepted, args::InsurancePlan_is_accepted, |plan, asked| {
            // Documented: whoever knows already needn't have it looked up.
            let known = asked.get(args::InsurancePlan_is_accepted::known_value).ok().flatten();
            Value::Bool(known.unwrap_or_else(|| is_accepted(plan))).into()
        })
        .computed(InsurancePlan::is_in_fee_schedules, |plan| {
            let own = super::own_organization(plan.on);
            let mut fees = plan.on.having(OrganizationCptCodeInsuranceFeeType::insurance_plan, plan.id());
            Some(fees.any(|fee| fee.organization() == own))
        })
        .answers_to(InsurancePlan::default_payer_location, args::InsurancePlan_default_payer_location, |plan, asked| {
            asked.accept(args::InsurancePlan_default_payer_location::ids);
            default_payer_location(plan)
        })
}

/// Assumed: patients find plans too, since they fill in insurance forms.
fn is_visible(plan: &View<'_, InsurancePlan>) -> bool {
    plan.on.viewer().id().is_some() && (plan.organization() == 0 || super::belongs_here(plan.on, plan.organization()))
}

pub fn insurance_plans() -> List<InsurancePlan, args::insurancePlans> {
    type Asked = args::insurancePlans;
    List::new()
        .unpaged()
        .within(|_, _| Within::everything())
        .filter(Asked::ids, |plan, ids| ids.contains(&plan.id()))
        .filter(Asked::is_custom, |plan, custom| plan.is(InsurancePlan::is_custom) == custom)
        .filter(Asked::is_accepted, |plan, accepted| is_accepted(plan) == accepted)
        .keywords(Asked::keywords)
        // Documented: those that are accepted first, then by name.
        .order_by("ACCEPTED", |plan| {
            let name = plan.get(InsurancePlan::payer_name).unwrap_or_default().to_lowercase();
            Value::from(format!("{}{name}", u8::from(!is_accepted(plan))))
        })
}

/// Documented, as is the form: the two joined for labels.
fn name_and_id(plan: &View<'_, InsurancePlan>) -> String {
    let [name, id] = [InsurancePlan::payer_name, InsurancePlan::payer_id].map(|part| plan.get(part).unwrap_or_default());
    if id.is_empty() { name.to_owned() } else { format!("{name} - {id}") }
}

fn is_accepted(plan: &View<'_, InsurancePlan>) -> bool {
    accepted::of(plan.on, super::own_organization(plan.on), plan.id()).is_some()
}

/// Documented: where the first policy with this plan that the viewer's organization has says the payer is.
fn default_payer_location(plan: &View<'_, InsurancePlan>) -> Answer {
    let own = super::own_organization(plan.on);
    let mut policies = plan.on.having(Policy::insurance_plan_id, plan.id()).filter(|policy| policy.organization() == own);
    policies.find_map(|policy| policy.follow::<Location, _>(Policy::payer_location_id)).into()
}

/// Assumed: the catalogue is Healthie's, and nobody's to change.
pub fn refuse_catalogue(plan: &Row<InsurancePlan>, to: &str) -> Result<(), Refusal> {
    if plan.is(InsurancePlan::is_custom) { Ok(()) } else { Err(Refusal::no_permission(to)) }
}

/// The plans of the policies that an organization's patients have, each once, by name.
pub fn in_use(on: Reading<'_>, organization: u64) -> Vec<View<'_, InsurancePlan>> {
    let policies = on.of_organization::<Policy>(organization).filter(|policy| policy.follow::<User, _>(Policy::user_id).is_some());
    let mut plans: Vec<_> = policies.filter_map(|policy| policy.follow::<InsurancePlan, _>(Policy::insurance_plan_id)).collect();
    plans.sort_by_key(|plan| (plan.get(InsurancePlan::payer_name).map(str::to_lowercase), plan.id()));
    plans.dedup_by_key(|plan| plan.id());
    plans
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    #[test]
    fn what_is_accepted_comes_first_where_that_is_asked_for() {
        let clinic = Clinic::open();
        let answer = clinic.run("{ insurancePlans(order_by: ACCEPTED) { is_accepted } insurancePlansCount(is_accepted: true) }");
        let accepted = answer["data"]["insurancePlansCount"].as_u64().expect("a number") as usize;
        let plans = answer["data"]["insurancePlans"].as_array().expect("a list");
        assert!(accepted > 0 && plans.len() > accepted);
        assert!(plans.iter().enumerate().all(|(at, plan)| plan["is_accepted"] == (at < accepted)));
    }
}
