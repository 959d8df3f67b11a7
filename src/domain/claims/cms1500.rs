//! What a claim is, and the list of claims.

use super::{line_payment, permission, status};
use crate::domain::payments::money;
use crate::engine::{Answer, Entity, Input, List, QueryError, Reading, Row, Value, View};
use crate::schema::Named;
use crate::schema::names::{
    ClaimSubmission, Cms1500, Cms1500Policy, CptCode, CptCodesCms1500, IcdCode, IcdCodesCms1500, InsurancePlan, LinePayment, LineWriteOff,
    OrganizationMembership, Policy, User, args,
};

pub fn entity() -> Entity<Cms1500> {
    let entity = Entity::usual()
        .requires(Cms1500::patient_id)
        .defaults(Cms1500::client_responsibility_removed, false)
        .defaults(Cms1500::use_indiv_npi, false)
        .defaults(Cms1500::include_referrer_information, false)
        .defaults(Cms1500::updated_by_sftp, false)
        .indexed(Cms1500::appointment_id)
        .indexed(Cms1500::primary_claim_id)
        .visible(is_visible)
        .ruled(Cms1500::eras)
        .refers(Cms1500::rendering_provider, Cms1500::dietitian_id)
        .refers(Cms1500::org_info, Cms1500::organization_info_id)
        .refers(Cms1500::rendering_provider_other_id_object, Cms1500::rendering_provider_other_id)
        .answers(Cms1500::status, |claim| status::shown(claim).into())
        .answers_to(Cms1500::cms1500_policies, args::Cms1500_cms1500_policies, |claim, asked| {
            let mut rows: Vec<_> = claim.on.having(Cms1500Policy::cms1500_id, claim.id()).collect();
            if asked.is(args::Cms1500_cms1500_policies::only_with_assigned_policies) {
                rows.retain(|row| row.get(Cms1500Policy::policy_id).is_some());
            }
            Answer::List(rows.into_iter().map(Answer::from).collect())
        })
        .collects(Cms1500::cms1500_policies, Cms1500Policy::cms1500_id)
        .answers(Cms1500::estimated_cpt_fees_for_user, |claim| Answer::List(lines(claim).map(Answer::from).collect()));
    // Assumed: one event for one change, and this one has an event of its own.
    submissions(amounts(entity)).announces_when("cms1500", |changed| !line_payment::is_reimbursed(changed))
}

fn is_visible(claim: &View<'_, Cms1500>) -> bool {
    let viewer = claim.on.viewer();
    let sees_patient = || claim.follow::<User, _>(Cms1500::patient_id).is_none_or(|patient| claim.on.may_see(User::TYPE, patient.record()));
    viewer.reaches(claim.organization()) && viewer.may(OrganizationMembership::can_view_cms1500s) && sees_patient()
}

fn amounts(entity: Entity<Cms1500>) -> Entity<Cms1500> {
    entity
        .computed(Cms1500::total_charge, |claim| Some(money::show(total_cents(claim))))
        .computed(Cms1500::client_responsibility, |claim| Some(money::show(client_owes_cents(claim))))
        .computed(Cms1500::cpt_code_names, |claim| {
            let codes = lines(claim).filter_map(|line| line.follow::<CptCode, _>(CptCodesCms1500::cpt_code_id));
            Some(codes.filter_map(|code| code.get(CptCode::code).map(str::to_owned)).collect::<Vec<_>>().join(", "))
        })
        .answers(Cms1500::date_of_service, |claim| first_day(claim).unwrap_or_default().into())
        .computed(Cms1500::primary_plan_name, primary_plan_name)
        .answers(Cms1500::reimbursement_tracking, |claim| {
            let by_line = lines(claim).any(|line| {
                line.on.count_having(LinePayment::cpt_codes_cms1500_id, line.id()) > 0
                    || line.on.count_having(LineWriteOff::cpt_codes_cms1500_id, line.id()) > 0
            });
            Value::from(if by_line { "LINE_PAYMENT" } else { "LEGACY" }).into()
        })
}

