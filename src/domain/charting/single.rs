//! `formAnswerGroup`: one filled form, drafts too, by whatever names it.

use crate::domain::form_requests;
use crate::engine::{Answer, Call, Input, QueryError, Reading, Value, View};
use crate::schema::names::{
    AppointmentFormAnswerGroupConnection as Connection, FormAnswerGroup as Group, FormHistoryAction, RequestedFormCompletion, args,
};

type Asked = args::formAnswerGroup;

/// Observed: null, without an error, for an unknown id. Assumed: the first argument that is sent counts, in this order.
pub fn form_answer_group(on: Reading<'_>, asked: &Input<'_, Asked>) -> Result<Answer, QueryError> {
    asked.accept(Asked::for_superbills);
    asked.accept(Asked::track_opened_event);
    Ok(named(on, asked).into())
}

fn named<'s>(on: Reading<'s>, asked: &Input<'_, Asked>) -> Option<View<'s, Group>> {
    if !asked.is_blank(Asked::id) {
        return on.find(asked.get(Asked::id).ok().flatten()?);
    }
    if !asked.is_blank(Asked::external_id) {
        let external_id = match asked.lifted.sent(Asked::external_id.slot)?.as_ref()? {
            Value::Id(number) => number.to_string(),
            other => other.as_str()?.to_owned(),
        };
        asked.accept(Asked::external_id);
        return on.having(Group::external_id, external_id).filter_map(|group| on.find(group.id())).last();
    }
    if !asked.is_blank(Asked::appointment_form_answer_group_connection_id) {
        let connection = asked.get(Asked::appointment_form_answer_group_connection_id).ok().flatten()?;
        return on.find(on.find::<Connection>(connection)?.get(Connection::form_answer_group_id)?);
    }
    let ids = asked.get(Asked::ids).ok().flatten()?;
    ids.into_iter().find_map(|id| on.find(id))
}

/// Documented: `track_opened_event` leaves an entry in the history of the request that the form meets.
pub fn is_tracked(on: Reading<'_>, asked: &Input<'_, Asked>) -> bool {
    asked.is(Asked::track_opened_event) && named(on, asked).is_some()
}

pub fn track(call: &mut Call<'_, Asked>) {
    let group = named(call.on(), &call.input).map(|group| group.id());
    let request = group.and_then(|group| call.having(RequestedFormCompletion::form_answer_group_id, group).pop());
    if let Some(request) = request {
        form_requests::tell(call, &request, FormHistoryAction::opened);
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_form_is_found_by_either_id_and_by_its_visit() {
        let clinic = Clinic::open();
        let connection = clinic.id("AppointmentFormAnswerGroupConnection", "patient_note");
        let document = format!(
            r#"{{ a: formAnswerGroup(external_id: "CN-1") {{ name }} b: formAnswerGroup(appointment_form_answer_group_connection_id: "{connection}") {{ name }}
                c: formAnswerGroup(id: "1") {{ name }} d: formAnswerGroup {{ name }} e: formAnswerGroup(id: "x") {{ name }} }}"#
        );
        let note = json!({"name": "Progress Note"});
        let nothing = json!(null);
        assert_eq!(clinic.run(&document)["data"], json!({"a": note, "b": note, "c": nothing, "d": nothing, "e": nothing}));
        assert_eq!(clinic.as_role("patient2").run(&document)["data"]["a"], json!(null));
    }

    #[test]
    fn opening_a_requested_form_leaves_a_trace() {
        let clinic = Clinic::open();
        let (id, request) = (clinic.id("FormAnswerGroup", "patient_intake"), clinic.id("RequestedFormCompletion", "patient_done"));
        let history = format!("{{ formHistories(sourceable_id: {request}, sourceable_type: RequestedFormCompletion) {{ action }} }}");
        let before = clinic.run(&history)["data"]["formHistories"].as_array().map_or(0, Vec::len);
        clinic.run(&format!("{{ formAnswerGroup(id: {id}, track_opened_event: true) {{ id }} }}"));
        let after = clinic.run(&history)["data"]["formHistories"].as_array().cloned().unwrap_or_default();
        assert_eq!((after.len(), after.last()), (before + 1, Some(&json!({"action": "opened"}))));
    }
}
