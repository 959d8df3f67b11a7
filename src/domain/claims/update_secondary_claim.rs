//! `updateSecondaryClaim`: says otherwise than the remittance what the primary payer paid.

use super::{claim, permission};
use crate::engine::{Call, Made, Nested, Refusal, Row, View};
use crate::schema::Named;
use crate::schema::names::{
    ClaimCobOverridesInput as Whole, ClaimLineCobOverridesInput as Line, Cms1500, CobAdjustmentInput as Adjustment, CptCodesCms1500,
    UpdateSecondaryClaimInput as Input, UpdateSecondaryClaimPayload as Payload,
};
use serde_json::json;

const LINES: &str = "claim_line_cob_overrides";

pub fn update_secondary_claim(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    permission::refuse_claims(call)?;
    let found = call.target::<Cms1500, _>(Input::id)?;
    secondary(&found).ok_or_else(|| Refusal::on(Input::id, "must be a secondary claim"))?;
    let mut draft = call.change(&found);
    if let Some(whole) = call.get(Input::claim_cob_overrides)? {
        if let Some(paid) = whole.get(Whole::primary_paid_amount) {
            draft.put(Cms1500::primary_paid_amount, paid);
        }
        if let Some(day) = whole.get(Whole::primary_adjudication_date) {
            draft.put(Cms1500::primary_adjudication_date, day);
        }
    }
    let saved = draft.save(call);
    for line in call.get(Input::claim_line_cob_overrides)?.unwrap_or_default() {
        override_line(call, &saved, &line)?;
    }
    let answer = claim::of(&View::new(call.on(), saved.record()));
    Ok(Made::nothing().also(Payload::claim, answer))
}

pub fn secondary(claim: &Row<Cms1500>) -> Option<u64> {
    claim.get(Cms1500::primary_claim_id)
}

/// Documented: what is left out stays, and a line has six adjustments at most.
fn override_line<I: Named>(call: &mut Call<'_, I>, claim: &Row<Cms1500>, input: &Nested<'_, Line>) -> Result<(), Refusal> {
    let line = input.get(Line::cpt_codes_cms1500_id).and_then(|id| call.find::<CptCodesCms1500>(id));
    let line = line.filter(|line| line.get(CptCodesCms1500::cms1500_id) == Some(claim.id()));
    let line = line.ok_or_else(|| Refusal::named(LINES, "CptCodesCms1500 not found"))?;
    let mut draft = call.change(&line);
    if let Some(paid) = input.get(Line::line_paid_amount) {
        draft.put(CptCodesCms1500::line_paid_amount, paid);
    }
    if let Some(day) = input.get(Line::line_adjudication_date) {
        draft.put(CptCodesCms1500::line_adjudication_date, day);
    }
    if let Some(adjustments) = input.get(Line::adjustments) {
        if adjustments.len() > 6 {
            return Err(Refusal::named(LINES, "can have 6 adjustments at most"));
        }
        let kept = adjustments.iter().map(|one| {
            json!({
                "adjustment_group": one.get(Adjustment::adjustment_group), "reason_code": one.get(Adjustment::reason_code),
                "amount": one.get(Adjustment::amount),
            })
        });
        draft.put(CptCodesCms1500::cob_adjustments, json!(kept.collect::<Vec<_>>()).to_string());
    }
    draft.save(call);
    Ok(())
}