/// Documented: what was submitted is for administrators to see, whether anything was for all.
fn submissions(entity: Entity<Cms1500>) -> Entity<Cms1500> {
    entity
        .answers(Cms1500::claim_submissions, |claim| match claim.on.viewer().is_admin() {
            true => Answer::List(submissions_of(claim.on, claim.id()).map(Answer::from).collect()),
            false => Answer::List(vec![]),
        })
        .computed(Cms1500::has_been_submitted, |claim| Some(submissions_of(claim.on, claim.id()).next().is_some()))
        .answers(Cms1500::claim_md_rejection_messages_info, |claim| {
            let last = submissions_of(claim.on, claim.id()).max_by_key(|one| one.id());
            let why = match last.as_ref().map(|one| one.get(ClaimSubmission::integration)) {
                None => "NO_RECENT_CLAIM_SUBMISSION",
                Some(Some("claim_md")) => "NO_REJECTION_MESSAGES",
                Some(_) => "NOT_A_CLAIM_MD_CLAIM",
            };
            Value::from(why).into()
        })
}

pub fn submissions_of(on: Reading<'_>, claim: u64) -> impl Iterator<Item = View<'_, ClaimSubmission>> {
    on.having(ClaimSubmission::cms1500_id, claim)
}

pub fn lines<'s>(claim: &View<'s, Cms1500>) -> impl Iterator<Item = View<'s, CptCodesCms1500>> {
    claim.on.having(CptCodesCms1500::cms1500_id, claim.id())
}

/// Documented: units times fee, of all lines.
pub fn total_cents(claim: &View<'_, Cms1500>) -> i64 {
    lines(claim).map(|line| line_cents(&line)).sum()
}

/// Assumed: without units it is one.
pub fn line_cents(line: &Row<CptCodesCms1500>) -> i64 {
    money::of(line.get(CptCodesCms1500::fee)).saturating_mul(line.get(CptCodesCms1500::units).unwrap_or(1))
}

/// Assumed, since nothing says how: what is neither discounted nor paid, and nothing where the provider says so.
fn client_owes_cents(claim: &View<'_, Cms1500>) -> i64 {
    if claim.is(Cms1500::client_responsibility_removed) {
        return 0;
    }
    let settled = [Cms1500::adjustment, Cms1500::amount_reimbursed, Cms1500::amount_paid].map(|field| money::of(claim.get(field)));
    (total_cents(claim) - settled.into_iter().sum::<i64>()).max(0)
}

/// Assumed: of several days the first.
fn first_day(claim: &View<'_, Cms1500>) -> Option<Value> {
    let days = lines(claim).filter(|line| line.get(CptCodesCms1500::service_date).is_some());
    let first = days.min_by_key(|line| line.get(CptCodesCms1500::service_date))?;
    Some(first.value(CptCodesCms1500::service_date.slot).clone())
}

fn primary_plan_name(claim: &View<'_, Cms1500>) -> Option<String> {
    let policies: Vec<_> = policies(claim).collect();
    let primary = policies.iter().find(|policy| policy.get(Policy::priority_type) == Some("primary")).or(policies.first())?;
    primary.follow::<InsurancePlan, _>(Policy::insurance_plan_id)?.get(InsurancePlan::payer_name).map(str::to_owned)
}

pub fn policies<'s>(claim: &View<'s, Cms1500>) -> impl Iterator<Item = View<'s, Policy>> {
    claim.on.having(Cms1500Policy::cms1500_id, claim.id()).filter_map(|row| row.follow::<Policy, _>(Cms1500Policy::policy_id))
}

pub fn policy_entity() -> Entity<Cms1500Policy> {
    Entity::usual().indexed(Cms1500Policy::cms1500_id)
}

