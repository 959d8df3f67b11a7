//! `submitSecondaryClaim`: secondary claims go to Claim.MD.

use super::{claim, connection, permission, submit, update_secondary_claim::secondary};
use crate::engine::{Answer, CANT_BE_BLANK, Call, Made, Refusal, Value, View};
use crate::schema::names::{Cms1500, SubmitSecondaryClaimInput as Input, SubmitSecondaryClaimPayload as Payload};

pub fn submit_secondary_claim(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    permission::refuse_claims(call)?;
    let claims = call.targets::<Cms1500>(Input::claim_ids)?;
    match () {
        () if claims.is_empty() => return Err(Refusal::on(Input::claim_ids, CANT_BE_BLANK)),
        () if claims.iter().any(|claim| secondary(claim).is_none()) => {
            return Err(Refusal::on(Input::claim_ids, "must be secondary claims"));
        }
        () => connection::refuse_unusable(call, claim::DESTINATION)?,
    }
    let sent: Vec<_> = claims.iter().map(|one| submit::submit_one(call, one, claim::DESTINATION)).collect();
    let shown = sent.iter().map(|one| claim::of(&View::new(call.on(), one.record()))).collect();
    let told = format!("{} claim{} submitted to ClaimMD", sent.len(), if sent.len() == 1 { "" } else { "s" });
    Ok(Made::nothing().also(Payload::claims, Answer::List(shown)).also(Payload::success_message, Value::from(told)))
}
