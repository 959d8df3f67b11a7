//! Forms that patients are asked to fill in, once or again and again.

mod batch;
mod create_requested_form_completion;
mod delete_requested_form_completion;
mod form_history;
mod recurring_form;
mod requested_form_completion;
mod schedule;

pub use form_history::{opened, tell};
pub use recurring_form::of_group as recurring_of;
pub use requested_form_completion::{fill, shown_date, status};

use crate::engine::{Area, Entity};
use crate::schema::names::{Mutation, Query, RecurringForm, RequestedFormBatch};

pub fn area() -> Area {
    Area::new("form_requests")
        .entity(requested_form_completion::entity())
        .entity(form_history::entity())
        .entity(recurring_form::entity())
        .lists(Query::formHistories, form_history::form_histories())
        .counts(Query::formHistoriesCount, Query::formHistories)
        .lists(Query::recurringForms, recurring_form::recurring_forms())
        .query(Query::requestedFormCompletion, requested_form_completion::requested_form_completion)
        .leaves(requested_form_completion::is_tracked, requested_form_completion::track)
        .lists(Query::requestedFormCompletions, requested_form_completion::requested_form_completions())
        .mutation(Mutation::createRequestedFormCompletion, create_requested_form_completion::create_requested_form_completion)
        .mutation(Mutation::deleteRecurringForm, recurring_form::delete_recurring_form)
        .mutation(Mutation::deleteRequestedFormCompletion, delete_requested_form_completion::delete_requested_form_completion)
        .mutation(Mutation::updateRecurringForm, recurring_form::update_recurring_form)
        .entity(Entity::<RequestedFormBatch>::new())
        .due("requests", RequestedFormBatch::due_at, batch::fall_due)
        .due("recurring form", RecurringForm::next_at, recurring_form::request_again)
}
