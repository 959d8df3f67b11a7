//! Notes that a scribe proposes: turned into forms, turned down, commented on.

use super::{appointment_link, form_answer};
use crate::engine::{Call, Entity, Made, Refusal, Value};
use crate::schema::names::{
    Appointment, CustomModule, CustomModuleForm, FormAnswer, FormAnswerGroup as Group, GeneratedFormAnswerGroupType as Generated,
    GeneratedFormAnswerType as Proposed, OrganizationMembership, convertGeneratedFormAnswerGroupInput as Convert,
    convertGeneratedFormAnswerGroupPayload as Converted, rejectGeneratedFormAnswerGroupInput as Reject,
    updateGeneratedFormAnswerGroupFeedbackInput as Feedback,
};

/// Announced by the predicates in `events`.
pub fn entity() -> Entity<Generated> {
    Entity::usual()
        .silent()
        .extra("patient_id", |note| note.value(Generated::patient_id.slot).clone())
        .answers(Generated::custom_module_form, |note| note.follow::<CustomModuleForm, _>(Generated::custom_module_form).into())
}

pub fn answers() -> Entity<Proposed> {
    Entity::usual().computed(Proposed::displayed_answer, |answer| {
        let question = answer.follow::<CustomModule, _>(Proposed::custom_module);
        let mod_type = question.as_ref().and_then(|question| question.get(CustomModule::mod_type)).unwrap_or_default();
        Some(form_answer::displayed(answer.on, mod_type, answer.get(Proposed::answer).unwrap_or_default()))
    })
}

/// Documented: answers with both. Assumed: the note is finished then, and a proposal becomes a note once.
pub fn convert_generated_form_answer_group(call: &mut Call<'_, Convert>) -> Result<Made, Refusal> {
    let proposal = call.target::<Generated, _>(Convert::id)?;
    refuse_done(&proposal)?;
    let form = proposal.value(Generated::custom_module_form.slot).as_id().and_then(|form| call.find_any::<CustomModuleForm>(form));
    let form = form.ok_or_else(|| Refusal::not_found("id", "CustomModuleForm"))?;
    let (now, caller) = (call.now(), call.viewer_id());
    let mut group = call
        .blank_draft::<Group>()
        .belongs_to(proposal.organization())
        .set(Group::custom_module_form_id, form.id())
        .set(Group::filler_id, caller)
        .set(Group::finished, true)
        .set(Group::created_at, now)
        .set(Group::record_created_at, now);
    group.set_value(Group::name.slot, form.value(CustomModuleForm::name.slot).clone());
    group.set_value(Group::user_id.slot, proposal.value(Generated::patient_id.slot).clone());
    let mut group = group.save(call);
    super::answers::write(call, &group, &[])?;
    let proposed = call.having(Proposed::generated_form_answer_group_id, proposal.id());
    for answer in call.having(FormAnswer::form_answer_group_id, group.id()) {
        let question = answer.get(FormAnswer::custom_module_id);
        let text = proposed.iter().find(|proposed| proposed.value(Proposed::custom_module.slot).as_id() == question);
        if let Some(text) = text.and_then(|proposed| proposed.get(Proposed::answer)) {
            call.change(&answer).set(FormAnswer::answer, text.to_owned()).save(call);
        }
    }
    if let Some(visit) = proposal.get(Generated::appointment_id).and_then(|visit| call.find_any::<Appointment>(visit)) {
        group = appointment_link::connect(call, &group, &visit);
    }
    let proposal = call.change(&proposal).set(Generated::form_answer_group, group.id()).save(call);
    Ok(Made::from(proposal).also(Converted::form_answer_group, group))
}

/// Documented: an empty list where no reason is given.
pub fn reject_generated_form_answer_group(call: &mut Call<'_, Reject>) -> Result<Made, Refusal> {
    let proposal = call.target::<Generated, _>(Reject::id)?;
    refuse_done(&proposal)?;
    let reasons = call.get(Reject::rejection_reason)?.unwrap_or_default().into_iter().map(Value::text).collect();
    let now = call.now();
    let mut draft = call.change(&proposal).set(Generated::rejected_at, now);
    draft.set_value(Generated::rejection_reason.slot, Value::List(reasons));
    if let Some(feedback) = call.get(Reject::feedback)? {
        draft.put(Generated::feedback, feedback.to_owned());
    }
    Ok(draft.save(call).into())
}

