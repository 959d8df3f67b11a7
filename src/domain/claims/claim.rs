//! A claim as the secondary-claim mutations show it: the record of the claim, with what the primary payer did.

use super::{cms1500, connection, status};
use crate::domain::people;
use crate::engine::{Answer, Row, Value, View};
use crate::schema::names::{
    Claim, ClaimCptCode, ClaimDiagnosis, ClaimIcdCode, ClaimInsurancePlan, ClaimPatient, ClaimPolicy, ClaimProvider, ClaimServiceLine,
    ClaimSubmission, Cms1500, CobAdjustment, CobServiceLineAdjustment, CoordinationOfBenefits as Cob, CptCode, CptCodesCms1500, Era,
    IcdCode, IcdCodesCms1500, InsurancePlan, OrganizationInfo, Policy, ReferralInfo, User,
};
use crate::schema::{Field, Named, Slot};

/// Documented: live data; the snapshot of what was submitted is in its submissions.
pub fn of(claim: &View<'_, Cms1500>) -> Answer {
    let on = claim.on;
    let submissions: Vec<_> = cms1500::submissions_of(on, claim.id()).collect();
    let last = submissions.last();
    let primary = claim.follow::<Cms1500, _>(Cms1500::primary_claim_id);
    let order = if primary.is_some() { "SECONDARY" } else { "PRIMARY" };
    let mut values: Vec<(Slot, Answer)> = vec![
        (Claim::id.slot, id(claim.id())),
        (Claim::status.slot, Value::from(status::words(claim)).into()),
        (Claim::is_locked.slot, Value::Bool(status::is_locked(claim)).into()),
        (Claim::correction_claims.slot, Answer::List(vec![])),
        (Claim::is_correction.slot, Value::Bool(false).into()),
        (Claim::has_been_submitted.slot, Value::Bool(last.is_some()).into()),
        (Claim::has_claim_submission_claim_data.slot, Value::Bool(last.is_some()).into()),
        (Claim::submitted_at.slot, last.map_or(Answer::NULL, |last| last.value(ClaimSubmission::created_at.slot).clone().into())),
        (Claim::submission_method.slot, last.map_or(Answer::NULL, |last| last.value(ClaimSubmission::integration.slot).clone().into())),
        (Claim::payer_order.slot, Value::from(order).into()),
        (Claim::primary_claim_id.slot, claim.value(Cms1500::primary_claim_id.slot).clone().into()),
        (Claim::coordination_of_benefits.slot, primary.as_ref().map_or(Answer::NULL, |primary| coordination(claim, primary))),
        (
            Claim::prior_authorization_number.slot,
            referral(claim).map_or(Answer::NULL, |referral| referral.value(ReferralInfo::prior_auth_number.slot).clone().into()),
        ),
        (Claim::patient.slot, claim.follow::<User, _>(Cms1500::patient_id).map_or(Answer::NULL, |patient| patient_of(&patient))),
        (
            Claim::rendering_provider.slot,
            claim.follow::<User, _>(Cms1500::dietitian_id).map_or(Answer::NULL, |provider| provider_of(&provider)),
        ),
        (Claim::org_info.slot, claim.follow::<OrganizationInfo, _>(Cms1500::organization_info_id).into()),
        (Claim::policies.slot, Answer::List(cms1500::policies(claim).map(|policy| policy_of(&policy)).collect())),
        (Claim::service_lines.slot, Answer::List(cms1500::lines(claim).map(|line| line_of(&line)).collect())),
        (Claim::diagnoses.slot, Answer::List(on.having(IcdCodesCms1500::cms1500_id, claim.id()).map(|row| diagnosis_of(&row)).collect())),
    ];
    let visible = on.viewer().is_admin() || claim.get(Cms1500::dietitian_id).is_some_and(|provider| on.viewer().is(provider));
    let shown = if visible { submissions.into_iter().map(Answer::from).collect() } else { vec![] };
    values.push((Claim::claim_submissions.slot, Answer::List(shown)));
    values.extend(same(claim));
    if let Some(primary) = primary {
        values.push((Claim::primary_claim.slot, of(&primary)));
    }
    Answer::Object(Claim::TYPE, values)
}

