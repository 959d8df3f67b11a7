//! `tasks`, and what a person tells of theirs.

use super::task::{concerns, is_assigned};
use crate::engine::{Answer, Entity, Input, List, Row, Value, View, Within};
use crate::schema::Named;
use crate::schema::names::{OrganizationMembership, Task, User, args};
use std::cmp::Reverse;

type Asked = args::tasks;

pub fn tasks() -> List<Task, Asked> {
    List::new()
        .within(|on, _| match on.viewer().id() {
            Some(_) => Within::organization(on.viewer().organization()),
            None => Within::nothing(),
        })
        .keep(is_wanted)
        .reads(Asked::r#type)
        .keywords(Asked::keywords)
        .filter_eq(Asked::client_id, Task::client_id)
        .filter(Asked::completed_status, |task, status| match status.to_lowercase().as_str() {
            "complete" | "completed" => task.is(Task::complete),
            "incomplete" => !task.is(Task::complete),
            _ => true,
        })
        .filter(Asked::created_by_self, |task, own| (task.get(Task::created_by_id) == task.on.viewer().id()) == own)
        .filter(Asked::assigned_to_user, |task, own| !own || task.on.viewer().id().is_some_and(|viewer| is_assigned(task, viewer)))
        .filter(Asked::assignees, |task, people| people.iter().any(|person| is_assigned(task, *person)))
        .filter(Asked::smart, |task, smart| task.is(Task::smart) == smart)
        .filter(Asked::show_hidden, |task, hidden| hidden || !task.is(Task::hidden))
        .order("TASK", &[Task::content.slot])
        .order("CREATED", &[Task::created_at.slot])
        .order_by("CREATOR", |task| name_of(task, task.get(Task::created_by_id)))
        .order_by("ASSIGNEE", |task| name_of(task, task.get(Task::user_id)))
        .order_by("CLIENT_NAME", |task| name_of(task, task.get(Task::client_id)))
        .order_by("COMPLETED_AT_DESC_INCOMPLETE_FIRST", |task| {
            let at = task.get(Task::completed_at).map_or(i64::MIN, |at| at.as_microsecond());
            Value::from(format!("{}{:020}", task.is(Task::complete), i64::MAX.wrapping_sub(at).max(0)))
        })
        .order_by("USUAL", usual)
        .default_order("USUAL_ASC")
}

/// Documented: open ones first, in the order that somebody gave them, then the newest.
fn usual(task: &View<'_, Task>) -> Value {
    let position = task.get(Task::position).unwrap_or(0).max(0);
    let age = i64::MAX - task.get(Task::created_at).map_or(0, |at| at.as_microsecond());
    Value::from(format!("{}{position:012}{age:020}{:020}", task.is(Task::complete), u64::MAX - task.id()))
}

fn name_of(task: &View<'_, Task>, person: Option<u64>) -> Value {
    let person = person.and_then(|person| task.on.find_any::<User>(person));
    person.and_then(|person| person.get(User::sort_name).map(Value::from)).unwrap_or_default()
}

/// Documented: `all` is what the caller has to do or asked for, `assigned` what others gave the caller. Assumed: anything
/// else is what the caller has to do; who may see all tasks of the organization does where no type is named.
fn is_wanted(task: &View<'_, Task>, asked: &Input<'_, Asked>) -> bool {
    let viewer = task.on.viewer();
    let own = viewer.id().unwrap_or(0);
    let sees_all = viewer.may(OrganizationMembership::can_view_all_org_members_tasks);
    match asked.get(Asked::r#type).ok().flatten().unwrap_or_default() {
        "assigned" => is_assigned(task, own) && task.get(Task::created_by_id) != Some(own),
        "all" | "" if sees_all => true,
        "all" => concerns(task, own),
        "" if names_whose(asked) => concerns(task, own),
        _ => is_assigned(task, own),
    }
}

/// True where another argument says whose tasks are meant.
fn names_whose(asked: &Input<'_, Asked>) -> bool {
    let given = |blank: bool| !blank;
    given(asked.is_blank(Asked::client_id)) || given(asked.is_blank(Asked::assignees)) || given(asked.is_blank(Asked::created_by_self))
}

/// What a person tells of tasks.
pub fn on_user(entity: Entity<User>) -> Entity<User> {
    entity
        .answers_to(User::my_tasks, args::User_my_tasks, |user, asked| {
            type A = args::User_my_tasks;
            asked.accept(A::order_by);
            let own = user.id();
            shown(user, |task| is_assigned(task, own), asked.is(A::show_hidden), asked.get(A::limit).ok().flatten())
        })
        .answers_to(User::assigned_tasks, args::User_assigned_tasks, |user, asked| {
            type A = args::User_assigned_tasks;
            let own = user.id();
            let given = |task: &View<'_, Task>| task.get(Task::created_by_id) == Some(own) && !is_assigned(task, own);
            shown(user, given, asked.is(A::show_hidden), asked.get(A::limit).ok().flatten())
        })
        .answers_to(User::completed_tasks, args::User_completed_tasks, |user, asked| {
            type A = args::User_completed_tasks;
            let wanted = |task: &View<'_, Task>| task.is(Task::complete) && is_near(user, task);
            shown(user, wanted, asked.is(A::show_hidden), asked.get(A::limit).ok().flatten())
        })
        .answers_to(User::incomplete_tasks, args::User_incomplete_tasks, |user, asked| {
            type A = args::User_incomplete_tasks;
            let wanted = |task: &View<'_, Task>| !task.is(Task::complete) && is_near(user, task);
            shown(user, wanted, asked.is(A::show_hidden), asked.get(A::limit).ok().flatten())
        })
        .answers_to(User::tasks_count, args::User_tasks_count, |user, asked| Value::Int(count(user, asked)).into())
}

/// Documented: the organization's where the person may see them, else the person's own.
fn is_near(user: &View<'_, User>, task: &View<'_, Task>) -> bool {
    let all = crate::domain::members::has_flag(user, OrganizationMembership::can_view_all_org_members_tasks.slot);
    all && task.organization() == user.organization() || concerns(task, user.id())
}

fn shown(user: &View<'_, User>, wanted: impl Fn(&View<'_, Task>) -> bool, hidden: bool, limit: Option<i64>) -> Answer {
    let on = user.on;
    let all = on.of_organization::<Task>(user.organization()).filter(|task| on.may_see(Task::TYPE, task.record()));
    let mut found: Vec<View<'_, Task>> = all.filter(|task| wanted(task) && (hidden || !task.is(Task::hidden))).collect();
    found.sort_by_cached_key(|task| (task.is(Task::complete), task.get(Task::position), Reverse(task.id())));
    let most = limit.map_or(usize::MAX, |limit| limit.max(0) as usize);
    Answer::records(found.into_iter().take(most).map(|task| -> Row<Task> { task.row().clone() }))
}

