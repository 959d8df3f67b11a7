//! What an answer is, and how it is shown.

use crate::engine::{Entity, Reading, View, civil_date};
use crate::schema::Named;
use crate::schema::names::{CustomModule, FormAnswer, FormAnswerGroup, IcdCode};

/// Seen by whoever sees the filled form.
pub fn entity() -> Entity<FormAnswer> {
    Entity::usual()
        .silent()
        .visible(|answer| {
            let group = answer.follow::<FormAnswerGroup, _>(FormAnswer::form_answer_group_id);
            group.is_some_and(|group| group.on.may_see(FormAnswerGroup::TYPE, group.record()))
        })
        .computed(FormAnswer::displayed_answer, |answer| {
            let question = answer.follow::<CustomModule, _>(FormAnswer::custom_module_id);
            let mod_type = question.as_ref().and_then(|question| question.get(CustomModule::mod_type)).unwrap_or_default();
            let given = answer.get(FormAnswer::answer).unwrap_or_default();
            Some(match mod_type {
                "agree_to_above" if is_yes(given) => agreed(answer),
                _ => displayed(answer.on, mod_type, given),
            })
        })
}

/// Observed: choices are joined, names turned round, and what asks for nothing shows nothing. Assumed: a diagnosis shows its
/// code's name, and all else what was answered.
pub fn displayed(on: Reading<'_>, mod_type: &str, given: &str) -> String {
    match mod_type {
        "label" | "read_only" | "staticText" | "hipaa" => String::new(),
        "checkbox" => given.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(", "),
        "name" | "referring_provider" => match given.split_once(',') {
            Some((first, last)) => format!("{}, {}", last.trim(), first.trim()),
            None => given.to_owned(),
        },
        "diagnosis" => {
            let code = given.trim().parse().ok().and_then(|id| on.find_any::<IcdCode>(id));
            let named = code.and_then(|code| code.get(IcdCode::display_name).map(str::to_owned));
            named.unwrap_or_else(|| given.to_owned())
        }
        _ => given.to_owned(),
    }
}

/// Observed: `Agreed To On Jul 19, 2025 10:44`.
fn agreed(answer: &View<'_, FormAnswer>) -> String {
    let Some(at) = answer.get(FormAnswer::created_at) else { return String::new() };
    let shown = answer.on.viewer().zone.to_datetime(at).strftime("%b %d, %Y %H:%M").to_string();
    format!("Agreed To On {shown}")
}

pub fn is_yes(given: &str) -> bool {
    ["true", "1", "yes"].contains(&given.trim().to_lowercase().as_str())
}

/// A filled form's answers in the order of its questions.
pub fn of_group(on: Reading<'_>, group: u64) -> Vec<View<'_, FormAnswer>> {
    let place = |answer: &View<'_, FormAnswer>| {
        let question = answer.follow::<CustomModule, _>(FormAnswer::custom_module_id);
        question.and_then(|question| question.get(CustomModule::position)).unwrap_or(f64::MAX)
    };
    let mut placed: Vec<_> = on.having(FormAnswer::form_answer_group_id, group).map(|answer| (place(&answer), answer)).collect();
    placed.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.id().cmp(&b.1.id())));
    placed.into_iter().map(|(_, answer)| answer).collect()
}

/// A day as answers write it.
pub fn day(days: i32) -> String {
    civil_date(days).to_string()
}
