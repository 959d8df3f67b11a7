//! Commits to deliveries: who wants to hear of what, in which bytes, and on which road it leaves.

mod asking;
mod courier;
mod delivery;
mod lanes;
mod outbox;
mod payload;
mod pull;
mod queue;
mod record;
mod replay;
mod retry;
pub mod signature;
#[cfg(test)]
mod tests;

pub use asking::{Filter, Found, Settled};
pub use courier::{Courier, CourierError, Deliver, Roads};
pub use delivery::{Attempt, Delivery, Status};
pub use outbox::{MOST_PENDING, Outbox, Tried};
pub use replay::{Replayed, Unreplayed};