pub fn cpt_entity() -> Entity<CptCodesCms1500> {
    Entity::usual()
        .requires(CptCodesCms1500::cpt_code_id)
        .indexed(CptCodesCms1500::cms1500_id)
        .indexed(CptCodesCms1500::cpt_code_id)
        .refuses(|line| super::refuse_other_than_amount("fee", line.get(CptCodesCms1500::fee)))
        .computed(CptCodesCms1500::total_line_item_fee, |line| Some(money::show(line_cents(line))))
        .answers_to(CptCodesCms1500::line_payments, args::CptCodesCms1500_line_payments, |line, asked| {
            let voided = asked.is(args::CptCodesCms1500_line_payments::include_voided);
            let all = line.on.having(LinePayment::cpt_codes_cms1500_id, line.id());
            Answer::List(all.filter(|one| voided || one.get(LinePayment::voided_at).is_none()).map(Answer::from).collect())
        })
        .answers_to(CptCodesCms1500::line_write_offs, args::CptCodesCms1500_line_write_offs, |line, asked| {
            let voided = asked.is(args::CptCodesCms1500_line_write_offs::include_voided);
            let all = line.on.having(LineWriteOff::cpt_codes_cms1500_id, line.id());
            Answer::List(all.filter(|one| voided || one.get(LineWriteOff::voided_at).is_none()).map(Answer::from).collect())
        })
}

pub fn icd_entity() -> Entity<IcdCodesCms1500> {
    Entity::usual()
        .requires(IcdCodesCms1500::icd_code_id)
        .indexed(IcdCodesCms1500::cms1500_id)
        .defaults(IcdCodesCms1500::active, true)
        .computed(IcdCodesCms1500::display_name, |row| {
            let code = row.follow::<IcdCode, _>(IcdCodesCms1500::icd_code_id)?;
            Some(crate::domain::codes::label_of(code.get(IcdCode::code), code.get(IcdCode::description)))
        })
}

/// Documented: members without the flag are told so.
pub fn cms1500(on: Reading<'_>, asked: &Input<'_, args::cms1500>) -> Result<Answer, QueryError> {
    if let Some(text) = permission::denied_claims(on) {
        return Err(QueryError(text.to_owned()));
    }
    Ok(asked.get(args::cms1500::id).ok().flatten().and_then(|id| on.find::<Cms1500>(id)).into())
}

pub fn cms1500s() -> List<Cms1500, args::cms1500s> {
    type Asked = args::cms1500s;
    List::new()
        .denied(permission::denied_claims)
        .page_size(20)
        .default_order("CREATED_AT_DESC")
        .filter_eq(Asked::client_id, Cms1500::patient_id)
        .filter_eq(Asked::provider_id, Cms1500::dietitian_id)
        .filter_eq(Asked::appointment_id, Cms1500::appointment_id)
        .filter(Asked::status, |claim, wanted| status::is(claim, wanted))
        .filter(Asked::keywords, |claim, words| matches(claim, words))
        .order_by("STATUS", |claim| Value::text(status::words(claim)))
        .order_by("PRIMARY_PLAN_NAME", |claim| primary_plan_name(claim).map_or(Value::Null, |name| Value::from(name.to_lowercase())))
        .order_by("PATIENT_LAST_NAME", patient_name)
        .order_by("PATIENT_NAME", patient_name)
        .order_by("SERVICE_DATE", |claim| first_day(claim).unwrap_or_default())
        .order("CREATED_DATE", &[Cms1500::created_at.slot])
}

fn patient_name(claim: &View<'_, Cms1500>) -> Value {
    let patient = claim.follow::<User, _>(Cms1500::patient_id);
    patient.map_or(Value::Null, |patient| patient.value(User::sort_name.slot).clone())
}

/// Documented: in the status, the names of patient and provider, and the payers' names and ids.
fn matches(claim: &View<'_, Cms1500>, words: &str) -> bool {
    let people = [Cms1500::patient_id, Cms1500::dietitian_id].map(|person| claim.follow::<User, _>(person));
    let mut texts = vec![status::words(claim).to_lowercase()];
    texts.extend(people.into_iter().flatten().map(|person| crate::domain::people::full_name(&person).to_lowercase()));
    let plans = policies(claim).filter_map(|policy| policy.follow::<InsurancePlan, _>(Policy::insurance_plan_id));
    for plan in plans {
        texts.extend([InsurancePlan::payer_name, InsurancePlan::payer_id].map(|field| plan.get(field).unwrap_or_default().to_lowercase()));
    }
    words.to_lowercase().split_whitespace().all(|word| texts.iter().any(|text| text.contains(word)))
}

