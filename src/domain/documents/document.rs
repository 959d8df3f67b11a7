//! A document: what file it is, and the lists of them.

use super::sharing::{self, Asked, Shareable};
use crate::engine::{Answer, AnyInput, Call, Entity, Input, List, QueryError, Reading, Refusal, Row, Value, View, Within, files};
use crate::schema::Named;
use crate::schema::names::{
    CarePlan, Document, DocumentDraft, DocumentSharing, DocumentViewing, Folder, User,
    args::{self, Document_shareable_org_members, Document_shareable_patients, Document_shareable_user_groups},
};

/// Documented of `metadata`.
const LONGEST_METADATA: usize = 128_000;

pub fn entity() -> Entity<Document> {
    let entity = Entity::new()
        .flags_default_to_no()
        .indexed(Document::rel_user_id)
        .indexed(Document::folder_id)
        .indexed(Document::care_plan_id)
        .ruled(Document::owner_id)
        .ruled(Document::shared)
        .visible(sharing::is_visible)
        .searched(Document::display_name)
        .searched(Document::description)
        .searched(Document::file_name)
        .announces("document")
        .fetched(note_viewing)
        .computed(Document::extension, |document| extension(document).map(str::to_owned))
        .computed(Document::friendly_type, |document| Some(files::friendly_type(document.get(Document::file_content_type)?).to_owned()))
        .computed(Document::expiring_url, |document| {
            let name = document.get(Document::file_name).or(document.get(Document::display_name)).unwrap_or("document");
            Some(document.link(Document::expiring_url, name))
        })
        // Documented: for members only, both of them.
        .answers(Document::metadata, |document| for_members(document, Document::metadata.slot))
        .answers(Document::internal_notes, |document| for_members(document, Document::internal_notes.slot))
        .collects(Document::opens, DocumentViewing::document_id)
        .answers(Document::draft, |document| {
            let mut drafts = document.on.having(DocumentDraft::original_document_id, document.id());
            drafts.find(|draft| draft.get(DocumentDraft::published) != Some(true)).into()
        });
    audience(entity)
}

pub fn sharing_entity() -> Entity<DocumentSharing> {
    Entity::new().indexed(DocumentSharing::document_id).announces("document_sharing")
}

fn audience(entity: Entity<Document>) -> Entity<Document> {
    entity
        .answers(Document::users, sharing::users)
        .answers(Document::user_groups, sharing::groups)
        .computed(Document::users_count, sharing::users_count)
        .computed(Document::shared_users_count, sharing::shared_users_count)
        .computed(Document::shared_user_groups_count, sharing::shared_groups_count)
        .computed(Document::shared, sharing::is_shared)
        .computed(Document::can_only_share, sharing::can_only_share)
        .computed(Document::unshared_patients_count, sharing::unshared_patients_count)
        .answers_to(Document::shareable_org_members, Document_shareable_org_members, |document, asked| {
            sharing::shareable(document, true, asked.get(Document_shareable_org_members::shared).ok().flatten())
        })
        .answers_to(Document::shareable_patients, Document_shareable_patients, |document, asked| {
            sharing::shareable(document, false, asked.get(Document_shareable_patients::shared).ok().flatten())
        })
        .answers_to(Document::shareable_user_groups, Document_shareable_user_groups, |document, asked| {
            sharing::shareable_groups(document, asked.get(Document_shareable_user_groups::shared).ok().flatten())
        })
}

fn for_members(document: &View<'_, Document>, slot: crate::schema::Slot) -> Answer {
    match document.on.viewer().is_member() {
        true => document.value(slot).clone().into(),
        false => Answer::NULL,
    }
}

fn extension<'d>(document: &'d View<'_, Document>) -> Option<&'d str> {
    let named = document.get(Document::file_name).and_then(|name| name.rsplit_once('.')).map(|(_, extension)| extension);
    named.or_else(|| files::extension_of(document.get(Document::file_content_type)?))
}

pub fn documents() -> List<Document, args::documents> {
    type Args = args::documents;
    List::new()
        .keep(|document, args| Asked::of(args).lists(document))
        .keep(|document, args| args.is(Args::include_drafts) || !document.is(Document::is_draft))
        .filter(Args::file_type, |document, kind| is_of_type(document, kind))
        .filter(Args::file_types, |document, kinds| kinds.is_empty() || kinds.iter().any(|kind| is_of_type(document, kind)))
        .keywords(Args::keywords)
        .reads(Args::consolidated_user_id)
        .reads(Args::private_user_id)
        .reads(Args::viewable_user_id)
        .reads(Args::provider_id)
        .reads(Args::folder_id)
        .reads(Args::filter)
        .reads(Args::for_template_use)
        .reads(Args::include_drafts)
        .order_by("NAME", |document| Value::from(document.get(Document::display_name).map(str::to_lowercase)))
        // Documented: the older spellings of `sort_by`.
        .order_by("NAMEAESC", |document| Value::from(document.get(Document::display_name).map(str::to_lowercase)))
        .order_by("NAMEDESC", |document| Value::from(document.get(Document::display_name).map(sharing::backwards)))
        .order("OLDESTFIRST", &[Document::created_at.slot])
        .order_by("NEWESTFIRST", |document| match document.get(Document::created_at) {
            Some(at) => Value::Int(-at.as_microsecond()),
            None => Value::Null,
        })
        .default_order("NAME_ASC")
        .page_size(20)
        .unpaged()
}

