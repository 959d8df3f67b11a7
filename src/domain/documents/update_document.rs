//! `updateDocument`: what is said of a document and who sees it. Documented: never the file.

use super::{
    document,
    sharing::{self, Shareable},
};
use crate::domain::invited::Invited;
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{Document, DocumentDraft, deleteDocumentInput, updateDocumentInput as Input};

pub fn update_document(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    // What the document says of a patient is taken over nowhere.
    call.accept(Input::parse_ccda);
    let known = call.target::<Document, _>(Input::id)?;
    sharing::refuse_others(call, &known, "update this document")?;
    document::refuse_unfit(call, call.get(Input::metadata)?, call.get(Input::folder_id)?)?;
    let mut draft = call.edit(&known);
    if draft.is_blank(Document::display_name) {
        return Err(Refusal::on(Input::display_name, crate::engine::CANT_BE_BLANK));
    }
    // Assumed: the list replaces the one there was.
    if let Some(invited) = Invited::sent(call, Input::share_users)? {
        draft = Document::share(draft, invited.users, invited.groups);
    }
    call.check(&draft)?;
    Ok(document::settle(call, Some(&known), draft).into())
}

/// `deleteDocument`
pub fn delete_document(call: &mut Call<'_, deleteDocumentInput>) -> Result<Made, Refusal> {
    let known = call.target::<Document, _>(deleteDocumentInput::id)?;
    sharing::refuse_others(call, &known, "delete this document")?;
    for draft in call.having(DocumentDraft::original_document_id, known.id()) {
        call.delete(&draft);
    }
    call.delete(&known);
    Ok(known.into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    #[test]
    fn a_document_is_its_owners_to_change() {
        let clinic = Clinic::open();
        let id = clinic.id("Document", "handbook");
        let update = format!(r#"updateDocument(input: {{ id: "{id}", description: "New" }})"#);
        let delete = format!(r#"deleteDocument(input: {{ id: "{id}" }})"#);
        clinic.as_role("limited").refuses(&update, &[("base", "You do not have permission to update this document.")]);
        clinic.as_role("limited").refuses(&delete, &[("base", "You do not have permission to delete this document.")]);
        clinic.as_role("patient2").refuses(&delete, &[("base", "You do not have permission to delete this document.")]);
        clinic.refuses(&update.replace("description: \"New\"", "display_name: \"\""), &[("display_name", "can't be blank")]);
        let answer =
            clinic.as_role("provider").run(&format!("mutation {{ {delete} {{ document {{ display_name }} messages {{ message }} }} }}"));
        assert_eq!(answer["data"]["deleteDocument"]["document"]["display_name"], "Handbook");
        assert_eq!(clinic.events(), ["document.deleted"]);
    }
}
