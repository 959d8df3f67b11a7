//! Commits to events for those who subscribe, and the frames that carry them.

pub mod frames;
mod switchboard;

pub use switchboard::{End, Line, Moment, Notice, Switchboard};
