//! `createSecondaryClaim`: a claim to a second payer, once the first has said what it pays.

use super::{claim, permission, status};
use crate::engine::{Call, Made, Refusal, Row, View, moment};
use crate::schema::Named;
use crate::schema::names::{
    Cms1500, Cms1500Policy, Cms1500Status, CptCodesCms1500, CreateSecondaryClaimInput as Input, CreateSecondaryClaimPayload as Payload,
    IcdCodesCms1500, InsurancePlan, Policy, ReferralInfo,
};
use crate::schema::{Field, Id};

pub fn create_secondary_claim(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    permission::refuse_claims(call)?;
    let primary = call.target::<Cms1500, _>(Input::primary_claim_id)?;
    refuse_unready(&View::new(call.on(), primary.record()))?;
    let plan = call.target::<InsurancePlan, _>(Input::insurance_plan_id)?;
    let policy = policy(call, &primary, &plan)?;
    let secondary = copy(call, &primary)?;
    copy_rows::<CptCodesCms1500>(call, &primary, &secondary, CptCodesCms1500::cms1500_id);
    copy_rows::<IcdCodesCms1500>(call, &primary, &secondary, IcdCodesCms1500::cms1500_id);
    refer(call, &primary, &secondary)?;
    let row = call.blank_draft::<Cms1500Policy>().set(Cms1500Policy::cms1500_id, secondary.id());
    let mut row = row.set(Cms1500Policy::policy_id, policy.id());
    row.set_value(Cms1500Policy::patient_id.slot, primary.value(Cms1500::patient_id.slot).clone());
    row.save(call);
    let answer = claim::of(&View::new(call.on(), secondary.record()));
    Ok(Made::nothing().also(Payload::claim, answer))
}

/// Documented: the primary claim is locked and has a remittance. The texts are assumed, here and below.
fn refuse_unready(primary: &View<'_, Cms1500>) -> Result<(), Refusal> {
    match () {
        () if !status::is_locked(primary) => Err(Refusal::named("primary_claim_id", "must have been submitted")),
        () if claim::eras(primary).next().is_none() => Err(Refusal::named("primary_claim_id", "must have an ERA")),
        () => Ok(()),
    }
}

/// Documented: the patient's policy with that plan, or a new one, for which the member's number and the holder's day of birth
/// are needed.
fn policy(call: &mut Call<'_, Input>, primary: &Row<Cms1500>, plan: &Row<InsurancePlan>) -> Result<Row<Policy>, Refusal> {
    let patient = primary.get(Cms1500::patient_id).unwrap_or(0);
    let known = call.having(Policy::user_id, patient).into_iter().find(|policy| policy.get(Policy::insurance_plan_id) == Some(plan.id()));
    if let Some(known) = known {
        call.accept(Input::member_number);
        call.accept(Input::group_number);
        call.accept(Input::holder_relationship);
        call.accept(Input::holder_dob);
        return Ok(known);
    }
    let member = call.require(Input::member_number)?.to_owned();
    let dob = call.require(Input::holder_dob)?;
    let dob = moment::parse_date(dob).ok_or_else(|| Refusal::on(Input::holder_dob, "is invalid"))?;
    let relationship = call.get(Input::holder_relationship)?.unwrap_or("Self").to_owned();
    let mut draft = call.blank_draft::<Policy>().set(Policy::user_id, patient).set(Policy::insurance_plan_id, plan.id());
    if let Some(group) = call.get(Input::group_number)? {
        draft.put(Policy::group_num, group.to_owned());
    }
    let draft = draft.set(Policy::num, member).set(Policy::holder_dob, dob).set(Policy::holder_relationship, relationship);
    let draft = draft.set(Policy::priority_type, "secondary".to_owned());
    call.check(&draft)?;
    Ok(draft.save(call))
}

/// What is on the primary claim, but for what became of it.
fn copy(call: &mut Call<'_, Input>, primary: &Row<Cms1500>) -> Result<Row<Cms1500>, Refusal> {
    let mut draft = call.blank_draft::<Cms1500>().belongs_to(primary.organization());
    let left = [
        Cms1500::created_at.slot,
        Cms1500::amount_reimbursed.slot,
        Cms1500::adjustment.slot,
        Cms1500::reimbursed_at.slot,
        Cms1500::check_numbers.slot,
        Cms1500::reimbursements.slot,
    ];
    for (slot, value) in primary.record().values().filter(|(slot, _)| !left.contains(slot)).map(|(slot, value)| (slot, value.clone())) {
        draft.set_value(slot, value);
    }
    if let Some(information) = call.get(Input::additional_claim_information)? {
        draft.put(Cms1500::nineteen_reserved, information.to_owned());
    }
    Ok(draft.set(Cms1500::status, Cms1500Status::NOT_SENT).set(Cms1500::primary_claim_id, primary.id()).save(call))
}

fn copy_rows<T: Named + 'static>(call: &mut Call<'_, Input>, primary: &Row<Cms1500>, secondary: &Row<Cms1500>, by: Field<T, Id>) {
    for row in call.having(by, primary.id()) {
        let mut draft = call.blank_draft::<T>().belongs_to(secondary.organization());
        for (slot, value) in row.record().values().map(|(slot, value)| (slot, value.clone())) {
            draft.set_value(slot, value);
        }
        draft.set(by, secondary.id()).save(call);
    }
}

