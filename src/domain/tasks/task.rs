//! What a task is, who sees it, and what follows from its being done.

use super::reminder;
use crate::domain::members;
use crate::engine::{Answer, Call, Draft, Entity, Reading, Refusal, View};
use crate::schema::Named;
use crate::schema::names::{OrganizationMembership, Task, User};

pub fn entity() -> Entity<Task> {
    Entity::usual()
        .about_nobody()
        .requires(Task::content)
        .defaults(Task::complete, false)
        .defaults(Task::hidden, false)
        .defaults(Task::priority, 0)
        .defaults(Task::seen, false)
        .defaults(Task::smart, false)
        .refers(Task::creator, Task::created_by_id)
        .answers(Task::assignees, |task| {
            let on = task.on;
            Answer::records(assignees(task).into_iter().filter_map(|person| on.find::<User>(person)).map(|person| person.row().clone()))
        })
        .indexed(Task::client_id)
        .indexed(Task::user_id)
        .searched(Task::content)
        .derives(stamp)
        .derives(reminder::plan)
        .visible(is_visible)
}

/// Those who have to do it and who made it; in the organization, those who may see all its tasks.
fn is_visible(task: &View<'_, Task>) -> bool {
    let viewer = task.on.viewer();
    let concerned = viewer.id().is_some_and(|own| concerns(task, own));
    concerned || viewer.reaches(task.organization()) && viewer.may(OrganizationMembership::can_view_all_org_members_tasks)
}

pub fn concerns(task: &View<'_, Task>, user: u64) -> bool {
    is_assigned(task, user) || task.get(Task::created_by_id) == Some(user)
}

pub fn is_assigned(task: &View<'_, Task>, user: u64) -> bool {
    assignees(task).contains(&user)
}

pub fn assignees(task: &View<'_, Task>) -> Vec<u64> {
    assigned(task.get(Task::assignee_ids), task.get(Task::user_id))
}

/// Who has to do it: several, else one.
pub fn assigned(several: Option<Vec<u64>>, one: Option<u64>) -> Vec<u64> {
    several.filter(|several| !several.is_empty()).unwrap_or_else(|| one.into_iter().collect())
}

/// Documented: a task that is done says when and by whom, one that is open doesn't.
fn stamp(task: &mut Draft<Task>, on: Reading<'_>) {
    if task.get(Task::complete) != Some(true) {
        task.clear(Task::completed_at);
        task.clear(Task::completed_by_id);
        return;
    }
    if task.is_blank(Task::completed_at) {
        task.put(Task::completed_at, on.now());
    }
    if let Some(viewer) = on.viewer().id().filter(|_| task.is_blank(Task::completed_by_id)) {
        task.put(Task::completed_by_id, viewer);
    }
}

/// The draft for these people. Documented: `user_id` is the first of them.
pub fn assign(task: Draft<Task>, people: &[u64]) -> Draft<Task> {
    let task = task.set(Task::assignee_ids, people.to_vec());
    match people.first() {
        Some(first) => task.set(Task::user_id, *first),
        None => task,
    }
}

/// Refuses people who are unknown, and members whom the caller may give no tasks. Patients are given tasks by whoever sees them.
pub fn refuse_people<I: Named>(call: &Call<'_, I>, people: &[u64], field: &'static str, to: &str) -> Result<(), Refusal> {
    for id in people {
        let person = call.find::<User>(*id).ok_or_else(|| Refusal::not_found(field, "User"))?;
        if !call.viewer().is(*id) && !person.is(User::is_patient) {
            call.needs(OrganizationMembership::can_assign_tasks_to_all_org_members, to)?;
        }
    }
    Ok(())
}

/// Refuses a patient whom the caller may not see, a maker who is none, and metadata that is too long.
pub fn refuse_details<I: Named>(call: &Call<'_, I>, task: &Draft<Task>) -> Result<(), Refusal> {
    if task.get(Task::client_id).is_some_and(|client| call.find::<User>(client).is_none()) {
        return Err(Refusal::not_found("client_id", "User"));
    }
    let maker = task.get(Task::created_by_id);
    if maker.is_some_and(|maker| !call.viewer().is(maker) && members::of_user(call.on(), maker).is_none()) {
        return Err(Refusal::not_found("created_by_id", "User"));
    }
    // Documented: 2,000 characters at most.
    if task.get(Task::metadata).is_some_and(|metadata| metadata.chars().count() > 2_000) {
        return Err(Refusal::named("metadata", "is too long (maximum is 2000 characters)"));
    }
    Ok(())
}
