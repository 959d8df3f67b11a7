//! `createSentFax`: documents and notes are faxed to somebody, with a cover page.

use super::sent_fax::SETTLES_AFTER;
use crate::engine::{CANT_BE_BLANK, Call, Made, Refusal};
use crate::schema::names::{Document, FaxDietitianInput, FormAnswerGroup, SentFax, User, createSentFaxInput as Input};
use serde_json::json;

pub fn create_sent_fax(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    // Documented: who sends it has to be named.
    let sender = call.get(Input::dietitian)?.and_then(|sender| sender.get(FaxDietitianInput::id));
    let sender = sender.ok_or_else(|| Refusal::on(Input::dietitian, CANT_BE_BLANK))?;
    let sender = call.find::<User>(sender).ok_or_else(|| Refusal::not_found("dietitian", "User"))?.id();
    if !call.is_blank(Input::patient_id) {
        call.target::<User, _>(Input::patient_id)?;
    }
    let mut documents: Vec<u64> = call.targets::<Document>(Input::document_ids)?.iter().map(|document| document.id()).collect();
    if !call.is_blank(Input::document_id) {
        documents.push(call.target::<Document, _>(Input::document_id)?.id());
    }
    let notes: Vec<u64> = call.targets::<FormAnswerGroup>(Input::form_answer_group_ids)?.iter().map(|note| note.id()).collect();
    let cover = cover(call)?;
    let settles_at = call.now().saturating_add(SETTLES_AFTER).unwrap_or(call.now());
    let fax = call.draft::<SentFax>().set(SentFax::sender_id, sender).set(SentFax::document_ids, documents);
    let fax = fax.set(SentFax::parsed_form_answer_group_ids, notes).set(SentFax::cover, cover).set(SentFax::settles_at, settles_at);
    call.check(&fax)?;
    Ok(fax.save(call).into())
}

/// What the cover page says. It is kept, and printed nowhere.
fn cover(call: &Call<'_, Input>) -> Result<String, Refusal> {
    let text = |field| call.get(field);
    let cover = json!({
        "date": call.get(Input::date)?.map(|date| date.to_string()),
        "include_header_on_every_page": call.get(Input::include_header_on_every_page)?,
        "include_hipaa_disclaimer": call.get(Input::include_hipaa_disclaimer)?,
        "include_letterhead": call.get(Input::include_letterhead)?,
        "pdf_letterhead_template_id": call.get(Input::pdf_letterhead_template_id)?,
        "recipient_company": text(Input::recipient_company)?,
        "recipient_name": text(Input::recipient_name)?,
        "remarks": text(Input::remarks)?,
        "skip_cover_page": call.get(Input::skip_cover_page)?,
        "subject": text(Input::subject)?,
    });
    Ok(cover.to_string())
}
