//! Documents and folders, and whom they are shared with.

mod create_document;
mod create_sharings;
mod document;
mod document_draft;
mod folder;
mod sharing;
mod update_document;

pub use create_document::of_message;

use crate::engine::Area;
use crate::schema::names::{Mutation, Query};

pub fn area() -> Area {
    Area::new("documents")
        .entity(document::entity())
        .entity(document::viewing())
        .entity(document_draft::entity())
        .entity(folder::entity())
        .entity(folder::sharing_entity())
        .entity(document::sharing_entity())
        .query(Query::document, document::document)
        .lists(Query::documentViewings, document::viewings())
        .counts(Query::documentViewingsCount, Query::documentViewings)
        .lists(Query::documents, document::documents())
        .counts(Query::documentsCount, Query::documents)
        .query(Query::folder, folder::folder)
        .lists(Query::folders, folder::folders())
        .counts(Query::foldersCount, Query::folders)
        .query(Query::shareable, document::shareable)
        .mutation(Mutation::createDocument, create_document::create_document)
        .patients_too()
        .mutation(Mutation::createDocumentDraft, document_draft::create_document_draft)
        .mutation(Mutation::createFolder, folder::create_folder)
        .mutation(Mutation::createSharings, create_sharings::create_sharings)
        .mutation(Mutation::deleteDocument, update_document::delete_document)
        .patients_too()
        .mutation(Mutation::deleteFolder, folder::delete_folder)
        .mutation(Mutation::deleteSharings, create_sharings::delete_sharings)
        .mutation(Mutation::publishDocumentDraft, document_draft::publish_document_draft)
        .mutation(Mutation::updateDocument, update_document::update_document)
        .mutation(Mutation::updateDocumentDraft, document_draft::update_document_draft)
        .mutation(Mutation::updateFolder, folder::update_folder)
}
