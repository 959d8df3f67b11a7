//! `initialFormAnswers` and `initialServiceDate`: what a new form starts with.

use super::{form_answer, smart_fields};
use crate::domain::forms;
use crate::engine::{Answer, Call, Input, QueryError, Reading, Row, Value, View, moment::show_instant};
use crate::schema::Named;
use crate::schema::names::{Appointment, CustomModule, CustomModuleForm, FormAnswer, FormAnswerGroup as Group, User, args};
use jiff::Timestamp;

/// Assumed: the draft's answers where there is one, else what is known of the patient, what was answered last where the
/// template says so, and what the question starts with, in this order.
pub fn initial_form_answers(on: Reading<'_>, asked: &Input<'_, args::initialFormAnswers>) -> Result<Answer, QueryError> {
    type Asked = args::initialFormAnswers;
    let id = |field| asked.get(field).ok().flatten();
    let (draft, form, user) = (id(Asked::incomplete_form_id), id(Asked::custom_module_form_id), id(Asked::user_id));
    if let Some(draft) = draft.and_then(|draft| on.find::<Group>(draft)) {
        return Ok(Answer::List(form_answer::of_group(on, draft.id()).into_iter().map(Into::into).collect()));
    }
    let Some(form) = form.and_then(|form| on.find::<CustomModuleForm>(form)) else { return Ok(Answer::List(vec![])) };
    let user = user.or(on.viewer().id().filter(|_| on.viewer().is_patient())).and_then(|user| on.find::<User>(user));
    let user = user.map(|user| user.row().clone());
    let answers = forms::questions(on, form.id()).into_iter().map(|question| {
        let given = starts_with(on, &form, user.as_ref(), &question).unwrap_or_default();
        unsaved(&question, user.as_ref(), given)
    });
    Ok(Answer::List(answers.collect()))
}

fn starts_with(on: Reading<'_>, form: &Row<CustomModuleForm>, user: Option<&Row<User>>, question: &Row<CustomModule>) -> Option<String> {
    let mod_type = question.get(CustomModule::mod_type).unwrap_or_default();
    let known = || smart_fields::known(user?, mod_type);
    // Assumed: nobody agrees or signs by having done so before.
    let is_given_anew = ["agree_to_above", "signature"].contains(&mod_type);
    let before = || last_answer(on, form, user?, question.id()).filter(|_| form.is(CustomModuleForm::prefill) && !is_given_anew);
    // Observed: what a text starts with stands where others have their choices.
    let default = || question.get(CustomModule::options).filter(|_| ["text", "textarea"].contains(&mod_type)).map(str::to_owned);
    known().or_else(before).or_else(default)
}

fn last_answer(on: Reading<'_>, form: &Row<CustomModuleForm>, user: &Row<User>, question: u64) -> Option<String> {
    let filled = on.having(Group::user_id, user.id()).filter(|group| group.is(Group::finished) && group.get(Group::deleted_at).is_none());
    let last = filled
        .filter(|group| group.get(Group::custom_module_form_id) == Some(form.id()))
        .max_by_key(|group| group.get(Group::created_at))?;
    let answers = form_answer::of_group(on, last.id());
    let answer = answers.iter().find(|answer| answer.get(FormAnswer::custom_module_id) == Some(question))?;
    answer.get(FormAnswer::answer).filter(|answer| !answer.is_empty()).map(str::to_owned)
}

/// An answer that nobody has given yet. Assumed: it has its question's id for an id of its own.
fn unsaved(question: &View<'_, CustomModule>, user: Option<&Row<User>>, given: String) -> Answer {
    let mod_type = question.get(CustomModule::mod_type).unwrap_or_default();
    let shown = form_answer::displayed(question.on, mod_type, &given);
    let now = Value::Instant(question.on.now().as_microsecond());
    let values = vec![
        (FormAnswer::id.slot, Value::Id(question.id()).into()),
        (FormAnswer::custom_module_id.slot, Value::Id(question.id()).into()),
        (FormAnswer::custom_module.slot, question.row().clone().into()),
        (FormAnswer::label.slot, question.value(CustomModule::label.slot).clone().into()),
        (FormAnswer::answer.slot, Value::from(given).into()),
        (FormAnswer::displayed_answer.slot, Value::from(shown).into()),
        (FormAnswer::user_id.slot, user.map_or(Value::Null, |user| Value::Id(user.id())).into()),
        (FormAnswer::created_at.slot, now.into()),
    ];
    Answer::Object(FormAnswer::TYPE, values)
}

