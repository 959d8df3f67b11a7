//! What a patient doesn't bear, or doesn't like.

use crate::engine::{Entity, Value};
use crate::schema::names::{AllergySensitivity, AllergySensitivityCategory, AllergySensitivityStatus};

pub fn entity() -> Entity<AllergySensitivity> {
    Entity::usual()
        .requires(AllergySensitivity::user_id)
        .requires(AllergySensitivity::name)
        .defaults(AllergySensitivity::mirrored, false)
        .defaults(AllergySensitivity::requires_consolidation, false)
        // Documented: active where nothing is said. Assumed: an allergy, since the category is never null.
        .defaults(AllergySensitivity::status, AllergySensitivityStatus::ACTIVE)
        .defaults(AllergySensitivity::category, AllergySensitivityCategory::ALLERGY)
        .ruled(AllergySensitivity::is_current)
        .answers(AllergySensitivity::is_current, |allergy| Value::Bool(allergy.get(AllergySensitivity::status) == Some("ACTIVE")).into())
}
