//! What insurers paid for a claim's lines, and what was written off: entered one by one, voided, never changed.

use super::permission;
use crate::domain::payments::money;
use crate::engine::{Call, Changed, Entity, Reading, Refusal, Row, Value, View};
use crate::schema::names::{Cms1500, CptCodesCms1500, LinePayment, LinePaymentAdjustment, LineWriteOff, OrganizationMembership};
use crate::schema::{Field, Id, Instant, Named};

pub fn payment_entity() -> Entity<LinePayment> {
    Entity::usual()
        .about_nobody()
        .visible(is_visible)
        .indexed(LinePayment::cpt_codes_cms1500_id)
        .requires(LinePayment::cpt_codes_cms1500_id)
        .collects(LinePayment::line_payment_adjustments, LinePaymentAdjustment::line_payment_id)
}

pub fn adjustment_entity() -> Entity<LinePaymentAdjustment> {
    Entity::usual().about_nobody().visible(is_visible).indexed(LinePaymentAdjustment::line_payment_id)
}

pub fn write_off_entity() -> Entity<LineWriteOff> {
    Entity::usual()
        .about_nobody()
        .visible(is_visible)
        .indexed(LineWriteOff::cpt_codes_cms1500_id)
        .requires(LineWriteOff::cpt_codes_cms1500_id)
}

fn is_visible<T: Named>(row: &View<'_, T>) -> bool {
    let viewer = row.on.viewer();
    viewer.reaches(row.organization()) && viewer.may(OrganizationMembership::can_view_cms1500s)
}

/// The line that an input names, and the claim that it is on.
pub fn line<I: Named>(call: &Call<'_, I>, field: Field<I, Id>) -> Result<(Row<CptCodesCms1500>, Row<Cms1500>), Refusal> {
    permission::refuse_claims(call)?;
    let line = call.target::<CptCodesCms1500, _>(field)?;
    let claim = line.get(CptCodesCms1500::cms1500_id).and_then(|id| call.find::<Cms1500>(id));
    let claim = claim.ok_or_else(|| Refusal::not_found(field.name(), "CptCodesCms1500"))?;
    Ok((line, claim))
}

/// Assumed: no amount is below zero. The text is Rails' own.
pub fn refuse_negative(field: &'static str, amount: Option<f64>) -> Result<(), Refusal> {
    match amount {
        Some(amount) if amount < 0.0 => Err(Refusal::named(field, "must be greater than or equal to 0")),
        _ => Ok(()),
    }
}

/// What an entry of a line means to the claim's amounts, in cents.
#[derive(Clone, Copy)]
pub struct Settled {
    pub paid: i64,
    pub written_off: i64,
}

impl Settled {
    /// Assumed: an adjustment takes from what is owed, but for what it leaves to the patient (`PR`).
    pub fn by_payment(on: Reading<'_>, payment: &Row<LinePayment>) -> Self {
        let adjustments = on.having(LinePaymentAdjustment::line_payment_id, payment.id());
        let theirs = adjustments.filter(|one| one.get(LinePaymentAdjustment::adjustment_group) != Some("PR"));
        let written_off = theirs.map(|one| cents(one.get(LinePaymentAdjustment::amount))).fold(0, i64::saturating_add);
        Self { paid: cents(payment.get(LinePayment::paid_amount)), written_off }
    }

    pub fn by_write_off(write_off: &Row<LineWriteOff>) -> Self {
        Self { paid: 0, written_off: cents(write_off.get(LineWriteOff::amount)) }
    }

    pub fn voided(self) -> Self {
        Self { paid: self.paid.saturating_neg(), written_off: self.written_off.saturating_neg() }
    }
}

/// No amount that anybody pays is above a trillion dollars.
fn cents(amount: Option<f64>) -> i64 {
    amount.map_or(0, |dollars| money::from_dollars(dollars.clamp(-1e12, 1e12)))
}

/// Documented: what changes about a claim's lines is news about the claim. Assumed: its `amount_reimbursed` and `adjustment` follow,
/// and are what the news calls changed.
pub fn settle<I: Named>(call: &mut Call<'_, I>, claim: &Row<Cms1500>, settled: Settled) {
    let times = claim.get(Cms1500::reimbursements).unwrap_or(0) + 1;
    let mut draft = call.change(claim).set(Cms1500::reimbursements, times);
    for (field, by) in [(Cms1500::amount_reimbursed, settled.paid), (Cms1500::adjustment, settled.written_off)] {
        if by != 0 {
            draft.put(field, money::show(money::of(claim.get(field)).saturating_add(by).clamp(-i64::MAX, i64::MAX)));
        }
    }
    draft.save(call);
}

/// What `cms1500.reimbursement_updated` is about.
pub fn is_reimbursed(changed: &Changed<Cms1500>) -> bool {
    let times = |row: &Option<Row<Cms1500>>| row.as_ref().and_then(|row| row.get(Cms1500::reimbursements));
    changed.after.is_some() && times(&changed.before) != times(&changed.after) && changed.before.is_some()
}

