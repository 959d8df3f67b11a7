//! `createNote`: says something in a conversation, now or later.

use super::{conversation, note, note_scheduler, update_conversation::own_setting};
use crate::domain::documents;
use crate::engine::{CANT_BE_BLANK, Call, Draft, File, Made, Refusal, Row, View, files};
use crate::schema::names::{ChatSetting, Conversation, Document, Note, User, createNoteInput as Input};
use std::sync::Arc;

pub fn create_note(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    // Documented: what a program passes on is dated by itself; when it was changed is ours to say.
    call.accept(Input::updated_at);
    call.require(Input::conversation_id)?;
    let talk = call.target::<Conversation, _>(Input::conversation_id)?;
    refuse_closed(call, &talk)?;
    let author = author(call)?;
    let image = call.file(Input::attached_image)?;
    let has_file = image.is_some() || [Input::attached_document, Input::attached_audio].iter().any(|file| !call.is_blank(*file));
    if call.is_blank(Input::content) && !has_file {
        return Err(Refusal::on(Input::content, CANT_BE_BLANK));
    }
    let owner = talk.get(Conversation::owner_id).unwrap_or(author);

    let mut message = call.draft::<Note>().set(Note::conversation_id, talk.id()).set(Note::user_id, author);
    show(&mut message, image);
    // Assumed: it is a document like any other.
    if let Some(file) = call.file(Input::attached_document)? {
        let readers = conversation::members(&View::new(call.on(), talk.record())).map(|reader| reader.id());
        let readers = readers.filter(|reader| *reader != author).collect();
        let document = documents::of_message(call, file, author, readers);
        message.put(Note::document_id, document.id());
        message.put(Note::document_name, document.get(Document::display_name).unwrap_or_default().to_owned());
    }
    // Documented: in the organization's chat, others speak on behalf of the owner.
    if call.is(Input::org_chat) && author != owner {
        message = message.set(Note::user_id, owner).set(Note::on_behalf_user_id, author);
    }
    if let Some(hide) = call.get(Input::hide_org_chat_confirmation)? {
        own_setting(call).set(ChatSetting::hide_org_chat_confirmation, hide).save(call);
    }
    let later = call.get(Input::scheduled_at)?.filter(|at| *at > call.now());
    if let Some(at) = later {
        return Ok(note_scheduler::schedule(call, message, Some(&talk), author, at).into());
    }
    let sent = note::send(call, message);
    note::answer_for_owner(call, &talk, author);
    Ok(sent.into())
}

fn refuse_closed(call: &Call<'_, Input>, talk: &Row<Conversation>) -> Result<(), Refusal> {
    let members = conversation::members(&View::new(call.on(), talk.record())).count();
    match talk.get(Conversation::closed_date) {
        Some(_) => Err(Refusal::base("This conversation is closed")),
        None if members > conversation::MOST_MEMBERS => Err(Refusal::base("This conversation has too many members")),
        None => Ok(()),
    }
}

/// Whoever calls. Observed: an integration's key speaks for a provider by `user_id`; assumed: for a patient too.
fn author(call: &Call<'_, Input>) -> Result<u64, Refusal> {
    match call.get(Input::user_id)? {
        None => Ok(call.viewer_id()),
        Some(user) if call.viewer().is(user) => Ok(user),
        Some(_) if call.viewer().is_patient() => Err(Refusal::no_permission("create this note")),
        Some(_) => Ok(call.target::<User, _>(Input::user_id)?.id()),
    }
}

