//! `createMessageBlast`: the same message to many people, each in a conversation of their own.

use super::note_scheduler;
use crate::domain::invited::Invited;
use crate::engine::{CANT_BE_BLANK, Call, Made, Refusal, Row, Value};
use crate::schema::names::{
    Note, NoteInput, NoteScheduler, User, createMessageBlastInput as Input, createMessageBlastPayload as Payload, updateNoteSchedulerInput,
};

pub fn create_message_blast(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let message = call.get(Input::note)?.and_then(|note| note.get(NoteInput::content)).unwrap_or_default().to_owned();
    if message.trim().is_empty() {
        return Err(Refusal::on(Input::note, CANT_BE_BLANK));
    }
    let author = match call.is_blank(Input::dietitian_id) {
        true => call.viewer_id(),
        false => call.target::<User, _>(Input::dietitian_id)?.id(),
    };
    let invited = invited(call)?;
    if invited.people(call.on()).is_empty() {
        return Err(Refusal::on(Input::simple_added_users, CANT_BE_BLANK));
    }
    let at = call.get(Input::scheduled_at)?;
    let later = at.filter(|at| *at > call.now());

    let draft = call.blank_draft::<Note>().set(Note::content, message).set(Note::user_id, author);
    let message = note_scheduler::schedule(call, draft, None, author, later.unwrap_or_else(|| call.now()));
    let scheduler = call.having(NoteScheduler::note_id, message.id()).pop().expect("it was just made");
    let scheduler = address(call, &scheduler, invited)?;
    if later.is_none() {
        note_scheduler::blast(call, &scheduler, &message);
        // Documented: `scheduled_message.sent` is about scheduled ones; what was sent at once leaves nothing to look up.
        call.delete(&scheduler);
        call.delete(&message);
    }
    let told = if later.is_some() { "Message scheduled" } else { "Message sent" };
    Ok(Made::nothing().also(Payload::message, Value::text(told)))
}

fn invited(call: &Call<'_, Input>) -> Result<Invited, Refusal> {
    let mut invited = match (Invited::sent(call, Input::simple_added_users)?, call.get(Input::select_all_status)?) {
        (Some(_), Some(kind)) if !kind.trim().is_empty() => Invited::all(call, Input::select_all_status.name(), kind)?,
        (Some(listed), _) => listed,
        (None, _) => Invited::default(),
    };
    if !call.is_blank(Input::patient_id) {
        invited.users.push(call.target::<User, _>(Input::patient_id)?.id());
    }
    Ok(invited)
}

fn address(call: &mut Call<'_, Input>, scheduler: &Row<NoteScheduler>, invited: Invited) -> Result<Row<NoteScheduler>, Refusal> {
    let mut draft = call.change(scheduler);
    if let Some(name) = call.get(Input::name)? {
        draft.put(NoteScheduler::name, name.to_owned());
    }
    Ok(to(draft, invited).save(call))
}

fn to(draft: crate::engine::Draft<NoteScheduler>, invited: Invited) -> crate::engine::Draft<NoteScheduler> {
    draft.set(NoteScheduler::participant_ids, invited.users).set(NoteScheduler::user_group_ids, invited.groups)
}

/// `updateNoteScheduler`: says anew who gets a message that waits. Documented: `select_all_status` wins over
/// `participant_ids`, and needs it to be sent.
pub fn update_note_scheduler(call: &mut Call<'_, updateNoteSchedulerInput>) -> Result<Made, Refusal> {
    use updateNoteSchedulerInput as Input;
    let scheduler = call.target::<NoteScheduler, _>(Input::id)?;
    let kind = call.get(Input::select_all_status)?.filter(|kind| !kind.trim().is_empty());
    let invited = match (call.get(Input::participant_ids)?, kind) {
        (None, _) => return Ok(scheduler.into()),
        (Some(_), Some(kind)) => Invited::all(call, Input::select_all_status.name(), kind)?,
        (Some(ids), None) => {
            let users = call.targets::<User>(Input::participant_ids)?;
            debug_assert_eq!(users.len(), ids.len());
            Invited { users: users.iter().map(Row::id).collect(), groups: scheduler.get(NoteScheduler::user_group_ids).unwrap_or_default() }
        }
    };
    Ok(to(call.change(&scheduler), invited).save(call).into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use jiff::SignedDuration;
    use serde_json::json;

    #[test]
    fn each_gets_a_conversation_of_their_own() {
        let clinic = Clinic::open().as_role("provider");
        let (rosa, edith) = (clinic.id("User", "rosa"), clinic.id("User", "edith"));
        let blast = format!(
            r#"createMessageBlast(input: {{ simple_added_users: "user-{rosa},user-{edith}", name: "News", note: {{ content: "Hi" }} }})"#
        );
        let answer = clinic.run(&format!("mutation {{ {blast} {{ message messages {{ message }} }} }}"));
        assert_eq!(answer["data"]["createMessageBlast"], json!({"message": "Message sent", "messages": null}));
        let events = clinic.events();
        let count = |name: &str| events.iter().filter(|event| *event == name).count();
        assert_eq!([count("conversation.created"), count("message.created"), count("scheduled_message.sent")], [2, 2, 0]);
        let found =
            clinic.run(r#"{ conversationMemberships(keywords: "News") { convo { invitees { first_name } last_message_content } } }"#);
        assert_eq!(found["data"]["conversationMemberships"].as_array().map(Vec::len), Some(2), "{found}");
    }

    #[test]
    fn a_scheduled_blast_waits() {
        let clinic = Clinic::open().as_role("provider");
        let (rosa, edith) = (clinic.id("User", "rosa"), clinic.id("User", "edith"));
        let blast = format!(
            r#"createMessageBlast(input: {{ simple_added_users: "user-{rosa}", scheduled_at: "2026-03-02 11:00", note: {{ content: "Hi" }} }})"#
        );
        let answer = clinic.run(&format!("mutation {{ {blast} {{ message }} }}"));
        assert_eq!(answer["data"]["createMessageBlast"]["message"], "Message scheduled");
        let id = clinic.run("{ scheduledMessageBlasts { id } }")["data"]["scheduledMessageBlasts"][2]["id"].clone();
        let update = format!(r#"updateNoteScheduler(input: {{ id: {id}, participant_ids: "{rosa},{edith}" }})"#);
        let answer = clinic.run(&format!("mutation {{ {update} {{ noteScheduler {{ participant_ids }} messages {{ message }} }} }}"));
        assert_eq!(answer["data"]["updateNoteScheduler"], json!({"noteScheduler": {"participant_ids": [rosa, edith]}, "messages": null}));
        clinic.events();
        clinic.advance(SignedDuration::from_hours(2));
        let events = clinic.events();
        assert_eq!(events.iter().filter(|event| *event == "message.created").count(), 2, "{events:?}");
        assert_eq!(events.last().map(String::as_str), Some("scheduled_message.sent"));
        clinic.refuses(
            r#"createMessageBlast(input: { simple_added_users: "", note: { content: "Hi" } })"#,
            &[("simple_added_users", "can't be blank")],
        );
        clinic.refuses(&blast.replace("Hi", ""), &[("note", "can't be blank")]);
    }
}
