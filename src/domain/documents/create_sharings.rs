//! `createSharings` and `deleteSharings`: lets people in, and out again. Both answer with the document or folder itself.

use super::{document, sharing::Shareable};
use crate::engine::{Call, Made, Refusal, Row};
use crate::schema::Named;
use crate::schema::names::{CreateSharingsInput, DestroySharingsInput, Document, Folder, OrganizationMembership, User, UserGroup};

pub fn create_sharings(call: &mut Call<'_, CreateSharingsInput>) -> Result<Made, Refusal> {
    use CreateSharingsInput as Input;
    match call.get(Input::shareable_type)? {
        Some("FOLDER") => {
            let folder = call.target::<Folder, _>(Input::id)?;
            share(call, &folder)
        }
        _ => {
            let document = call.target::<Document, _>(Input::id)?;
            share(call, &document)
        }
    }
}

fn share<T: Shareable>(call: &mut Call<'_, CreateSharingsInput>, known: &Row<T>) -> Result<Made, Refusal> {
    use CreateSharingsInput as Input;
    let sharing = T::sharing(known);
    let members = call.targets::<User>(Input::org_member_ids)?;
    let with_all_members = call.is(Input::share_with_all_org_members);
    if with_all_members || !members.is_empty() {
        call.needs(OrganizationMembership::can_share_documents_and_folders_with_org_members, "share this with organization members")?;
    }
    let patients = call.targets::<User>(Input::patient_ids)?;
    let groups = call.targets::<UserGroup>(Input::user_group_ids)?;
    let mut users = sharing.users;
    let mut named: Vec<u64> = members.iter().chain(&patients).map(Row::id).collect();
    if call.is(Input::share_with_all_clients) {
        named.extend(all_clients(call));
    }
    for user in named {
        if !users.contains(&user) {
            users.push(user);
        }
    }
    let mut shared = sharing.groups;
    for group in groups.iter().map(Row::id) {
        if !shared.contains(&group) {
            shared.push(group);
        }
    }
    let mut draft = T::share(call.change(known), users, shared);
    if with_all_members {
        draft = T::share_with_members(draft);
    }
    Ok(document::settle(call, Some(known), draft).into())
}

/// The active patients whom the caller may see.
fn all_clients<I: Named>(call: &Call<'_, I>) -> Vec<u64> {
    let on = call.on();
    let all = on.of_organization::<User>(call.viewer().organization()).filter(|user| user.is(User::is_patient));
    all.filter(|user| user.get(User::active) != Some(false) && on.may_see(User::TYPE, user.record())).map(|user| user.id()).collect()
}

pub fn delete_sharings(call: &mut Call<'_, DestroySharingsInput>) -> Result<Made, Refusal> {
    use DestroySharingsInput as Input;
    match call.get(Input::shareable_type)? {
        Some("FOLDER") => {
            let folder = call.target::<Folder, _>(Input::id)?;
            unshare(call, &folder)
        }
        _ => {
            let document = call.target::<Document, _>(Input::id)?;
            unshare(call, &document)
        }
    }
}

fn unshare<T: Shareable>(call: &mut Call<'_, DestroySharingsInput>, known: &Row<T>) -> Result<Made, Refusal> {
    use DestroySharingsInput as Input;
    let mut sharing = T::sharing(known);
    let gone = [call.get(Input::org_member_ids)?, call.get(Input::patient_ids)?].into_iter().flatten().flatten().collect::<Vec<_>>();
    let groups = call.get(Input::user_group_ids)?.unwrap_or_default();
    sharing.users.retain(|user| !gone.contains(user));
    sharing.groups.retain(|group| !groups.contains(group));
    let draft = T::share(call.change(known), sharing.users, sharing.groups);
    Ok(document::settle(call, Some(known), draft).into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_folder_is_shared_with_people_one_event_each() {
        let clinic = Clinic::open().as_role("provider");
        let (folder, noor, rosa) = (clinic.id("Folder", "recipes"), clinic.id("User", "noor"), clinic.id("User", "rosa"));
        let share = |verb: &str, people: &str| {
            let shown = "... on Folder { name users { first_name } } ... on Document { display_name }";
            clinic.run(&format!(r#"mutation {{ {verb}Sharings(input: {{ id: "{folder}", shareable_type: FOLDER, patient_ids: {people} }}) {{ __typename {shown} }} }}"#))
        };
        assert_eq!(
            share("create", &format!("[{noor}, {rosa}]"))["data"],
            json!({"createSharings": {"__typename": "Folder", "name": "Recipes", "users": [{"first_name": "Noor"}, {"first_name": "Rosa"}]}})
        );
        assert_eq!(clinic.events(), ["folder_sharing.created", "folder_sharing.created"]);
        assert_eq!(share("delete", &format!("[{noor}]"))["data"]["deleteSharings"]["users"], json!([{"first_name": "Rosa"}]));
        assert_eq!(clinic.events(), ["folder_sharing.deleted"]);
    }

    #[test]
    fn members_are_let_in_by_those_who_may() {
        let clinic = Clinic::open();
        let (document, member) = (clinic.id("Document", "handbook"), clinic.id("User", "provider2"));
        let share = format!(
            r#"mutation {{ createSharings(input: {{ id: "{document}", shareable_type: DOCUMENT, org_member_ids: [{member}] }}) {{ ... on Document {{ shared_users_count }} }} }}"#
        );
        let refused = clinic.as_role("limited").run(&share);
        assert!(
            refused["data"]["createSharings"].is_null()
                && refused["errors"][0]["message"].as_str().is_some_and(|text| text.contains("permission")),
            "{refused}"
        );
        let shared = clinic.run(&share);
        assert_eq!(shared["data"]["createSharings"]["shared_users_count"], 2, "{shared}");
        let shareable = clinic.run(&format!(
            r#"{{ shareable(id: "{document}", shareable_type: DOCUMENT) {{ ... on Document {{ shareable_org_members(shared: true) {{ nodes {{ first_name }} }} unshared_patients_count }} }} }}"#
        ));
        let shown = &shareable["data"]["shareable"];
        assert!(
            shown["shareable_org_members"]["nodes"].as_array().is_some_and(|nodes| nodes.contains(&json!({"first_name": "Daniel"}))),
            "{shareable}"
        );
    }
}
