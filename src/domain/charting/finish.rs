//! What follows once a form is finished: its request is met, its step done, and what it says of the patient kept.

use super::smart_fields;
use crate::domain::{form_requests, onboarding};
use crate::engine::{Call, Row};
use crate::schema::Named;
use crate::schema::names::{FormAnswerGroup as Group, FormHistoryAction, OnboardingItem, RequestedFormCompletion};

/// After a form is begun or finished.
pub fn follow<I: Named>(
    call: &mut Call<'_, I>,
    group: &Row<Group>,
    request: Option<&Row<RequestedFormCompletion>>,
    step: Option<&Row<OnboardingItem>>,
) {
    let finished = group.is(Group::finished);
    if let Some(request) = request {
        form_requests::fill(call, request, group);
    }
    if let (Some(step), true) = (step, finished) {
        onboarding::complete(call, step, group);
    }
    if finished {
        smart_fields::keep(call, group, None);
    }
}

/// After a finished form is changed, in its answers to some `questions`.
pub fn edited<I: Named>(call: &mut Call<'_, I>, group: &Row<Group>, request: Option<&Row<RequestedFormCompletion>>, questions: &[u64]) {
    if let Some(request) = request {
        form_requests::tell(call, request, FormHistoryAction::edited);
    }
    if group.is(Group::finished) {
        smart_fields::keep(call, group, Some(questions));
    }
}
