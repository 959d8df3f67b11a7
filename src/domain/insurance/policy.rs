//! What a patient's insurance policy is, and which of several is the one that pays first.

use crate::domain::people;
use crate::engine::{Answer, Call, Entity, Refusal, Row, Value, View};
use crate::schema::names::{
    CptCode, CptCodesPolicy, EligibilityCheck, IcdCode, IcdCodesPolicy, InsuranceAuthorizationType, Location, Policy, User, args,
};
use crate::schema::{Field, Named};

pub const PRIMARY: &str = "primary";
pub const SECONDARY: &str = "secondary";
const METHODS: [&str; 4] = ["no_billing_method", "copay", "coinsurance", "unmet_deductible"];

pub fn entity() -> Entity<Policy> {
    Entity::usual()
        // Documented: required.
        .requires(Policy::num)
        .requires(Policy::holder_dob)
        .requires(Policy::holder_relationship)
        .requires(Policy::insurance_plan_id)
        .requires(Policy::user_id)
        .defaults(Policy::insurance_billing_method, METHODS[0].to_owned())
        .defaults(Policy::priority_type, PRIMARY.to_owned())
        .defaults(Policy::insurance_authorization_required, false)
        .defaults(Policy::referral_required, false)
        .defaults(Policy::same_address_as_client, false)
        .refuses(refuse_unfit)
        .indexed(Policy::insurance_plan_id)
        .ruled(Policy::holder_name)
        .computed(Policy::holder_name, holder_name)
        .computed(Policy::holder_address, |policy| Some(one_line(&holder_location(policy)?)))
        .answers(Policy::dob_to_use, dob_to_use)
        .refers(Policy::holder_location, Policy::holder_location_id)
        .answers(Policy::holder_location, |policy| holder_location(policy).into())
        .refers(Policy::payer_location, Policy::payer_location_id)
        .answers(Policy::payer_location, |policy| policy.follow::<Location, _>(Policy::payer_location_id).into())
        .answers(Policy::latest_eligibility_check, |policy| {
            policy.on.having(EligibilityCheck::policy_id, policy.id()).max_by_key(|check| check.id()).into()
        })
}

pub fn cpt_codes_entity() -> Entity<CptCodesPolicy> {
    Entity::usual()
        .indexed(CptCodesPolicy::policy_id)
        .requires(CptCodesPolicy::cpt_code_id)
        .computed(CptCodesPolicy::code, |row| of_cpt(row, CptCode::code))
        .computed(CptCodesPolicy::description, |row| of_cpt(row, CptCode::description))
}

fn of_cpt(row: &View<'_, CptCodesPolicy>, field: Field<CptCode, crate::schema::Text>) -> Option<String> {
    row.follow::<CptCode, _>(CptCodesPolicy::cpt_code_id)?.get(field).map(str::to_owned)
}

pub fn icd_codes_entity() -> Entity<IcdCodesPolicy> {
    Entity::usual()
        .indexed(IcdCodesPolicy::policy_id)
        .requires(IcdCodesPolicy::icd_code_id)
        .computed(IcdCodesPolicy::code, |row| of_icd(row, IcdCode::code))
        .computed(IcdCodesPolicy::description, |row| of_icd(row, IcdCode::description))
}

fn of_icd(row: &View<'_, IcdCodesPolicy>, field: Field<IcdCode, crate::schema::Text>) -> Option<String> {
    row.follow::<IcdCode, _>(IcdCodesPolicy::icd_code_id)?.get(field).map(str::to_owned)
}

fn refuse_unfit(policy: &View<'_, Policy>) -> Result<(), Refusal> {
    super::refuse_long_metadata(policy.get(Policy::metadata))?;
    let method = policy.get(Policy::insurance_billing_method).unwrap_or(METHODS[0]);
    if !METHODS.contains(&method) {
        return Err(Refusal::named("insurance_billing_method", "is not included in the list"));
    }
    let is_positive = |value: Option<i64>| value.is_some_and(|value| value > 0);
    // Documented for the copay; the other text is by analogy.
    match method {
        "copay" if !is_positive(policy.get(Policy::copay_value)) => {
            Err(Refusal::named("copay_value", "Copay value must be greater than 0 for copay billing method"))
        }
        "coinsurance" if !is_positive(policy.get(Policy::coinsurance_value)) => {
            Err(Refusal::named("coinsurance_value", "Coinsurance value must be greater than 0 for coinsurance billing method"))
        }
        _ => Ok(()),
    }
}

