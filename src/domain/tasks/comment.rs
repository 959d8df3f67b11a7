//! What members say to each other about a task.

use crate::engine::{Call, Entity, Made, Refusal, Row};
use crate::schema::Named;
use crate::schema::names::{
    CreateInternalCommentInput as Input, DestroyInternalCommentInput, InternalComment, InternalCommentable, Task,
    UpdateInternalCommentInput,
};
use crate::schema::{Field, Id};

pub fn entity() -> Entity<InternalComment> {
    Entity::usual()
        .requires(InternalComment::content)
        .defaults(InternalComment::edited, false)
        .made_by(InternalComment::provider)
        .ruled(InternalComment::edited)
        .visible(|comment| comment.get(InternalComment::task_id).is_some_and(|task| comment.on.find::<Task>(task).is_some()))
}

pub fn create_internal_comment(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    if call.require(Input::commentable_type)? != InternalCommentable::Task.name {
        return Err(Refusal::on(Input::commentable_type, "is not included in the list"));
    }
    let task = call.target::<Task, _>(Input::commentable_id)?;
    let comment = call.draft::<InternalComment>().set(InternalComment::task_id, task.id());
    call.check(&comment)?;
    Ok(comment.save(call).into())
}

/// Documented: only whoever wrote it changes it.
pub fn update_internal_comment(call: &mut Call<'_, UpdateInternalCommentInput>) -> Result<Made, Refusal> {
    let comment = own(call, UpdateInternalCommentInput::id, "update this comment")?;
    let mut draft = call.edit(&comment);
    call.check(&draft)?;
    if draft.differs_from(&comment) {
        draft.put(InternalComment::edited, true);
    }
    Ok(draft.save(call).into())
}

/// Assumed: whoever wrote it, and administrators.
pub fn destroy_internal_comment(call: &mut Call<'_, DestroyInternalCommentInput>) -> Result<Made, Refusal> {
    let comment = match call.viewer().is_admin() {
        true => call.target::<InternalComment, _>(DestroyInternalCommentInput::id)?,
        false => own(call, DestroyInternalCommentInput::id, "delete this comment")?,
    };
    call.delete(&comment);
    Ok(comment.into())
}

fn own<I: Named>(call: &Call<'_, I>, field: Field<I, Id>, to: &str) -> Result<Row<InternalComment>, Refusal> {
    let comment = call.target::<InternalComment, _>(field)?;
    let author = comment.value(InternalComment::provider.slot).as_id();
    if author == Some(call.viewer_id()) { Ok(comment) } else { Err(Refusal::no_permission(to)) }
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_comment_is_its_authors() {
        let clinic = Clinic::open().as_role("admin");
        let other = clinic.id("User", "provider");
        let made = clinic.run(&format!(r#"mutation {{ createTask(input: {{ content: "x", user_id: "{other}" }}) {{ task {{ id }} }} }}"#));
        let task = made["data"]["createTask"]["task"]["id"].as_str().expect("made").to_owned();
        let said = clinic.run(&format!(
            r#"mutation {{ createInternalComment(input: {{ commentable_id: {task}, commentable_type: Task, content: "Soon" }}) {{ internal_comment {{ id content edited provider {{ first_name }} }} messages {{ message }} }} }}"#
        ));
        let comment = &said["data"]["createInternalComment"]["internal_comment"];
        let id = comment["id"].as_str().expect("made").to_owned();
        assert_eq!((&comment["edited"], &comment["provider"]["first_name"]), (&json!(false), &json!("Theo")));
        let change = format!(r#"updateInternalComment(input: {{ id: {id}, content: "Now" }})"#);
        clinic.as_role("provider").refuses(&change, &[("base", "You do not have permission to update this comment.")]);
        let changed = clinic.run(&format!("mutation {{ {change} {{ internal_comment {{ content edited }} }} }}"));
        assert_eq!(changed["data"]["updateInternalComment"]["internal_comment"], json!({ "content": "Now", "edited": true }));
        let seen = clinic.run(&format!("{{ task(id: {task}) {{ comments {{ nodes {{ content }} total_count }} }} }}"));
        assert_eq!(seen["data"]["task"]["comments"], json!({ "nodes": [{ "content": "Now" }], "total_count": 1 }));
        clinic
            .as_role("provider2")
            .refuses(&format!("destroyInternalComment(input: {{ id: {id} }})"), &[("id", "InternalComment not found")]);
    }
}
