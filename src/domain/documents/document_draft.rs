//! A working copy of a document, until it is published.

use crate::engine::moment;
use crate::engine::{Call, Entity, Made, Refusal, Row};
use crate::schema::Named;
use crate::schema::names::{
    CreateDocumentDraftInput, Document, DocumentDraft, DocumentDraftStatusTypeEnum as Status, PublishDocumentDraftInput,
    UpdateDocumentDraftInput,
};

/// Assumed: how long a draft is kept from others.
const LOCKED_SECONDS: i64 = 15 * 60;

pub fn entity() -> Entity<DocumentDraft> {
    Entity::new()
        .defaults(DocumentDraft::status, Status::DRAFT)
        .defaults(DocumentDraft::lock_version, 0)
        .defaults(DocumentDraft::published, false)
        .defaults(DocumentDraft::annotations, "[]".to_owned())
        .indexed(DocumentDraft::original_document_id)
        .ruled(DocumentDraft::lock_version)
        .visible(|draft| draft.get(DocumentDraft::original_document_id).is_some_and(|of| draft.on.find::<Document>(of).is_some()))
}

/// `createDocumentDraft`: there is one at a time.
pub fn create_document_draft(call: &mut Call<'_, CreateDocumentDraftInput>) -> Result<Made, Refusal> {
    let original = call.target::<Document, _>(CreateDocumentDraftInput::document_id)?;
    super::sharing::refuse_others(call, &original, "create this document draft")?;
    let known = call.having(DocumentDraft::original_document_id, original.id());
    if let Some(open) = known.into_iter().find(|draft| draft.get(DocumentDraft::published) != Some(true)) {
        return Ok(open.into());
    }
    let copy = copy(call, &original);
    let draft = call.blank_draft::<DocumentDraft>().belongs_to(original.organization());
    let draft = draft.set(DocumentDraft::original_document_id, original.id()).set(DocumentDraft::document_id, copy.id());
    let draft = draft.set(DocumentDraft::author_id, call.viewer_id()).set(DocumentDraft::locked, true);
    Ok(draft.set(DocumentDraft::unlock_at, moment::later(call.now(), LOCKED_SECONDS)).save(call).into())
}

/// Nobody is told of the copy: it is no document of its own.
fn copy(call: &mut Call<'_, CreateDocumentDraftInput>, original: &Row<Document>) -> Row<Document> {
    let mut copy = call.blank_draft::<Document>().belongs_to(original.organization());
    for (slot, value) in original.record().values() {
        copy.set_value(slot, value.clone());
    }
    copy.clear(Document::created_at);
    let copy = copy.set(Document::is_draft, true).save(call);
    call.silence(&copy);
    copy
}

/// `updateDocumentDraft`. Documented: refused where somebody else was faster.
pub fn update_document_draft(call: &mut Call<'_, UpdateDocumentDraftInput>) -> Result<Made, Refusal> {
    use UpdateDocumentDraftInput as Input;
    let draft = call.target::<DocumentDraft, _>(Input::id)?;
    refuse_outdated(&draft, call.get(Input::lock_version)?)?;
    let next = draft.get(DocumentDraft::lock_version).unwrap_or(0) + 1;
    Ok(call.edit(&draft).set(DocumentDraft::lock_version, next).save(call).into())
}

/// `publishDocumentDraft`: the draft is over, and the document changed.
pub fn publish_document_draft(call: &mut Call<'_, PublishDocumentDraftInput>) -> Result<Made, Refusal> {
    use PublishDocumentDraftInput as Input;
    let draft = call.target::<DocumentDraft, _>(Input::id)?;
    refuse_outdated(&draft, call.get(Input::lock_version)?)?;
    let original = draft.get(DocumentDraft::original_document_id).and_then(|id| call.find_any::<Document>(id));
    if let (Some(file), Some(original)) = (call.file(Input::file)?, original) {
        let mut changed = call.change(&original);
        changed.put_file(Document::expiring_url, file);
        let changed = changed.set(Document::file_content_type, file.content_type.to_string()).set(Document::file_size, file.size as i64);
        changed.save(call);
    }
    let next = draft.get(DocumentDraft::lock_version).unwrap_or(0) + 1;
    let mut over = call.change(&draft).set(DocumentDraft::lock_version, next).set(DocumentDraft::status, Status::PUBLISHED);
    over.clear(DocumentDraft::unlock_at);
    let over = over.set(DocumentDraft::published, true).set(DocumentDraft::published_at, call.now()).set(DocumentDraft::locked, false);
    Ok(over.save(call).into())
}

fn refuse_outdated(draft: &Row<DocumentDraft>, version: Option<i64>) -> Result<(), Refusal> {
    if draft.get(DocumentDraft::published) == Some(true) {
        return Err(Refusal::base("The draft is published"));
    }
    match version == draft.get(DocumentDraft::lock_version) {
        true => Ok(()),
        // Assumed: as Rails says it of a record with a `lock_version`.
        false => Err(Refusal::base(format!("Attempted to update a stale object: {}.", DocumentDraft::TYPE.name()))),
    }
}

#[cfg(test)]
mod tests {
    use crate::{schema::Version, testing::Clinic};
    use serde_json::json;

    #[test]
    fn a_draft_is_worked_on_and_published() {
        let clinic = Clinic::open().as_role("provider").in_version(Version::V2026_01_01);
        let id = clinic.id("Document", "handbook");
        let create = format!(r#"createDocumentDraft(input: {{ document_id: "{id}" }})"#);
        let answer = clinic.run(&format!(
            "mutation {{ {create} {{ document_draft {{ id status lock_version locked document {{ is_draft display_name }} original_document {{ is_draft draft {{ status }} }} }} messages {{ message }} }} }}"
        ));
        let draft = &answer["data"]["createDocumentDraft"]["document_draft"];
        let expected = json!({
            "id": draft["id"], "status": "DRAFT", "lock_version": 0, "locked": true,
            "document": {"is_draft": true, "display_name": "Handbook"}, "original_document": {"is_draft": false, "draft": {"status": "DRAFT"}}
        });
        assert_eq!(*draft, expected);
        assert_eq!(clinic.events(), [] as [&str; 0]);
        let update = |version: i64| {
            format!("updateDocumentDraft(input: {{ id: {}, lock_version: {version}, annotations: [{{ page: 1 }}] }})", draft["id"])
        };
        let updated = clinic.run(&format!("mutation {{ {} {{ document_draft {{ annotations lock_version }} }} }}", update(0)));
        assert_eq!(updated["data"]["updateDocumentDraft"]["document_draft"], json!({"annotations": [{"page": 1}], "lock_version": 1}));
        clinic.refuses(&update(0), &[("base", "Attempted to update a stale object: DocumentDraft.")]);
        let publish = format!("publishDocumentDraft(input: {{ id: {}, lock_version: 1 }})", draft["id"]);
        let published = clinic
            .run(&format!("mutation {{ {publish} {{ document_draft {{ status published original_document {{ draft {{ id }} }} }} }} }}"));
        assert_eq!(
            published["data"]["publishDocumentDraft"]["document_draft"],
            json!({"status": "PUBLISHED", "published": true, "original_document": {"draft": null}})
        );
    }
}
