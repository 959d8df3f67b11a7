//! Patients, and everybody as a user.

use crate::engine::Area;

pub fn area() -> Area {
    Area::new("users")
}
