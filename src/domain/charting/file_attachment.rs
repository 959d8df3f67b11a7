//! Files on answers: announced, uploaded, attached, removed, as those on questions are.

use super::permission::refuse_locked;
use crate::domain::forms::{Announced, announce, attach, remove, upload_url};
use crate::engine::{Call, Made, Refusal, Value};
use crate::schema::Named;
use crate::schema::names::{
    FileAttachment, FileUpload, FormAnswer, FormAnswerGroup, createFormAnswerFileAttachmentInput as Attach,
    createFormAnswerFileAttachmentUploadUrlInput as Announce, createFormAnswerFileAttachmentUploadUrlPayload as AnnouncePayload,
    deleteFormAnswerFileAttachmentInput as Delete,
};

pub fn create_form_answer_file_attachment_upload_url(call: &mut Call<'_, Announce>) -> Result<Made, Refusal> {
    let answer = call.target::<FormAnswer, _>(Announce::form_answer_id)?;
    let file = Announced {
        filename: call.require(Announce::filename)?,
        content_type: call.require(Announce::content_type)?,
        byte_size: call.require(Announce::byte_size)?,
        checksum: call.require(Announce::checksum)?,
    };
    let upload = announce(call, &file)?.belongs_to(answer.organization()).set(FileUpload::form_answer_id, answer.id()).save(call);
    let (url, headers) = upload_url(call, &upload);
    let made = Made::nothing().also(AnnouncePayload::upload_url, url).also(AnnouncePayload::headers, headers);
    Ok(made.also(AnnouncePayload::upload_id, Value::Id(upload.id())))
}

pub fn create_form_answer_file_attachment(call: &mut Call<'_, Attach>) -> Result<Made, Refusal> {
    let answer = call.target::<FormAnswer, _>(Attach::form_answer_id)?;
    refuse_locked_form(call, Some(answer.id()))?;
    let upload = call.target::<FileUpload, _>(Attach::upload_id)?;
    if upload.get(FileUpload::form_answer_id) != Some(answer.id()) {
        return Err(Refusal::not_found("upload_id", "FileUpload"));
    }
    Ok(attach(call, &upload).set(FileAttachment::form_answer_id, answer.id()).save(call).into())
}

pub fn delete_form_answer_file_attachment(call: &mut Call<'_, Delete>) -> Result<Made, Refusal> {
    let attachment = call.target::<FileAttachment, _>(Delete::file_attachment_id)?;
    if attachment.get(FileAttachment::form_answer_id).is_none() {
        return Err(Refusal::not_found("file_attachment_id", "FileAttachment"));
    }
    refuse_locked_form(call, attachment.get(FileAttachment::form_answer_id))?;
    Ok(remove(call, attachment))
}

fn refuse_locked_form<I: Named>(call: &Call<'_, I>, answer: Option<u64>) -> Result<(), Refusal> {
    let answer = answer.and_then(|answer| call.find_any::<FormAnswer>(answer));
    let group = answer.and_then(|answer| call.find_any::<FormAnswerGroup>(answer.get(FormAnswer::form_answer_group_id)?));
    group.map_or(Ok(()), |group| refuse_locked(&group))
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_file_is_attached_to_an_answer() {
        let clinic = Clinic::open().as_role("patient");
        let id = clinic.id("FormAnswer", "intake_goals");
        let announced = clinic.run(&format!(
            r#"mutation {{ createFormAnswerFileAttachmentUploadUrl(input: {{form_answer_id: "{id}", filename: "a.pdf", byte_size: 3, checksum: "rL0Y20zC+Fzt72VPzMSk2A==", content_type: "application/pdf"}}) {{ upload_id upload_url headers {{ name value }} messages {{ message }} }} }}"#
        ));
        let upload =
            announced["data"]["createFormAnswerFileAttachmentUploadUrl"]["upload_id"].as_str().unwrap_or_else(|| panic!("{announced}"));
        let attached = clinic.run(&format!(
            r#"mutation {{ createFormAnswerFileAttachment(input: {{form_answer_id: "{id}", upload_id: "{upload}"}}) {{ file_attachment {{ id }} messages {{ message }} }} }}"#
        ));
        let file =
            attached["data"]["createFormAnswerFileAttachment"]["file_attachment"]["id"].as_str().unwrap_or_else(|| panic!("{attached}"));
        let group = clinic.id("FormAnswerGroup", "patient_intake");
        let goals = clinic.id("CustomModule", "goals");
        let shown = clinic.run(&format!(
            "{{ formAnswerGroup(id: {group}) {{ form_answers(custom_module_ids: [{goals}]) {{ file_attachments {{ id }} }} }} }}"
        ));
        assert_eq!(shown["data"]["formAnswerGroup"]["form_answers"], json!([{"file_attachments": [{"id": file}]}]), "{shown}");
        let delete = format!("deleteFormAnswerFileAttachment(input: {{file_attachment_id: \"{file}\"}})");
        clinic.as_role("patient2").refuses(&delete, &[("file_attachment_id", "FileAttachment not found")]);
        assert_eq!(
            clinic.run(&format!("mutation {{ {delete} {{ messages {{ message }} }} }}"))["data"]["deleteFormAnswerFileAttachment"]["messages"],
            json!(null)
        );
    }
}