fn id(id: u64) -> Answer {
    Value::Id(id).into()
}

/// What both types keep alike.
fn same(claim: &View<'_, Cms1500>) -> impl Iterator<Item = (Slot, Answer)> {
    let slots = [
        (Claim::accept_assignment.slot, Cms1500::accept_assignment.slot),
        (Claim::additional_claim_information.slot, Cms1500::nineteen_reserved.slot),
        (Claim::amount_paid.slot, Cms1500::amount_paid.slot),
        (Claim::claim_codes.slot, Cms1500::tend_reserved.slot),
        (Claim::client_sig_on_file.slot, Cms1500::client_sig_on_file.slot),
        (Claim::include_referrer_information.slot, Cms1500::include_referrer_information.slot),
        (Claim::insured_sig_on_file.slot, Cms1500::insured_sig_on_file.slot),
        (Claim::original_reference_number.slot, Cms1500::orig_ref_number.slot),
        (Claim::patient_account_num.slot, Cms1500::patient_account_num.slot),
        (Claim::resubmission_code.slot, Cms1500::resubmission_code.slot),
        (Claim::use_indiv_npi.slot, Cms1500::use_indiv_npi.slot),
    ];
    slots.map(|(shown, kept)| (shown, Answer::from(claim.value(kept).clone()))).into_iter()
}

pub fn referral<'s>(claim: &View<'s, Cms1500>) -> Option<View<'s, ReferralInfo>> {
    claim.on.having(ReferralInfo::cms1500_id, claim.id()).last()
}

fn patient_of(patient: &View<'_, User>) -> Answer {
    let text = |field: Slot| Answer::from(patient.value(field).clone());
    Answer::Object(
        ClaimPatient::TYPE,
        vec![
            (ClaimPatient::id.slot, id(patient.id())),
            (ClaimPatient::first_name.slot, text(User::first_name.slot)),
            (ClaimPatient::last_name.slot, text(User::last_name.slot)),
            (ClaimPatient::full_name.slot, Value::from(people::full_name(patient)).into()),
            (ClaimPatient::dob.slot, text(User::dob.slot)),
            (ClaimPatient::sex.slot, text(User::sex.slot)),
        ],
    )
}

fn provider_of(provider: &View<'_, User>) -> Answer {
    let text = |field: Slot| Answer::from(provider.value(field).clone());
    Answer::Object(
        ClaimProvider::TYPE,
        vec![
            (ClaimProvider::id.slot, id(provider.id())),
            (ClaimProvider::first_name.slot, text(User::first_name.slot)),
            (ClaimProvider::last_name.slot, text(User::last_name.slot)),
            (ClaimProvider::full_legal_name.slot, Value::from(people::full_name(provider)).into()),
            (ClaimProvider::npi.slot, text(User::npi.slot)),
            (ClaimProvider::qualifications.slot, text(User::qualifications.slot)),
        ],
    )
}

fn policy_of(policy: &View<'_, Policy>) -> Answer {
    let text = |field: Slot| Answer::from(policy.value(field).clone());
    let plan = policy.follow::<InsurancePlan, _>(Policy::insurance_plan_id).map_or(Answer::NULL, |plan| {
        let values = vec![
            (ClaimInsurancePlan::id.slot, id(plan.id())),
            (ClaimInsurancePlan::payer_name.slot, plan.value(InsurancePlan::payer_name.slot).clone().into()),
            (ClaimInsurancePlan::payer_id.slot, plan.value(InsurancePlan::payer_id.slot).clone().into()),
        ];
        Answer::Object(ClaimInsurancePlan::TYPE, values)
    });
    let priority = policy.get(Policy::priority_type).map(str::to_uppercase).map_or(Value::Null, Value::from);
    Answer::Object(
        ClaimPolicy::TYPE,
        vec![
            (ClaimPolicy::id.slot, id(policy.id())),
            (ClaimPolicy::member_id.slot, text(Policy::num.slot)),
            (ClaimPolicy::group_number.slot, text(Policy::group_num.slot)),
            (ClaimPolicy::name.slot, text(Policy::name.slot)),
            (ClaimPolicy::type_string.slot, text(Policy::type_string.slot)),
            (ClaimPolicy::priority_type.slot, priority.into()),
            (ClaimPolicy::insurance_plan.slot, plan),
        ],
    )
}

