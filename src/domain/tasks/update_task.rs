//! `updateTask`: what is sent changes, also whose it is and whether it is done.

use super::{reminder, task};
use crate::engine::{Call, Made, Refusal, Row, View};
use crate::schema::Named;
use crate::schema::names::{OrganizationMembership, Task, updateTaskInput as Input};

pub fn update_task(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let row = call.target::<Task, _>(Input::id)?;
    let draft = call.edit(&row);
    let several = call.get(Input::assignee_ids)?.filter(|people| !people.is_empty());
    let field = if several.is_some() { "assignee_ids" } else { "user_id" };
    let people = several.or(call.get(Input::user_id)?.map(|one| vec![one]));
    let mut draft = match people {
        Some(people) => {
            let before = task::assignees(&view(call, &row));
            let new: Vec<u64> = people.iter().copied().filter(|person| !before.contains(person)).collect();
            task::refuse_people(call, &new, field, "update this task")?;
            task::assign(draft, &people)
        }
        None => draft,
    };
    if draft.is_blank(Task::created_by_id) {
        // A task never loses who made it.
        draft.set_value(Task::created_by_id.slot, row.value(Task::created_by_id.slot).clone());
    }
    if draft.get(Task::complete) != row.get(Task::complete) {
        refuse_completion(call, &row)?;
    }
    call.check(&draft)?;
    task::refuse_details(call, &draft)?;
    let draft = match call.get(Input::reminder)? {
        Some(asked) => reminder::write(call, draft, &asked)?,
        None => draft,
    };
    Ok(draft.save(call).into())
}

fn view<'s, I: Named>(call: &'s Call<'_, I>, row: &Row<Task>) -> View<'s, Task> {
    View::new(call.on(), row.record())
}

/// Documented: it needs a permission to say that the tasks of others are done.
pub fn refuse_completion<I: Named>(call: &Call<'_, I>, row: &Row<Task>) -> Result<(), Refusal> {
    if task::concerns(&view(call, row), call.viewer_id()) {
        return Ok(());
    }
    call.needs(OrganizationMembership::can_mark_assigned_tasks_to_other_org_members_as_completed, "update this task")
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_task_is_done_and_open_again() {
        let clinic = Clinic::open().as_role("provider");
        let made = clinic.run(r#"mutation { createTask(input: { content: "Call back" }) { task { id } } }"#);
        let id = made["data"]["createTask"]["task"]["id"].as_str().expect("made").to_owned();
        let set = |fields: &str| {
            let answer = clinic.run(&format!(
                r#"mutation {{ updateTask(input: {{ id: "{id}", {fields} }}) {{ task {{ complete completed_at completed_by {{ first_name }} }} messages {{ message }} }} }}"#
            ));
            answer["data"]["updateTask"]["task"].clone()
        };
        assert_eq!(
            set("complete: true"),
            json!({ "complete": true, "completed_at": "2026-03-02 10:00:00 -0500", "completed_by": { "first_name": "Priya" } })
        );
        assert_eq!(set("complete: false"), json!({ "complete": false, "completed_at": null, "completed_by": null }));
        assert_eq!(clinic.events(), ["task.created", "task.updated", "task.updated"]);
        clinic.as_role("provider2").refuses(&format!(r#"updateTask(input: {{ id: "{id}" }})"#), &[("id", "Task not found")]);
        clinic.refuses(&format!(r#"updateTask(input: {{ id: "{id}", content: "" }})"#), &[("content", "can't be blank")]);
    }

    #[test]
    fn a_reminder_is_removed() {
        let clinic = Clinic::open();
        let made = clinic.run(
            r#"mutation { createTask(input: { content: "x", reminder: { is_enabled: true, interval_type: "daily" } }) { task { id reminder { id interval_type } } } }"#,
        );
        let task = &made["data"]["createTask"]["task"];
        assert_eq!(task["reminder"]["interval_type"], "daily");
        let id = task["id"].as_str().expect("made");
        let changed = clinic.run(&format!(
            r#"mutation {{ updateTask(input: {{ id: "{id}", reminder: {{ remove_reminder: true }} }}) {{ task {{ reminder {{ id }} }} messages {{ message }} }} }}"#
        ));
        assert_eq!(changed["data"]["updateTask"], json!({ "task": { "reminder": null }, "messages": null }));
    }
}
