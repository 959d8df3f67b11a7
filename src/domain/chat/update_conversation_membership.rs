//! `updateConversationMembership`: marks a conversation read or unread, and puts it into the archive.

use super::{conversation, membership};
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{ConversationMembership, updateConversationMembershipInput as Input};

/// Assumed: those who may read other members' chats mark them for them too.
pub fn update_conversation_membership(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let own = call.target::<ConversationMembership, _>(Input::id)?;
    let is_own = own.get(ConversationMembership::user_id).is_some_and(|user| call.viewer().is(user));
    if !is_own && !conversation::reads_others(call.viewer()) {
        return Err(Refusal::no_permission("update this conversation membership"));
    }
    if let Some(viewed) = call.get(Input::viewed)? {
        membership::set_viewed(call, &own, viewed);
    }
    let own = call.target::<ConversationMembership, _>(Input::id)?;
    Ok(match call.get(Input::archived)? {
        Some(archived) => call.change(&own).set(ConversationMembership::archived, archived).save(call).into(),
        None => own.into(),
    })
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn viewing_is_announced_and_unviewing_is_not() {
        let clinic = Clinic::open().as_role("provider");
        let id = clinic.id("ConversationMembership", "patient_provider");
        let set = |what: &str| {
            let update = format!(r#"updateConversationMembership(input: {{ id: "{id}", {what} }})"#);
            clinic.run(&format!("mutation {{ {update} {{ conversation_membership {{ viewed archived }} messages {{ message }} }} }}"))["data"]
                ["updateConversationMembership"]["conversation_membership"]
                .clone()
        };
        assert_eq!(set("viewed: true"), json!({"viewed": true, "archived": false}));
        assert_eq!(clinic.events(), ["conversation_membership.viewed"]);
        assert_eq!(set("viewed: false, archived: true"), json!({"viewed": false, "archived": true}));
        assert_eq!(clinic.events(), [] as [&str; 0]);
        clinic.as_role("patient").refuses(
            &format!(r#"updateConversationMembership(input: {{ id: "{id}", viewed: true }})"#),
            &[("base", "You do not have permission to update this conversation membership.")],
        );
    }
}