fn line_of(line: &View<'_, CptCodesCms1500>) -> Answer {
    let value = |field: Slot| Answer::from(line.value(field).clone());
    let code = line.follow::<CptCode, _>(CptCodesCms1500::cpt_code_id).map_or(Answer::NULL, |code| {
        let text = |field: Slot| Answer::from(code.value(field).clone());
        let values = vec![
            (ClaimCptCode::id.slot, id(code.id())),
            (ClaimCptCode::code.slot, text(CptCode::code.slot)),
            (ClaimCptCode::description.slot, text(CptCode::description.slot)),
        ];
        Answer::Object(ClaimCptCode::TYPE, values)
    });
    let mut values = vec![(ClaimServiceLine::id.slot, id(line.id())), (ClaimServiceLine::cpt_code.slot, code)];
    let alike = [
        (ClaimServiceLine::fee.slot, CptCodesCms1500::fee.slot),
        (ClaimServiceLine::units.slot, CptCodesCms1500::units.slot),
        (ClaimServiceLine::service_date.slot, CptCodesCms1500::service_date.slot),
        (ClaimServiceLine::service_end_date.slot, CptCodesCms1500::service_end_date.slot),
        (ClaimServiceLine::mod1.slot, CptCodesCms1500::mod1.slot),
        (ClaimServiceLine::mod2.slot, CptCodesCms1500::mod2.slot),
        (ClaimServiceLine::mod3.slot, CptCodesCms1500::mod3.slot),
        (ClaimServiceLine::mod4.slot, CptCodesCms1500::mod4.slot),
    ];
    values.extend(alike.map(|(shown, kept)| (shown, value(kept))));
    Answer::Object(ClaimServiceLine::TYPE, values)
}

fn diagnosis_of(row: &View<'_, IcdCodesCms1500>) -> Answer {
    let code = row.follow::<IcdCode, _>(IcdCodesCms1500::icd_code_id).map_or(Answer::NULL, |code| {
        let values = vec![
            (ClaimIcdCode::id.slot, id(code.id())),
            (ClaimIcdCode::code.slot, code.value(IcdCode::code.slot).clone().into()),
            (ClaimIcdCode::description.slot, code.value(IcdCode::description.slot).clone().into()),
        ];
        Answer::Object(ClaimIcdCode::TYPE, values)
    });
    let active = Answer::from(row.value(IcdCodesCms1500::active.slot).clone());
    Answer::Object(
        ClaimDiagnosis::TYPE,
        vec![(ClaimDiagnosis::id.slot, id(row.id())), (ClaimDiagnosis::active.slot, active), (ClaimDiagnosis::icd_code.slot, code)],
    )
}

