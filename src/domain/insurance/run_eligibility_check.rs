//! `runEligibilityCheck`: asks a payer what a policy covers. No payer is asked here: the answer is made up of the policy.

use crate::engine::{Call, Made, Refusal, Row};
use crate::schema::names::{
    EligibilityCheck, InsurancePlan, Policy, runEligibilityCheckMutationInput as Input, runEligibilityCheckMutationPayload as Payload,
};
use serde_json::json;

pub fn run_eligibility_check(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let policy = call.target::<Policy, _>(Input::id)?;
    // Assumed, since that service has ended while it is still the default: it is enabled for nobody. The text is unknown.
    if call.get(Input::eligibility_check_service)? != Some("claim_md") {
        return Err(Refusal::on(Input::eligibility_check_service, "is not enabled"));
    }
    let codes = call.get(Input::service_codes)?.unwrap_or_default();
    let status = Status::of(&policy);
    let response = response(call, &policy, &codes, status);
    let mut check = call.blank_draft::<EligibilityCheck>().set(EligibilityCheck::policy_id, policy.id());
    check.put(EligibilityCheck::response, response.to_string());
    // Documented: nothing to show where there was an error.
    if status != Status::Unknown {
        check.put(EligibilityCheck::response_as_html, format!("<p>Plan status: {}</p>", status.name()));
    }
    let check = check.save(call);
    Ok(Made::nothing().also(Payload::eligibility_check, check))
}

/// Chosen by how the member's number ends, so that a test can have any of them.
#[derive(Clone, Copy, PartialEq)]
enum Status {
    Active,
    Inactive,
    Unknown,
}

impl Status {
    fn of(policy: &Row<Policy>) -> Self {
        let number = policy.get(Policy::num).unwrap_or_default().to_uppercase();
        match () {
            () if number.ends_with("INACTIVE") => Self::Inactive,
            () if number.ends_with("ERROR") => Self::Unknown,
            () => Self::Active,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Inactive => "inactive",
            Self::Unknown => "unknown",
        }
    }
}

/// Assumed: the shape. What Healthie passes on is the clearing house's, and documented nowhere.
fn response(call: &Call<'_, Input>, policy: &Row<Policy>, codes: &[&str], status: Status) -> serde_json::Value {
    let plan = policy.get(Policy::insurance_plan_id).and_then(|id| call.find_any::<InsurancePlan>(id));
    let of_plan = |field| plan.as_ref().and_then(|plan| plan.get(field)).map(str::to_owned);
    let errors = if status == Status::Unknown { json!(["Subscriber not found"]) } else { json!([]) };
    let benefit =
        |code: &&str| json!({"service_type_code": code, "coverage": status.name(), "copay_cents": policy.get(Policy::copay_value)});
    json!({
        "simulated": true,
        "plan_status": status.name(),
        "payer": {"name": of_plan(InsurancePlan::payer_name), "id": of_plan(InsurancePlan::payer_id)},
        "subscriber": {"member_id": policy.get(Policy::num), "group_number": policy.get(Policy::group_num)},
        "effective_start": policy.value(Policy::effective_start.slot).as_str(),
        "benefits": codes.iter().map(benefit).collect::<Vec<_>>(),
        "errors": errors,
    })
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_policy_s_coverage_is_told_and_kept() {
        let clinic = Clinic::open();
        let id = clinic.id("Policy", "patient_primary");
        let answer = clinic.run(&format!(
            r#"mutation {{ runEligibilityCheck(input: {{id: "{id}", eligibility_check_service: claim_md}}) {{
            eligibility_check {{ id policy_id response response_as_html policy {{ latest_eligibility_check {{ policy_id }} }} }} messages {{ message }} }} }}"#
        ));
        let check = &answer["data"]["runEligibilityCheck"]["eligibility_check"];
        assert_eq!(check["response_as_html"], "<p>Plan status: active</p>");
        assert_eq!(check["policy"], json!({"latest_eligibility_check": {"policy_id": id}}));
        let response: serde_json::Value = serde_json::from_str(check["response"].as_str().expect("JSON")).expect("JSON");
        assert_eq!((&response["plan_status"], &response["benefits"][0]["service_type_code"]), (&json!("active"), &json!("30")));
    }

    #[test]
    fn it_takes_an_enabled_service_and_a_flag() {
        let clinic = Clinic::open();
        let id = clinic.id("Policy", "patient_primary");
        clinic.refuses(&format!(r#"runEligibilityCheck(input: {{id: "{id}"}})"#), &[("eligibility_check_service", "is not enabled")]);
        clinic.as_role("limited").refuses(
            &format!(r#"runEligibilityCheck(input: {{id: "{id}", eligibility_check_service: claim_md}})"#),
            &[("base", "You do not have permission to run this eligibility check.")],
        );
    }
}
