//! A conversation: who is in it, what it is called, and who may read it.

use super::{membership, note};
use crate::domain::people::{full_name, is_member};
use crate::engine::{Answer, Call, Entity, Input, List, Reading, Refusal, Value, View, Viewer};
use crate::schema::Named;
use crate::schema::names::{Conversation, ConversationMembership, Note, OrganizationMembership, User, UserGroup, args};

/// Documented: no message is sent where more people listen.
pub const MOST_MEMBERS: usize = 256;
/// Documented of `metadata`.
const LONGEST_METADATA: usize = 2_000;

pub fn entity() -> Entity<Conversation> {
    Entity::new()
        .indexed(Conversation::patient_id)
        .visible(is_visible)
        .announces("conversation")
        .computed(Conversation::name, |talk| Some(name(talk)))
        .computed(Conversation::community_chat, |talk| Some(is_community(talk)))
        .computed(Conversation::includes_multiple_clients, |talk| Some(is_community(talk)))
        .computed(Conversation::conversation_memberships_count, |talk| Some(members(talk).count() as i64))
        .collects(Conversation::conversation_memberships, ConversationMembership::conversation_id)
        .answers(Conversation::invitees, |talk| Answer::List(invitees(talk).map(Into::into).collect()))
        .answers(Conversation::first_four_invitees, |talk| Answer::List(invitees(talk).take(4).map(Into::into).collect()))
        .answers(Conversation::user_groups, |talk| {
            let groups = talk.get(Conversation::user_group_ids).unwrap_or_default().into_iter();
            Answer::List(groups.filter_map(|id| talk.on.find_any::<UserGroup>(id)).map(Into::into).collect())
        })
        .answers(Conversation::current_user_conversation_membership, |talk| {
            talk.on.viewer().id().and_then(|viewer| membership::of(talk.on, talk.id(), viewer)).into()
        })
        .answers(Conversation::notes, |talk| Answer::List(note::sent_in(talk).map(Into::into).collect()))
        .computed(Conversation::last_message_content, |talk| {
            note::sent_in(talk).last().and_then(|note| note::content(&note).map(without_tags))
        })
        .computed(Conversation::last_note_viewed_id, last_note_viewed)
}

/// Documented: its members, owner and administrators, and those who may read other members' chats.
fn is_visible(talk: &View<'_, Conversation>) -> bool {
    let viewer = talk.on.viewer();
    let is_in = viewer.id().is_some_and(|id| membership::of(talk.on, talk.id(), id).is_some());
    is_in || viewer.reaches(talk.organization()) && reads_others(viewer)
}

/// Documented: `can_access_to_members_chat` needs `can_see_clients` too.
pub fn reads_others(viewer: &Viewer) -> bool {
    let flags = [OrganizationMembership::can_access_to_members_chat, OrganizationMembership::can_see_clients];
    viewer.is_admin() || flags.into_iter().all(|flag| viewer.may(flag))
}

pub fn members<'s>(talk: &View<'s, Conversation>) -> impl Iterator<Item = View<'s, User>> + use<'s> {
    let memberships = talk.on.having(ConversationMembership::conversation_id, talk.id());
    memberships.filter_map(|membership| membership.follow(ConversationMembership::user_id))
}

/// Assumed: everybody but the owner.
fn invitees<'s>(talk: &View<'s, Conversation>) -> impl Iterator<Item = View<'s, User>> + use<'s> {
    let owner = talk.get(Conversation::owner_id);
    members(talk).filter(move |user| Some(user.id()) != owner)
}

/// Documented: the names of the users and groups in it, where it was given none.
pub fn name(talk: &View<'_, Conversation>) -> String {
    match talk.get(Conversation::name).filter(|name| !name.trim().is_empty()) {
        Some(name) => name.to_owned(),
        None => names(invitees(talk)),
    }
}

pub fn names<'s>(users: impl Iterator<Item = View<'s, User>>) -> String {
    users.map(|user| full_name(&user)).collect::<Vec<_>>().join(", ")
}

/// Documented: `community` has several patients.
pub fn is_community(talk: &View<'_, Conversation>) -> bool {
    members(talk).filter(|user| !is_member(user)).nth(1).is_some()
}

/// The one patient in it, if there is just one.
fn only_patient<'s>(talk: &View<'s, Conversation>) -> Option<View<'s, User>> {
    let mut patients = members(talk).filter(|user| !is_member(user));
    let first = patients.next();
    first.filter(|_| patients.next().is_none())
}

/// Documented: the newest message of the viewer that the patient has read; none unless there is just one patient.
fn last_note_viewed(talk: &View<'_, Conversation>) -> Option<u64> {
    let (viewer, patient) = (talk.on.viewer().id()?, only_patient(talk)?);
    let own = note::sent_in(talk).filter(|note| note.get(Note::user_id) == Some(viewer));
    own.filter(|note| note::is_viewed_by(note, patient.id())).last().map(|note| note.id())
}

