//! Sending claims to a clearing house: each gets a record of what was sent, and counts as sent.

use super::{connection, permission, snapshot};
use crate::engine::{Answer, CANT_BE_BLANK, Call, Made, Refusal, Row};
use crate::schema::names::{
    ClaimSubmission, Cms1500, Cms1500Status, uploadBatchToCandidHealthInput as Candid, uploadBatchToCandidHealthPayload as CandidPayload,
    uploadBatchToChangeHealthInput as Change, uploadBatchToOfficeallyInput as OfficeAlly,
    uploadBatchToOfficeallyPayload as OfficeAllyPayload, uploadToIntegrationsInput as Any, uploadToIntegrationsPayload as AnyPayload,
};
use crate::schema::{Field, Id, Many, Named};

/// `uploadBatchToOfficeally`
pub fn to_office_ally(call: &mut Call<'_, OfficeAlly>) -> Result<Made, Refusal> {
    let claims = claims(call, OfficeAlly::cms1500_ids)?;
    let (claims, told) = submit(call, &claims, connection::OFFICE_ALLY)?;
    Ok(Made::nothing().also(OfficeAllyPayload::cms1500s, claims).also(OfficeAllyPayload::success_string, told))
}

/// `uploadBatchToCandidHealth`
pub fn to_candid(call: &mut Call<'_, Candid>) -> Result<Made, Refusal> {
    let claims = claims(call, Candid::cms1500_ids)?;
    let (claims, told) = submit(call, &claims, connection::CANDID)?;
    Ok(Made::nothing().also(CandidPayload::cms1500s, claims).also(CandidPayload::success_string, told))
}

/// `uploadBatchToChangeHealth`. Documented: that service has ended.
pub fn to_change(call: &mut Call<'_, Change>) -> Result<Made, Refusal> {
    claims(call, Change::cms1500_ids)?;
    Err(Refusal::base("The integration with Change Healthcare has been discontinued"))
}

/// `uploadCms1500sToIntegrations`. Documented: one claim alone, where one is named. Assumed: without a destination it is the
/// only one that there is.
pub fn to_any(call: &mut Call<'_, Any>) -> Result<Made, Refusal> {
    let claims = match call.is_blank(Any::cms1500_id) {
        true => claims(call, Any::cms1500_ids)?,
        false => {
            permission::refuse_claims(call)?;
            call.accept(Any::cms1500_ids);
            vec![call.target::<Cms1500, _>(Any::cms1500_id)?]
        }
    };
    let destination = match call.get(Any::destination_integration)? {
        Some(destination) => destination.to_owned(),
        None => match connection::destinations(call.on())[..] {
            [only] => only.to_owned(),
            _ => return Err(Refusal::on(Any::destination_integration, CANT_BE_BLANK)),
        },
    };
    let (claims, told) = submit(call, &claims, &destination)?;
    Ok(Made::nothing().also(AnyPayload::cms1500s, claims).also(AnyPayload::success_message, told))
}

fn claims<I: Named>(call: &Call<'_, I>, field: Field<I, Many<Id>>) -> Result<Vec<Row<Cms1500>>, Refusal> {
    permission::refuse_claims(call)?;
    let claims = call.targets::<Cms1500>(field)?;
    if claims.is_empty() { Err(Refusal::on(field, CANT_BE_BLANK)) } else { Ok(claims) }
}

/// Assumed: the text. Whatever is sent is accepted; a rejection is for a test to make, by setting the status.
fn submit<I: Named>(call: &mut Call<'_, I>, claims: &[Row<Cms1500>], destination: &str) -> Result<(Answer, Answer), Refusal> {
    connection::refuse_unusable(call, destination)?;
    let sent: Vec<_> = claims.iter().map(|claim| submit_one(call, claim, destination)).collect();
    let told = format!("{} claim{} submitted", sent.len(), if sent.len() == 1 { "" } else { "s" });
    Ok((Answer::records(sent), Answer::from(crate::engine::Value::from(told))))
}

pub fn submit_one<I: Named>(call: &mut Call<'_, I>, claim: &Row<Cms1500>, destination: &str) -> Row<Cms1500> {
    let claim = call.change(claim).set(Cms1500::status, Cms1500Status::SENT).save(call);
    let data = snapshot::of(&crate::engine::View::new(call.on(), claim.record())).to_string();
    let mut submission = call.blank_draft::<ClaimSubmission>().belongs_to(claim.organization());
    submission.set_value(ClaimSubmission::integration.slot, crate::engine::Value::text(destination));
    let pcn = format!("HM{}", submission.id());
    let submission = submission.set(ClaimSubmission::cms1500_id, claim.id()).set(ClaimSubmission::pcn, pcn);
    submission.set(ClaimSubmission::claim_data, data.clone()).set(ClaimSubmission::integration_formatted_claim_data, data).save(call);
    claim
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_submitted_claim_counts_as_sent() {
        let clinic = Clinic::open();
        let id = clinic.id("Cms1500", "patient_draft");
        let answer = clinic.run(&format!(
            r#"mutation {{ uploadCms1500sToIntegrations(input: {{cms1500_id: "{id}", destination_integration: claim_md}}) {{
                success_message cms1500s {{ status has_been_submitted claim_submissions {{ integration pcn claim_data }} }} messages {{ message }} }} }}"#
        ));
        let payload = &answer["data"]["uploadCms1500sToIntegrations"];
        assert_eq!(payload["success_message"], "1 claim submitted");
        let claim = &payload["cms1500s"][0];
        assert_eq!((&claim["status"], &claim["has_been_submitted"]), (&json!("Sent"), &json!(true)));
        assert_eq!(claim["claim_submissions"][0]["integration"], "claim_md");
        assert_eq!(claim["claim_submissions"][0]["claim_data"]["patient"]["last_name"], "Thornton");
        assert_eq!(clinic.events(), ["cms1500.updated", "claim_submission.created"]);
        let read = format!(r#"{{ cms1500(id: "{id}") {{ has_been_submitted claim_submissions {{ id }} }} }}"#);
        assert_eq!(clinic.as_role("provider").run(&read)["data"]["cms1500"], json!({"has_been_submitted": true, "claim_submissions": []}));
    }

    #[test]
    fn a_claim_goes_where_the_organization_is_connected() {
        let clinic = Clinic::open();
        let id = clinic.id("Cms1500", "patient_draft");
        clinic.refuses(
            &format!(r#"uploadBatchToCandidHealth(input: {{cms1500_ids: ["{id}"]}})"#),
            &[("base", "is not connected to this integration")],
        );
        clinic.refuses("uploadBatchToOfficeally(input: {})", &[("cms1500_ids", "can't be blank")]);
        let sent = clinic.run(&format!(r#"mutation {{ uploadBatchToOfficeally(input: {{cms1500_ids: ["{id}"]}}) {{ success_string }} }}"#));
        assert_eq!(sent["data"]["uploadBatchToOfficeally"]["success_string"], "1 claim submitted");
        clinic.refuses(
            &format!(r#"uploadBatchToChangeHealth(input: {{cms1500_ids: ["{id}"]}})"#),
            &[("base", "The integration with Change Healthcare has been discontinued")],
        );
    }
}
