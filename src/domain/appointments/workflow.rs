//! `appointmentWorkflowStatuses`: of each visit, how far its note is.

use super::calendar;
use crate::domain::people::full_name;
use crate::engine::{Answer, Input, QueryError, Reading, Value, View};
use crate::schema::Named;
use crate::schema::names::{
    Appointment, AppointmentWorkflowChartNoteStatus as NoteStatus, AppointmentWorkflowStatus as Status,
    AppointmentWorkflowStatusAppointmentType as Visit, AppointmentWorkflowStatusChartNoteType as Note,
    AppointmentWorkflowStatusClientType as Client, AppointmentWorkflowStatusConnection as Connection,
    AppointmentWorkflowStatusEdge as Edge, AppointmentWorkflowStatusProviderType as Provider, FormAnswerGroup, PageInfo, User,
    args::appointmentWorkflowStatuses as Args,
};

/// Assumed: without a range those that are over. Claims and invoices are not linked to visits here.
pub fn appointment_workflow_statuses(on: Reading<'_>, asked: &Input<'_, Args>) -> Result<Answer, QueryError> {
    let providers: Vec<u64> = asked.get(Args::provider_ids).ok().flatten().unwrap_or_default();
    let client = asked.get(Args::client_id).ok().flatten();
    let (from, to) = (asked.get(Args::range_start).ok().flatten(), asked.get(Args::range_end).ok().flatten());
    let wanted = asked.get(Args::chart_note_statuses).ok().flatten().unwrap_or_default();
    let zone = &on.viewer().zone;
    let all = on.of_organization::<Appointment>(on.viewer().organization()).filter(|visit| {
        let day = visit.get(Appointment::date).map(|at| zone.to_datetime(at).date());
        let in_range = match (from, to) {
            (None, None) => visit.get(Appointment::date) <= Some(on.now()),
            _ => day.is_some_and(|day| from.is_none_or(|from| from <= day) && to.is_none_or(|to| day <= to)),
        };
        let of = visit.get(Appointment::provider_ids).unwrap_or_default();
        let is_there = visit.get(Appointment::deleted_at).is_none() && !visit.is(Appointment::is_blocker);
        is_there
            && in_range
            && on.viewer().is_member()
            && calendar::is_on(visit)
            && (providers.is_empty() || of.iter().any(|id| providers.contains(id)))
            && client.is_none_or(|client| calendar::attends(visit, client))
            && (wanted.is_empty() || notes(visit).iter().any(|note| wanted.contains(&status(note))))
    });
    let mut all: Vec<View<'_, Appointment>> = all.collect();
    all.sort_by_key(|visit| (std::cmp::Reverse(visit.get(Appointment::date)), visit.id()));
    Ok(page(&all, asked))
}

/// What is shown is no record, so that the connection is put together here; a cursor is how many visits come before it.
fn page(all: &[View<'_, Appointment>], asked: &Input<'_, Args>) -> Answer {
    let at = |field| asked.get(field).ok().flatten().and_then(|cursor: &str| cursor.trim().parse::<usize>().ok());
    let size = |field| asked.get(field).ok().flatten().map(|size: i64| size.max(0) as usize);
    let end = at(Args::before).map_or(all.len(), |before| before.saturating_sub(1)).min(all.len());
    let start = at(Args::after).unwrap_or(0).min(end);
    let (first, last) = (size(Args::first), size(Args::last));
    let end = end.min(start + first.unwrap_or(if last.is_some() { usize::MAX - start } else { 100 }));
    let start = start.max(end.saturating_sub(last.unwrap_or(usize::MAX)));
    let cursor = |at: usize| Value::from((at + 1).to_string());
    let edge = |at: usize| Answer::Object(Edge::TYPE, vec![(Edge::node.slot, shown(&all[at])), (Edge::cursor.slot, cursor(at).into())]);
    let (first, last) = if start < end { (cursor(start), cursor(end - 1)) } else { (Value::Null, Value::Null) };
    let info = vec![
        (PageInfo::has_next_page.slot, Value::Bool(end < all.len()).into()),
        (PageInfo::has_previous_page.slot, Value::Bool(start > 0).into()),
        (PageInfo::start_cursor.slot, first.into()),
        (PageInfo::end_cursor.slot, last.into()),
    ];
    Answer::Object(
        Connection::TYPE,
        vec![
            (Connection::nodes.slot, Answer::List(all[start..end].iter().map(shown).collect())),
            (Connection::edges.slot, Answer::List((start..end).map(edge).collect())),
            (Connection::page_info.slot, Answer::Object(PageInfo::TYPE, info)),
            (Connection::total_count.slot, Value::Int(all.len() as i64).into()),
        ],
    )
}

fn notes<'s>(visit: &View<'s, Appointment>) -> Vec<View<'s, FormAnswerGroup>> {
    visit.on.all::<FormAnswerGroup>().filter(|note| note.value(FormAnswerGroup::appointment.slot).as_id() == Some(visit.id())).collect()
}

