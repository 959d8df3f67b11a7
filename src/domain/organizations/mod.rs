//! Organizations, their legal data and their parents.

use crate::engine::Area;

pub fn area() -> Area {
    Area::new("organizations")
}
