//! Keys, the control API and deliveries close up: with a receiver that can be told what to answer and when.

mod calls;
mod control;
mod deliveries;
mod receiver;
mod served;
