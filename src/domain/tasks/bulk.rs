//! `updateTasksBulk` and `bulkDeleteTasks`.

use super::update_task::refuse_completion;
use crate::engine::{Answer, CANT_BE_BLANK, Call, Made, Refusal, Row};
use crate::schema::names::{
    Task, bulkDeleteTasksInput, bulkDeleteTasksPayload, bulkUpdateTasksInput as Input, bulkUpdateTasksPayload as Payload,
};

/// Documented: those that are listed, or all that the caller has to do.
pub fn update_tasks_bulk(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let all = call.is(Input::update_all_tasks);
    let tasks = if all {
        call.accept(Input::task_ids);
        let own = call.viewer_id();
        call.on().all::<Task>().filter(|task| super::task::is_assigned(task, own)).map(|task| task.row().clone()).collect()
    } else {
        call.targets::<Task>(Input::task_ids)?
    };
    let (complete, seen) = (call.get(Input::complete)?, call.get(Input::seen)?);
    let mut changed: Vec<Row<Task>> = Vec::with_capacity(tasks.len());
    for task in tasks {
        let mut draft = call.change(&task);
        if let Some(complete) = complete.filter(|complete| task.get(Task::complete) != Some(*complete)) {
            refuse_completion(call, &task)?;
            draft.put(Task::complete, complete);
        }
        if let Some(seen) = seen {
            draft.put(Task::seen, seen);
        }
        changed.push(draft.save(call));
    }
    Ok(Made::nothing().also(Payload::tasks, Answer::records(changed)))
}

pub fn bulk_delete_tasks(call: &mut Call<'_, bulkDeleteTasksInput>) -> Result<Made, Refusal> {
    let tasks = call.targets::<Task>(bulkDeleteTasksInput::ids)?;
    if tasks.is_empty() {
        return Err(Refusal::on(bulkDeleteTasksInput::ids, CANT_BE_BLANK));
    }
    for task in &tasks {
        call.delete(task);
    }
    Ok(Made::nothing().also(bulkDeleteTasksPayload::tasks, Answer::records(tasks)))
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn many_tasks_are_done_and_deleted_at_once() {
        let clinic = Clinic::open().as_role("limited");
        let ids: Vec<String> = ["One", "Two"]
            .iter()
            .map(|content| {
                let made = clinic.run(&format!(r#"mutation {{ createTask(input: {{ content: "{content}" }}) {{ task {{ id }} }} }}"#));
                made["data"]["createTask"]["task"]["id"].as_str().expect("made").to_owned()
            })
            .collect();
        clinic.events();
        let done = clinic.run(&format!(
            "mutation {{ updateTasksBulk(input: {{ task_ids: [{}], complete: true, seen: true }}) {{ tasks {{ content complete seen }} messages {{ message }} }} }}",
            ids.join(", ")
        ));
        assert_eq!(
            done["data"]["updateTasksBulk"],
            json!({ "tasks": [{ "content": "One", "complete": true, "seen": true }, { "content": "Two", "complete": true, "seen": true }], "messages": null })
        );
        let open = clinic.run("mutation { updateTasksBulk(input: { update_all_tasks: true, complete: false }) { tasks { complete } } }");
        assert_eq!(open["data"]["updateTasksBulk"]["tasks"], json!([{ "complete": false }, { "complete": false }]));
        let gone = clinic.run(&format!("mutation {{ bulkDeleteTasks(input: {{ ids: [{}] }}) {{ tasks {{ content }} }} }}", ids.join(", ")));
        assert_eq!(gone["data"]["bulkDeleteTasks"]["tasks"], json!([{ "content": "One" }, { "content": "Two" }]));
        assert_eq!(clinic.events(), ["task.updated", "task.updated", "task.updated", "task.updated", "task.deleted", "task.deleted"]);
        clinic.refuses("bulkDeleteTasks(input: { ids: [1] })", &[("ids", "Task not found")]);
    }
}
