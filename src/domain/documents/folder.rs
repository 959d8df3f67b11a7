//! A folder: where it lies, what is in it, and the lists of them.

use super::{
    document,
    sharing::{self, Asked, DEEPEST, Shareable},
};
use crate::domain::invited::Invited;
use crate::engine::{Answer, CANT_BE_BLANK, Call, Entity, Input, List, Made, QueryError, Reading, Refusal, Row, Value, View};
use crate::schema::Named;
use crate::schema::names::{
    Document, Folder, FolderSharing, User,
    args::{self, Folder_shareable_org_members, Folder_shareable_patients, Folder_shareable_user_groups},
    createFolderInput, deleteFolderInput, updateFolderInput,
};

pub fn entity() -> Entity<Folder> {
    let entity = Entity::new()
        .flags_default_to_no()
        .requires(Folder::name)
        .indexed(Folder::rel_user_id)
        .indexed(Folder::folder_id)
        .ruled(Folder::owner_id)
        .ruled(Folder::shared)
        .ruled(Folder::system_generated)
        .visible(sharing::is_visible)
        .searched(Folder::name)
        .searched(Folder::description)
        .refers(Folder::parent_folder, Folder::folder_id)
        .answers(Folder::folder_path, |folder| {
            let path = above(folder.on, folder.get(Folder::folder_id));
            Answer::List(path.into_iter().rev().filter(|folder| folder.on.may_see(Folder::TYPE, folder.record())).map(Into::into).collect())
        })
        .computed(Folder::documents_count, |folder| {
            let inside = folder.on.having(Document::folder_id, folder.id());
            Some(inside.filter(|document| folder.on.may_see(Document::TYPE, document.record())).count() as i64)
        })
        .computed(Folder::subfolders_count, |folder| {
            let inside = folder.on.having(Folder::folder_id, folder.id());
            Some(inside.filter(|inner| folder.on.may_see(Folder::TYPE, inner.record())).count() as i64)
        })
        .computed(Folder::current_user_can_edit, |folder| Some(sharing::may_edit(folder.on, folder)));
    audience(entity)
}

fn audience(entity: Entity<Folder>) -> Entity<Folder> {
    entity
        .answers(Folder::users, sharing::users)
        .answers(Folder::user_groups, sharing::groups)
        .computed(Folder::users_count, sharing::users_count)
        .computed(Folder::shared_users_count, sharing::shared_users_count)
        .computed(Folder::shared_user_groups_count, sharing::shared_groups_count)
        .computed(Folder::shared, sharing::is_shared)
        .computed(Folder::can_only_share, sharing::can_only_share)
        .computed(Folder::unshared_patients_count, sharing::unshared_patients_count)
        .answers_to(Folder::shareable_org_members, Folder_shareable_org_members, |folder, asked| {
            sharing::shareable(folder, true, asked.get(Folder_shareable_org_members::shared).ok().flatten())
        })
        .answers_to(Folder::shareable_patients, Folder_shareable_patients, |folder, asked| {
            sharing::shareable(folder, false, asked.get(Folder_shareable_patients::shared).ok().flatten())
        })
        .answers_to(Folder::shareable_user_groups, Folder_shareable_user_groups, |folder, asked| {
            sharing::shareable_groups(folder, asked.get(Folder_shareable_user_groups::shared).ok().flatten())
        })
}

pub fn sharing_entity() -> Entity<FolderSharing> {
    Entity::new().indexed(FolderSharing::folder_id).announces("folder_sharing")
}

