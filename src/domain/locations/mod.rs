//! Addresses of patients, members and facilities.

use crate::engine::Area;

pub fn area() -> Area {
    Area::new("locations")
}
