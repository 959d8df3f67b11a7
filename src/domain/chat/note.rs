//! A message: sent at once or when it is due, and kept as an empty place where its author deleted it.

use super::{conversation, membership};
use crate::domain::people::full_name;
use crate::engine::{Answer, Call, Changed, Draft, Entity, Input, List, QueryError, Reading, Row, Value, View};
use crate::schema::Named;
use crate::schema::names::{ChatSetting, Conversation, ConversationMembership, Note, NoteScheduler, Task, User, args};

pub fn entity() -> Entity<Note> {
    Entity::new()
        .defaults(Note::deleted_by_user, false)
        .defaults(Note::is_autoresponse, false)
        .ordered(&[Note::conversation_id.slot], &[Note::created_at.slot])
        .indexed(Note::conversation_id)
        .ruled(Note::user_id)
        .ruled(Note::conversation_id)
        .visible(is_visible)
        .searched(Note::content)
        .refers(Note::creator, Note::user_id)
        .computed(Note::content, |note| content(note).map(str::to_owned))
        .computed(Note::creator_display_name, |note| note.follow::<User, _>(Note::user_id).map(|user| full_name(&user)))
        .answers(Note::recipient_id, |note| only_recipient(note).map(Value::Id).into())
        .answers(Note::scheduled_conversation_id, |note| {
            let scheduler = note.on.having(NoteScheduler::note_id, note.id()).next();
            scheduler.and_then(|scheduler| scheduler.get(NoteScheduler::conversation_id)).map(Value::Id).into()
        })
        .computed(Note::attached_image_url, |note| Some(note.link(Note::attached_image_url, note.get(Note::image_name)?)))
        .answers_to(Note::viewed, args::Note_viewed, |note, asked| match asked.get(args::Note_viewed::viewer_id).ok().flatten() {
            Some(viewer) => Value::Bool(is_viewed_by(note, viewer)).into(),
            None => Value::Bool(is_viewed(note)).into(),
        })
}

/// Documented: a scheduled message is not there for the members until it is sent.
fn is_visible(note: &View<'_, Note>) -> bool {
    let viewer = note.on.viewer();
    let own = [Note::user_id, Note::on_behalf_user_id].iter().any(|by| note.get(*by).is_some_and(|by| viewer.is(by)));
    let reads_it = || own || viewer.reaches(note.organization()) && conversation::reads_others(viewer);
    match note.get(Note::conversation_id) {
        Some(talk) => note.on.find::<Conversation>(talk).is_some() && (is_sent(note) || viewer.is_member() && reads_it()),
        None => reads_it(),
    }
}

/// Documented: what its author deleted is there without its words.
pub fn content<'n>(note: &'n View<'_, Note>) -> Option<&'n str> {
    note.get(Note::content).filter(|_| !note.is(Note::deleted_by_user))
}

pub fn is_sent(note: &Row<Note>) -> bool {
    note.get(Note::due_at).is_none() && note.get(Note::conversation_id).is_some()
}

/// The messages of a conversation, oldest first.
pub fn sent_in<'s>(talk: &View<'s, Conversation>) -> impl Iterator<Item = View<'s, Note>> + use<'s> {
    let mut all: Vec<_> = talk.on.having(Note::conversation_id, talk.id()).filter(|note| is_sent(note)).collect();
    all.sort_by_key(|note| (note.get(Note::created_at), note.id()));
    all.into_iter()
}

pub fn is_viewed_by(note: &View<'_, Note>, viewer: u64) -> bool {
    let membership = note.get(Note::conversation_id).and_then(|talk| membership::of(note.on, talk, viewer));
    membership.is_some_and(|membership| {
        let seen = membership.get(ConversationMembership::last_viewed_at);
        membership.is(ConversationMembership::viewed) || seen.is_some() && seen >= note.get(Note::created_at)
    })
}

/// Assumed of conversations of more than two, for which a viewer should be named: that all the others have seen it.
fn is_viewed(note: &View<'_, Note>) -> bool {
    let recipients = recipients(note);
    !recipients.is_empty() && recipients.into_iter().all(|user| is_viewed_by(note, user))
}

fn recipients(note: &View<'_, Note>) -> Vec<u64> {
    let author = note.get(Note::user_id);
    let talk = note.follow::<Conversation, _>(Note::conversation_id);
    talk.iter().flat_map(conversation::members).map(|user| user.id()).filter(|user| Some(*user) != author).collect()
}

fn only_recipient(note: &View<'_, Note>) -> Option<u64> {
    let mut recipients = recipients(note);
    recipients.pop().filter(|_| recipients.is_empty())
}

pub fn notes() -> List<Note, args::notes> {
    List::usual()
        .keep(|note, asked| is_sent(note) != asked.is(args::notes::scheduled_notes))
        .filter(args::notes::since_note_id, |note, since| {
            let after = |since: View<'_, Note>| {
                let place = |note: &View<'_, Note>| (note.get(Note::created_at), note.id());
                place(note) > place(&since)
            };
            note.on.find_any::<Note>(since).is_none_or(after)
        })
        .filter(args::notes::with_tasks, |note, only| !only || note.on.having(Task::note, note.id()).next().is_some())
        .reads(args::notes::scheduled_notes)
        // Documented: whose conversation it is makes no difference to who may read it.
        .accepts(args::notes::org_chat)
        .accepts(args::notes::provider_id)
        .default_order("CREATED_AT_DESC")
}

