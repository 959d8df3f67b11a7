//! A claim as it is sent: what is known of patient, provider, policies, lines and diagnoses at that moment.

use super::{cms1500, status};
use crate::domain::payments::money;
use crate::engine::View;
use crate::schema::names::{Cms1500, CptCode, CptCodesCms1500, IcdCode, IcdCodesCms1500, InsurancePlan, Policy, User};
use serde_json::{Value, json};

/// Assumed: the shape; no reader of it is documented.
pub fn of(claim: &View<'_, Cms1500>) -> Value {
    let person = |user: View<'_, User>| {
        json!({
            "id": user.id().to_string(), "first_name": user.get(User::first_name), "last_name": user.get(User::last_name),
            "dob": user.get(User::dob).map(|dob| dob.to_string()), "npi": user.get(User::npi),
        })
    };
    let diagnoses = claim.on.having(IcdCodesCms1500::cms1500_id, claim.id());
    let diagnoses =
        diagnoses.filter_map(|row| Some(row.follow::<IcdCode, _>(IcdCodesCms1500::icd_code_id)?.get(IcdCode::code)?.to_owned()));
    json!({
        "id": claim.id().to_string(),
        "status": status::words(claim),
        "patient": claim.follow::<User, _>(Cms1500::patient_id).map(person),
        "rendering_provider": claim.follow::<User, _>(Cms1500::dietitian_id).map(person),
        "total_charge": money::show(cms1500::total_cents(claim)),
        "policies": cms1500::policies(claim).map(|policy| of_policy(&policy)).collect::<Vec<_>>(),
        "service_lines": cms1500::lines(claim).map(|line| of_line(&line)).collect::<Vec<_>>(),
        "diagnoses": diagnoses.collect::<Vec<_>>(),
    })
}

fn of_policy(policy: &View<'_, Policy>) -> Value {
    let plan = policy.follow::<InsurancePlan, _>(Policy::insurance_plan_id);
    json!({
        "member_id": policy.get(Policy::num), "group_number": policy.get(Policy::group_num), "priority_type": policy.get(Policy::priority_type),
        "payer_name": plan.as_ref().and_then(|plan| plan.get(InsurancePlan::payer_name)),
        "payer_id": plan.as_ref().and_then(|plan| plan.get(InsurancePlan::payer_id)),
    })
}

fn of_line(line: &View<'_, CptCodesCms1500>) -> Value {
    let code = line.follow::<CptCode, _>(CptCodesCms1500::cpt_code_id);
    json!({
        "cpt_code": code.as_ref().and_then(|code| code.get(CptCode::code)), "fee": line.get(CptCodesCms1500::fee),
        "units": line.get(CptCodesCms1500::units), "service_date": line.get(CptCodesCms1500::service_date).map(|day| day.to_string()),
    })
}
