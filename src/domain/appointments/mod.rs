//! Booking visits, moving and cancelling them, who comes.

use crate::engine::Area;

pub fn area() -> Area {
    Area::new("appointments")
}
