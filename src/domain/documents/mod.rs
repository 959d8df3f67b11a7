//! Documents and folders, and whom they are shared with.

use crate::engine::Area;
use crate::schema::names::{Document, DocumentDraft, DocumentViewing, Folder, Mutation, OrganizationMembership, Query};

pub fn area() -> Area {
    Area::new("documents")
        .gets(Query::document, Document)
        .lists_all(Query::documentViewings, DocumentViewing)
        .counts(Query::documentViewingsCount, Query::documentViewings)
        .lists_all(Query::documents, Document)
        .counts(Query::documentsCount, Query::documents)
        .gets(Query::folder, Folder)
        .lists_all(Query::folders, Folder)
        .counts(Query::foldersCount, Query::folders)
        .leaves_out(Query::shareable, "not built yet")
        .creates(Mutation::createDocument, Document)
        .creates(Mutation::createDocumentDraft, DocumentDraft)
        .creates(Mutation::createFolder, Folder)
        .needs(OrganizationMembership::can_edit_docs)
        .leaves_out(Mutation::createSharings, "not built yet")
        .deletes(Mutation::deleteDocument, Document)
        .needs(OrganizationMembership::can_edit_docs)
        .deletes(Mutation::deleteFolder, Folder)
        .needs(OrganizationMembership::can_edit_docs)
        .leaves_out(Mutation::deleteSharings, "not built yet")
        .leaves_out(Mutation::publishDocumentDraft, "not built yet")
        .updates(Mutation::updateDocument, Document)
        .needs(OrganizationMembership::can_edit_docs)
        .updates(Mutation::updateDocumentDraft, DocumentDraft)
        .updates(Mutation::updateFolder, Folder)
        .needs(OrganizationMembership::can_edit_docs)
}
