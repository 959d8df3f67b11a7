//! Tasks, their comments, and the rules that make them.

mod auto_task_generator;
mod bulk;
mod comment;
mod create_task;
mod list;
mod reminder;
mod task;
mod update_task;

pub use list::on_user;
pub use reminder::{next as next_reminder, zone_of};

use crate::engine::Area;
use crate::schema::names::{AutoTaskGenerator, Mutation, OrganizationMembership, Query, Task};

pub fn area() -> Area {
    Area::new("tasks")
        .entity(task::entity())
        .entity(comment::entity())
        .entity(reminder::entity())
        .due("reminder", Task::remind_at, reminder::remind)
        .entity(auto_task_generator::entity())
        .lists(Query::autoTaskGenerators, auto_task_generator::auto_task_generators())
        .needs(OrganizationMembership::can_view_automations)
        .gets(Query::task, Task)
        .lists(Query::tasks, list::tasks())
        .counts(Query::tasksCount, Query::tasks)
        .mutation(Mutation::bulkDeleteTasks, bulk::bulk_delete_tasks)
        .mutation(Mutation::createAutoTaskGenerator, auto_task_generator::create_auto_task_generator)
        .needs(OrganizationMembership::can_edit_automations)
        .mutation(Mutation::createInternalComment, comment::create_internal_comment)
        .mutation(Mutation::createTask, create_task::create_task)
        .deletes(Mutation::deleteAutoTaskGenerator, AutoTaskGenerator)
        .needs(OrganizationMembership::can_delete_automations)
        .deletes(Mutation::deleteTask, Task)
        .mutation(Mutation::destroyInternalComment, comment::destroy_internal_comment)
        .mutation(Mutation::updateAutoTaskGenerator, auto_task_generator::update_auto_task_generator)
        .needs(OrganizationMembership::can_edit_automations)
        .mutation(Mutation::updateInternalComment, comment::update_internal_comment)
        .mutation(Mutation::updateTask, update_task::update_task)
        .mutation(Mutation::updateTasksBulk, bulk::update_tasks_bulk)
}
