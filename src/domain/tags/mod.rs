//! Labels on patients and members.

use crate::engine::Area;

pub fn area() -> Area {
    Area::new("tags")
}
