//! What Healthie does: a folder for each area, a file for each rule. Each area's `mod.rs` is its table of contents.

mod api_keys;
mod appointment_types;
mod appointments;
mod locations;
mod members;
mod organizations;
mod people;
mod tags;
mod users;
mod webhooks;

use crate::engine::Catalogue;
use std::sync::Arc;

/// Everything that is emulated.
pub fn catalogue() -> Arc<Catalogue> {
    let areas = vec![
        organizations::area(),
        members::area(),
        users::area(),
        api_keys::area(),
        tags::area(),
        locations::area(),
        appointment_types::area(),
        appointments::area(),
        webhooks::area(),
    ];
    Catalogue::new(areas, api_keys::identify)
}
