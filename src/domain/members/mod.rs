//! The people of an organization and what they may do.

use crate::engine::Area;

pub fn area() -> Area {
    Area::new("members")
}