/// The folders that a place lies in, from the inside out.
fn above(on: Reading<'_>, place: Option<u64>) -> Vec<View<'_, Folder>> {
    let mut path = Vec::new();
    let mut next = place;
    while let Some(folder) = next.and_then(|id| on.find_any::<Folder>(id)).filter(|_| path.len() < DEEPEST) {
        next = folder.get(Folder::folder_id);
        path.push(folder);
    }
    path
}

pub fn folders() -> List<Folder, args::folders> {
    type Args = args::folders;
    List::new()
        .keep(|folder, args| {
            let renamed = args.lifted.renamed(args::documents::TYPE);
            let mut asked = Asked::of(&Input::new(&renamed));
            // Observed: another name for it.
            asked.consolidated = asked.consolidated.or(args.get(Args::client_id).ok().flatten());
            asked.lists(folder)
        })
        // Assumed: where something cannot be moved to is not offered: where it is, and what lies in it.
        .filter(Args::document_to_move_id, |folder, document| {
            folder.on.find_any::<Document>(document).and_then(|document| document.get(Document::folder_id)) != Some(folder.id())
        })
        .filter(Args::folder_to_move_id, |folder, moved| {
            folder.id() != moved && above(folder.on, folder.get(Folder::folder_id)).iter().all(|above| above.id() != moved)
        })
        .keywords(Args::keywords)
        .reads(Args::client_id)
        .reads(Args::consolidated_user_id)
        .reads(Args::private_user_id)
        .reads(Args::viewable_user_id)
        .reads(Args::provider_id)
        .reads(Args::folder_id)
        .reads(Args::filter)
        .reads(Args::for_template_use)
        .order_by("NAME", |folder| Value::from(folder.get(Folder::name).map(str::to_lowercase)))
        .order_by("NAMEAESC", |folder| Value::from(folder.get(Folder::name).map(str::to_lowercase)))
        .order_by("NAMEDESC", |folder| Value::from(folder.get(Folder::name).map(sharing::backwards)))
        .order("OLDESTFIRST", &[Folder::created_at.slot])
        .order_by("NEWESTFIRST", |folder| folder.get(Folder::created_at).map_or(Value::Null, |at| Value::Int(-at.as_microsecond())))
        .default_order("NAME_ASC")
        .unpaged()
}

pub fn folder(on: Reading<'_>, asked: &Input<'_, args::folder>) -> Result<Answer, QueryError> {
    Ok(asked.get(args::folder::id).ok().flatten().and_then(|id| on.find::<Folder>(id.parse().ok()?)).into())
}

/// Documented: no event but that of whom it is shared with.
pub fn create_folder(call: &mut Call<'_, createFolderInput>) -> Result<Made, Refusal> {
    use createFolderInput as Input;
    document::refuse_unfit(call, None, call.get(Input::folder_id)?)?;
    if !call.is_blank(Input::rel_user_id) {
        call.target::<User, _>(Input::rel_user_id)?;
    }
    let invited = Invited::sent(call, Input::share_users)?.unwrap_or_default();
    let draft = call.draft::<Folder>().set(Folder::owner_id, call.viewer_id());
    call.check(&draft)?;
    Ok(document::settle(call, None, Folder::share(draft, invited.users, invited.groups)).into())
}

pub fn update_folder(call: &mut Call<'_, updateFolderInput>) -> Result<Made, Refusal> {
    use updateFolderInput as Input;
    let known = call.target::<Folder, _>(Input::id)?;
    sharing::refuse_others(call, &known, "update this folder")?;
    let place = call.get(Input::folder_id)?;
    document::refuse_unfit(call, None, place)?;
    if above(call.on(), place).iter().any(|above| above.id() == known.id()) {
        return Err(Refusal::on(Input::folder_id, "is invalid"));
    }
    let mut draft = call.edit(&known);
    if draft.is_blank(Folder::name) {
        return Err(Refusal::on(Input::name, CANT_BE_BLANK));
    }
    if let Some(invited) = Invited::sent(call, Input::share_users)? {
        draft = Folder::share(draft, invited.users, invited.groups);
    }
    call.check(&draft)?;
    Ok(document::settle(call, Some(&known), draft).into())
}

/// Assumed, since nothing is documented of a folder that is not empty: what is in it goes with it.
pub fn delete_folder(call: &mut Call<'_, deleteFolderInput>) -> Result<Made, Refusal> {
    let known = call.target::<Folder, _>(deleteFolderInput::id)?;
    sharing::refuse_others(call, &known, "delete this folder")?;
    if known.is(Folder::system_generated) {
        return Err(Refusal::base("System generated folders cannot be deleted"));
    }
    empty(call, &known, DEEPEST);
    Ok(known.into())
}

fn empty(call: &mut Call<'_, deleteFolderInput>, folder: &Row<Folder>, depth: usize) {
    for inner in call.having(Folder::folder_id, folder.id()) {
        if depth > 0 {
            empty(call, &inner, depth - 1);
        }
    }
    for document in call.having(Document::folder_id, folder.id()) {
        call.delete(&document);
    }
    for sharing in call.having(FolderSharing::folder_id, folder.id()) {
        call.silence(&sharing);
        call.delete(&sharing);
    }
    call.delete(folder);
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn folders_lie_in_folders() {
        let clinic = Clinic::open().as_role("provider");
        let outer = clinic.id("Folder", "handouts");
        let create = format!(r#"createFolder(input: {{ name: "2026", folder_id: "{outer}" }})"#);
        let answer = clinic.run(&format!("mutation {{ {create} {{ folder {{ id name folder_path {{ name }} parent_folder {{ subfolders_count documents_count }} }} messages {{ message }} }} }}"));
        let folder = &answer["data"]["createFolder"]["folder"];
        let expected = json!({
            "id": folder["id"], "name": "2026", "folder_path": [{"name": "Handouts"}],
            "parent_folder": {"subfolders_count": 2, "documents_count": 1}
        });
        assert_eq!(*folder, expected);
        assert_eq!(clinic.events(), [] as [&str; 0]);
        let inner = folder["id"].as_str().expect("an id");
        clinic.refuses(&format!(r#"updateFolder(input: {{ id: "{outer}", folder_id: "{inner}" }})"#), &[("folder_id", "is invalid")]);
        clinic.refuses(r#"createFolder(input: { name: "" })"#, &[("name", "can't be blank")]);
        clinic.run(&format!(r#"mutation {{ deleteFolder(input: {{ id: "{outer}" }}) {{ messages {{ message }} }} }}"#));
        assert_eq!(clinic.events(), ["document.deleted"]);
        assert!(clinic.run(&format!("{{ folder(id: \"{inner}\") {{ id }} }}"))["data"]["folder"].is_null());
    }

    #[test]
    fn a_library_is_shown_folder_by_folder() {
        let clinic = Clinic::open().as_role("provider");
        let names = |document: &str| {
            let answer = clinic.run(document);
            let rows = answer["data"]["rows"].as_array().unwrap_or_else(|| panic!("{answer}"));
            rows.iter().filter_map(|row| row["name"].as_str()).collect::<Vec<_>>().join(", ")
        };
        let (handouts, patient) = (clinic.id("Folder", "handouts"), clinic.id("User", "patient"));
        assert_eq!(names("{ rows: folders { name } }"), "Handouts");
        assert_eq!(names(&format!("{{ rows: folders(folder_id: \"{handouts}\") {{ name }} }}")), "Recipes");
        assert_eq!(names("{ rows: documents { name: display_name } }"), "Handbook");
        assert_eq!(names(&format!("{{ rows: documents(folder_id: \"{handouts}\") {{ name: display_name }} }}")), "Plate model");
        assert_eq!(
            names(&format!("{{ rows: documents(private_user_id: \"{patient}\") {{ name: display_name }} }}")),
            "Consent, Referral letter"
        );
        assert_eq!(
            names(&format!("{{ rows: documents(viewable_user_id: \"{patient}\") {{ name: display_name }} }}")),
            "Consent, Handbook, Plate model"
        );
        assert_eq!(
            names(&format!("{{ rows: documents(consolidated_user_id: \"{patient}\", sort_by: \"namedesc\") {{ name: display_name }} }}")),
            "Referral letter, Plate model, Handbook, Consent"
        );
        assert_eq!(names(r#"{ rows: documents(keywords: "plate") { name: display_name } }"#), "Plate model");
        assert_eq!(
            names(&format!("{{ rows: documents(consolidated_user_id: \"{patient}\", file_type: \"image\") {{ name: display_name }} }}")),
            "Plate model"
        );
    }
}