/// Assumed: once is enough.
pub fn void<I: Named, T: Named>(
    call: &mut Call<'_, I>,
    row: &Row<T>,
    voided_at: Field<T, Instant>,
    line: Option<u64>,
    settled: Settled,
) -> Result<Row<T>, Refusal> {
    if row.get(voided_at).is_some() {
        return Err(Refusal::base("has already been voided"));
    }
    let now = Value::Instant(call.now().as_microsecond());
    let mut draft = call.change(row);
    draft.set_value(voided_at.slot, now);
    let voided = draft.save(call);
    let line = line.and_then(|line| call.find_any::<CptCodesCms1500>(line));
    let claim = line.and_then(|line| call.find_any::<Cms1500>(line.get(CptCodesCms1500::cms1500_id)?));
    if let Some(claim) = claim {
        settle(call, &claim, settled.voided());
    }
    Ok(voided)
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_line_is_paid_and_the_payment_voided() {
        let clinic = Clinic::open();
        let [line, claim] = [clinic.id("CptCodesCms1500", "patient2_hour"), clinic.id("Cms1500", "patient2_sent")];
        let made = clinic.run(&format!(
            r#"mutation {{ createLinePayment(input: {{cpt_codes_cms1500_id: "{line}", payer_responsibility: PRIMARY, paid_amount: 110, adjudication_date: "2026-02-28",
                adjustments: [{{adjustment_group: CO, reason_code: "45", amount: 32.5}}]}}) {{
                line_payment {{ id source paid_amount line_payment_adjustments {{ adjustment_group reason_code amount }} voided_at }} messages {{ message }} }} }}"#
        ));
        let payment = &made["data"]["createLinePayment"]["line_payment"];
        let id = payment["id"].as_str().unwrap_or_else(|| panic!("made: {made}"));
        assert_eq!(
            *payment,
            json!({"id": id, "source": "MANUAL", "paid_amount": 110.0, "voided_at": null,
                "line_payment_adjustments": [{"adjustment_group": "CO", "reason_code": "45", "amount": 32.5}]})
        );
        assert_eq!(clinic.events(), ["cms1500.reimbursement_updated"]);
        let told = clinic.world.commits(|commits| commits.iter().next_back().map(|commit| commit.events.to_vec()));
        let told: Vec<_> = told.into_iter().flatten().map(|event| (event.def.name(), event.changed_fields)).collect();
        assert_eq!(told, [("cms1500.reimbursement_updated", vec!["adjustment".into(), "amount_reimbursed".into()])]);
        let amounts =
            || clinic.run(&format!(r#"{{ cms1500(id: "{claim}") {{ amount_reimbursed adjustment }} }}"#))["data"]["cms1500"].clone();
        assert_eq!(amounts(), json!({"amount_reimbursed": "110.00", "adjustment": "32.50"}));
        let void = format!(r#"voidLinePayment(input: {{id: "{id}"}})"#);
        clinic.run(&format!("mutation {{ {void} {{ line_payment {{ voided_at }} }} }}"));
        assert_eq!(clinic.events(), ["cms1500.reimbursement_updated"]);
        clinic.refuses(&void, &[("base", "has already been voided")]);
        assert_eq!(amounts(), json!({"amount_reimbursed": "0.00", "adjustment": "0.00"}));
        let read = format!(
            r#"{{ cms1500(id: "{claim}") {{ cpt_codes_cms1500s {{ line_payments {{ id }} all: line_payments(include_voided: true) {{ id }} }} }} }}"#
        );
        assert_eq!(clinic.run(&read)["data"]["cms1500"]["cpt_codes_cms1500s"], json!([{"line_payments": [], "all": [{"id": id}]}]));
    }

    #[test]
    fn a_line_is_written_off() {
        let clinic = Clinic::open();
        let line = clinic.id("CptCodesCms1500", "patient2_hour");
        let made = clinic.run(&format!(
            r#"mutation {{ createLineWriteOff(input: {{cpt_codes_cms1500_id: "{line}", reason: TIMELY_FILING, amount: 12}}) {{
                line_write_off {{ id amount reason source }} messages {{ message }} }} }}"#
        ));
        let id = made["data"]["createLineWriteOff"]["line_write_off"]["id"].as_str().expect("made");
        clinic.run(&format!(r#"mutation {{ voidLineWriteOff(input: {{id: "{id}"}}) {{ line_write_off {{ id }} }} }}"#));
        assert_eq!(clinic.events(), ["cms1500.reimbursement_updated", "cms1500.reimbursement_updated"]);
        clinic.refuses(
            &format!(r#"createLineWriteOff(input: {{cpt_codes_cms1500_id: "{line}", reason: OTHER, amount: -1}})"#),
            &[("amount", "must be greater than or equal to 0")],
        );
    }
}
