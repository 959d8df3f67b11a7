//! `createConversation`: a member opens a conversation. Documented: the same people may have any number of them.

use super::{conversation, membership, note};
use crate::domain::invited::{Invited, entry};
use crate::engine::{Call, Given, Made, Refusal};
use crate::schema::names::{AddedUsersInput, Conversation, NoteInput, OrganizationMembership, User, createConversationInput as Input};

const TO: &str = "create this conversation";

pub fn create_conversation(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let owner = owner(call)?;
    let invited = invited(call)?;
    if !invited.groups.is_empty() {
        call.needs(OrganizationMembership::allow_group_level_actions, TO)?;
    }
    let mut people = vec![owner];
    people.extend(invited.people(call.on()).into_iter().filter(|id| *id != owner));
    conversation::refuse_invitees(call, &people[1..], people.len(), TO)?;
    conversation::refuse_long_metadata(call.get(Input::metadata)?)?;
    let message = message(call)?;

    let talk = call.draft::<Conversation>().set(Conversation::owner_id, owner).set(Conversation::user_group_ids, invited.groups);
    let talk = talk.save(call);
    for user in people {
        membership::add(call, &talk, user);
    }
    if let Some(message) = message {
        // Assumed: the owner says it, whoever opens the conversation.
        let message = note::by(call, &talk, owner, &message);
        note::send(call, message);
    }
    Ok(call.find_any::<Conversation>(talk.id()).unwrap_or(talk).into())
}

/// Documented: the caller, where nothing is said; `dietitian_id` is the older name.
fn owner(call: &Call<'_, Input>) -> Result<u64, Refusal> {
    let owner = match (call.is_blank(Input::owner_id), call.is_blank(Input::dietitian_id)) {
        (false, _) => call.target::<User, _>(Input::owner_id)?,
        (true, false) => call.target::<User, _>(Input::dietitian_id)?,
        (true, true) => return Ok(call.viewer_id()),
    };
    match owner.is(User::is_patient) {
        true => Err(Refusal::on(Input::owner_id, "is invalid")),
        false => Ok(owner.id()),
    }
}

/// Documented: `select_all_status` wins over `simple_added_users`, and needs it to be sent.
fn invited(call: &Call<'_, Input>) -> Result<Invited, Refusal> {
    let mut invited = match (Invited::sent(call, Input::simple_added_users)?, call.get(Input::select_all_status)?) {
        (Some(_), Some(kind)) if !kind.trim().is_empty() => Invited::all(call, Input::select_all_status.name(), kind)?,
        (Some(listed), _) => listed,
        (None, _) => Invited::default(),
    };
    let added = call.get(Input::added_users)?.unwrap_or_default();
    let added: Vec<String> = added.iter().filter_map(|added| added.value.field(AddedUsersInput::value.slot)).filter_map(entry).collect();
    invited = invited.and(Invited::read(call, Input::added_users.name(), added.iter().map(String::as_str))?);
    if !call.is_blank(Input::patient_id) {
        invited.users.push(call.target::<User, _>(Input::patient_id)?.id());
    }
    Ok(invited)
}

fn message(call: &Call<'_, Input>) -> Result<Option<String>, Refusal> {
    let Given::Value(note) = call.given(Input::note)? else { return Ok(None) };
    Ok(note.get(NoteInput::content).filter(|content| !content.trim().is_empty()).map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_conversation_is_opened_for_a_provider_and_a_patient() {
        let clinic = Clinic::open().as_role("integration");
        let (provider, patient) = (clinic.id("User", "provider"), clinic.id("User", "edith"));
        let create = format!(
            r#"createConversation(input: {{ owner_id: "{provider}", simple_added_users: "user-{patient}", name: "Labs", metadata: "{{\"a\":1}}", note: {{ content: "Hello" }} }})"#
        );
        let answer = clinic.run(&format!(
            "mutation {{ {create} {{ conversation {{ name owner {{ first_name }} invitees {{ first_name }} metadata notes {{ content creator {{ first_name }} }} }} messages {{ message }} }} }}"
        ));
        assert_eq!(
            answer["data"]["createConversation"],
            json!({
                "conversation": {
                    "name": "Labs",
                    "owner": {"first_name": "Priya"},
                    "invitees": [{"first_name": "Edith"}],
                    "metadata": {"a": 1},
                    "notes": [{"content": "Hello", "creator": {"first_name": "Priya"}}],
                },
                "messages": null
            })
        );
        let expected = ["conversation.created", "conversation_membership.created", "conversation_membership.created", "message.created"];
        assert_eq!(clinic.events(), expected);
    }

    #[test]
    fn a_group_is_invited_with_its_members() {
        let clinic = Clinic::open();
        let group = clinic.id("UserGroup", "heart");
        let create = format!(r#"createConversation(input: {{ simple_added_users: "group-{group}" }})"#);
        let document = format!(
            "mutation {{ {create} {{ conversation {{ user_groups {{ name }} invitees {{ first_name }} includes_multiple_clients }} }} }}"
        );
        assert_eq!(
            clinic.run(&document)["data"]["createConversation"]["conversation"],
            json!({
                "user_groups": [{"name": "Heart Health"}],
                "invitees": [{"first_name": "Ava"}, {"first_name": "Rosa"}, {"first_name": "Edith"}],
                "includes_multiple_clients": true
            })
        );
        clinic.as_role("limited").refuses(&create, &[("base", "You do not have permission to create this conversation.")]);
    }

    #[test]
    fn not_everybody_may_open_one_with_everybody() {
        let clinic = Clinic::open();
        let (patient, member) = (clinic.id("User", "patient"), clinic.id("User", "admin"));
        let with = |user: &str| format!(r#"createConversation(input: {{ simple_added_users: "user-{user}" }})"#);
        clinic.as_role("patient").refuses(&with(&member), &[("base", "You do not have permission to create this conversation.")]);
        clinic.as_role("limited").refuses(&with(&member), &[("base", "You do not have permission to create this conversation.")]);
        clinic.as_role("limited").refuses(&with(&patient), &[("simple_added_users", &format!("user-{patient} not found"))]);
        clinic.refuses(
            r#"createConversation(input: { simple_added_users: "", select_all_status: "Everybody" })"#,
            &[("select_all_status", "is invalid")],
        );
        let long = "x".repeat(2001);
        clinic.refuses(
            &format!(r#"createConversation(input: {{ metadata: "{long}" }})"#),
            &[("metadata", "is too long (maximum is 2000 characters)")],
        );
    }
}
