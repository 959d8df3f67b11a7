//! What can be booked.

use crate::engine::Area;

pub fn area() -> Area {
    Area::new("appointment_types")
}
