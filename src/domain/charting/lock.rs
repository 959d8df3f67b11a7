//! `lockFormAnswerGroup` and `unlockFormAnswerGroup`: a note that nobody changes any more, until somebody says why.

use super::{
    audit, form_answer,
    permission::{Deed, refuse_locked, refuse_without},
};
use crate::engine::{Call, Made, Refusal, Row};
use crate::schema::Named;
use crate::schema::names::{Action, CustomModule, FormAnswer, FormAnswerGroup as Group, FormAnswerGroupAuditEvent, LockInput, UnlockInput};

pub fn lock_form_answer_group(call: &mut Call<'_, LockInput>) -> Result<Made, Refusal> {
    let group = call.target::<Group, _>(LockInput::id)?;
    refuse_without(call, &group, Deed::Lock)?;
    refuse_unanswered(call, &group)?;
    Ok(lock(call, &group)?.into())
}

/// Documented: sets who locked it when. Assumed: once; a second time is refused and announces nothing.
pub fn lock<I: Named>(call: &mut Call<'_, I>, group: &Row<Group>) -> Result<Row<Group>, Refusal> {
    refuse_without(call, group, Deed::Lock)?;
    refuse_locked(group)?;
    let (now, caller) = (call.now(), call.viewer_id());
    audit::entry(call, group, Action::LOCKED).save(call);
    Ok(call.change(group).set(Group::locked_at, now).set(Group::locked_by_id, caller).save(call))
}

/// Documented (help centre): locking asks for the required fields. Assumed: the text, and that who locks while writing the
/// answers (`marked_locked`) is not asked.
fn refuse_unanswered<I: Named>(call: &Call<'_, I>, group: &Row<Group>) -> Result<(), Refusal> {
    let answers = form_answer::of_group(call.on(), group.id());
    let is_missing = |answer: &crate::engine::View<'_, FormAnswer>| {
        let question = answer.follow::<CustomModule, _>(FormAnswer::custom_module_id);
        let blank = answer.get(FormAnswer::answer).unwrap_or_default().trim().is_empty();
        blank && question.is_some_and(|question| question.is(CustomModule::required)) && super::condition::is_shown(answer, &answers)
    };
    match answers.iter().find(|answer| is_missing(answer)) {
        Some(answer) => {
            let label = answer.get(FormAnswer::label).unwrap_or_default();
            Err(Refusal::named("form_answers", format!("Required question is not answered: {label}")))
        }
        None => Ok(()),
    }
}

/// Documented: with a reason, which the history keeps.
pub fn unlock_form_answer_group(call: &mut Call<'_, UnlockInput>) -> Result<Made, Refusal> {
    let group = call.target::<Group, _>(UnlockInput::id)?;
    let reason = call.require(UnlockInput::description)?.to_owned();
    refuse_without(call, &group, Deed::Unlock)?;
    if group.get(Group::locked_at).is_none() {
        return Err(Refusal::base("This form is not locked"));
    }
    audit::entry(call, &group, Action::UNLOCKED).set(FormAnswerGroupAuditEvent::description, reason).save(call);
    let mut draft = call.change(&group);
    draft.clear(Group::locked_at);
    draft.clear(Group::locked_by_id);
    Ok(draft.save(call).into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_note_is_locked_once_and_unlocked_with_a_reason() {
        let clinic = Clinic::open();
        let id = clinic.id("FormAnswerGroup", "patient_intake");
        let fields = "form_answer_group { is_locked frozen chart_note_status locked_by { first_name } form_answer_group_audit_events { action description committed_by { first_name } } } messages { field message }";
        let lock = format!("lockFormAnswerGroup(input: {{id: {id}}})");
        let answer = clinic.run(&format!("mutation {{ {lock} {{ {fields} }} }}"));
        let expected = json!({
            "form_answer_group": {
                "is_locked": true, "frozen": true, "chart_note_status": "LOCKED", "locked_by": {"first_name": "Margaret"},
                "form_answer_group_audit_events": [{"action": "LOCKED", "description": null, "committed_by": {"first_name": "Margaret"}}],
            },
            "messages": null,
        });
        assert_eq!(answer["data"]["lockFormAnswerGroup"], expected);
        clinic.refuses(&lock, &[("base", "This form is locked and cannot be edited")]);
        let unlock = |why: &str| format!(r#"unlockFormAnswerGroup(input: {{id: {id}, description: "{why}"}})"#);
        clinic.refuses(&unlock(" "), &[("description", "can't be blank")]);
        let answer = clinic.run(&format!("mutation {{ {} {{ {fields} }} }}", unlock("Wrong date")));
        let group = &answer["data"]["unlockFormAnswerGroup"]["form_answer_group"];
        assert_eq!((&group["is_locked"], &group["locked_by"]), (&json!(false), &json!(null)), "{answer}");
        assert_eq!(group["form_answer_group_audit_events"][1]["description"], "Wrong date");
        assert_eq!(clinic.events(), ["form_answer_group.locked", "form_answer_group.unlocked"]);
    }

    #[test]
    fn what_is_required_is_answered_before_it_is_locked() {
        let clinic = Clinic::open();
        let (form, user) = (clinic.id("CustomModuleForm", "welcome"), clinic.id("User", "noor"));
        let create = |extra: &str| {
            let answer = clinic.run(&format!(
                r#"mutation {{ createFormAnswerGroup(input: {{custom_module_form_id: "{form}", user_id: "{user}", finished: true {extra}}}) {{ form_answer_group {{ id is_locked }} }} }}"#
            ));
            answer["data"]["createFormAnswerGroup"]["form_answer_group"].clone()
        };
        let id = create("")["id"].as_str().unwrap_or_default().to_owned();
        clinic.refuses(
            &format!("lockFormAnswerGroup(input: {{id: \"{id}\"}})"),
            &[("form_answers", "Required question is not answered: Name")],
        );
        assert_eq!(create(", marked_locked: true")["is_locked"], json!(true));
    }

    #[test]
    fn own_notes_and_others_notes_take_different_permissions() {
        let clinic = Clinic::open();
        let note = clinic.id("FormAnswerGroup", "patient_note");
        let intake = clinic.id("FormAnswerGroup", "patient_intake");
        let can = |role, id: &str| {
            let document = format!(
                "{{ formAnswerGroup(id: {id}) {{ provider_can_lock provider_can_unlock provider_can_sign provider_can_add_addendum }} }}"
            );
            clinic.as_role(role).run(&document)["data"]["formAnswerGroup"].clone()
        };
        let told = |lock: bool, unlock: bool, sign: bool, addendum: bool| json!({"provider_can_lock": lock, "provider_can_unlock": unlock, "provider_can_sign": sign, "provider_can_add_addendum": addendum});
        // The note is the provider's, locked and signed; the intake form the patient's.
        assert_eq!(can("provider", &note), told(false, false, false, true));
        assert_eq!(can("owner", &note), told(false, true, true, true));
        assert_eq!(can("provider", &intake), told(false, false, false, false));
        assert_eq!(can("patient", &intake), told(false, false, false, false));
        let refused = [("base", "You do not have permission to lock this form answer group.")];
        clinic.as_role("provider").refuses(&format!("lockFormAnswerGroup(input: {{id: {intake}}})"), &refused);
    }
}
