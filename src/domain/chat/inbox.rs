//! Inboxes: somebody's conversations, through their own memberships.

use super::{conversation, membership};
use crate::domain::people;
use crate::engine::{Answer, Input, List, QueryError, Reading, Value, View, Within};
use crate::schema::Named;
use crate::schema::names::{Conversation, ConversationMembership, ConversationMembershipsAllCounts, Note, User, args};

type Asked = args::conversationMemberships;
type Membership<'s> = View<'s, ConversationMembership>;

pub fn conversation_memberships() -> List<ConversationMembership, Asked> {
    List::new()
        .within(|on, asked| match whose(on, asked) {
            Whose::Nobody => Within::nothing(),
            Whose::One(user) if client(asked).is_none() => Within::having(ConversationMembership::user_id, user),
            Whose::One(_) | Whose::Everybody => Within::organization(on.viewer().organization()),
        })
        .keep(|membership, asked| is_in_inbox(membership, asked) && has_status(membership, text(asked, Asked::active_status)))
        .filter(Asked::notes_type, |membership, kind| !kind.eq_ignore_ascii_case("scheduled") || has_scheduled(membership))
        .reads(Asked::active_status)
        .reads(Asked::client_id)
        .reads(Asked::conversation_type)
        .reads(Asked::keywords)
        .reads(Asked::only_include_shared_memberships)
        .reads(Asked::org_chat)
        .reads(Asked::provider_id)
        .reads(Asked::provider_ids)
        .reads(Asked::read_status)
        .order_by("CONVERSATION_CREATED_AT", |membership| of_conversation(membership, Conversation::created_at.slot))
        .order_by("CONVERSATION_UPDATED_AT", |membership| of_conversation(membership, Conversation::updated_at.slot))
        .default_order("UPDATED_AT_DESC")
        .page_size(20)
}

/// Whose inbox is looked into.
enum Whose {
    Nobody,
    One(u64),
    /// That of everybody in the organization: each conversation once, as its owner has it.
    Everybody,
}

/// Documented: the caller's; another member's for administrators; everybody's with `org_chat`, for those who may read
/// other members' chats. Assumed: for others `org_chat` shows their own, and another's inbox is empty.
fn whose(on: Reading<'_>, asked: &Input<'_, Asked>) -> Whose {
    let Some(viewer) = on.viewer().id() else { return Whose::Nobody };
    if asked.is(Asked::org_chat) && conversation::reads_others(on.viewer()) {
        return Whose::Everybody;
    }
    match asked.get(Asked::provider_id).ok().flatten() {
        Some(other) if other != viewer => {
            let known = on.find::<User>(other).filter(|_| on.viewer().is_admin());
            known.map_or(Whose::Nobody, |user| Whose::One(user.id()))
        }
        _ => Whose::One(viewer),
    }
}

/// Documented: an id that is none, or nobody's, is as if it were not there.
fn client(asked: &Input<'_, Asked>) -> Option<u64> {
    asked.get(Asked::client_id).ok().flatten()
}

fn text<'a>(asked: &Input<'a, Asked>, field: crate::schema::Field<Asked, crate::schema::Text>) -> &'a str {
    asked.get(field).ok().flatten().unwrap_or_default()
}

fn is_in_inbox(membership: &Membership<'_>, asked: &Input<'_, Asked>) -> bool {
    let Some(talk) = membership.follow::<Conversation, _>(ConversationMembership::conversation_id) else { return false };
    is_row(membership, &talk, asked)
        && is_read_as_asked(membership, text(asked, Asked::read_status))
        && is_of_type(&talk, text(asked, Asked::conversation_type))
        && conversation::is_called(&talk, text(asked, Asked::keywords))
}

/// True for the one membership that stands for its conversation in this inbox.
fn is_row(membership: &Membership<'_>, talk: &View<'_, Conversation>, asked: &Input<'_, Asked>) -> bool {
    let on = membership.on;
    let own = membership.get(ConversationMembership::user_id);
    let owner = talk.get(Conversation::owner_id);
    let is_in = |user: u64| membership::of(on, talk.id(), user).is_some();
    let client = client(asked).filter(|client| on.find_any::<User>(*client).is_some_and(|user| !people::is_member(&user)));
    if client.is_some_and(|client| !is_in(client)) {
        return false;
    }
    match whose(on, asked) {
        Whose::Nobody => false,
        Whose::Everybody => {
            let providers = asked.get(Asked::provider_ids).ok().flatten().unwrap_or_default();
            own == owner && (providers.is_empty() || providers.iter().any(|provider| is_in(*provider)))
        }
        // Documented: administrators see all conversations of a client. Assumed: through their own membership, or the owner's.
        Whose::One(user) if client.is_some() && on.viewer().is_admin() && !asked.is(Asked::only_include_shared_memberships) => {
            own == Some(user) || own == owner && !is_in(user)
        }
        Whose::One(user) => own == Some(user),
    }
}

