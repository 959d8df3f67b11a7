//! Whether an answer is shown, as its question's condition has it.

use crate::engine::View;
use crate::schema::names::FormAnswer;

/// True unless the answer hangs on another that says otherwise.
///
/// Assumed: what the kinds of filter are called; one that nobody knows asks for the very answer.
pub fn is_shown(answer: &View<'_, FormAnswer>, all: &[View<'_, FormAnswer>]) -> bool {
    let Some(controls) = answer.get(FormAnswer::conditional_custom_module_id) else { return true };
    let given = all.iter().find(|other| other.get(FormAnswer::custom_module_id) == Some(controls));
    let given = given.and_then(|given| given.get(FormAnswer::answer)).unwrap_or_default();
    let wanted = answer.get(FormAnswer::value_to_filter).unwrap_or_default().trim();
    let is_it = given.lines().any(|line| line.trim().eq_ignore_ascii_case(wanted)) || given.trim().eq_ignore_ascii_case(wanted);
    let numbers = || given.trim().parse::<f64>().ok().zip(wanted.parse::<f64>().ok());
    match answer.get(FormAnswer::filter_type).unwrap_or_default().to_lowercase().replace(' ', "_").as_str() {
        "is_not" | "not_equals" | "not_equal" => !is_it,
        "contains" => given.to_lowercase().contains(&wanted.to_lowercase()),
        "does_not_contain" | "not_contains" => !given.to_lowercase().contains(&wanted.to_lowercase()),
        "greater_than" => numbers().is_some_and(|(given, wanted)| given > wanted),
        "less_than" => numbers().is_some_and(|(given, wanted)| given < wanted),
        _ => is_it,
    }
}
