//! `bulkApply`: existing tags, put on one person.

use super::applied_tag::apply;
use crate::engine::{Answer, Call, Made, Refusal};
use crate::schema::names::{Tag, User, bulkApplyInput as Input, bulkApplyPayload as Payload};

pub fn bulk_apply(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    call.require(Input::ids)?;
    let user = call.target::<User, _>(Input::taggable_user_id)?;
    let tags = call.targets::<Tag>(Input::ids)?;
    // Assumed: a tag that is on already is no mistake, and stays on once.
    for tag in &tags {
        apply(call, tag, &user);
    }
    Ok(Made::nothing().also(Payload::tags, Answer::records(tags)))
}
