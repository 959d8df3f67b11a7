//! Keys, the control API and deliveries close up: with a receiver that can be told what to answer and when.

#![expect(clippy::unwrap_used, reason = "helpers of tests are tests")]

mod calls;
mod control;
mod deliveries;
mod receiver;
mod served;
