//! What time it is and what is random: the only places that may ask the machine.

mod clock;
mod random;

pub use clock::{Clock, machine_time};
pub use random::Random;
