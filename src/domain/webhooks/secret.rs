//! What a webhook's deliveries are signed with.

use crate::engine::Call;
use crate::schema::Named;

/// Documented: the prefix. Assumed: the length.
pub fn new_secret<I: Named>(call: &mut Call<'_, I>) -> String {
    format!("whsec_{}", call.random().alphanumeric(32))
}
