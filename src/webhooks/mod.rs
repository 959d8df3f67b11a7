//! Commits to deliveries: who wants to hear of what, in which bytes, and on which road it leaves.

mod courier;
mod delivery;
mod lanes;
mod outbox;
mod payload;
mod record;
pub mod signature;
#[cfg(test)]
mod tests;

pub use courier::{Courier, CourierError, Roads};
pub use delivery::{Attempt, Delivery, Status};
pub use outbox::{Filter, Found, MOST_PENDING, Outbox, Settled};