/// Documented: `other` is what is none of the named kinds.
fn is_of_type(document: &View<'_, Document>, kind: &str) -> bool {
    const KINDS: [(&str, &[&str]); 7] = [
        ("pdf", &["PDF"]),
        ("image", &["Image"]),
        ("text", &["Text", "Word"]),
        ("video", &["Video"]),
        ("spreadsheet", &["Excel"]),
        ("presentation", &["PowerPoint"]),
        ("audio", &["Audio"]),
    ];
    let friendly = document.get(Document::file_content_type).map_or("Other", files::friendly_type);
    let is = |named: &(&str, &[&str])| named.1.contains(&friendly);
    match kind.to_lowercase().as_str() {
        "" | "all" => true,
        "other" => !KINDS[..6].iter().any(is),
        kind => KINDS.iter().find(|(name, _)| *name == kind.trim_end_matches('s')).is_some_and(is),
    }
}

/// Documented: by its id, or by what it belongs to.
pub fn document(on: Reading<'_>, asked: &Input<'_, args::document>) -> Result<Answer, QueryError> {
    type Args = args::document;
    if let Some(id) = asked.get(Args::id).ok().flatten() {
        return Ok(on.find::<Document>(id).into());
    }
    let (plan, course) = (asked.get(Args::care_plan_id).ok().flatten(), asked.get(Args::course_id).ok().flatten());
    let found = match (plan, course) {
        (Some(plan), _) => on.find::<CarePlan>(plan).and_then(|plan| on.having(Document::care_plan_id, plan.id()).last()),
        (None, Some(course)) => on.having(Document::course_id, course).last(),
        (None, None) => None,
    };
    Ok(found.filter(|document| on.may_see(Document::TYPE, document.record())).into())
}

/// Documented: the openings and downloads of one document.
pub fn viewings() -> List<DocumentViewing, args::documentViewings> {
    List::new()
        .within(|_, asked| match asked.get(args::documentViewings::document_id).ok().flatten() {
            Some(document) => Within::having(DocumentViewing::document_id, document),
            None => Within::nothing(),
        })
        .page_size(10)
        .most(500)
}

/// Documented: each opening or download. Assumed: whoever the link was given to is who opens it.
fn note_viewing(call: &mut Call<'_, AnyInput>, id: u64, by: u64) {
    let (Some(document), Some(reader)) = (call.find_any::<Document>(id), call.find_any::<User>(by)) else { return };
    let viewing = call.blank_draft::<DocumentViewing>().belongs_to(document.organization());
    let viewing = viewing.set(DocumentViewing::document_id, id).set(DocumentViewing::user_id, reader.id());
    let now = call.now();
    viewing.set(DocumentViewing::viewed_at, now).save(call);
}

pub fn viewing() -> Entity<DocumentViewing> {
    Entity::new().visible(|viewing| {
        let document = viewing.get(DocumentViewing::document_id).and_then(|document| viewing.on.find::<Document>(document));
        document.is_some() && viewing.on.viewer().is_member()
    })
}

/// `shareable`: a document or a folder, for the dialog that shares it.
pub fn shareable(on: Reading<'_>, asked: &Input<'_, args::shareable>) -> Result<Answer, QueryError> {
    type Args = args::shareable;
    let Some(id) = asked.get(Args::id).ok().flatten() else { return Ok(Answer::NULL) };
    Ok(match asked.get(Args::shareable_type).ok().flatten() {
        Some("FOLDER") => on.find::<Folder>(id).into(),
        _ => on.find::<Document>(id).into(),
    })
}

/// Refuses metadata that is too long, and a folder that is no place for it.
pub fn refuse_unfit<I: Named>(call: &Call<'_, I>, metadata: Option<&str>, folder: Option<u64>) -> Result<(), Refusal> {
    if metadata.is_some_and(|metadata| metadata.chars().count() > LONGEST_METADATA) {
        return Err(Refusal::named("metadata", format!("is too long (maximum is {LONGEST_METADATA} characters)")));
    }
    match folder {
        Some(folder) if call.find::<Folder>(folder).is_none() => Err(Refusal::not_found("folder_id", Folder::TYPE.name())),
        _ => Ok(()),
    }
}

/// Stores what has been said of its sharing.
pub fn settle<T: Shareable, I: Named>(call: &mut Call<'_, I>, before: Option<&Row<T>>, draft: crate::engine::Draft<T>) -> Row<T> {
    let saved = draft.save(call);
    T::shared(call, before, &saved);
    saved
}
