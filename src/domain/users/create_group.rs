//! `createGroup`: a group that patients can be put into, or join by its code.

use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{UserGroup, createGroupInput as Input};

pub fn create_group(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    // Observed: codes are six hexadecimal digits.
    let code = call.random().hex(6);
    let owner = call.viewer_id();
    let group = call.draft::<UserGroup>().set(UserGroup::invite_code, code).set(UserGroup::user, owner);
    call.check(&group)?;
    Ok(group.save(call).into())
}
