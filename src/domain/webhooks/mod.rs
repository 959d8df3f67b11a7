//! Webhooks as records: what is registered, what was sent.

use crate::engine::Area;

pub fn area() -> Area {
    Area::new("webhooks")
}
