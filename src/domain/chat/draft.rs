//! What somebody has begun to write in a conversation. Documented: one text for each membership.

use crate::engine::{Answer, Call, Entity, Input, Made, QueryError, Reading, Refusal};
use crate::schema::names::{ConversationMembership, Draft, args, createDraftInput};

pub fn entity() -> Entity<Draft> {
    Entity::new().indexed(Draft::conversation_membership_id).ruled(Draft::conversation_membership_id).visible(|draft| {
        let membership = draft.follow::<ConversationMembership, _>(Draft::conversation_membership_id);
        let writer = membership.and_then(|membership| membership.get(ConversationMembership::user_id));
        writer.is_some_and(|writer| draft.on.viewer().is(writer))
    })
}

/// Keeps the text in place of an earlier one.
pub fn create_draft(call: &mut Call<'_, createDraftInput>) -> Result<Made, Refusal> {
    use createDraftInput as Input;
    let membership = call.target::<ConversationMembership, _>(Input::conversation_membership_id)?;
    if !membership.get(ConversationMembership::user_id).is_some_and(|user| call.viewer().is(user)) {
        return Err(Refusal::no_permission("create this draft"));
    }
    let draft = match call.having(Draft::conversation_membership_id, membership.id()).pop() {
        Some(known) => call.edit(&known),
        None => call.draft::<Draft>().set(Draft::conversation_membership_id, membership.id()),
    };
    Ok(draft.save(call).into())
}

pub fn draft(on: Reading<'_>, asked: &Input<'_, args::draft>) -> Result<Answer, QueryError> {
    let membership = asked.get(args::draft::conversation_membership_id).ok().flatten();
    let found = membership.and_then(|membership| on.having(Draft::conversation_membership_id, membership).next());
    Ok(found.filter(|draft| on.may_see(<Draft as crate::schema::Named>::TYPE, draft.record())).into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_draft_is_its_writers() {
        let clinic = Clinic::open().as_role("provider");
        let id = clinic.id("ConversationMembership", "patient_provider");
        for text in ["Dear", "Dear Ava"] {
            let create = format!(r#"createDraft(input: {{ conversation_membership_id: "{id}", content: "{text}" }})"#);
            let answer = clinic.run(&format!("mutation {{ {create} {{ draft {{ content }} messages {{ message }} }} }}"));
            assert_eq!(answer["data"]["createDraft"], json!({"draft": {"content": text}, "messages": null}));
            clinic.as_role("patient").refuses(&create, &[("base", "You do not have permission to create this draft.")]);
        }
        let read = format!("{{ draft(conversation_membership_id: {id}) {{ id content }} }}");
        let draft = clinic.run(&read)["data"]["draft"].clone();
        assert_eq!(draft["content"], "Dear Ava");
        assert!(clinic.as_role("owner").run(&read)["data"]["draft"].is_null());
        clinic.run(&format!(r#"mutation {{ removeDraft(input: {{ id: {} }}) {{ messages {{ message }} }} }}"#, draft["id"]));
        assert!(clinic.run(&read)["data"]["draft"].is_null());
    }
}