/// Documented: the authorization's number is the primary claim's, unless another is sent.
fn refer(call: &mut Call<'_, Input>, primary: &Row<Cms1500>, secondary: &Row<Cms1500>) -> Result<(), Refusal> {
    copy_rows::<ReferralInfo>(call, primary, secondary, ReferralInfo::cms1500_id);
    let Some(number) = call.get(Input::prior_authorization_number)?.map(str::to_owned) else { return Ok(()) };
    let draft = match call.having(ReferralInfo::cms1500_id, secondary.id()).pop() {
        Some(known) => call.change(&known),
        None => call.blank_draft::<ReferralInfo>().set(ReferralInfo::cms1500_id, secondary.id()),
    };
    draft.set(ReferralInfo::prior_auth_number, number).save(call);
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_second_payer_is_billed_once_the_first_has_answered() {
        let clinic = Clinic::open();
        let [primary, plan] = [clinic.id("Cms1500", "patient_paid"), clinic.id("InsurancePlan", "humana")];
        let create =
            |more: &str| format!(r#"createSecondaryClaim(input: {{primary_claim_id: "{primary}", insurance_plan_id: "{plan}"{more}}})"#);
        clinic.refuses(&create(""), &[("member_number", "can't be blank")]);
        let made = clinic.run(&format!(
            r#"mutation {{ {} {{ claim {{ id status is_locked payer_order primary_claim_id primary_claim {{ status }} policies {{ member_id priority_type }}
                service_lines {{ id units fee cpt_code {{ code }} }} diagnoses {{ icd_code {{ code }} }} claim_submissions {{ nodes {{ id }} }} correction_claims {{ nodes {{ id }} }}
                coordination_of_benefits {{ other_payer_name primary_paid_amount has_manual_overrides }} }} messages {{ message }} }} }}"#,
            create(r#", member_number: "H-55", holder_dob: "1982-09-30""#)
        ));
        let claim = &made["data"]["createSecondaryClaim"]["claim"];
        let id = claim["id"].as_str().unwrap_or_else(|| panic!("made: {made}"));
        let line = claim["service_lines"][0]["id"].as_str().expect("a line");
        assert_eq!(
            *claim,
            json!({"id": id, "status": "Not Sent", "is_locked": false, "payer_order": "SECONDARY", "primary_claim_id": primary,
                "primary_claim": {"status": "Partially Paid"}, "policies": [{"member_id": "H-55", "priority_type": "SECONDARY"}],
                "service_lines": [{"id": line, "units": 4, "fee": "45.00", "cpt_code": {"code": "97802"}}], "diagnoses": [{"icd_code": {"code": "E11.9"}}],
                "claim_submissions": {"nodes": []}, "correction_claims": {"nodes": []},
                "coordination_of_benefits": {"other_payer_name": "Aetna", "primary_paid_amount": 96.5, "has_manual_overrides": false}})
        );
        let update = format!(
            r#"mutation {{ updateSecondaryClaim(input: {{id: "{id}", claim_cob_overrides: {{primary_paid_amount: 90}}, claim_line_cob_overrides: [
                {{cpt_codes_cms1500_id: "{line}", line_paid_amount: 90, adjustments: [{{adjustment_group: CO, reason_code: "45", amount: 25}}]}}]}}) {{
                claim {{ coordination_of_benefits {{ primary_paid_amount has_manual_overrides service_line_adjustments {{ line_paid_amount adjustments {{ adjustment_group amount }} }} }} }} messages {{ message }} }} }}"#
        );
        assert_eq!(
            clinic.run(&update)["data"]["updateSecondaryClaim"]["claim"]["coordination_of_benefits"],
            json!({"primary_paid_amount": 90.0, "has_manual_overrides": true,
                "service_line_adjustments": [{"line_paid_amount": 90.0, "adjustments": [{"adjustment_group": "CO", "amount": 25.0}]}]})
        );
        let submit = format!(
            r#"mutation {{ submitSecondaryClaim(input: {{claim_ids: ["{id}"]}}) {{ success_message claims {{ status submission_method }} messages {{ message }} }} }}"#
        );
        assert_eq!(
            clinic.run(&submit)["data"]["submitSecondaryClaim"],
            json!({"success_message": "1 claim submitted to ClaimMD", "claims": [{"status": "Sent", "submission_method": "claim_md"}], "messages": null})
        );
    }

    #[test]
    fn a_draft_has_no_second_payer() {
        let clinic = Clinic::open();
        let plan = clinic.id("InsurancePlan", "humana");
        let create =
            |primary: &str| format!(r#"createSecondaryClaim(input: {{primary_claim_id: "{primary}", insurance_plan_id: "{plan}"}})"#);
        clinic.refuses(&create(&clinic.id("Cms1500", "patient_draft")), &[("primary_claim_id", "must have been submitted")]);
        clinic.refuses(&create(&clinic.id("Cms1500", "patient2_sent")), &[("primary_claim_id", "must have an ERA")]);
        clinic.refuses(
            &format!(r#"submitSecondaryClaim(input: {{claim_ids: ["{}"]}})"#, clinic.id("Cms1500", "patient_draft")),
            &[("claim_ids", "must be secondary claims")],
        );
    }
}
