//! `createTag`: a new label, put on somebody right away where the caller names one.

use super::applied_tag::apply;
use crate::engine::{Call, Made, Refusal};
use crate::schema::Named;
use crate::schema::names::{Tag, User, createTagInput as Input};

pub fn create_tag(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let name = call.require(Input::name)?;
    refuse_taken_name(call, name, None)?;
    let owner = call.viewer_id();
    let tag = call.draft::<Tag>().set(Tag::user_id, owner).save(call);
    if !call.is_blank(Input::taggable_user_id) {
        let user = call.target::<User, _>(Input::taggable_user_id)?;
        apply(call, &tag, &user);
    }
    Ok(tag.into())
}

/// Observed: the text, on `name`. Assumed: unique in the organization without regard to case, since its tags are listed
/// together.
pub fn refuse_taken_name<I: Named>(call: &Call<'_, I>, name: &str, except: Option<u64>) -> Result<(), Refusal> {
    let own = call.viewer().organization();
    let mut namesakes = call.having(Tag::name, name.to_owned()).into_iter();
    match namesakes.any(|tag| tag.organization() == own && Some(tag.id()) != except) {
        true => Err(Refusal::named("name", "has already been taken")),
        false => Ok(()),
    }
}
