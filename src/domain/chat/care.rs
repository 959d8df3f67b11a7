//! The conversations that come with being cared for.

use super::{membership, note};
use crate::domain::members;
use crate::engine::{Call, Row};
use crate::schema::Named;
use crate::schema::names::{ChatSetting, Conversation, OrganizationMembership, User};

/// Opens those that a patient lacks since `before`, or that a new patient lacks.
///
/// Documented: with the primary provider always; with a new member of the care team, where the membership says so.
pub fn open_conversations<I: Named>(call: &mut Call<'_, I>, patient: &Row<User>, before: Option<&Row<User>>) {
    let primary = |patient: &Row<User>| patient.get(User::dietitian_id);
    let team = |patient: &Row<User>| patient.get(User::other_provider_ids).unwrap_or_default();
    if let Some(provider) = primary(patient).filter(|provider| before.and_then(primary) != Some(*provider)) {
        open_between(call, provider, patient);
    }
    let known = before.map(team).unwrap_or_default();
    for provider in team(patient).into_iter().filter(|provider| !known.contains(provider)) {
        let membership = members::of_user(call.on(), provider);
        if membership.is_some_and(|membership| membership.is(OrganizationMembership::auto_create_convo_for_care_team)) {
            open_between(call, provider, patient);
        }
    }
}

/// Documented: it is the provider's, and names the patient. The provider's welcome is its first message.
fn open_between<I: Named>(call: &mut Call<'_, I>, provider: u64, patient: &Row<User>) {
    let known = call.having(Conversation::patient_id, patient.id());
    if known.iter().any(|talk| talk.get(Conversation::owner_id) == Some(provider)) {
        return;
    }
    let talk = call.blank_draft::<Conversation>().belongs_to(patient.organization());
    let talk = talk.set(Conversation::owner_id, provider).set(Conversation::dietitian_id, provider);
    let talk = talk.set(Conversation::patient_id, patient.id()).save(call);
    membership::add(call, &talk, provider);
    membership::add(call, &talk, patient.id());

    let setting = call.having(ChatSetting::user_id, provider).pop().filter(|setting| setting.is(ChatSetting::send_auto_welcome));
    let welcome = setting.and_then(|setting| setting.get(ChatSetting::auto_welcome_text).map(str::to_owned));
    if let Some(welcome) = welcome.filter(|text| !text.trim().is_empty()) {
        let welcome = note::by(call, &talk, provider, &welcome);
        note::send(call, welcome);
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    #[test]
    fn a_new_patient_can_be_written_to() {
        let clinic = Clinic::open().as_role("provider");
        let create = r#"createClient(input: { first_name: "Nia", last_name: "Nord", email: "nia@example.com" })"#;
        let answer = clinic.run(&format!("mutation {{ {create} {{ user {{ id }} }} }}"));
        let nia = answer["data"]["createClient"]["user"]["id"].as_str().expect("an id");
        let expected = ["patient.created", "conversation.created", "conversation_membership.created", "conversation_membership.created"];
        assert_eq!(clinic.events(), expected);
        let found =
            clinic.run(&format!("{{ conversationMemberships(client_id: {nia:?}) {{ convo {{ patient_id owner {{ first_name }} }} }} }}"));
        let talk = &found["data"]["conversationMemberships"][0]["convo"];
        assert!(talk["patient_id"] == nia && talk["owner"]["first_name"] == "Priya", "{found}");

        let provider2 = clinic.id("User", "provider2");
        let hand_over = format!(r#"updateClient(input: {{ id: "{nia}", dietitian_id: "{provider2}" }})"#);
        clinic.as_role("owner").run(&format!("mutation {{ {hand_over} {{ messages {{ message }} }} }}"));
        let found = clinic
            .as_role("provider2")
            .run(&format!("{{ conversationMemberships(client_id: {nia:?}) {{ convo {{ last_message_content }} }} }}"));
        assert_eq!(found["data"]["conversationMemberships"][0]["convo"]["last_message_content"], "Welcome! I read messages on weekdays.");
    }
}
