//! `updatePolicy`: changes a policy and what hangs on it: benefits, codes, the authorization, the referral, the call to the payer.

use super::policy;
use crate::engine::{Call, Given, Made, Refusal, Row};
use crate::schema::names::{Policy, Referral, ReferringPhysician, updatePolicyMutationInput as Input};

pub fn update_policy(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let policy = call.target::<Policy, _>(Input::id)?;
    refuse_other_owner(call, &policy)?;
    let owner = policy.get(Policy::user_id);
    let before = owner.map(|owner| policy::primaries(call, owner)).unwrap_or_default();
    let draft = call.edit(&policy);
    call.check(&draft)?;
    let saved = draft.save(call);
    let saved = call.save_nested(&saved)?;
    let saved = refer(call, &saved)?;
    if let Some(owner) = owner {
        policy::keep_one_primary(call, owner, &before);
    }
    Ok(saved.into())
}

/// Documented: a policy stays with its patient.
fn refuse_other_owner(call: &Call<'_, Input>, policy: &Row<Policy>) -> Result<(), Refusal> {
    match call.given(Input::user_id)? {
        Given::Value(user) if policy.get(Policy::user_id) != Some(user) => Err(Refusal::base("Unauthorized")),
        Given::Null if policy.get(Policy::user_id).is_some() => Err(Refusal::base("Unauthorized")),
        _ => Ok(()),
    }
}

/// Assumed: the physician is that of the policy's referral, which is made where there is none.
fn refer(call: &mut Call<'_, Input>, policy: &Row<Policy>) -> Result<Row<Policy>, Refusal> {
    if call.is_blank(Input::referring_physician_id) {
        return Ok(policy.clone());
    }
    let physician = call.target::<ReferringPhysician, _>(Input::referring_physician_id)?;
    let known = policy.value(Policy::referral.slot).as_id().and_then(|id| call.find_any::<Referral>(id));
    let mut referral = match &known {
        Some(known) => call.change(known),
        None => call.blank_draft(),
    };
    referral.set_value(Referral::user_id.slot, policy.value(Policy::user_id.slot).clone());
    let referral = referral.set(Referral::referring_physician_id, physician.id()).save(call);
    Ok(call.change(policy).set(Policy::referral, referral.id()).save(call))
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn what_hangs_on_a_policy_is_written_with_it() {
        let clinic = Clinic::open();
        let [id, cpt] = [clinic.id("Policy", "patient2_primary"), clinic.id("CptCode", "c90837")];
        let answer = clinic.run(&format!(
            r#"mutation {{ updatePolicy(input: {{id: "{id}", notes: "Called", benefits: [{{category: "Medical", copay: "25"}}],
            cpt_codes_policies: [{{cpt_code_id: "{cpt}"}}], call_reference: {{reference_number: "R-1"}},
            insurance_authorization: {{authorization_number: "A-1", unit_type: "visits", visits_authorized: "12", units_used: "2"}}}}) {{
            policy {{ notes benefits {{ category copay }} cpt_codes_policies {{ code policy_id }} call_reference {{ reference_number }}
                insurance_authorization {{ authorization_number units_authorized units_left visits_left user_id }} }} messages {{ message }} }} }}"#
        ));
        assert_eq!(
            answer["data"]["updatePolicy"],
            json!({"policy": {
                "notes": "Called", "benefits": [{"category": "Medical", "copay": "25"}],
                "cpt_codes_policies": [{"code": "90837", "policy_id": id}], "call_reference": {"reference_number": "R-1"},
                "insurance_authorization": {
                    "authorization_number": "A-1", "units_authorized": "12", "units_left": "10", "visits_left": "10",
                    "user_id": clinic.id("User", "patient2")
                }
            }, "messages": null})
        );
        assert_eq!(clinic.events(), ["policy.updated", "insurance_authorization.created"]);
    }

    #[test]
    fn it_stays_with_its_patient() {
        let clinic = Clinic::open();
        let [id, other] = [clinic.id("Policy", "patient2_primary"), clinic.id("User", "patient")];
        clinic.refuses(&format!(r#"updatePolicy(input: {{id: "{id}", user_id: "{other}"}})"#), &[("base", "Unauthorized")]);
        clinic.as_role("provider").refuses(&format!(r#"updatePolicy(input: {{id: "{id}"}})"#), &[("id", "Policy not found")]);
    }
}
