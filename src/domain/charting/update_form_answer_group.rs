//! `updateFormAnswerGroup`: a form is changed, or finished.

use super::{
    answers, appointment_link,
    create_form_answer_group::refuse_long_metadata,
    finish, lock,
    permission::refuse_locked,
    service_time::{Times, service_time},
};
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{
    Appointment, FormAnswerGroup as Group, OrganizationMembership, RequestedFormCompletion, updateFormAnswerGroupInput as Input,
};

const TIMES: Times<Input> = Times { formatted_date: Input::formatted_date, date: Input::date, time: Input::time };

/// Documented: no event tells of it. Assumed: `null` for `appointment_id` ends the connection.
pub fn update_form_answer_group(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    call.accept(Input::dismissed_lock_charting_note_warning);
    call.accept(Input::tab_uuid);
    let group = call.target::<Group, _>(Input::id)?;
    refuse_locked(&group)?;
    let visit = match call.is_blank(Input::appointment_id) {
        true => None,
        false => Some(call.target::<Appointment, _>(Input::appointment_id)?),
    };
    let unlinks = visit.is_none() && call.given(Input::appointment_id)?.is_sent() && group.get(Group::appointment_id).is_some();
    if unlinks {
        call.needs(OrganizationMembership::can_unlink_chart_note_from_appointment, "unlink this form answer group")?;
    }
    let now = call.now();
    let at = service_time(call, &TIMES)?;
    let mut draft = call.edit(&group);
    refuse_long_metadata(&draft)?;
    if draft.get(Group::finished).is_none() {
        draft.put(Group::finished, false);
    }
    if let Some(at) = at {
        draft.put(Group::created_at, at);
    }
    if call.is(Input::marked_complete) && group.get(Group::marked_complete_at).is_none() {
        draft.put(Group::marked_complete_at, now);
    }
    call.check(&draft)?;
    let given = call.get(Input::form_answers)?.unwrap_or_default();
    if !given.is_empty() {
        draft.put(Group::updated_at, now);
    }
    let mut changed = draft.save(call);

    let questions = answers::write(call, &changed, &given)?;
    if let Some(visit) = visit {
        changed = appointment_link::connect(call, &changed, &visit);
    } else if unlinks {
        changed = appointment_link::disconnect(call, &changed);
    }
    super::group_note::write(call, &changed, &call.get(Input::individual_client_notes)?.unwrap_or_default())?;
    let request = call.having(RequestedFormCompletion::form_answer_group_id, changed.id()).pop();
    match group.is(Group::finished) {
        true => finish::edited(call, &changed, request.as_ref(), &questions),
        false => {
            let step = changed.get(Group::onboarding_item_id).and_then(|step| call.find_any(step));
            finish::follow(call, &changed, request.as_ref(), step.as_ref());
        }
    }
    if call.is(Input::marked_locked) {
        changed = lock::lock(call, &changed)?;
    }
    Ok(changed.into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn answers_are_replaced_one_by_one() {
        let clinic = Clinic::open();
        let (id, goals) = (clinic.id("FormAnswerGroup", "patient_intake"), clinic.id("CustomModule", "goals"));
        let answer = clinic.run(&format!(
            r#"mutation {{ updateFormAnswerGroup(input: {{id: "{id}", name: "Intake", date: "2026-02-01", time: "9 30", form_answers: [{{custom_module_id: "{goals}", answer: "<p>Sleep</p>"}}]}}) {{
                form_answer_group {{ name created_at form_answers {{ label answer }} }} messages {{ field message }} }} }}"#
        ));
        let group = &answer["data"]["updateFormAnswerGroup"]["form_answer_group"];
        assert_eq!((&group["name"], &group["created_at"]), (&json!("Intake"), &json!("2026-02-01 09:30:00 -0500")), "{answer}");
        let answers = group["form_answers"].as_array().cloned().unwrap_or_default();
        assert!(answers.contains(&json!({"label": "What would you like to change?", "answer": "<p>Sleep</p>"})));
        assert!(answers.contains(&json!({"label": "Do you smoke?", "answer": "Yes"})), "{answers:?}");
        assert_eq!(clinic.events(), [] as [&str; 0]);
    }

    #[test]
    fn a_locked_form_is_not_changed() {
        let clinic = Clinic::open();
        let id = clinic.id("FormAnswerGroup", "patient_note");
        clinic.refuses(
            &format!("updateFormAnswerGroup(input: {{id: {id}, name: \"x\"}})"),
            &[("base", "This form is locked and cannot be edited")],
        );
        clinic.refuses(r#"updateFormAnswerGroup(input: {id: "1"})"#, &[("id", "FormAnswerGroup not found")]);
    }
}
