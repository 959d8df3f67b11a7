//! `deleteConversationMembership`: takes somebody, or a group, out of a conversation.

use super::membership;
use crate::engine::{Call, Made, Refusal, Row};
use crate::schema::Named;
use crate::schema::names::{Conversation, ConversationMembership, User, UserGroup, deleteConversationMembershipInput as Input};

/// Answers with the membership as it was; of a group, with one of its members'.
pub fn delete_conversation_membership(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let talk = call.target::<Conversation, _>(Input::conversation_id)?;
    let (field, people) = match call.get(Input::group_id)? {
        Some(_) => {
            let group = call.target::<UserGroup, _>(Input::group_id)?;
            let mut groups = talk.get(Conversation::user_group_ids).unwrap_or_default();
            groups.retain(|id| *id != group.id());
            call.change(&talk).set(Conversation::user_group_ids, groups).save(call);
            (Input::group_id.name(), call.having(User::user_group_id, group.id()).iter().map(Row::id).collect())
        }
        None => (Input::user_id.name(), vec![call.require(Input::user_id)?]),
    };
    let owner = talk.get(Conversation::owner_id);
    // Documented: the owner is always in it.
    if people.iter().any(|user| Some(*user) == owner) {
        return Err(Refusal::named(field, "is the owner of this conversation"));
    }
    let gone: Vec<Row<ConversationMembership>> =
        people.into_iter().filter_map(|user| membership::of(call.on(), talk.id(), user).map(|found| found.row().clone())).collect();
    let Some(first) = gone.first().cloned() else {
        return Err(Refusal::not_found(field, ConversationMembership::TYPE.name()));
    };
    for membership in &gone {
        call.delete(membership);
    }
    Ok(first.into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    #[test]
    fn all_but_the_owner_can_be_taken_out() {
        let clinic = Clinic::open().as_role("provider");
        let id = |handle| clinic.id("User", handle);
        let talk = clinic.id("Conversation", "heart");
        let remove = |what: String| format!(r#"deleteConversationMembership(input: {{ conversation_id: "{talk}", {what} }})"#);
        let rosa = remove(format!("user_id: {}", id("rosa")));
        let answer = clinic
            .run(&format!("mutation {{ {rosa} {{ conversationMembership {{ creator {{ first_name }} }} messages {{ message }} }} }}"));
        assert_eq!(answer["data"]["deleteConversationMembership"]["conversationMembership"]["creator"]["first_name"], "Rosa", "{answer}");
        assert_eq!(clinic.events(), ["conversation_membership.deleted"]);
        clinic.refuses(&rosa, &[("user_id", "ConversationMembership not found")]);
        clinic.refuses(&remove(format!("user_id: {}", id("provider"))), &[("user_id", "is the owner of this conversation")]);
        let group = remove(format!("group_id: {}", clinic.id("UserGroup", "heart")));
        clinic.run(&format!("mutation {{ {group} {{ messages {{ message }} }} }}"));
        let left = clinic.run(&format!("{{ conversation(id: {talk}) {{ invitees {{ first_name }} user_groups {{ id }} }} }}"));
        assert_eq!(left["data"]["conversation"], serde_json::json!({"invitees": [], "user_groups": []}));
    }
}
