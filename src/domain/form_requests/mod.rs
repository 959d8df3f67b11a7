//! Forms that patients are asked to fill in, once or again and again.

use crate::engine::Area;
use crate::schema::names::{FormHistory, Mutation, OrganizationMembership, Query, RecurringForm, RequestedFormCompletion};

pub fn area() -> Area {
    Area::new("form_requests")
        .lists_all(Query::formHistories, FormHistory)
        .counts(Query::formHistoriesCount, Query::formHistories)
        .lists_all(Query::recurringForms, RecurringForm)
        .gets(Query::requestedFormCompletion, RequestedFormCompletion)
        .lists_all(Query::requestedFormCompletions, RequestedFormCompletion)
        .creates(Mutation::createRequestedFormCompletion, RequestedFormCompletion)
        .needs(OrganizationMembership::allow_group_level_actions)
        .deletes(Mutation::deleteRecurringForm, RecurringForm)
        .deletes(Mutation::deleteRequestedFormCompletion, RequestedFormCompletion)
        .updates(Mutation::updateRecurringForm, RecurringForm)
}
