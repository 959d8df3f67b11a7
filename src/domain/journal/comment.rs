//! What is said about an entry, by the patient and by those who care for them.

use crate::engine::{Call, Entity, List, Made, Refusal, Within};
use crate::schema::names::{Comment, Entry, User, args, createCommentInput as Input, deleteCommentInput};

pub fn entity() -> Entity<Comment> {
    Entity::new()
        .requires(Comment::content)
        .defaults(Comment::is_reaction, false)
        .ruled(Comment::entry_id)
        .ruled(Comment::user_id)
        .refers(Comment::author, Comment::user_id)
        .refers(Comment::creator, Comment::user_id)
        .refers(Comment::poster, Comment::user_id)
        .visible(|comment| comment.get(Comment::entry_id).is_some_and(|entry| comment.on.find::<Entry>(entry).is_some()))
        .announces("comment")
}

/// Documented: `entry_ids` wins.
pub fn comments() -> List<Comment, args::comments> {
    type Asked = args::comments;
    List::new()
        .within(|_, asked| match (asked.get(Asked::entry_ids).ok().flatten(), asked.get(Asked::entry_id).ok().flatten()) {
            (None, None) => Within::nothing(),
            (None, Some(entry)) => Within::having(Comment::entry_id, entry),
            (Some(_), _) => Within::everything(),
        })
        .filter(Asked::entry_ids, |comment, entries| comment.get(Comment::entry_id).is_some_and(|entry| entries.contains(&entry)))
        .reads(Asked::entry_id)
        .page_size(100)
        .most(1000)
}

pub fn create_comment(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let entry = call.target::<Entry, _>(Input::entry_id)?;
    let author = match call.is_blank(Input::user_id) {
        true => call.viewer_id(),
        false => call.target::<User, _>(Input::user_id)?.id(),
    };
    if call.viewer().is_patient() && !call.viewer().is(author) {
        return Err(Refusal::no_permission("create this comment"));
    }
    let draft = call.draft::<Comment>().belongs_to(entry.organization());
    let draft = draft.set(Comment::entry_id, entry.id()).set(Comment::user_id, author);
    call.check(&draft)?;
    Ok(draft.save(call).into())
}

/// Documented: by its author, or by a provider.
pub fn delete_comment(call: &mut Call<'_, deleteCommentInput>) -> Result<Made, Refusal> {
    let comment = call.target::<Comment, _>(deleteCommentInput::id)?;
    let own = comment.get(Comment::user_id).is_some_and(|user| call.viewer().is(user));
    if !own && !call.viewer().is_member() {
        return Err(Refusal::no_permission("delete this comment"));
    }
    call.delete(&comment);
    Ok(comment.into())
}
