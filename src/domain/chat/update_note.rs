//! `updateNote`: changes a message, or when it is to be sent. Documented: announces nothing.

use super::{create_note::show, note, note_scheduler};
use crate::engine::{CANT_BE_BLANK, Call, Given, Made, Refusal};
use crate::schema::names::{Note, NoteScheduler, updateNoteInput as Input};

pub fn update_note(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let message = call.target::<Note, _>(Input::id)?;
    note_scheduler::refuse_others(call, &message, "update this note")?;
    let image = call.file(Input::attached_image)?;

    let mut draft = call.edit(&message);
    show(&mut draft, image);
    if draft.is_blank(Note::content) && draft.is_blank(Note::image_name) {
        return Err(Refusal::on(Input::content, CANT_BE_BLANK));
    }
    let waiting = message.get(Note::due_at).is_some();
    let Given::Value(at) = call.given(Input::scheduled_at)? else { return Ok(draft.save(call).into()) };
    if !waiting {
        return Ok(draft.save(call).into());
    }
    draft.put(Note::due_at, at);
    let message = draft.save(call);
    if let Some(scheduler) = call.having(NoteScheduler::note_id, message.id()).pop() {
        let moved = call.change(&scheduler).set(NoteScheduler::due_at, at).save(call);
        if at <= call.now() {
            note_scheduler::deliver(call, &moved);
        }
    }
    Ok(call.find_any::<Note>(message.id()).unwrap_or(message).into())
}

/// `deleteNote`. Documented: with `deleted_by_user` its place stays.
pub fn delete_note(call: &mut Call<'_, crate::schema::names::deleteNoteInput>) -> Result<Made, Refusal> {
    use crate::schema::names::deleteNoteInput as Input;
    let message = call.target::<Note, _>(Input::id)?;
    note_scheduler::refuse_others(call, &message, "delete this note")?;
    if call.is(Input::deleted_by_user) && note::is_sent(&message) {
        return Ok(call.change(&message).set(Note::deleted_by_user, true).save(call).into());
    }
    for scheduler in call.having(NoteScheduler::note_id, message.id()) {
        call.delete(&scheduler);
    }
    call.delete(&message);
    Ok(message.into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_message_is_changed_and_deleted_by_its_author() {
        let clinic = Clinic::open().as_role("patient");
        let id = clinic.id("Note", "patient_thanks");
        let update = format!(r#"updateNote(input: {{ id: "{id}", content: "Thanks!" }})"#);
        assert_eq!(
            clinic.run(&format!("mutation {{ {update} {{ note {{ content }} messages {{ message }} }} }}"))["data"]["updateNote"],
            json!({"note": {"content": "Thanks!"}, "messages": null})
        );
        clinic.as_role("provider").refuses(&update, &[("base", "You do not have permission to update this note.")]);
        let delete = format!(r#"deleteNote(input: {{ id: "{id}", deleted_by_user: true }})"#);
        assert_eq!(
            clinic.run(&format!("mutation {{ {delete} {{ note {{ content deleted_by_user }} messages {{ message }} }} }}"))["data"]["deleteNote"],
            json!({"note": {"content": null, "deleted_by_user": true}, "messages": null})
        );
        assert_eq!(clinic.events(), ["message.deleted"]);
        let gone = delete.replace(", deleted_by_user: true", "");
        clinic.run(&format!("mutation {{ {gone} {{ messages {{ message }} }} }}"));
        assert_eq!(clinic.events(), [] as [&str; 0], "it was gone before");
        assert!(clinic.run(&format!("{{ note(id: {id}) {{ id }} }}"))["data"]["note"].is_null());
    }
}
