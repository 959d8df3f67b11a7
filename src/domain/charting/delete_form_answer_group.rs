//! `deleteFormAnswerGroup`: a form goes, or one attendee's part in the note of a group.

use super::permission::refuse_locked;
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{
    FormAnswerGroup as Group, FormAnswerGroupUserConnection, IndividualClientType, OrganizationMembership,
    deleteFormAnswerGroupInput as Input,
};

/// Documented: by a permission. Assumed: patients take back what they have begun themselves, and what is locked stays.
pub fn delete_form_answer_group(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let group = call.target::<Group, _>(Input::id)?;
    let own_draft = call.viewer().is_patient() && !group.is(Group::finished) && group.get(Group::filler_id) == call.viewer().id();
    if !own_draft {
        call.needs(OrganizationMembership::can_delete_charting_notes, "delete this form answer group")?;
    }
    refuse_locked(&group)?;
    if let Some(attendee) = call.get(Input::user_id)? {
        return detach(call, group, attendee);
    }
    let now = call.now();
    Ok(call.change(&group).set(Group::deleted_at, now).save(call).into())
}

fn detach(call: &mut Call<'_, Input>, group: crate::engine::Row<Group>, attendee: u64) -> Result<Made, Refusal> {
    type Connection = FormAnswerGroupUserConnection;
    let mut connections = call.having(Connection::form_answer_group_id, group.id());
    connections.retain(|connection| connection.get(Connection::user_id) == Some(attendee));
    if connections.is_empty() {
        return Err(Refusal::not_found("user_id", "User"));
    }
    for connection in connections {
        call.delete(&connection);
    }
    for note in call.having(IndividualClientType::form_answer_group_id, group.id()) {
        if note.get(IndividualClientType::user_id) == Some(attendee) {
            call.delete(&note);
        }
    }
    Ok(group.into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    #[test]
    fn a_form_goes_and_is_found_no_more() {
        let clinic = Clinic::open();
        let (intake, note) = (clinic.id("FormAnswerGroup", "patient_intake"), clinic.id("FormAnswerGroup", "patient_note"));
        let delete = |id: &str| format!("deleteFormAnswerGroup(input: {{id: {id}}})");
        clinic.as_role("provider").refuses(&delete(&intake), &[("base", "You do not have permission to delete this form answer group.")]);
        clinic.refuses(&delete(&note), &[("base", "This form is locked and cannot be edited")]);
        let answer =
            clinic.run(&format!("mutation {{ {} {{ form_answer_group {{ id deleted_at }} messages {{ message }} }} }}", delete(&intake)));
        assert_eq!(answer["data"]["deleteFormAnswerGroup"]["form_answer_group"]["deleted_at"], "2026-03-02 10:00:00 -0500", "{answer}");
        assert_eq!(clinic.events(), ["form_answer_group.deleted"]);
        assert!(clinic.run(&format!("{{ formAnswerGroup(id: {intake}) {{ id }} }}"))["data"]["formAnswerGroup"].is_null());
        clinic.refuses(&delete(&intake), &[("id", "FormAnswerGroup not found")]);
    }

    #[test]
    fn one_attendee_is_taken_off_a_group_s_note() {
        let clinic = Clinic::open();
        let (note, liam) = (clinic.id("FormAnswerGroup", "class_note"), clinic.id("User", "liam"));
        let answer = clinic.run(&format!(
            "mutation {{ deleteFormAnswerGroup(input: {{id: {note}, user_id: {liam}}}) {{
                form_answer_group {{ deleted_at individual_client_notes {{ user {{ first_name }} }} form_answer_group_users_connections {{ user {{ first_name }} }} }} messages {{ message }} }} }}"
        ));
        let left = serde_json::json!([{"user": {"first_name": "Ava"}}]);
        let expected =
            serde_json::json!({"deleted_at": null, "individual_client_notes": left, "form_answer_group_users_connections": left});
        assert_eq!(answer["data"]["deleteFormAnswerGroup"]["form_answer_group"], expected, "{answer}");
    }
}
