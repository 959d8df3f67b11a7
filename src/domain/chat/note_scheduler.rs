//! Messages that are sent later: one into a conversation, or one to each of many people.

use super::{conversation, membership, note};
use crate::domain::invited::Invited;
use crate::engine::{Answer, AnyInput, Call, Changed, Draft, Entity, List, Reading, Refusal, Row, View, Within};
use crate::schema::Named;
use crate::schema::names::{Conversation, ConversationMembership, Note, NoteScheduler, User, UserGroup, args};
use jiff::Timestamp;

pub fn entity() -> Entity<NoteScheduler> {
    Entity::new()
        .indexed(NoteScheduler::user_id)
        .indexed(NoteScheduler::note_id)
        .ruled(NoteScheduler::user_id)
        .visible(|scheduler| {
            let viewer = scheduler.on.viewer();
            let own = scheduler.get(NoteScheduler::user_id).is_some_and(|user| viewer.is(user));
            viewer.is_member() && (own || viewer.reaches(scheduler.organization()) && conversation::reads_others(viewer))
        })
        .computed(NoteScheduler::note_content, |scheduler| {
            scheduler.follow::<Note, _>(NoteScheduler::note_id).and_then(|note| note.get(Note::content).map(str::to_owned))
        })
        .answers(NoteScheduler::selected_users, |scheduler| people(scheduler, scheduler.get(NoteScheduler::participant_ids)))
        .answers(NoteScheduler::selected_user_groups, |scheduler| {
            let groups = scheduler.get(NoteScheduler::user_group_ids).unwrap_or_default().into_iter();
            Answer::List(groups.filter_map(|id| scheduler.on.find_any::<UserGroup>(id)).map(Into::into).collect())
        })
        .answers(NoteScheduler::invitees, |scheduler| people(scheduler, Some(recipients(scheduler.on, scheduler))))
        .answers(NoteScheduler::first_four_invitees, |scheduler| {
            people(scheduler, Some(recipients(scheduler.on, scheduler).into_iter().take(4).collect()))
        })
        .computed(NoteScheduler::invitees_count, |scheduler| Some(recipients(scheduler.on, scheduler).len() as i64))
}

fn people(scheduler: &View<'_, NoteScheduler>, ids: Option<Vec<u64>>) -> Answer {
    let found = ids.unwrap_or_default().into_iter().filter_map(|id| scheduler.on.find_any::<User>(id));
    Answer::List(found.map(Into::into).collect())
}

/// Who gets it: those of a blast, else the others in the conversation.
fn recipients(on: Reading<'_>, scheduler: &Row<NoteScheduler>) -> Vec<u64> {
    if let Some(talk) = scheduler.get(NoteScheduler::conversation_id) {
        let members = on.having(ConversationMembership::conversation_id, talk);
        let author = scheduler.get(NoteScheduler::user_id);
        return members.filter_map(|member| member.get(ConversationMembership::user_id)).filter(|user| Some(*user) != author).collect();
    }
    let users = scheduler.get(NoteScheduler::participant_ids).unwrap_or_default();
    let groups = scheduler.get(NoteScheduler::user_group_ids).unwrap_or_default();
    Invited { users, groups }.people(on)
}

/// Documented: the caller's that are still to be sent; everybody's with `org_chat`.
pub fn scheduled_message_blasts() -> List<NoteScheduler, args::scheduledMessageBlasts> {
    type Asked = args::scheduledMessageBlasts;
    List::new()
        .within(|on, asked| {
            if asked.is(Asked::org_chat) && conversation::reads_others(on.viewer()) {
                return Within::organization(on.viewer().organization());
            }
            let provider = asked.get(Asked::provider_id).ok().flatten().or(on.viewer().id());
            provider.map_or_else(Within::nothing, |provider| Within::having(NoteScheduler::user_id, provider))
        })
        .keep(|scheduler, _| scheduler.get(NoteScheduler::due_at).is_some())
        .filter(Asked::client_id, |scheduler, client| recipients(scheduler.on, scheduler).contains(&client))
        .filter(Asked::provider_ids, |scheduler, providers| {
            providers.is_empty() || scheduler.get(NoteScheduler::user_id).is_some_and(|user| providers.contains(&user))
        })
        .reads(Asked::org_chat)
        .reads(Asked::provider_id)
        .unpaged()
}

