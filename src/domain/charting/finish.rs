//! What follows once a form is finished: its request is met, its step done, and what it says of the patient kept.

use super::smart_fields;
use crate::domain::{form_requests, onboarding};
use crate::engine::{Call, Row};
use crate::schema::Named;
use crate::schema::names::{CompletedCourseItem, FormAnswerGroup as Group, FormHistoryAction, OnboardingItem, RequestedFormCompletion};

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
        complete_course_item(call, group);
        smart_fields::keep(call, group, None);
    }
}

/// Documented (createFormAnswerGroupInput.course_item_id): the form does a step of a program.
fn complete_course_item<I: Named>(call: &mut Call<'_, I>, group: &Row<Group>) {
    type Completed = CompletedCourseItem;
    let (Some(item), Some(user)) = (group.get(Group::course_item_id), group.get(Group::user_id)) else { return };
    let known = call.having(Completed::course_item_id, item);
    if known.iter().any(|done| done.get(Completed::user_id) == Some(user)) {
        return;
    }
    let done = call.blank_draft::<Completed>().belongs_to(group.organization());
    let done = done.set(Completed::course_item_id, item).set(Completed::user_id, user).set(Completed::completed_item_id, group.id());
    done.set(Completed::completed_item_type, "FormAnswerGroup".to_owned()).save(call);
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
