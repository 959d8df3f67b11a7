//! `bulkDeleteAvailability`: several hours at once, for good.

use super::record::{named, refuse_without_permission};
use crate::engine::{Call, Made, Refusal, Row, Value};
use crate::schema::names::{Availability, BulkDeleteAvailabilityInput as Input, BulkDeleteAvailabilityPayload as Payload};

/// Documented.
const MOST: usize = 200;

pub fn bulk_delete_availability(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    call.accept(Input::ids);
    let ids = call.lifted.sent(Input::ids.slot).and_then(Option::as_ref).and_then(Value::as_list).unwrap_or_default();
    if ids.is_empty() {
        return Err(Refusal::on(Input::ids, crate::engine::CANT_BE_BLANK));
    }
    // Assumed: no text is documented.
    if ids.len() > MOST {
        return Err(Refusal::on(Input::ids, format!("is too long (maximum is {MOST} ids)")));
    }
    let found: Option<Vec<Row<Availability>>> = ids.iter().map(|id| call.find::<Availability>(named(id)?)).collect();
    let mut found = found.ok_or_else(|| Refusal::not_found(Input::ids.name(), "Availability"))?;
    found.sort_by_key(Row::id);
    found.dedup_by_key(|window| window.id());
    for window in &found {
        refuse_without_permission(call, window.get(Availability::user_id).unwrap_or_default(), "bulk delete availability")?;
    }
    for window in &found {
        // Documented: nothing is announced.
        call.silence(window);
        call.delete(window);
    }
    let deleted = Value::Int(found.len() as i64);
    Ok(Made::nothing().also(Payload::deleted_count, deleted).also(Payload::success, Value::Bool(true)))
}
