//! Files on questions and on answers: announced, uploaded, attached, removed.

use super::custom_module_form::own;
use crate::engine::{Answer, CANT_BE_BLANK, Call, Draft, Entity, Made, Refusal, Row, Value, files};
use crate::schema::Named;
use crate::schema::names::{
    CreateCustomModuleFileAttachmentInput as Attach, CreateCustomModuleFileAttachmentUploadUrlInput as Announce,
    CreateCustomModuleFileAttachmentUploadUrlPayload as AnnouncePayload, CustomModule, DeleteCustomModuleFileAttachmentInput as Delete,
    FileAttachment, FileUpload, FormAnswer, HttpHeader,
};

pub fn entity() -> Entity<FileAttachment> {
    Entity::usual()
        .visible(|attachment| match attachment.follow::<FormAnswer, _>(FileAttachment::form_answer_id) {
            Some(answer) => answer.on.may_see(FormAnswer::TYPE, answer.record()),
            // As public as its question.
            None => attachment.get(FileAttachment::custom_module_id).is_some(),
        })
        .computed(FileAttachment::url, |attachment| {
            let name = attachment.get(FileAttachment::filename).unwrap_or_default();
            Some(attachment.link(FileAttachment::url, name))
        })
}

/// What a caller says about a file before it is uploaded.
pub struct Announced<'a> {
    pub filename: &'a str,
    pub content_type: &'a str,
    pub byte_size: i64,
    pub checksum: &'a str,
}

/// Keeps what was announced. Documented: the checksum is an MD5 in base64.
pub fn announce<I: Named>(call: &mut Call<'_, I>, file: &Announced<'_>) -> Result<Draft<FileUpload>, Refusal> {
    let blank = |name, text: &str| text.trim().is_empty().then(|| Refusal::named(name, CANT_BE_BLANK));
    let is_md5 = file.checksum.len() == 24 && file.checksum.ends_with("==");
    let refusals = [
        blank("filename", file.filename),
        blank("content_type", file.content_type),
        (file.byte_size <= 0).then(|| Refusal::named("byte_size", "must be greater than 0")),
        (!is_md5).then(|| Refusal::named("checksum", "is invalid")),
    ];
    Refusal::all(refusals.into_iter().flatten())?;
    let caller = call.viewer_id();
    let upload = call.blank_draft::<FileUpload>().set(FileUpload::user_id, caller);
    Ok(upload
        .set(FileUpload::filename, file.filename.to_owned())
        .set(FileUpload::content_type, file.content_type.to_owned())
        .set(FileUpload::byte_size, file.byte_size)
        .set(FileUpload::checksum, file.checksum.to_owned()))
}

/// Where the file is to be put, and with which headers.
pub fn upload_url<I: Named>(call: &Call<'_, I>, upload: &Row<FileUpload>) -> (Value, Answer) {
    let name = upload.get(FileUpload::filename).unwrap_or_default();
    let url = files::link(call.scene(), FileUpload::TYPE, upload.id(), FileUpload::file.slot, name);
    let header = |name: &str, value: &str| {
        let values = vec![(HttpHeader::name.slot, Value::text(name).into()), (HttpHeader::value.slot, Value::text(value).into())];
        Answer::Object(HttpHeader::TYPE, values)
    };
    let content_type = header("Content-Type", upload.get(FileUpload::content_type).unwrap_or_default());
    let checksum = header("Content-MD5", upload.get(FileUpload::checksum).unwrap_or_default());
    (url.into(), Answer::List(vec![content_type, checksum]))
}

/// The upload becomes an attachment. Assumed: whether anything was put there isn't looked at.
pub fn attach<I: Named>(call: &mut Call<'_, I>, upload: &Row<FileUpload>) -> Draft<FileAttachment> {
    call.delete(upload);
    let mut attachment = call.blank_draft::<FileAttachment>().belongs_to(upload.organization());
    if let Some(file) = upload.file(FileUpload::file) {
        attachment.put_file(FileAttachment::url, file);
    }
    attachment
        .set(FileAttachment::filename, upload.get(FileUpload::filename).unwrap_or_default().to_owned())
        .set(FileAttachment::content_type, upload.get(FileUpload::content_type).unwrap_or_default().to_owned())
        .set(FileAttachment::byte_size, upload.get(FileUpload::byte_size).unwrap_or_default())
}

