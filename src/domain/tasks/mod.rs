//! Tasks, their comments, and the rules that make them.

use crate::engine::Area;
use crate::schema::names::{AutoTaskGenerator, InternalComment, Mutation, OrganizationMembership, Query, Task};

pub fn area() -> Area {
    Area::new("tasks")
        .lists_all(Query::autoTaskGenerators, AutoTaskGenerator)
        .needs(OrganizationMembership::can_view_automations)
        .gets(Query::task, Task)
        .lists_all(Query::tasks, Task)
        .counts(Query::tasksCount, Query::tasks)
        .leaves_out(Mutation::bulkDeleteTasks, "not built yet")
        .creates(Mutation::createAutoTaskGenerator, AutoTaskGenerator)
        .needs(OrganizationMembership::can_edit_automations)
        .creates(Mutation::createInternalComment, InternalComment)
        .creates(Mutation::createTask, Task)
        .needs(OrganizationMembership::can_assign_tasks_to_all_org_members)
        .deletes(Mutation::deleteAutoTaskGenerator, AutoTaskGenerator)
        .needs(OrganizationMembership::can_delete_automations)
        .deletes(Mutation::deleteTask, Task)
        .deletes(Mutation::destroyInternalComment, InternalComment)
        .updates(Mutation::updateAutoTaskGenerator, AutoTaskGenerator)
        .needs(OrganizationMembership::can_edit_automations)
        .updates(Mutation::updateInternalComment, InternalComment)
        .updates(Mutation::updateTask, Task)
        .leaves_out(Mutation::updateTasksBulk, "not built yet")
}