/// Assumed: what is decided is not decided again. The texts are too.
fn refuse_done(proposal: &crate::engine::Row<Generated>) -> Result<(), Refusal> {
    if !proposal.value(Generated::form_answer_group.slot).is_null() {
        return Err(Refusal::on(Convert::id, "has already been converted"));
    }
    if proposal.get(Generated::rejected_at).is_some() {
        return Err(Refusal::on(Convert::id, "has already been rejected"));
    }
    Ok(())
}

pub fn update_generated_form_answer_group_feedback(call: &mut Call<'_, Feedback>) -> Result<Made, Refusal> {
    call.needs(OrganizationMembership::can_autogenerate_charting_notes_from_zoom_calls, "update this generated form answer group")?;
    let proposal = call.target::<Generated, _>(Feedback::id)?;
    let feedback = call.require(Feedback::feedback)?.to_owned();
    Ok(call.change(&proposal).set(Generated::feedback, feedback).save(call).into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_proposed_note_becomes_a_note_once() {
        let clinic = Clinic::open();
        let id = clinic.id("GeneratedFormAnswerGroupType", "patient_proposal");
        let convert = format!("convertGeneratedFormAnswerGroup(input: {{id: {id}}})");
        let answer = clinic.run(&format!(
            "mutation {{ {convert} {{ generated_form_answer_group {{ id }} form_answer_group {{ name finished user {{ first_name }} form_answers {{ label answer }} }} messages {{ message }} }} }}"
        ));
        let made = &answer["data"]["convertGeneratedFormAnswerGroup"];
        assert_eq!(made["generated_form_answer_group"]["id"], json!(id), "{answer}");
        assert_eq!(
            (&made["form_answer_group"]["finished"], &made["form_answer_group"]["user"]["first_name"]),
            (&json!(true), &json!("Ava"))
        );
        assert_eq!(made["form_answer_group"]["form_answers"][0], json!({"label": "Subjective", "answer": "Feels better."}));
        let events = clinic.events();
        for event in ["form_answer_group.created", "generated_form_answer_group.converted"] {
            assert!(events.contains(&event.to_owned()), "{events:?}");
        }
        clinic.refuses(&convert, &[("id", "has already been converted")]);
        clinic
            .as_role("provider")
            .refuses(&convert, &[("base", "You do not have permission to convert this generated form answer group.")]);
    }

    #[test]
    fn a_proposed_note_is_turned_down_with_or_without_reasons() {
        let clinic = Clinic::open();
        let id = clinic.id("GeneratedFormAnswerGroupType", "patient_proposal");
        let feedback = format!(
            r#"mutation {{ updateGeneratedFormAnswerGroupFeedback(input: {{id: {id}, feedback: "Good"}}) {{ generated_form_answer_group {{ feedback rejection_reason }} messages {{ message }} }} }}"#
        );
        let expected = json!({"feedback": "Good", "rejection_reason": null});
        assert_eq!(clinic.run(&feedback)["data"]["updateGeneratedFormAnswerGroupFeedback"]["generated_form_answer_group"], expected);
        let reject = format!(
            "mutation {{ rejectGeneratedFormAnswerGroup(input: {{id: {id}, rejection_reason: [MISSING_DETAILS]}}) {{ generated_form_answer_group {{ rejection_reason }} messages {{ message }} }} }}"
        );
        let answer = clinic.run(&reject);
        assert_eq!(
            answer["data"]["rejectGeneratedFormAnswerGroup"]["generated_form_answer_group"],
            json!({"rejection_reason": ["MISSING_DETAILS"]}),
            "{answer}"
        );
        assert_eq!(clinic.events(), ["generated_form_answer_group.updated", "generated_form_answer_group.rejected"]);
    }
}