/// The patient's own name where nobody else is said to hold the policy.
fn holder_name(policy: &View<'_, Policy>) -> Option<String> {
    let parts = [Policy::holder_first, Policy::holder_mi, Policy::holder_last].map(|part| policy.get(part).unwrap_or_default().trim());
    let joined = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    if joined.is_empty() { Some(people::full_name(&policy.follow::<User, _>(Policy::user_id)?)) } else { Some(joined) }
}

/// Documented: the holder's day of birth, else the patient's.
fn dob_to_use(policy: &View<'_, Policy>) -> Answer {
    let own = policy.get(Policy::holder_dob);
    let patient = || policy.follow::<User, _>(Policy::user_id)?.get(User::dob);
    own.or_else(patient).map(|day| Value::Date(crate::engine::days_since_1970(day))).into()
}

/// The patient's address where the holder lives there too.
fn holder_location<'s>(policy: &View<'s, Policy>) -> Option<View<'s, Location>> {
    let patient = || policy.on.having(Location::user_id, policy.get(Policy::user_id)?).next();
    let own = || policy.follow::<Location, _>(Policy::holder_location_id);
    if policy.is(Policy::same_address_as_client) { patient().or_else(own) } else { own() }
}

fn one_line(location: &View<'_, Location>) -> String {
    let parts = [Location::line1, Location::line2, Location::city, Location::state, Location::zip];
    let parts = parts.into_iter().filter_map(|part| location.get(part)).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(", ")
}

/// The policies of a patient that the viewer may see, oldest first.
fn of<'s>(patient: &View<'s, User>) -> Vec<View<'s, Policy>> {
    let all = patient.on.having(Policy::user_id, patient.id());
    all.filter(|policy| policy.on.may_see(Policy::TYPE, policy.record())).collect()
}

/// What a person shows of the own policies. Documented: active ones are the primary and the secondary.
pub fn answer(entity: Entity<User>) -> Entity<User> {
    entity
        .collects(User::policies, Policy::user_id)
        .answers_to(User::policies, args::User_policies, |user, asked| {
            let mut policies = of(user);
            if asked.is(args::User_policies::active) {
                policies.retain(|policy| [Some(PRIMARY), Some(SECONDARY)].contains(&policy.get(Policy::priority_type)));
            }
            Answer::List(policies.into_iter().map(Answer::from).collect())
        })
        .answers(User::policiesOrderAscending, |user| Answer::List(of(user).into_iter().map(Answer::from).collect()))
        .answers(User::primary_insurance_policy, |user| of(user).into_iter().find(|policy| is_primary(policy)).into())
        .answers(User::insurance_authorization, |user| {
            let all = user.on.having(InsuranceAuthorizationType::user_id, user.id());
            all.filter(|one| one.on.may_see(InsuranceAuthorizationType::TYPE, one.record())).max_by_key(|one| one.id()).into()
        })
}

fn is_primary(policy: &Row<Policy>) -> bool {
    policy.get(Policy::priority_type) == Some(PRIMARY)
}

/// Makes, changes and removes the policies that `field` of an input describes.
pub fn write<I: Named, K>(call: &mut Call<'_, I>, patient: &Row<User>, field: Field<I, K>) -> Result<(), Refusal> {
    let before = primaries(call, patient.id());
    call.save_nested_in(patient, field)?;
    keep_one_primary(call, patient.id(), &before);
    Ok(())
}

pub fn primaries<I: Named>(call: &Call<'_, I>, patient: u64) -> Vec<u64> {
    call.having(Policy::user_id, patient).iter().filter(|policy| is_primary(policy)).map(Row::id).collect()
}

