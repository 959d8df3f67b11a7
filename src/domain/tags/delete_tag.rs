//! `deleteTag`: for good, and off everybody who had it.

use super::applied_tag::{all_of, take_off};
use crate::engine::{Call, Made, Refusal, Value};
use crate::schema::names::{Tag, deleteTagInput as Input, deleteTagPayload as Payload};

/// Documented (remove_async_if_needed): for more people than this the real one takes its time, and says so.
const AT_ONCE: usize = 500;

pub fn delete_tag(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let tag = call.target::<Tag, _>(Input::id)?;
    let applied = all_of(call, tag.id());
    // Assumed: taking a tag off by deleting it is announced like taking it off one by one.
    for applied in &applied {
        take_off(call, applied);
    }
    call.delete(&tag);
    let takes_time = call.is(Input::remove_async_if_needed) && applied.len() > AT_ONCE;
    Ok(Made::from(tag).also(Payload::removing_async, Value::Bool(takes_time)))
}