fn is_read_as_asked(membership: &Membership<'_>, status: &str) -> bool {
    match status.to_lowercase().as_str() {
        "read" => membership.is(ConversationMembership::viewed),
        "unread" => !membership.is(ConversationMembership::viewed),
        _ => true,
    }
}

fn is_of_type(talk: &View<'_, Conversation>, kind: &str) -> bool {
    match kind.to_lowercase().as_str() {
        "individual" => !conversation::is_community(talk),
        "community" => conversation::is_community(talk),
        _ => true,
    }
}

fn has_status(membership: &Membership<'_>, status: &str) -> bool {
    let archived = membership.is(ConversationMembership::archived);
    let talk = membership.follow::<Conversation, _>(ConversationMembership::conversation_id);
    let closed = talk.is_some_and(|talk| talk.get(Conversation::closed_date).is_some());
    match status.to_lowercase().as_str() {
        "active" => !archived && !closed,
        "archived" => archived && !closed,
        "closed" => closed,
        _ => true,
    }
}

fn has_scheduled(membership: &Membership<'_>) -> bool {
    let talk = membership.get(ConversationMembership::conversation_id).unwrap_or_default();
    membership.on.having(Note::conversation_id, talk).any(|note| note.get(Note::due_at).is_some())
}

fn of_conversation(membership: &Membership<'_>, slot: crate::schema::Slot) -> Value {
    let talk = membership.follow::<Conversation, _>(ConversationMembership::conversation_id);
    talk.map_or(Value::Null, |talk| talk.value(slot).clone())
}

