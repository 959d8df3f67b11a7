//! `updateTag`: another name, for everybody who has the tag.

use super::create_tag::refuse_taken_name;
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{Tag, updateTagInput as Input};

pub fn update_tag(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let tag = call.target::<Tag, _>(Input::id)?;
    if let Some(name) = call.get(Input::name)? {
        refuse_taken_name(call, name, Some(tag.id()))?;
    }
    let draft = call.edit(&tag);
    call.check(&draft)?;
    Ok(draft.save(call).into())
}