/// Keeps `message` until `at`.
pub fn schedule<I: Named>(
    call: &mut Call<'_, I>,
    message: Draft<Note>,
    talk: Option<&Row<Conversation>>,
    author: u64,
    at: Timestamp,
) -> Row<Note> {
    let message = message.set(Note::scheduled_at, at).set(Note::due_at, at).save(call);
    let scheduler = call.blank_draft::<NoteScheduler>().belongs_to(message.organization());
    let mut scheduler = scheduler.set(NoteScheduler::note_id, message.id()).set(NoteScheduler::user_id, author);
    if let Some(talk) = talk {
        scheduler.put(NoteScheduler::conversation_id, talk.id());
    }
    scheduler.set(NoteScheduler::due_at, at).save(call);
    message
}

pub fn fall_due(call: &mut Call<'_, AnyInput>, scheduler: &Row<NoteScheduler>) {
    deliver(call, scheduler);
}

/// Sends what has fallen due. Assumed: not into a conversation that was closed meanwhile.
pub fn deliver<I: Named>(call: &mut Call<'_, I>, scheduler: &Row<NoteScheduler>) {
    let now = call.now();
    let mut done = call.change(scheduler);
    done.clear(NoteScheduler::due_at);
    let message = scheduler.get(NoteScheduler::note_id).and_then(|id| call.find_any::<Note>(id));
    let talk = scheduler.get(NoteScheduler::conversation_id).and_then(|id| call.find_any::<Conversation>(id));
    let closed = talk.as_ref().is_some_and(|talk| talk.get(Conversation::closed_date).is_some());
    let Some(message) = message.filter(|_| !closed) else {
        done.save(call);
        return;
    };
    match talk {
        Some(_) => {
            let mut sent = call.change(&message).set(Note::created_at, now);
            sent.clear(Note::due_at);
            note::send(call, sent);
        }
        None => blast(call, scheduler, &message),
    }
    done.set(NoteScheduler::sent_at, now).save(call);
}

/// Documented: each gets the message in a new conversation of their own.
pub fn blast<I: Named>(call: &mut Call<'_, I>, scheduler: &Row<NoteScheduler>, message: &Row<Note>) {
    let author = scheduler.get(NoteScheduler::user_id).unwrap_or_default();
    let content = message.get(Note::content).unwrap_or_default().to_owned();
    for user in recipients(call.on(), scheduler) {
        let mut talk = call.blank_draft::<Conversation>().belongs_to(scheduler.organization()).set(Conversation::owner_id, author);
        if let Some(name) = scheduler.get(NoteScheduler::name) {
            talk.put(Conversation::name, name.to_owned());
        }
        let talk = talk.save(call);
        membership::add(call, &talk, author);
        membership::add(call, &talk, user);
        let message = note::by(call, &talk, author, &content);
        note::send(call, message);
    }
}

/// `scheduled_message.sent`
pub fn was_sent(scheduler: &Changed<NoteScheduler>) -> bool {
    !scheduler.created() && scheduler.gained(NoteScheduler::sent_at)
}

/// Assumed: a message is changed by whoever wrote it, or by those who may read other members' chats.
pub fn refuse_others<I: Named>(call: &Call<'_, I>, message: &Row<Note>, to: &str) -> Result<(), Refusal> {
    let wrote = [Note::user_id, Note::on_behalf_user_id].iter().any(|by| message.get(*by).is_some_and(|by| call.viewer().is(by)));
    let may = wrote || conversation::reads_others(call.viewer());
    if may { Ok(()) } else { Err(Refusal::no_permission(to)) }
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn waiting_messages_are_listed_for_their_author() {
        let clinic = Clinic::open().as_role("provider");
        let fields = "note_content invitees_count invitees { first_name } selected_users { first_name } selected_user_groups { name } user { first_name }";
        let answer = clinic.run(&format!("{{ scheduledMessageBlasts {{ {fields} }} showScheduledTab }}"));
        assert_eq!(
            answer["data"],
            json!({
                "scheduledMessageBlasts": [
                    {
                        "note_content": "Please bring your food diary.", "invitees_count": 1, "invitees": [{"first_name": "Ava"}],
                        "selected_users": [], "selected_user_groups": [], "user": {"first_name": "Priya"}
                    },
                    {
                        "note_content": "The class moves to Tuesdays.", "invitees_count": 4,
                        "invitees": [{"first_name": "Noor"}, {"first_name": "Ava"}, {"first_name": "Rosa"}, {"first_name": "Edith"}],
                        "selected_users": [{"first_name": "Noor"}], "selected_user_groups": [{"name": "Heart Health"}],
                        "user": {"first_name": "Priya"}
                    },
                ],
                "showScheduledTab": true
            })
        );
        let other = clinic.as_role("provider2");
        assert_eq!(
            other.run("{ scheduledMessageBlasts { id } showScheduledTab }")["data"],
            json!({"scheduledMessageBlasts": [], "showScheduledTab": false})
        );
    }
}