/// `noteViewedStatus`: as the note's own `viewed`.
pub fn viewed_status(on: Reading<'_>, asked: &Input<'_, args::noteViewedStatus>) -> Result<Answer, QueryError> {
    let note = asked.get(args::noteViewedStatus::id).ok().flatten().and_then(|id| on.find::<Note>(id));
    Ok(note.map(|note| Value::Bool(is_viewed(&note))).into())
}

/// Sends a message: it is news to everybody in the conversation but its author. Documented: the conversation's
/// `updated_at` follows. Assumed: it is taken out of the archive.
pub fn send<I: Named>(call: &mut Call<'_, I>, note: Draft<Note>) -> Row<Note> {
    let note = note.save(call);
    let sent_at = note.get(Note::created_at).unwrap_or_else(|| call.now());
    let talk = note.get(Note::conversation_id).unwrap_or_default();
    let authors = [note.get(Note::user_id), note.get(Note::on_behalf_user_id)];
    if let Some(talk) = call.find_any::<Conversation>(talk) {
        call.change(&talk).set(Conversation::last_message_at, sent_at).save(call);
    }
    for membership in call.having(ConversationMembership::conversation_id, talk) {
        let by_author = authors.contains(&membership.get(ConversationMembership::user_id));
        let news = call.change(&membership).set(ConversationMembership::last_message_at, sent_at);
        news.set(ConversationMembership::viewed, by_author).set(ConversationMembership::archived, false).save(call);
    }
    note
}

/// A message in `talk` by `author`, who need not be the caller.
pub fn by<I: Named>(call: &mut Call<'_, I>, talk: &Row<Conversation>, author: u64, content: &str) -> Draft<Note> {
    let note = call.blank_draft::<Note>().belongs_to(talk.organization());
    note.set(Note::conversation_id, talk.id()).set(Note::user_id, author).set(Note::content, content.to_owned())
}

/// Documented: the owner's automatic answer follows a patient's message while it is switched on.
pub fn answer_for_owner<I: Named>(call: &mut Call<'_, I>, talk: &Row<Conversation>, author: u64) {
    let Some(owner) = talk.get(Conversation::owner_id).filter(|owner| *owner != author) else { return };
    let by_patient = call.find_any::<User>(author).is_some_and(|author| author.is(User::is_patient));
    let setting = call.having(ChatSetting::user_id, owner).pop().filter(|_| by_patient);
    let Some(text) = setting.and_then(|setting| automatic_text(&setting, call.now())) else { return };
    let answer = by(call, talk, owner, &text).set(Note::is_autoresponse, true);
    send(call, answer);
}

fn automatic_text(setting: &Row<ChatSetting>, now: jiff::Timestamp) -> Option<String> {
    let begun = setting.get(ChatSetting::start_date).is_none_or(|start| start <= now);
    let over = setting.get(ChatSetting::end_date).is_some_and(|end| end < now) && !setting.is(ChatSetting::no_end_date);
    let once = setting.get(ChatSetting::content).filter(|_| setting.is(ChatSetting::is_active) && begun && !over);
    let recurring = setting.get(ChatSetting::recurring_content).filter(|_| setting.is(ChatSetting::is_recurring_active));
    once.or(recurring).filter(|text| !text.trim().is_empty()).map(str::to_owned)
}

/// `message.created`: when it is sent, not when it is scheduled.
pub fn was_sent(note: &Changed<Note>) -> bool {
    note.after.as_ref().is_some_and(is_sent) && !note.before.as_ref().is_some_and(is_sent)
}

/// `message.deleted`: also where its place is kept.
pub fn was_deleted(note: &Changed<Note>) -> bool {
    let there = |row: &Option<Row<Note>>| row.as_ref().is_some_and(|row| is_sent(row) && !row.is(Note::deleted_by_user));
    there(&note.before) && !there(&note.after)
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn the_newest_messages_come_first() {
        let clinic = Clinic::open().as_role("provider");
        let (talk, first) = (clinic.id("Conversation", "patient"), clinic.id("Note", "patient_hello"));
        let document = format!(
            "{{ notes(conversation_id: {talk}) {{ content creator {{ first_name }} viewed }} notesCount(conversation_id: {talk}) }}"
        );
        assert_eq!(
            clinic.run(&document)["data"],
            json!({
                "notes": [
                    {"content": "Thank you, see you then!", "creator": {"first_name": "Ava"}, "viewed": false},
                    {"content": "<p>Welcome, Ava. Our first visit is <b>booked</b>.</p>", "creator": {"first_name": "Priya"}, "viewed": true},
                ],
                "notesCount": 2
            })
        );
        assert_eq!(clinic.events(), ["conversation_membership.viewed"]);
        let since = clinic.run(&format!("{{ notes(conversation_id: {talk}, since_note_id: {first}) {{ content }} }}"));
        assert_eq!(since["data"]["notes"], json!([{"content": "Thank you, see you then!"}]));
        let scheduled = clinic.run(&format!("{{ notes(conversation_id: {talk}, scheduled_notes: true) {{ scheduled_conversation_id }} }}"));
        assert_eq!(scheduled["data"]["notes"], json!([{"scheduled_conversation_id": talk}]));
        let of_patient = clinic.as_role("patient").run(&format!("{{ notes(conversation_id: {talk}, scheduled_notes: true) {{ id }} }}"));
        assert_eq!(of_patient["data"]["notes"], json!([]));
    }
}
