//! `createAddendum`: what is added to a note that is locked. `updateAddendum`, which does nothing.

use super::{
    audit,
    permission::{Deed, refuse_without},
};
use crate::engine::{Call, Entity, Made, Refusal};
use crate::schema::Named;
use crate::schema::names::{
    Action, ChartingNoteAddendumType as Addendum, FormAnswerGroup as Group, FormAnswerGroupAuditEvent, User, createAddendumInput as Create,
    updateAddendumInput as Update,
};

/// Seen by whoever sees the note, with whoever wrote it.
pub fn entity() -> Entity<Addendum> {
    Entity::usual()
        .requires(Addendum::content)
        .visible(|addendum| {
            let group = addendum.follow::<Group, _>(Addendum::form_answer_group);
            group.is_some_and(|group| group.on.may_see(Group::TYPE, group.record()))
        })
        .answers(Addendum::user, |addendum| addendum.follow::<User, _>(Addendum::user).into())
}

/// Documented: for locked notes. Assumed: the text for others.
pub fn create_addendum(call: &mut Call<'_, Create>) -> Result<Made, Refusal> {
    let group = call.target::<Group, _>(Create::form_answer_group_id)?;
    refuse_without(call, &group, Deed::AddAddendum)?;
    let addendum = call.draft::<Addendum>().set(Addendum::form_answer_group, group.id()).belongs_to(group.organization());
    call.check(&addendum)?;
    if group.get(Group::locked_at).is_none() {
        return Err(Refusal::base("An addendum can only be added to a locked form"));
    }
    let addendum = addendum.save(call);
    audit::entry(call, &group, Action::ADDENDUM_CREATED).set(FormAnswerGroupAuditEvent::addendum_id, addendum.id()).save(call);
    Ok(addendum.into())
}

/// Documented: of no effect.
pub fn update_addendum(call: &mut Call<'_, Update>) -> Result<Made, Refusal> {
    call.accept(Update::content);
    call.accept(Update::form_answer_group_id);
    Ok(call.target::<Addendum, _>(Update::id)?.into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn an_addendum_is_kept_beside_a_locked_note() {
        let clinic = Clinic::open().as_role("provider");
        let (note, intake) = (clinic.id("FormAnswerGroup", "patient_note"), clinic.id("FormAnswerGroup", "patient_intake"));
        let add = |id: &str, text: &str| format!(r#"createAddendum(input: {{form_answer_group_id: "{id}", content: "{text}"}})"#);
        let answer = clinic.run(&format!(
            "mutation {{ {} {{ addendum {{ id content user {{ first_name }} }} messages {{ message }} }} }}",
            add(&note, "Labs came")
        ));
        let addendum = &answer["data"]["createAddendum"]["addendum"];
        assert_eq!(addendum["user"]["first_name"], "Priya", "{answer}");
        assert_eq!(clinic.events(), ["charting_note_addendum.created"]);
        let id = addendum["id"].as_str().unwrap_or_default();
        let update = clinic.run(&format!(
            r#"mutation {{ updateAddendum(input: {{id: "{id}", content: "x"}}) {{ addendum {{ content }} messages {{ message }} }} }}"#
        ));
        assert_eq!(update["data"]["updateAddendum"], json!({"addendum": {"content": "Labs came"}, "messages": null}));
        clinic.refuses(&add(&note, ""), &[("content", "can't be blank")]);
        clinic.as_role("owner").refuses(&add(&intake, "x"), &[("base", "An addendum can only be added to a locked form")]);
        let of_note = format!(
            "{{ formAnswerGroup(id: {note}) {{ form_answer_group_audit_events {{ action related_object {{ ... on ChartingNoteAddendumType {{ content }} }} }} }} }}"
        );
        let events =
            clinic.run(&of_note)["data"]["formAnswerGroup"]["form_answer_group_audit_events"].as_array().cloned().unwrap_or_default();
        assert_eq!(events.last(), Some(&json!({"action": "ADDENDUM_CREATED", "related_object": {"content": "Labs came"}})));
    }
}
