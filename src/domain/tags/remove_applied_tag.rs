//! `removeAppliedTag`: takes a tag off somebody. `id` is the tag's own.

use super::applied_tag::{is_on, take_off};
use crate::engine::{Call, Made, Refusal};
use crate::schema::Named;
use crate::schema::names::{AppliedTag, Tag, User, removeAppliedTagInput as Input};

pub fn remove_applied_tag(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let tag = call.target::<Tag, _>(Input::id)?;
    let user = call.target::<User, _>(Input::taggable_user_id)?;
    let Some(applied) = is_on(call, tag.id(), user.id()) else {
        return Err(Refusal::not_found("id", AppliedTag::TYPE.name()));
    };
    take_off(call, &applied);
    Ok(tag.into())
}
