//! The note of a group's visit: what is said of each who came.

use crate::engine::{Answer, Call, Entity, Nested, Refusal, Row, View};
use crate::schema::Named;
use crate::schema::names::{
    Appointment, AppointmentInclusionType as Inclusion, FormAnswerGroup as Group, FormAnswerGroupUserConnection as Connection,
    IndividualClientNoteInput as Sent, IndividualClientType as Note,
};

/// Documented: whether and when a client came is the visit's to know.
pub fn entity() -> Entity<Note> {
    fn of_inclusion<K>(note: &View<'_, Note>, field: crate::schema::Field<Inclusion, K>) -> Answer {
        let inclusion = note.follow::<Inclusion, _>(Note::appointment_inclusion_id);
        inclusion.map(|inclusion| inclusion.value(field.slot).clone()).unwrap_or_default().into()
    }
    Entity::usual()
        .answers(Note::attended, |note| of_inclusion(note, Inclusion::attended))
        .answers(Note::join_time, |note| of_inclusion(note, Inclusion::join_time))
        .answers(Note::leave_time, |note| of_inclusion(note, Inclusion::leave_time))
}

/// Documented: each client of the visit has an empty note from the start.
pub fn begin<I: Named>(call: &mut Call<'_, I>, group: &Row<Group>, visit: &Row<Appointment>) {
    for inclusion in call.having(Inclusion::appointment_id, visit.id()) {
        let Some(client) = inclusion.get(Inclusion::user_id) else { continue };
        let notes = call.having(Note::form_answer_group_id, group.id());
        if notes.iter().any(|note| note.get(Note::user_id) == Some(client)) {
            continue;
        }
        let note = call.blank_draft::<Note>().belongs_to(group.organization());
        note.set(Note::form_answer_group_id, group.id())
            .set(Note::user_id, client)
            .set(Note::appointment_inclusion_id, inclusion.id())
            .save(call);
        let connection = call.blank_draft::<Connection>().belongs_to(group.organization());
        connection.set(Connection::form_answer_group_id, group.id()).set(Connection::user_id, client).save(call);
    }
}

/// Changes the notes that `sent` names, by their id or by the client.
pub fn write<I: Named>(call: &mut Call<'_, I>, group: &Row<Group>, sent: &[Nested<'_, Sent>]) -> Result<(), Refusal> {
    for sent in sent {
        let notes = call.having(Note::form_answer_group_id, group.id());
        let by_id = |note: &&Row<Note>| sent.get(Sent::id) == Some(note.id());
        let by_client = |note: &&Row<Note>| sent.get(Sent::user_id).is_some() && note.get(Note::user_id) == sent.get(Sent::user_id);
        let known = notes.iter().find(by_id).or_else(|| notes.iter().find(by_client));
        let note = known.ok_or_else(|| Refusal::named("individual_client_notes", "IndividualClientNote not found"))?;
        if let Some(content) = sent.get(Sent::content) {
            call.change(note).set(Note::content, content.to_owned()).save(call);
        }
        let inclusion = note.get(Note::appointment_inclusion_id).and_then(|inclusion| call.find_any::<Inclusion>(inclusion));
        if let (Some(inclusion), Some(attended)) = (inclusion, sent.get(Sent::attended)) {
            call.change(&inclusion).set(Inclusion::attended, attended).save(call);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn the_note_of_a_class_has_one_for_each_client() {
        let clinic = Clinic::open().as_role("provider");
        let (form, class, rosa) = (clinic.id("CustomModuleForm", "progress"), clinic.id("Appointment", "class"), clinic.id("User", "rosa"));
        let answer = clinic.run(&format!(
            r#"mutation {{ createFormAnswerGroup(input: {{
                custom_module_form_id: "{form}", appointment_id: "{class}", finished: true, individual_client_notes: [{{user_id: "{rosa}", content: "Asked a lot", attended: true}}]
            }}) {{ form_answer_group {{
                user_id is_group_appt_note individual_client_notes {{ content attended user {{ first_name }} }} individual_note(user_id: "{rosa}") {{ content }}
                form_answer_group_users_connections {{ id }} group_appointment_attendees {{ first_name }}
            }} messages {{ field message }} }} }}"#
        ));
        let group = &answer["data"]["createFormAnswerGroup"]["form_answer_group"];
        assert_eq!((&group["user_id"], &group["is_group_appt_note"]), (&json!(null), &json!(true)), "{answer}");
        assert_eq!(group["individual_note"]["content"], "Asked a lot");
        assert_eq!(group["group_appointment_attendees"], json!([{"first_name": "Rosa"}]));
        let notes = group["individual_client_notes"].as_array().cloned().unwrap_or_default();
        assert!(notes.contains(&json!({"content": "Asked a lot", "attended": true, "user": {"first_name": "Rosa"}})), "{notes:?}");
    }
}
