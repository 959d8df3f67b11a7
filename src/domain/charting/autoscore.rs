//! Sections of a form whose answers add up to a score.

use super::form_answer;
use crate::engine::{Answer, Value, View};
use crate::schema::Named;
use crate::schema::names::{AutoscoredSectionType as Section, CustomModule, FormAnswer, FormAnswerGroup};
use std::collections::BTreeMap;

type Part<'s> = (View<'s, CustomModule>, View<'s, FormAnswer>);

/// Documented: what a section shows. Assumed: a choice is worth the number that it starts with, else its place among the choices.
pub fn sections(group: &View<'_, FormAnswerGroup>) -> Answer {
    Answer::List(parts(group).into_values().map(|parts| section(&parts)).collect())
}

/// What all sections add up to; None where nothing is scored.
pub fn total(group: &View<'_, FormAnswerGroup>) -> Option<f64> {
    let scores: Vec<f64> = parts(group).values().flat_map(|parts| scores(parts)).collect();
    (!scores.is_empty()).then(|| scores.iter().sum())
}

/// The scored questions and their answers, by section.
fn parts<'s>(group: &View<'s, FormAnswerGroup>) -> BTreeMap<u64, Vec<Part<'s>>> {
    let mut sections = BTreeMap::<u64, Vec<Part<'s>>>::new();
    for answer in form_answer::of_group(group.on, group.id()) {
        let Some(question) = answer.follow::<CustomModule, _>(FormAnswer::custom_module_id) else { continue };
        if let Some(section) = question.get(CustomModule::custom_module_form_section_id) {
            sections.entry(section).or_default().push((question, answer));
        }
    }
    sections
}

fn is_calculator(question: &View<'_, CustomModule>) -> bool {
    question.get(CustomModule::mod_type) == Some("autoscored_calculator")
}

fn scores(parts: &[Part<'_>]) -> Vec<f64> {
    let asked = parts.iter().filter(|(question, _)| !is_calculator(question));
    asked.filter_map(|(question, answer)| score(question, answer)).collect()
}

fn section(parts: &[Part<'_>]) -> Answer {
    let scores = scores(parts);
    let values = vec![
        (Section::section_key.slot, Value::text("results").into()),
        (Section::section_title.slot, Value::text("Results").into()),
        (Section::show.slot, Value::Bool(!scores.is_empty()).into()),
        (Section::value.slot, Value::Float(scores.iter().sum()).into()),
        (Section::has_autoscored_calculator.slot, Value::Bool(parts.iter().any(|(question, _)| is_calculator(question))).into()),
    ];
    Answer::Object(Section::TYPE, values)
}

fn score(question: &View<'_, CustomModule>, answer: &View<'_, FormAnswer>) -> Option<f64> {
    let given = answer.get(FormAnswer::answer).map(str::trim).filter(|given| !given.is_empty())?;
    let digits: String = given.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    let place = || question.get(CustomModule::options)?.lines().position(|option| option.trim() == given).map(|place| place as f64);
    digits.parse().ok().or_else(place)
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_section_adds_up() {
        let clinic = Clinic::open();
        let id = clinic.id("FormAnswerGroup", "samuel_mood");
        let answer = clinic.run(&format!(
            "{{ formAnswerGroup(id: {id}) {{ autoscored_sections {{ section_key value show has_autoscored_calculator }} }} }}"
        ));
        let expected = json!([{"section_key": "results", "value": 3.0, "show": true, "has_autoscored_calculator": false}]);
        assert_eq!(answer["data"]["formAnswerGroup"]["autoscored_sections"], expected, "{answer}");
    }
}