pub fn remove<I: Named>(call: &mut Call<'_, I>, attachment: Row<FileAttachment>) -> Made {
    call.delete(&attachment);
    attachment.into()
}

pub fn create_custom_module_file_attachment_upload_url(call: &mut Call<'_, Announce>) -> Result<Made, Refusal> {
    let question = own::<CustomModule, _, _>(call, Announce::custom_module_id)?;
    let file = Announced {
        filename: call.require(Announce::filename)?,
        content_type: call.require(Announce::content_type)?,
        byte_size: call.require(Announce::byte_size)?,
        checksum: call.require(Announce::checksum)?,
    };
    let upload = announce(call, &file)?.set(FileUpload::custom_module_id, question.id()).save(call);
    let (url, headers) = upload_url(call, &upload);
    let made = Made::nothing().also(AnnouncePayload::upload_url, url).also(AnnouncePayload::headers, headers);
    Ok(made.also(AnnouncePayload::upload_id, Value::Id(upload.id())))
}

pub fn create_custom_module_file_attachment(call: &mut Call<'_, Attach>) -> Result<Made, Refusal> {
    let question = own::<CustomModule, _, _>(call, Attach::custom_module_id)?;
    let upload = call.target::<FileUpload, _>(Attach::upload_id)?;
    if upload.get(FileUpload::custom_module_id) != Some(question.id()) {
        return Err(Refusal::not_found("upload_id", "FileUpload"));
    }
    Ok(attach(call, &upload).set(FileAttachment::custom_module_id, question.id()).save(call).into())
}

pub fn delete_custom_module_file_attachment(call: &mut Call<'_, Delete>) -> Result<Made, Refusal> {
    let attachment = own::<FileAttachment, _, _>(call, Delete::file_attachment_id)?;
    if attachment.get(FileAttachment::custom_module_id).is_none() {
        return Err(Refusal::not_found("file_attachment_id", "FileAttachment"));
    }
    Ok(remove(call, attachment))
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    #[test]
    fn an_image_is_announced_attached_and_removed() {
        let clinic = Clinic::open();
        let id = clinic.id("CustomModule", "plate");
        let announce = |checksum: &str| {
            format!(
                r#"createCustomModuleFileAttachmentUploadUrl(input: {{custom_module_id: "{id}", filename: "p.png", byte_size: 3, checksum: "{checksum}", content_type: "image/png"}})"#
            )
        };
        clinic.refuses(&announce("x"), &[("checksum", "is invalid")]);
        let answer = clinic.run(&format!(
            "mutation {{ answer: {} {{ upload_id upload_url headers {{ name value }} messages {{ message }} }} }}",
            announce("rL0Y20zC+Fzt72VPzMSk2A==")
        ));
        let upload = answer["data"]["answer"]["upload_id"].as_str().unwrap_or_else(|| panic!("{answer}"));
        let url = answer["data"]["answer"]["upload_url"].as_str().unwrap_or_default();
        assert!(url.starts_with(&format!("http://localhost:4000/files/test/FileUpload/{upload}/file/p.png?")), "{url}");
        let attached = clinic.run(&format!(
            r#"mutation {{ createCustomModuleFileAttachment(input: {{custom_module_id: "{id}", upload_id: "{upload}"}}) {{ file_attachment {{ id url }} messages {{ message }} }} }}"#
        ));
        let attachment = &attached["data"]["createCustomModuleFileAttachment"]["file_attachment"];
        let file = attachment["id"].as_str().unwrap_or_else(|| panic!("{attached}"));
        let url = attachment["url"].as_str().unwrap_or_default();
        assert!(url.starts_with(&format!("http://localhost:4000/files/test/FileAttachment/{file}/url/p.png?")), "{url}");
        let delete = format!(r#"deleteCustomModuleFileAttachment(input: {{file_attachment_id: "{file}"}})"#);
        clinic.run(&format!("mutation {{ {delete} {{ messages {{ message }} }} }}"));
        clinic.refuses(&delete, &[("file_attachment_id", "FileAttachment not found")]);
    }
}