/// Assumed: what somebody still has to do; `type` as in `tasks`.
fn count(user: &View<'_, User>, asked: &Input<'_, args::User_tasks_count>) -> i64 {
    type A = args::User_tasks_count;
    let (own, hidden) = (user.id(), asked.is(A::show_hidden));
    let kind = asked.get(A::r#type).ok().flatten().unwrap_or_default();
    let by_others = asked.is(A::only_created_by_others) || kind == "assigned";
    let wanted = |task: &View<'_, Task>| {
        let whose = if kind == "all" { concerns(task, own) } else { is_assigned(task, own) };
        whose
            && !task.is(Task::complete)
            && (hidden || !task.is(Task::hidden))
            && !(by_others && task.get(Task::created_by_id) == Some(own))
    };
    user.on.of_organization::<Task>(user.organization()).filter(wanted).count() as i64
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    fn told(clinic: &Clinic, args: &str) -> Vec<String> {
        let answer = clinic.run(&format!(r#"{{ tasks({args} keywords: "t_") {{ content }} }}"#));
        let tasks = answer["data"]["tasks"].as_array().unwrap_or_else(|| panic!("{answer}"));
        tasks.iter().map(|task| task["content"].as_str().expect("some").to_owned()).collect()
    }

    #[test]
    fn whose_tasks_are_listed() {
        let clinic = Clinic::open();
        let provider = clinic.id("User", "provider");
        clinic.run(&format!(r#"mutation {{ createTask(input: {{ content: "t_given", user_id: "{provider}" }}) {{ task {{ id }} }} }}"#));
        clinic.as_role("provider").run(r#"mutation { createTask(input: { content: "t_own", priority: 1 }) { task { id } } }"#);
        clinic.as_role("provider").run(r#"mutation { createTask(input: { content: "t_done", complete: true }) { task { id } } }"#);
        clinic.as_role("provider2").run(r#"mutation { createTask(input: { content: "t_others" }) { task { id } } }"#);
        let provider = clinic.as_role("provider");
        assert_eq!(told(&provider, ""), ["t_own", "t_given", "t_done"]);
        assert_eq!(told(&provider, r#"type: "assigned""#), ["t_given"]);
        assert_eq!(told(&provider, "created_by_self: true, order_by: TASK_ASC"), ["t_done", "t_own"]);
        assert_eq!(told(&provider, r#"completed_status: "complete""#), ["t_done"]);
        assert_eq!(
            told(&provider, "order_by: COMPLETED_AT_DESC_INCOMPLETE_FIRST, withoutPagination: true"),
            ["t_given", "t_own", "t_done"]
        );
        assert_eq!(told(&clinic, "per_page: 2"), ["t_others", "t_own"]);
        assert_eq!(told(&clinic, r#"assigned_to_user: true"#), [] as [&str; 0]);
        assert_eq!(told(&clinic.as_role("patient"), ""), [] as [&str; 0]);
        let counted = provider.run(r#"{ tasksCount(keywords: "t_") currentUser { tasks_count my_tasks(limit: 1) { content } } }"#);
        assert_eq!(counted["data"]["tasksCount"], json!(3));
    }
}
