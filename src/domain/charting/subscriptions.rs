//! Who looks at a form hears of it when somebody else writes.

use crate::engine::{Changed, Subscribing};
use crate::schema::names::{FormAnswer, FormAnswerGroup as Group, args};

/// Assumed: for the form itself and for each of its answers; nobody hears that it is gone.
pub fn modified() -> Subscribing<args::Subscription_formAnswerGroupModifiedSubscription> {
    type Asked = args::Subscription_formAnswerGroupModifiedSubscription;
    Subscribing::<Asked>::to(|asked| asked.get(Asked::id).ok().flatten())
        .when(|group: &Changed<Group>, _| vec![(group.row().id(), group.row().id())])
        .when(|answer: &Changed<FormAnswer>, _| {
            answer.row().get(FormAnswer::form_answer_group_id).map(|group| (group, group)).into_iter().collect()
        })
        .shows(|on, told| on.find::<Group>(told.about).into())
}
