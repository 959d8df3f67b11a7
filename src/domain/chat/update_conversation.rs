//! `updateConversation`: renames it, closes it, and says anew who is in it.

use super::{conversation, membership};
use crate::domain::invited::Invited;
use crate::engine::{Call, Given, Made, Refusal, Row};
use crate::schema::Named;
use crate::schema::names::{ChatSetting, Conversation, ConversationMembership, User, updateConversationInput as Input};

const TO: &str = "update this conversation";

pub fn update_conversation(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let talk = call.target::<Conversation, _>(Input::id)?;
    conversation::refuse_long_metadata(call.get(Input::metadata)?)?;
    let invited = invited(call)?;
    if let Some(invited) = &invited {
        refuse(call, &talk, invited)?;
    }

    let mut draft = call.edit(&talk);
    match call.given(Input::closed_by_id)? {
        // Documented: the caller's own id closes. Observed: so does that of the provider whose conversation it is.
        Given::Value(_) => {
            let by = call.target::<User, _>(Input::closed_by_id)?;
            draft = draft.set(Conversation::closed_by_id, by.id()).set(Conversation::closed_date, call.now());
        }
        // Assumed: nothing is documented to open it again.
        Given::Null => draft.clear(Conversation::closed_date),
        Given::Absent => {}
    }
    if let Some(invited) = invited.as_ref().filter(|invited| talk.get(Conversation::user_group_ids).unwrap_or_default() != invited.groups) {
        draft.put(Conversation::user_group_ids, invited.groups.clone());
    }
    let talk = draft.save(call);
    if let Some(invited) = &invited {
        invite(call, &talk, invited);
    }
    if let Some(hide) = call.get(Input::hide_close_confirmation)? {
        let setting = own_setting(call).set(ChatSetting::hide_close_confirmation, hide);
        setting.save(call);
    }
    Ok(talk.into())
}

/// Documented: both together, where both are sent.
fn invited(call: &Call<'_, Input>) -> Result<Option<Invited>, Refusal> {
    let listed = Invited::sent(call, Input::simple_added_users)?;
    let kind = call.get(Input::select_all_status)?.filter(|kind| !kind.trim().is_empty());
    if listed.is_none() && kind.is_none() {
        return Ok(None);
    }
    Ok(Some(listed.unwrap_or_default().and(Invited::all(call, Input::select_all_status.name(), kind.unwrap_or_default())?)))
}

fn refuse(call: &Call<'_, Input>, talk: &Row<Conversation>, invited: &Invited) -> Result<(), Refusal> {
    let people = invited.people(call.on());
    let new: Vec<u64> = people.iter().copied().filter(|user| membership::of(call.on(), talk.id(), *user).is_none()).collect();
    conversation::refuse_invitees(call, &new, people.len() + 1, TO)
}

/// Documented: who is not on the list goes. Assumed: but for the owner.
fn invite(call: &mut Call<'_, Input>, talk: &Row<Conversation>, invited: &Invited) {
    let people = invited.people(call.on());
    for gone in call.having(ConversationMembership::conversation_id, talk.id()) {
        let user = gone.get(ConversationMembership::user_id);
        if user != talk.get(Conversation::owner_id) && !user.is_some_and(|user| people.contains(&user)) {
            call.delete(&gone);
        }
    }
    for user in people {
        membership::add(call, talk, user);
    }
}

/// The caller's chat settings, made where there are none.
pub fn own_setting<I: Named>(call: &mut Call<'_, I>) -> crate::engine::Draft<ChatSetting> {
    let caller = call.viewer_id();
    match call.having(ChatSetting::user_id, caller).pop() {
        Some(known) => call.change(&known),
        None => call.blank_draft::<ChatSetting>().set(ChatSetting::user_id, caller),
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn the_list_of_invitees_is_replaced() {
        let clinic = Clinic::open();
        let (talk, noor) = (clinic.id("Conversation", "patient"), clinic.id("User", "noor"));
        let update = format!(r#"updateConversation(input: {{ id: "{talk}", simple_added_users: "user-{noor}" }})"#);
        let answer = clinic.run(&format!(
            "mutation {{ {update} {{ conversation {{ invitees {{ first_name }} owner {{ first_name }} }} messages {{ message }} }} }}"
        ));
        assert_eq!(
            answer["data"]["updateConversation"],
            json!({"conversation": {"invitees": [{"first_name": "Noor"}], "owner": {"first_name": "Priya"}}, "messages": null})
        );
        assert_eq!(clinic.events(), ["conversation_membership.deleted", "conversation_membership.created"]);
    }

    #[test]
    fn a_closed_conversation_takes_no_messages_until_it_is_opened_again() {
        let clinic = Clinic::open().as_role("provider");
        let (talk, provider) = (clinic.id("Conversation", "patient"), clinic.id("User", "provider"));
        let close = |by: &str| {
            let update = format!(r#"updateConversation(input: {{ id: "{talk}", closed_by_id: {by}, hide_close_confirmation: true }})"#);
            clinic.run(&format!(
                "mutation {{ {update} {{ conversation {{ closed_by {{ first_name }} closed_date }} messages {{ message }} }} }}"
            ))
        };
        assert_eq!(
            close(&format!("{provider:?}"))["data"]["updateConversation"]["conversation"],
            json!({"closed_by": {"first_name": "Priya"}, "closed_date": "2026-03-02 10:00:00 -0500"})
        );
        assert_eq!(clinic.events(), ["conversation.updated"]);
        assert_eq!(clinic.run("{ chatSetting { hide_close_confirmation } }")["data"]["chatSetting"]["hide_close_confirmation"], true);
        let say = format!(r#"createNote(input: {{ conversation_id: "{talk}", content: "Hello?" }})"#);
        clinic.refuses(&say, &[("base", "This conversation is closed")]);
        assert_eq!(close("null")["data"]["updateConversation"]["conversation"], json!({"closed_by": null, "closed_date": null}));
        assert!(clinic.run(&format!("mutation {{ {say} {{ messages {{ message }} }} }}"))["data"]["createNote"]["messages"].is_null());
    }
}
