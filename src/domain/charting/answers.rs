//! What a form's answers are written from: the input, the template's questions, what was there before.

use crate::domain::forms;
use crate::engine::{CANT_BE_BLANK, Call, Draft, Nested, Refusal, Row};
use crate::schema::Named;
use crate::schema::names::{
    CustomModule, CustomModuleConditionType as Condition, FormAnswer, FormAnswerGroup as Group, FormAnswerInput as Sent,
    LocationAnswerInput, NumericAnswerInput, PlainTextAnswerInput, SingleSelectAnswerInput, StructuredAnswerInput,
};

type Given<'a> = Nested<'a, Sent>;

/// Writes what was sent and, observed, a blank answer for every question that has none yet. What isn't mentioned stays.
///
/// Answers with the questions that were sent.
pub fn write<I: Named>(call: &mut Call<'_, I>, group: &Row<Group>, given: &[Given<'_>]) -> Result<Vec<u64>, Refusal> {
    let known = call.having(FormAnswer::form_answer_group_id, group.id());
    let placed = given.iter().map(|sent| Ok((question_of(call, sent, &known)?, sent))).collect::<Result<Vec<_>, Refusal>>()?;
    let form = group.get(Group::custom_module_form_id).unwrap_or_default();
    let mut questions: Vec<_> = forms::questions(call.on(), form).into_iter().map(|question| question.row().clone()).collect();
    for (question, _) in &placed {
        if !questions.iter().any(|other| other.id() == question.id()) {
            questions.push(question.clone());
        }
    }
    for question in questions {
        let sent = placed.iter().rev().find(|(of, _)| of.id() == question.id()).map(|(_, sent)| *sent);
        let before = known.iter().find(|answer| answer.get(FormAnswer::custom_module_id) == Some(question.id()));
        match (before, sent) {
            (Some(_), None) => {}
            (Some(before), sent) => save(call, call.change(before), &question, sent),
            (None, sent) => {
                let draft = blank(call, group, &question);
                save(call, draft, &question, sent);
            }
        }
    }
    Ok(placed.iter().map(|(question, _)| question.id()).collect())
}

/// Documented: each answer names its question. Assumed: by the answer's own id too; and what is said where it names none.
fn question_of<I: Named>(call: &Call<'_, I>, sent: &Given<'_>, known: &[Row<FormAnswer>]) -> Result<Row<CustomModule>, Refusal> {
    let refuse = |message: &str| Refusal::named("form_answers", message);
    let by_id = sent.get(Sent::id).and_then(|id| known.iter().find(|answer| answer.id() == id));
    let by_id = by_id.and_then(|answer| answer.get(FormAnswer::custom_module_id));
    match sent.get(Sent::custom_module_id).or(by_id) {
        Some(question) => call.find(question).ok_or_else(|| refuse("CustomModule not found")),
        None => Err(refuse(&format!("custom_module_id {CANT_BE_BLANK}"))),
    }
}

/// Documented: the label is copied from the question, and so is when it is shown.
fn blank<I: Named>(call: &mut Call<'_, I>, group: &Row<Group>, question: &Row<CustomModule>) -> Draft<FormAnswer> {
    let condition = call.having(Condition::custom_module_id, question.id()).pop();
    let mut answer = call
        .blank_draft::<FormAnswer>()
        .belongs_to(group.organization())
        .set(FormAnswer::form_answer_group_id, group.id())
        .set(FormAnswer::custom_module_id, question.id())
        .set(FormAnswer::answer, String::new());
    answer.set_value(FormAnswer::user_id.slot, group.value(Group::user_id.slot).clone());
    if let Some(condition) = condition {
        for (to, from) in [
            (FormAnswer::conditional_custom_module_id.slot, Condition::conditional_custom_module_id.slot),
            (FormAnswer::filter_type.slot, Condition::filter_type.slot),
            (FormAnswer::value_to_filter.slot, Condition::value_to_filter.slot),
        ] {
            answer.set_value(to, condition.value(from).clone());
        }
    }
    answer
}

fn save<I: Named>(call: &mut Call<'_, I>, mut answer: Draft<FormAnswer>, question: &Row<CustomModule>, sent: Option<&Given<'_>>) {
    if let Some(sent) = sent {
        let whose = answer.value(FormAnswer::user_id.slot).clone();
        call.fill_from(&mut answer, sent);
        if !whose.is_null() {
            answer.set_value(FormAnswer::user_id.slot, whose);
        }
        if let Some(text) = sent.get(Sent::structured_answer).and_then(|structured| plain(&structured)) {
            answer.put(FormAnswer::answer, text);
        }
    }
    if answer.get(FormAnswer::answer).is_none() {
        answer.put(FormAnswer::answer, String::new());
    }
    if answer.is_blank(FormAnswer::label) {
        answer.set_value(FormAnswer::label.slot, question.value(CustomModule::label.slot).clone());
    }
    answer.set(FormAnswer::custom_module_id, question.id()).save(call);
}

/// A structured answer as the text that it stands for, where it is of a kind that has one.
fn plain(structured: &Nested<'_, StructuredAnswerInput>) -> Option<String> {
    type S = StructuredAnswerInput;
    type L = LocationAnswerInput;
    let text = structured.get(S::plain_text).and_then(|answer| answer.get(PlainTextAnswerInput::value));
    let choice = || structured.get(S::single_select).and_then(|answer| answer.get(SingleSelectAnswerInput::value));
    let number = || structured.get(S::numeric).and_then(|answer| answer.get(NumericAnswerInput::value));
    let place = || {
        let place = structured.get(S::location)?;
        let parts = [L::line1, L::line2, L::city, L::state, L::zip, L::country].map(|part| place.get(part));
        Some(parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", "))
    };
    text.or_else(choice).or_else(number).map(str::to_owned).or_else(place)
}