fn status(note: &View<'_, FormAnswerGroup>) -> &'static str {
    let signed = note.on.count_having(crate::schema::names::FormAnswerGroupSigning::form_answer_group_id, note.id()) > 0;
    match (signed, note.get(FormAnswerGroup::locked_at).is_some()) {
        (true, true) => NoteStatus::SIGNED_AND_LOCKED.name,
        (true, false) => NoteStatus::SIGNED.name,
        (false, true) => NoteStatus::LOCKED.name,
        (false, false) => NoteStatus::CREATED.name,
    }
}

fn shown(visit: &View<'_, Appointment>) -> Answer {
    let notes = notes(visit);
    let category = if visit.is(Appointment::is_group) { "Group" } else { "Individual" };
    let of = vec![
        (Visit::id.slot, Value::Id(visit.id()).into()),
        (Visit::date.slot, visit.value(Appointment::date.slot).clone().into()),
        (Visit::status.slot, visit.value(Appointment::pm_status.slot).clone().into()),
        (Visit::appointment_category.slot, Value::text(category).into()),
    ];
    let note = |note: &View<'_, FormAnswerGroup>| {
        let title = Value::from(note.get(FormAnswerGroup::name).map(str::to_owned));
        let values = [(Note::id.slot, Value::Id(note.id())), (Note::title.slot, title), (Note::status.slot, Value::text(status(note)))];
        Answer::Object(Note::TYPE, values.into_iter().map(|(slot, value)| (slot, value.into())).collect())
    };
    let person = |id: Option<u64>| visit.on.find::<User>(id?).map(|user| (Value::Id(user.id()), Value::from(full_name(&user))));
    let client = person(visit.get(Appointment::user_id))
        .map(|(id, name)| Answer::Object(Client::TYPE, vec![(Client::id.slot, id.into()), (Client::name.slot, name.into())]));
    let provider = person(visit.get(Appointment::other_party_id))
        .map(|(id, name)| Answer::Object(Provider::TYPE, vec![(Provider::id.slot, id.into()), (Provider::name.slot, name.into())]));
    Answer::Object(
        Status::TYPE,
        vec![
            (Status::appointment.slot, Answer::Object(Visit::TYPE, of)),
            (Status::client.slot, client.into()),
            (Status::provider.slot, provider.into()),
            (Status::chart_notes_count.slot, Value::Int(notes.len() as i64).into()),
            (Status::chart_notes.slot, Answer::List(notes.iter().map(note).collect())),
        ],
    )
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn past_visits_say_how_far_their_notes_are() {
        let clinic = Clinic::open();
        let client = clinic.id("User", "liam");
        let answer = clinic.run(&format!(
            r#"{{ appointmentWorkflowStatuses(client_id: "{client}", first: 1) {{ total_count page_info {{ has_next_page }} nodes {{
                appointment {{ appointment_category status }} client {{ name }} provider {{ name }} chart_notes_count cms1500 {{ id }} }} }} }}"#
        ));
        let node = json!({ "appointment": { "appointment_category": "Individual", "status": null }, "client": { "name": "Liam Okonkwo" },
            "provider": { "name": "Priya Raman" }, "chart_notes_count": 0, "cms1500": null });
        let page = &answer["data"]["appointmentWorkflowStatuses"];
        assert_eq!((&page["total_count"], &page["page_info"]["has_next_page"]), (&json!(2), &json!(true)), "{answer}");
        assert_eq!(page["nodes"][0]["appointment"], node["appointment"]);
        assert_eq!(page["nodes"][0]["provider"], node["provider"]);
    }
}