/// `conversationMembershipsAllCounts`: how long the inbox is under each of its tabs.
pub fn all_counts(on: Reading<'_>, asked: &Input<'_, args::conversationMembershipsAllCounts>) -> Result<Answer, QueryError> {
    type Counts = ConversationMembershipsAllCounts;
    let renamed = asked.lifted.renamed(Asked::TYPE);
    let inbox: Vec<_> = all(on, &Input::new(&renamed)).collect();
    let count = |counts: &dyn Fn(&Membership<'_>) -> bool| Value::Int(inbox.iter().filter(|row| counts(row)).count() as i64).into();
    let counts = vec![
        (Counts::active_count.slot, count(&|row| has_status(row, "active"))),
        (Counts::archived_count.slot, count(&|row| has_status(row, "archived"))),
        (Counts::closed_count.slot, count(&|row| has_status(row, "closed"))),
        (Counts::scheduled_count.slot, count(&|row| has_scheduled(row))),
    ];
    Ok(Answer::Object(Counts::TYPE, counts))
}

/// `lastCM`: the one that something happened in last.
pub fn last(on: Reading<'_>, asked: &Input<'_, args::lastCM>) -> Result<Answer, QueryError> {
    let renamed = asked.lifted.renamed(Asked::TYPE);
    let asked = Input::new(&renamed);
    let active = all(on, &asked).filter(|row| has_status(row, text(&asked, Asked::active_status)));
    Ok(active.max_by_key(|row| (row.get(ConversationMembership::updated_at), row.id())).into())
}

fn all<'s>(on: Reading<'s>, asked: &Input<'_, Asked>) -> impl Iterator<Item = Membership<'s>> {
    let organization = on.of_organization::<ConversationMembership>(on.viewer().organization());
    organization.filter(move |row| on.may_see(ConversationMembership::TYPE, row.record()) && is_in_inbox(row, asked))
}

/// Documented: `id` is a conversation's, and the answer its owner's membership.
pub fn conversation_membership(on: Reading<'_>, asked: &Input<'_, args::conversationMembership>) -> Result<Answer, QueryError> {
    type Asked = args::conversationMembership;
    if let Some(id) = asked.get(Asked::conversation_membership_id).ok().flatten() {
        return Ok(on.find::<ConversationMembership>(id).into());
    }
    let talk = asked.get(Asked::id).ok().flatten().and_then(|id| on.find::<Conversation>(id));
    let owned = talk.and_then(|talk| membership::of(on, talk.id(), talk.get(Conversation::owner_id)?));
    Ok(owned.into())
}

/// Everybody in the conversation with that id.
pub fn invitees() -> List<ConversationMembership, args::conversationMembershipInvitees> {
    List::new().unpaged().within(|_, asked| match asked.get(args::conversationMembershipInvitees::id).ok().flatten() {
        Some(talk) => Within::having(ConversationMembership::conversation_id, talk),
        None => Within::nothing(),
    })
}

/// `showScheduledTab`: whether the caller has messages waiting.
pub fn show_scheduled_tab(on: Reading<'_>) -> Answer {
    use crate::schema::names::NoteScheduler;
    let waiting = on
        .viewer()
        .id()
        .is_some_and(|viewer| on.having(NoteScheduler::user_id, viewer).any(|scheduler| scheduler.get(NoteScheduler::due_at).is_some()));
    Value::Bool(waiting).into()
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    fn names(clinic: &Clinic, args: &str) -> String {
        let answer = clinic.run(&format!("{{ conversationMemberships({args}) {{ display_name creator {{ first_name }} }} }}"));
        let rows = answer["data"]["conversationMemberships"].as_array().unwrap_or_else(|| panic!("{answer}"));
        let told = rows.iter().map(|row| {
            format!("{} ({})", row["display_name"].as_str().unwrap_or("-"), row["creator"]["first_name"].as_str().unwrap_or("-"))
        });
        told.collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn an_inbox_is_the_callers_own() {
        let clinic = Clinic::open();
        let provider = clinic.as_role("provider");
        assert_eq!(names(&provider, "offset: 0"), "Heart Health check-in (Priya), Ava Thornton (Priya)");
        assert_eq!(names(&provider, r#"active_status: "closed""#), "Liam Hartwell (Priya)");
        assert_eq!(names(&provider, r#"active_status: "archived""#), "Noor Haddad (Priya)");
        assert_eq!(names(&provider, r#"read_status: "unread""#), "Ava Thornton (Priya)");
        assert_eq!(names(&provider, r#"conversation_type: "community""#), "Heart Health check-in (Priya)");
        assert_eq!(names(&provider, r#"keywords: "thorn""#), "Heart Health check-in (Priya), Ava Thornton (Priya)");
        assert_eq!(names(&clinic.as_role("patient"), "offset: 0"), "Heart Health check-in (Ava), Priya Raman (Ava)");
        assert_eq!(names(&clinic, "offset: 0"), "");
        assert_eq!(names(&clinic.as_role("nobody"), "offset: 0"), "");
        let counts = provider.run("{ conversationMembershipsAllCounts { active_count archived_count closed_count scheduled_count } conversationMembershipsCount }");
        assert_eq!(
            counts["data"],
            json!({"conversationMembershipsAllCounts": {"active_count": 2, "archived_count": 1, "closed_count": 1, "scheduled_count": 1}, "conversationMembershipsCount": 2})
        );
    }

    #[test]
    fn others_inboxes_are_for_those_who_may_read_them() {
        let clinic = Clinic::open();
        let (provider, patient) = (clinic.id("User", "provider"), clinic.id("User", "patient"));
        let of_client = format!(r#"client_id: "{patient}", conversation_type: "individual""#);
        assert_eq!(names(&clinic, &of_client), "Ava Thornton (Priya)");
        assert_eq!(names(&clinic.as_role("provider2"), &of_client), "");
        assert_eq!(names(&clinic, &format!("provider_id: {provider}, read_status: \"unread\"")), "Ava Thornton (Priya)");
        assert_eq!(names(&clinic.as_role("provider2"), &format!("provider_id: {provider}")), "");
        assert!(names(&clinic, "org_chat: true").contains("Marcus Bell (Daniel)"));
        // Documented: an empty client is as good as none.
        assert_eq!(names(&clinic.as_role("provider2"), r#"client_id: """#), names(&clinic.as_role("provider2"), "offset: 0"));
    }

    #[test]
    fn a_conversation_leads_to_its_owners_membership() {
        let clinic = Clinic::open();
        let talk = clinic.id("Conversation", "patient");
        let answer = clinic.run(&format!(
            "{{ conversationMembership(id: {talk}) {{ user_id }} conversationMembershipInvitees(id: {talk}) {{ creator {{ first_name }} }} }}"
        ));
        let provider = clinic.id("User", "provider");
        assert_eq!(
            answer["data"],
            json!({
                "conversationMembership": {"user_id": provider},
                "conversationMembershipInvitees": [{"creator": {"first_name": "Priya"}}, {"creator": {"first_name": "Ava"}}],
            })
        );
    }
}
