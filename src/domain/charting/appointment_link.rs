//! Which visit a note is about: made, moved and ended.

use super::{audit, group_note, permission::refuse_locked};
use crate::engine::{Call, Entity, Made, Refusal, Row};
use crate::schema::Named;
use crate::schema::names::{
    Action, Appointment, AppointmentFormAnswerGroupConnection as Connection, FormAnswerGroup as Group,
    UpdateAppointmentFormAnswerGroupConnectionInput as Update, UpdateAppointmentFormAnswerGroupConnectionPayload as Updated,
    createAppointmentFormAnswerGroupConnectionInput as Create, createAppointmentFormAnswerGroupConnectionPayload as Created,
    deleteAppointmentFormAnswerGroupConnectionInput as Delete,
};

pub fn entity() -> Entity<Connection> {
    Entity::usual().indexed(Connection::form_answer_group_id)
}

/// Documented: the note is then of the visit's time. The connection that was is moved.
pub fn connect<I: Named>(call: &mut Call<'_, I>, group: &Row<Group>, visit: &Row<Appointment>) -> Row<Group> {
    let (connection, action) = match call.having(Connection::form_answer_group_id, group.id()).pop() {
        Some(known) if known.get(Connection::appointment_id) == Some(visit.id()) => return group.clone(),
        Some(known) => (call.change(&known), Action::APPOINTMENT_RELINKED),
        None => (call.blank_draft::<Connection>().belongs_to(group.organization()), Action::APPOINTMENT_LINKED),
    };
    connection.set(Connection::form_answer_group_id, group.id()).set(Connection::appointment_id, visit.id()).save(call);
    audit::entry(call, group, action).save(call);
    let is_group = visit.is(Appointment::is_group);
    let mut draft = call.change(group).set(Group::appointment_id, visit.id()).set(Group::is_group_appt_note, is_group);
    draft.set_value(Group::created_at.slot, visit.value(Appointment::date.slot).clone());
    let group = draft.save(call);
    if is_group {
        group_note::begin(call, &group, visit);
    }
    group
}

pub fn disconnect<I: Named>(call: &mut Call<'_, I>, group: &Row<Group>) -> Row<Group> {
    for connection in call.having(Connection::form_answer_group_id, group.id()) {
        call.delete(&connection);
    }
    audit::entry(call, group, Action::APPOINTMENT_UNLINKED).save(call);
    let mut draft = call.change(group);
    draft.clear(Group::appointment_id);
    draft.save(call)
}

/// Assumed: a note is connected to one visit; a second time is refused.
pub fn create_appointment_form_answer_group_connection(call: &mut Call<'_, Create>) -> Result<Made, Refusal> {
    let group = call.target::<Group, _>(Create::form_answer_group_id)?;
    let visit = call.target::<Appointment, _>(Create::appointment_id)?;
    if group.get(Group::appointment_id).is_some() {
        return Err(Refusal::on(Create::form_answer_group_id, "has already been taken"));
    }
    let group = connect(call, &group, &visit);
    Ok(Made::from(group).also(Created::appointment, visit))
}

pub fn update_appointment_form_answer_group_connection(call: &mut Call<'_, Update>) -> Result<Made, Refusal> {
    let group = call.target::<Group, _>(Update::form_answer_group_id)?;
    let visit = call.target::<Appointment, _>(Update::appointment_id)?;
    if group.get(Group::appointment_id).is_none() {
        return Err(Refusal::not_found("form_answer_group_id", "AppointmentFormAnswerGroupConnection"));
    }
    refuse_locked(&group)?;
    let group = connect(call, &group, &visit);
    Ok(Made::from(group).also(Updated::appointment, visit))
}

pub fn delete_appointment_form_answer_group_connection(call: &mut Call<'_, Delete>) -> Result<Made, Refusal> {
    let group = call.target::<Group, _>(Delete::form_answer_group_id)?;
    if group.get(Group::appointment_id).is_none() {
        return Err(Refusal::not_found("form_answer_group_id", "AppointmentFormAnswerGroupConnection"));
    }
    Ok(disconnect(call, &group).into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_note_is_connected_moved_and_let_go() {
        let clinic = Clinic::open();
        let id = clinic.id("FormAnswerGroup", "patient_intake");
        let visit = |handle| clinic.id("Appointment", handle);
        let link = |verb: &str, visit: &str| {
            format!(r#"{verb}AppointmentFormAnswerGroupConnection(input: {{form_answer_group_id: "{id}" {visit}}})"#)
        };
        let to = |handle| format!(r#", appointment_id: "{}""#, visit(handle));
        let create = link("create", &to("patient_second"));
        let answer = clinic.run(&format!("mutation {{ {create} {{ appointment {{ length form_answer_groups {{ id }} }} form_answer_group {{ appointment {{ id }} }} messages {{ message }} }} }}"));
        let expected = json!({
            "appointment": {"length": 30, "form_answer_groups": [{"id": id}]},
            "form_answer_group": {"appointment": {"id": visit("patient_second")}}, "messages": null,
        });
        assert_eq!(answer["data"]["createAppointmentFormAnswerGroupConnection"], expected);
        clinic.refuses(&create, &[("form_answer_group_id", "has already been taken")]);
        let update = link("update", &to("patient_next"));
        clinic.run(&format!("mutation {{ {update} {{ messages {{ message }} }} }}"));
        let delete = link("delete", "");
        clinic
            .as_role("provider")
            .refuses(&delete, &[("base", "You do not have permission to delete this appointment form answer group connection.")]);
        let answer = clinic.run(&format!("mutation {{ {delete} {{ form_answer_group {{ appointment {{ id }} form_answer_group_audit_events {{ action }} }} messages {{ message }} }} }}"));
        let group = &answer["data"]["deleteAppointmentFormAnswerGroupConnection"]["form_answer_group"];
        let actions = json!([{"action": "APPOINTMENT_LINKED"}, {"action": "APPOINTMENT_RELINKED"}, {"action": "APPOINTMENT_UNLINKED"}]);
        assert_eq!(*group, json!({"appointment": null, "form_answer_group_audit_events": actions}), "{answer}");
        let events = ["created", "updated", "deleted"].map(|verb| format!("appointment_form_answer_group_connection.{verb}"));
        assert_eq!(clinic.events(), events);
    }
}