/// The image that comes along.
pub fn show(message: &mut Draft<Note>, image: Option<&Arc<File>>) {
    if let Some(image) = image {
        message.put_file(Note::attached_image_url, image);
        message.put(Note::image_name, files::name_or(image, "image"));
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use jiff::SignedDuration;
    use serde_json::json;

    fn say(clinic: &Clinic, talk: &str, rest: &str) -> String {
        format!(r#"createNote(input: {{ conversation_id: "{}", {rest} }})"#, clinic.id("Conversation", talk))
    }

    fn made(clinic: &Clinic, mutation: &str, fields: &str) -> serde_json::Value {
        let answer = clinic.run(&format!("mutation {{ {mutation} {{ note {{ {fields} }} messages {{ field message }} }} }}"));
        assert!(answer["data"]["createNote"]["messages"].is_null(), "{answer}");
        answer["data"]["createNote"]["note"].clone()
    }

    #[test]
    fn a_message_is_news_to_everybody_but_its_author() {
        let clinic = Clinic::open().as_role("integration");
        let provider = clinic.id("User", "provider");
        let note = made(
            &clinic,
            &say(&clinic, "patient", &format!(r#"user_id: "{provider}", content: "<p>See you</p>""#)),
            "content user_id creator { first_name } deleted_by_user scheduled_at is_autoresponse",
        );
        let expected = json!({
            "content": "<p>See you</p>", "user_id": provider, "creator": {"first_name": "Priya"},
            "deleted_by_user": false, "scheduled_at": null, "is_autoresponse": false
        });
        assert_eq!(note, expected);
        let events = clinic.events();
        assert!(events.contains(&"message.created".to_owned()) && !events.contains(&"conversation.updated".to_owned()), "{events:?}");
        let viewed = |role| clinic.as_role(role).run("{ lastCM { viewed convo { last_message_content } } }")["data"]["lastCM"].clone();
        assert_eq!(viewed("patient"), json!({"viewed": false, "convo": {"last_message_content": "See you"}}));
        assert_eq!(viewed("provider"), json!({"viewed": true, "convo": {"last_message_content": "See you"}}));
    }

    #[test]
    fn others_speak_on_behalf_of_the_owner() {
        let clinic = Clinic::open();
        let note = made(
            &clinic,
            &say(&clinic, "patient", r#"org_chat: true, content: "Hi""#),
            "creator { first_name } on_behalf_user { first_name }",
        );
        assert_eq!(note, json!({"creator": {"first_name": "Priya"}, "on_behalf_user": {"first_name": "Margaret"}}));
    }

    #[test]
    fn a_scheduled_message_is_sent_when_it_is_due() {
        let clinic = Clinic::open().as_role("provider");
        let later = say(&clinic, "patient", r#"content: "Reminder", scheduled_at: "2026-03-02 12:00""#);
        let note = made(&clinic, &later, "content scheduled_at");
        assert_eq!(note, json!({"content": "Reminder", "scheduled_at": "2026-03-02 12:00:00 -0500"}));
        assert_eq!(clinic.events(), [] as [&str; 0]);
        let last =
            || clinic.run("{ lastCM { convo { last_message_content } } }")["data"]["lastCM"]["convo"]["last_message_content"].clone();
        assert_ne!(last(), "Reminder");
        clinic.advance(SignedDuration::from_hours(3));
        assert_eq!(last(), "Reminder");
        assert_eq!(clinic.events(), ["message.created", "scheduled_message.sent"]);
    }

    #[test]
    fn the_owner_s_automatic_answer_follows_a_patient_s_message() {
        let clinic = Clinic::open();
        let talk = say(&clinic, "patient2", r#"content: "Are you there?""#);
        made(&clinic.as_role("patient2"), &talk, "id");
        let answer = clinic.as_role("patient2").run("{ lastCM { convo { notes { content is_autoresponse creator { first_name } } } } }");
        let notes = answer["data"]["lastCM"]["convo"]["notes"].as_array().expect("a list");
        let last = notes.last().expect("a message");
        assert_eq!(*last, json!({"content": "I am away this week.", "is_autoresponse": true, "creator": {"first_name": "Daniel"}}));
    }

    #[test]
    fn what_is_no_message_is_refused() {
        let clinic = Clinic::open();
        clinic.refuses(&say(&clinic, "patient", r#"content: " ""#), &[("content", "can't be blank")]);
        clinic.refuses(r#"createNote(input: { content: "Hi" })"#, &[("conversation_id", "can't be blank")]);
        clinic.refuses(r#"createNote(input: { content: "Hi", conversation_id: "1" })"#, &[("conversation_id", "Conversation not found")]);
        let stranger = say(&clinic, "patient", r#"content: "Hi""#);
        clinic.as_role("patient2").refuses(&stranger, &[("conversation_id", "Conversation not found")]);
        clinic.refuses(&say(&clinic, "patient", r#"attached_image_string: "?""#), &[("attached_image_string", "is invalid")]);
        let image = say(&clinic, "patient", r#"attached_image_string: "data:image/png;base64,aGVsbG8=""#);
        assert_eq!(made(&clinic, &image, "image_name content"), json!({"image_name": "image.png", "content": null}));
    }
}
