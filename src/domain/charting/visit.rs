//! What a visit's record says about its note.

use super::form_answer_group::status;
use crate::engine::{Entity, View};
use crate::schema::Named;
use crate::schema::names::{Appointment, FormAnswerGroup as Group};

/// Adds to the fields of a visit.
pub fn answer(entity: Entity<Appointment>) -> Entity<Appointment> {
    entity
        // Documented: the first of them.
        .answers(Appointment::form_answer_group, |visit| note(visit).into())
        .computed(Appointment::connected_chart_note_locked, |visit| {
            Some(note(visit).is_some_and(|note| note.get(Group::locked_at).is_some()))
        })
        // Assumed: its status, as a person would write it.
        .computed(Appointment::connected_chart_note_string, |visit| {
            let words = status(&note(visit)?).to_lowercase().replace('_', " ");
            let mut letters = words.chars();
            letters.next().map(|first| first.to_uppercase().chain(letters).collect())
        })
}

fn note<'s>(visit: &View<'s, Appointment>) -> Option<View<'s, Group>> {
    visit.on.having(Group::appointment_id, visit.id()).find(|group| visit.on.may_see(Group::TYPE, group.record()))
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_visit_shows_its_note() {
        let clinic = Clinic::open();
        let show = |handle: &str| {
            let id = clinic.id("Appointment", handle);
            let fields = "connected_chart_note_locked connected_chart_note_string form_answer_group { name } form_answer_groups { name }
                generated_form_answer_group { kind } generated_summary { summary }";
            clinic.run(&format!("{{ appointment(id: {id}) {{ {fields} }} }}"))["data"]["appointment"].clone()
        };
        let note = json!({"name": "Progress Note"});
        assert_eq!(
            show("patient_first"),
            json!({"connected_chart_note_locked": true, "connected_chart_note_string": "Signed and locked", "form_answer_group": note,
                "form_answer_groups": [note], "generated_form_answer_group": null, "generated_summary": null})
        );
        assert_eq!(
            show("patient_second"),
            json!({"connected_chart_note_locked": false, "connected_chart_note_string": null, "form_answer_group": null, "form_answer_groups": [],
                "generated_form_answer_group": {"kind": "ambient"}, "generated_summary": {"summary": "Went well. Next visit in a month."}})
        );
    }
}
