//! Texts that care alerts start from.

use crate::engine::Entity;
use crate::schema::names::AlertTemplate;

/// Assumed: all members of an organization share them.
pub fn entity() -> Entity<AlertTemplate> {
    Entity::usual().silent().requires(AlertTemplate::content).requires(AlertTemplate::description).searched(AlertTemplate::content)
}