#[cfg(test)]
mod tests {
    use crate::schema::Version;
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_claim_adds_up() {
        let clinic = Clinic::open();
        let id = clinic.id("Cms1500", "patient_paid");
        let document = format!(
            r#"{{ cms1500(id: "{id}") {{ status total_charge client_responsibility cpt_code_names date_of_service primary_plan_name has_been_submitted
                claim_md_rejection_messages_info reimbursement_tracking patient {{ last_name }} rendering_provider {{ last_name }}
                icd_codes_cms1500s {{ display_name }} cms1500_policies {{ policy {{ num }} }} eras {{ nodes {{ payer_name }} }}
                cpt_codes_cms1500s {{ units total_line_item_fee service_date line_payments {{ paid_amount }} }} }} }}"#
        );
        let claim = clinic.run(&document)["data"]["cms1500"].clone();
        assert_eq!(
            claim,
            json!({
                "status": "Partially Paid", "total_charge": "180.00", "client_responsibility": "58.50", "cpt_code_names": "97802",
                "date_of_service": "2026-01-15", "primary_plan_name": "Aetna", "has_been_submitted": true,
                "claim_md_rejection_messages_info": "NO_REJECTION_MESSAGES", "reimbursement_tracking": "LINE_PAYMENT",
                "patient": {"last_name": "Thornton"}, "rendering_provider": {"last_name": "Raman"},
                "icd_codes_cms1500s": [{"display_name": "E11.9: Type 2 diabetes mellitus without complications"}],
                "cms1500_policies": [{"policy": {"num": "W123456789"}}], "eras": {"nodes": [{"payer_name": "Aetna"}]},
                "cpt_codes_cms1500s": [{"units": "4", "total_line_item_fee": "180.00", "service_date": "2026-01-15",
                    "line_payments": [{"paid_amount": 96.5}]}]
            })
        );
        let newer = clinic.in_version(Version::V2026_01_01).run(&document);
        assert_eq!(
            (&newer["data"]["cms1500"]["status"], &newer["data"]["cms1500"]["cpt_codes_cms1500s"][0]["units"]),
            (&json!("PARTIALLY_PAID"), &json!(4))
        );
    }

    #[test]
    fn claims_are_filtered_in_words_and_in_values() {
        let clinic = Clinic::open();
        let answer = clinic.run(
            r#"{ cms1500s(status: "Partially Paid") { status } cms1500sCount(status: "Partially Paid") byName: cms1500s(keywords: "thornton aetna") { status } }"#,
        );
        let paid = json!([{"status": "Partially Paid"}]);
        assert_eq!(answer["data"], json!({"cms1500s": paid, "cms1500sCount": 1, "byName": paid}));
        let newer = clinic.in_version(Version::V2026_01_01).run("{ cms1500s(status: PARTIALLY_PAID) { nodes { status } } }");
        assert_eq!(newer["data"]["cms1500s"]["nodes"], json!([{"status": "PARTIALLY_PAID"}]));
    }

    #[test]
    fn members_without_the_flag_are_told_so() {
        let clinic = Clinic::open();
        let id = clinic.id("Cms1500", "patient_paid");
        let document = format!(r#"{{ cms1500(id: "{id}") {{ id }} cms1500s {{ id }} }}"#);
        let told = clinic.as_role("limited").run(&document);
        assert_eq!(told["errors"].as_array().map(Vec::len), Some(2));
        assert_eq!(told["errors"][0]["message"], super::permission::DENIED);
        assert_eq!(clinic.as_role("patient").run(&document), json!({"data": {"cms1500": null, "cms1500s": []}}));
        clinic.as_role("limited").refuses(&format!(r#"deleteCms1500(input: {{id: "{id}"}})"#), &[("base", super::permission::DENIED)]);
    }
}