fn without_tags(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut in_tag = false;
    for c in html.chars() {
        match c {
            '<' => in_tag = true,
            '>' if in_tag => in_tag = false,
            c if !in_tag => text.push(c),
            _ => {}
        }
    }
    text
}

/// Documented: the caller's, and of these only the ones with `user_id` in them.
pub fn conversations() -> List<Conversation, args::conversations> {
    List::new()
        .keep(|talk, _| talk.on.viewer().id().is_some_and(|viewer| membership::of(talk.on, talk.id(), viewer).is_some()))
        .filter(args::conversations::user_id, |talk, user| membership::of(talk.on, talk.id(), user).is_some())
        .default_order("UPDATED_AT_DESC")
}

pub fn count(on: Reading<'_>, asked: &Input<'_, args::conversationsCount>) -> Result<Answer, crate::engine::QueryError> {
    let words = asked.get(args::conversationsCount::keywords).ok().flatten().unwrap_or_default();
    let Some(viewer) = on.viewer().id() else { return Ok(Value::Int(0).into()) };
    let own = on.having(ConversationMembership::user_id, viewer).filter_map(|own| own.follow(ConversationMembership::conversation_id));
    Ok(Value::Int(own.filter(|talk| is_called(talk, words)).count() as i64).into())
}

/// True where each of `words` is in its name or in that of somebody in it.
pub fn is_called(talk: &View<'_, Conversation>, words: &str) -> bool {
    let called = format!("{} {}", name(talk), names(members(talk))).to_lowercase();
    words.split_whitespace().all(|word| called.contains(&word.to_lowercase()))
}

pub fn refuse_long_metadata(metadata: Option<&str>) -> Result<(), Refusal> {
    match metadata {
        Some(metadata) if metadata.chars().count() > LONGEST_METADATA => {
            Err(Refusal::named("metadata", format!("is too long (maximum is {LONGEST_METADATA} characters)")))
        }
        _ => Ok(()),
    }
}

/// Refuses more people than a conversation holds, and other members where the caller may invite none.
pub fn refuse_invitees<I: Named>(call: &Call<'_, I>, new: &[u64], all: usize, to: &str) -> Result<(), Refusal> {
    if all > MOST_MEMBERS {
        return Err(Refusal::base(format!("A conversation can have at most {MOST_MEMBERS} members")));
    }
    let other = |id: &&u64| !call.viewer().is(**id) && call.find_any::<User>(**id).is_some_and(|user| !user.is(User::is_patient));
    match new.iter().find(other) {
        Some(_) => call.needs(OrganizationMembership::can_add_members_to_chat, to),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_conversation_is_called_after_who_is_in_it() {
        let clinic = Clinic::open().as_role("provider");
        let id = clinic.id("Conversation", "patient");
        let document = format!(
            "{{ conversation(id: {id}) {{
                name owner {{ last_name }} patient_id invitees {{ last_name }} conversation_memberships_count includes_multiple_clients
                last_message_content current_user_conversation_membership {{ viewed display_name }}
            }} }}"
        );
        let patient = clinic.id("User", "patient");
        assert_eq!(
            clinic.run(&document)["data"]["conversation"],
            json!({
                "name": "Ava Thornton",
                "owner": {"last_name": "Raman"},
                "patient_id": patient,
                "invitees": [{"last_name": "Thornton"}],
                "conversation_memberships_count": 2,
                "includes_multiple_clients": false,
                "last_message_content": "Thank you, see you then!",
                "current_user_conversation_membership": {"viewed": false, "display_name": "Ava Thornton"},
            })
        );
        let own = clinic.as_role("patient").run(&document);
        assert_eq!(own["data"]["conversation"]["current_user_conversation_membership"]["display_name"], "Priya Raman");
        for stranger in ["provider2", "limited", "patient2", "outsider", "nobody"] {
            assert!(clinic.as_role(stranger).run(&document)["data"]["conversation"].is_null(), "{stranger}");
        }
    }

    #[test]
    fn reading_a_conversation_views_it() {
        let clinic = Clinic::open().as_role("provider");
        let id = clinic.id("Conversation", "patient");
        let document = format!("{{ conversation(id: {id}) {{ current_user_conversation_membership {{ viewed }} }} }}");
        clinic.as_role("owner").run(&document);
        clinic.run(&document);
        assert_eq!(clinic.events(), ["conversation_membership.viewed"]);
        let again = clinic.run(&document);
        assert_eq!(again["data"]["conversation"]["current_user_conversation_membership"]["viewed"], true);
        assert_eq!(clinic.events(), [] as [&str; 0]);
    }
}