/// Documented: from the primary claim's remittance, unless it is overridden.
fn coordination(claim: &View<'_, Cms1500>, primary: &View<'_, Cms1500>) -> Answer {
    let era = eras(primary).last();
    let policy = cms1500::policies(primary).next();
    let plan = policy.as_ref().and_then(|policy| policy.follow::<InsurancePlan, _>(Policy::insurance_plan_id));
    let of_policy = |field: Field<Policy, crate::schema::Text>| {
        Answer::from(policy.as_ref().map_or(Value::Null, |policy| policy.value(field.slot).clone()))
    };
    let of_plan = |slot: Slot| Answer::from(plan.as_ref().map_or(Value::Null, |plan| plan.value(slot).clone()));
    let own = |slot: Slot, otherwise: Value| if claim.value(slot).is_null() { otherwise } else { claim.value(slot).clone() };
    let paid = primary.get(Cms1500::amount_reimbursed).and_then(crate::domain::payments::money::cents);
    let paid = paid.map_or(Value::Null, |cents| Value::Float(cents as f64 / 100.0));
    let adjudicated = era.map_or(Value::Null, |era| era.value(Era::paid_date.slot).clone());
    let lines: Vec<_> = cms1500::lines(claim).collect();
    let overridden = !claim.value(Cms1500::primary_paid_amount.slot).is_null()
        || !claim.value(Cms1500::primary_adjudication_date.slot).is_null()
        || lines.iter().any(|line| is_overridden(line));
    Answer::Object(
        Cob::TYPE,
        vec![
            (Cob::has_manual_overrides.slot, Value::Bool(overridden).into()),
            (Cob::other_ins_first_name.slot, of_policy(Policy::holder_first)),
            (Cob::other_ins_last_name.slot, of_policy(Policy::holder_last)),
            (Cob::other_ins_group_num.slot, of_policy(Policy::group_num)),
            (Cob::other_ins_member_id.slot, of_policy(Policy::num)),
            (Cob::other_ins_relationship.slot, of_policy(Policy::holder_relationship)),
            (Cob::other_payer_name.slot, of_plan(InsurancePlan::payer_name.slot)),
            (Cob::other_payer_id.slot, of_plan(InsurancePlan::payer_id.slot)),
            (Cob::primary_paid_amount.slot, own(Cms1500::primary_paid_amount.slot, paid).into()),
            (Cob::primary_adjudication_date.slot, own(Cms1500::primary_adjudication_date.slot, adjudicated).into()),
            (Cob::service_line_adjustments.slot, Answer::List(lines.iter().map(adjusted).collect())),
        ],
    )
}

fn is_overridden(line: &Row<CptCodesCms1500>) -> bool {
    let slots =
        [CptCodesCms1500::line_paid_amount.slot, CptCodesCms1500::line_adjudication_date.slot, CptCodesCms1500::cob_adjustments.slot];
    slots.into_iter().any(|slot| !line.value(slot).is_null())
}

fn adjusted(line: &View<'_, CptCodesCms1500>) -> Answer {
    let code = line.follow::<CptCode, _>(CptCodesCms1500::cpt_code_id);
    let kept: Vec<serde_json::Value> =
        line.get(CptCodesCms1500::cob_adjustments).and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default();
    let adjustment = |kept: &serde_json::Value| {
        let text = |name: &str| kept[name].as_str().map_or(Value::Null, Value::from);
        let values = vec![
            (CobAdjustment::adjustment_group.slot, text("adjustment_group").into()),
            (CobAdjustment::reason_code.slot, text("reason_code").into()),
            (CobAdjustment::amount.slot, kept["amount"].as_f64().map_or(Value::Null, Value::Float).into()),
        ];
        Answer::Object(CobAdjustment::TYPE, values)
    };
    let value = |slot: Slot| Answer::from(line.value(slot).clone());
    Answer::Object(
        CobServiceLineAdjustment::TYPE,
        vec![
            (CobServiceLineAdjustment::cpt_code.slot, code.map_or(Answer::NULL, |code| code.value(CptCode::code.slot).clone().into())),
            (CobServiceLineAdjustment::has_manual_override.slot, Value::Bool(is_overridden(line)).into()),
            (CobServiceLineAdjustment::line_paid_amount.slot, value(CptCodesCms1500::line_paid_amount.slot)),
            (CobServiceLineAdjustment::line_adjudication_date.slot, value(CptCodesCms1500::line_adjudication_date.slot)),
            (CobServiceLineAdjustment::service_date.slot, value(CptCodesCms1500::service_date.slot)),
            (CobServiceLineAdjustment::adjustments.slot, Answer::List(kept.iter().map(adjustment).collect())),
        ],
    )
}

pub fn eras<'s>(claim: &View<'s, Cms1500>) -> impl Iterator<Item = View<'s, Era>> {
    claim.on.having(Era::cms1500_id, claim.id())
}

/// Where secondary claims go. Documented.
pub const DESTINATION: &str = connection::CLAIM_MD;
