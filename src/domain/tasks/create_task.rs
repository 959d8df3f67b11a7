//! `createTask`: something to do, for the caller unless somebody else is named.

use super::{reminder, task};
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{Task, createTaskInput as Input};

/// Observed: the text of the refusal for those who may give tasks to nobody else.
pub fn create_task(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let named = call.get(Input::assignee_ids)?.filter(|people| !people.is_empty());
    let field = if named.is_some() { "assignee_ids" } else { "user_id" };
    let one = call.get(Input::user_id)?.unwrap_or_else(|| call.viewer_id());
    let people = named.unwrap_or_else(|| vec![one]);
    task::refuse_people(call, &people, field, "create this task")?;

    let mut draft = task::assign(call.draft::<Task>(), &people);
    if draft.is_blank(Task::created_by_id) {
        draft.put(Task::created_by_id, call.viewer_id());
    }
    call.check(&draft)?;
    task::refuse_details(call, &draft)?;
    let draft = match call.get(Input::reminder)? {
        Some(asked) => reminder::write(call, draft, &asked)?,
        None => draft,
    };
    Ok(draft.save(call).into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_task_is_the_callers_own() {
        let clinic = Clinic::open().as_role("provider");
        let patient = clinic.id("User", "patient");
        let made = clinic.run(&format!(
            r#"mutation {{ createTask(input: {{ content: "Call back", client_id: "{patient}", due_date: "2026-03-09", priority: 1, reminder: {{ is_enabled: true, interval_type: "weekly", interval_value: "monday, friday", reminder_time: 540 }} }}) {{
                task {{ content due_date priority complete completed_at seen hidden smart user {{ first_name }} assignees {{ nodes {{ first_name }} }} creator {{ first_name }} client {{ first_name }} reminder {{ interval_type interval_value is_enabled }} }}
                messages {{ field message }} }} }}"#
        ).replace("assignees { nodes { first_name } }", "assignees { total_count }"));
        assert_eq!(
            made["data"]["createTask"],
            json!({
                "task": {
                    "content": "Call back", "due_date": "2026-03-09 00:00:00 -0400", "priority": 1, "complete": false, "completed_at": null,
                    "seen": false, "hidden": false, "smart": false, "user": { "first_name": "Priya" }, "assignees": { "total_count": 1 },
                    "creator": { "first_name": "Priya" }, "client": { "first_name": "Ava" },
                    "reminder": { "interval_type": "weekly", "interval_value": "monday, friday", "is_enabled": true }
                },
                "messages": null
            })
        );
        assert_eq!(clinic.events(), ["task.created"]);
    }

    #[test]
    fn not_everybody_gives_tasks_to_others() {
        let clinic = Clinic::open();
        let other = clinic.id("User", "provider2");
        let give = format!(r#"createTask(input: {{ content: "Call back", user_id: "{other}" }})"#);
        clinic.as_role("limited").refuses(&give, &[("base", "You do not have permission to create this task.")]);
        let given = clinic.run(&format!("mutation {{ {give} {{ task {{ user_id assignees {{ total_count }} }} }} }}"));
        assert_eq!(given["data"]["createTask"]["task"], json!({ "user_id": other, "assignees": { "total_count": 1 } }));
    }

    #[test]
    fn what_a_task_needs() {
        let clinic = Clinic::open();
        clinic.refuses("createTask(input: {})", &[("content", "can't be blank")]);
        clinic.refuses(r#"createTask(input: { content: "x", client_id: "1" })"#, &[("client_id", "User not found")]);
        clinic.refuses(r#"createTask(input: { content: "x", assignee_ids: [1] })"#, &[("assignee_ids", "User not found")]);
        clinic.refuses(
            r#"createTask(input: { content: "x", reminder: { interval_type: "yearly" } })"#,
            &[("reminder", "Interval type is not included in the list")],
        );
    }

    #[test]
    fn a_task_that_is_made_done_says_who_did_it() {
        let clinic = Clinic::open();
        let made = clinic.run(
            r#"mutation { createTask(input: { content: "x", complete: true }) { task { completed_at completed_by { first_name } } } }"#,
        );
        assert_eq!(
            made["data"]["createTask"]["task"],
            json!({ "completed_at": "2026-03-02 10:00:00 -0500", "completed_by": { "first_name": "Margaret" } })
        );
    }
}