/// Fills the blank answers of a new form with what it starts with.
pub fn fill<I: Named>(call: &mut Call<'_, I>, group: &Row<Group>) {
    let Some(form) = group.get(Group::custom_module_form_id).and_then(|form| call.find_any::<CustomModuleForm>(form)) else { return };
    let user = group.get(Group::user_id).and_then(|user| call.find_any::<User>(user));
    let mut starts = vec![];
    for answer in form_answer::of_group(call.on(), group.id()) {
        let question = answer.follow::<CustomModule, _>(FormAnswer::custom_module_id);
        let given = question.and_then(|question| starts_with(call.on(), &form, user.as_ref(), question.row()));
        starts.extend(given.map(|given| (answer.row().clone(), given)));
    }
    for (answer, given) in starts {
        call.change(&answer).set(FormAnswer::answer, given).save(call);
    }
}

/// Assumed: the visit's time; else that of the patient's last visit without a note; else now.
fn service_date(on: Reading<'_>, visit: Option<u64>, user: Option<u64>) -> Option<Timestamp> {
    on.viewer().id()?;
    let named = visit.and_then(|visit| on.find::<Appointment>(visit)).and_then(|visit| visit.get(Appointment::date));
    let last = || {
        let visits = on.having(Appointment::attendee_ids, vec![user?]).filter(|visit| on.may_see(Appointment::TYPE, visit.record()));
        let unnoted = visits.filter(|visit| on.count_having(Group::appointment_id, visit.id()) == 0);
        unnoted.filter_map(|visit| visit.get(Appointment::date)).filter(|at| *at <= on.now()).max()
    };
    named.or_else(last).or(Some(on.now()))
}

pub fn initial_service_date(on: Reading<'_>, asked: &Input<'_, args::initialServiceDate>) -> Result<Answer, QueryError> {
    let id = |field| asked.get(field).ok().flatten();
    let at = service_date(on, id(args::initialServiceDate::appointment_id), id(args::initialServiceDate::user_id));
    Ok(at.map_or(Answer::NULL, |at| Value::Instant(at.as_microsecond()).into()))
}

/// The misspelt one, which answers with a text.
pub fn intitial_service_date(on: Reading<'_>, asked: &Input<'_, args::intitialServiceDate>) -> Result<Answer, QueryError> {
    let id = |field| asked.get(field).ok().flatten();
    let at = service_date(on, id(args::intitialServiceDate::appointment_id), id(args::intitialServiceDate::user_id));
    Ok(at.map_or(Answer::NULL, |at| Value::from(show_instant(at, &on.viewer().zone)).into()))
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_form_starts_with_what_is_known_and_what_was_answered_last() {
        let clinic = Clinic::open();
        let (form, user) = (clinic.id("CustomModuleForm", "welcome"), clinic.id("User", "patient"));
        let answer = clinic.run(&format!(
            "{{ initialFormAnswers(custom_module_form_id: {form}, user_id: {user}) {{ label answer custom_module {{ mod_type }} }} }}"
        ));
        let answers = answer["data"]["initialFormAnswers"].as_array().cloned().unwrap_or_default();
        assert_eq!(answers[1], json!({"label": "Name", "answer": "Ava,Thornton", "custom_module": {"mod_type": "name"}}), "{answer}");
        assert!(answers.contains(&json!({"label": "Do you smoke?", "answer": "Yes", "custom_module": {"mod_type": "radio"}})), "{answer}");
        let started = clinic.run(&format!(
            r#"mutation {{ createFormAnswerGroup(input: {{custom_module_form_id: "{form}", user_id: "{user}", set_initial_answers: true}}) {{ form_answer_group {{ form_answers {{ answer }} }} messages {{ message }} }} }}"#
        ));
        assert_eq!(started["data"]["createFormAnswerGroup"]["form_answer_group"]["form_answers"][1]["answer"], "Ava,Thornton");
        assert_eq!(clinic.run("{ initialFormAnswers { id } }")["data"]["initialFormAnswers"], json!([]));
    }

    #[test]
    fn a_service_was_when_the_visit_was() {
        let clinic = Clinic::open();
        let visit = clinic.id("Appointment", "patient_next");
        let document = format!(
            "{{ initialServiceDate(appointment_id: {visit}) intitialServiceDate(appointment_id: {visit}) now: initialServiceDate }}"
        );
        let expected = json!({"initialServiceDate": "2026-03-05T10:00:00-05:00", "intitialServiceDate": "2026-03-05 10:00:00 -0500", "now": "2026-03-02T10:00:00-05:00"});
        assert_eq!(clinic.run(&document)["data"], expected);
    }
}