/// Documented: a patient has one primary policy. Assumed: a new one makes the one before secondary.
pub fn keep_one_primary<I: Named>(call: &mut Call<'_, I>, patient: u64, before: &[u64]) {
    let now = primaries(call, patient);
    let Some(stays) = now.iter().rev().find(|id| !before.contains(id)).or(now.last()).copied() else { return };
    for policy in call.having(Policy::user_id, patient).into_iter().filter(|policy| is_primary(policy) && policy.id() != stays) {
        call.change(&policy).set(Policy::priority_type, SECONDARY.to_owned()).save(call);
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    fn with(clinic: &Clinic, handle: &str, policies: &str) -> serde_json::Value {
        let id = clinic.id("User", handle);
        let answer = clinic.run(&format!(
            r#"mutation {{ updateClient(input: {{id: "{id}", policies: [{policies}]}}) {{ user {{
                policies {{ num priority_type insurance_plan {{ payer_name is_custom }} holder_name holder_address dob_to_use insurance_billing_method }}
                active: policies(active: true) {{ num }} primary_insurance_policy {{ num }}
            }} messages {{ field message }} }} }}"#
        ));
        answer["data"]["updateClient"].clone()
    }

    #[test]
    fn a_patient_s_policies_are_written_with_the_patient() {
        let clinic = Clinic::open();
        let plan = clinic.id("InsurancePlan", "aetna");
        let answer = with(
            &clinic,
            "sparse",
            &format!(
                r#"{{num: "W1", holder_dob: "1970-01-02", holder_relationship: "Spouse", holder_first: "Kim", holder_last: "Roe",
                insurance_plan_id: "{plan}", holder_location: {{line1: "4 Pine Road", city: "Troy", zip: "12180"}}}}"#
            ),
        );
        assert_eq!(
            answer,
            json!({"user": {"policies": [{
                "num": "W1", "priority_type": "primary", "insurance_plan": {"payer_name": "Aetna", "is_custom": false}, "holder_name": "Kim Roe",
                "holder_address": "4 Pine Road, Troy, 12180", "dob_to_use": "1970-01-02", "insurance_billing_method": "no_billing_method"
            }], "active": [{"num": "W1"}], "primary_insurance_policy": {"num": "W1"}}, "messages": null})
        );
        assert_eq!(clinic.events(), ["policy.created", "location.created"]);
        let second = with(
            &clinic,
            "sparse",
            r#"{num: "W2", holder_dob: "1970-01-02", holder_relationship: "Self", insurance_plan: {payer_name: "Birch Health"}}"#,
        );
        assert_eq!(second["user"]["primary_insurance_policy"], json!({"num": "W2"}));
        assert_eq!(second["user"]["policies"][0]["priority_type"], "secondary");
        assert_eq!(second["user"]["policies"][1]["insurance_plan"], json!({"payer_name": "Birch Health", "is_custom": true}));
    }

    #[test]
    fn a_policy_says_how_it_is_billed() {
        let clinic = Clinic::open();
        let plan = clinic.id("InsurancePlan", "aetna");
        let policy = |more: &str| {
            format!(r#"{{num: "W1", holder_dob: "1970-01-02", holder_relationship: "Self", insurance_plan_id: "{plan}"{more}}}"#)
        };
        for (policy, field, message) in [
            (
                policy(r#", insurance_billing_method: "copay""#),
                "copay_value",
                "Copay value must be greater than 0 for copay billing method",
            ),
            (policy(r#", insurance_billing_method: "barter""#), "insurance_billing_method", "is not included in the list"),
            (r#"{num: "W1"}"#.to_owned(), "holder_dob", "can't be blank"),
        ] {
            let answer = with(&clinic, "sparse", &policy);
            assert_eq!(answer["user"], json!(null), "{policy}");
            assert_eq!(answer["messages"][0], json!({"field": field, "message": message}));
        }
        assert_eq!(clinic.events(), [] as [&str; 0]);
    }

    #[test]
    fn patients_see_their_own_policies() {
        let clinic = Clinic::open();
        let id = clinic.id("Policy", "patient_primary");
        let read =
            |role: &'static str| clinic.as_role(role).run(&format!(r#"{{ policy(id: "{id}") {{ num }} }}"#))["data"]["policy"].clone();
        assert_ne!(read("patient"), json!(null));
        assert_eq!(read("patient2"), json!(null));
        assert_eq!(read("provider2"), json!(null));
        assert_eq!(read("provider"), read("patient"));
    }
}
