//! healthie-mock: the Healthie Sandbox on your own machine.
//!
//! A server holds many [`sandboxes`], each a whole world by the key that is used. [`Mock`] is a running server; the program in
//! `main.rs` is one with flags. A test in Rust starts its own:
//!
//! ```
//! use healthie_mock::{Mock, config::Config};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # tokio::runtime::Runtime::new()?.block_on(async {
//! let mock = Mock::start_with(Config::default()).await?; // a free port, and the clinic
//! assert!(mock.url.starts_with("http://127.0.0.1:"));
//! mock.stop().await?;
//! # Ok(())
//! # })
//! # }
//! ```
//!
//! The road of one mutation: [`http`] finds sandbox and viewer by the key → [`graphql`] parses, validates and plans the document →
//! [`engine`]'s `World::mutate` checks who may → a file in [`domain`] checks, drafts and saves → [`state`] commits → in the same
//! critical section the events are worked out and [`webhooks`] queues their deliveries → the answer is read from the state that
//! the mutation left.
//!
//! [`schema`] is the published schema as tables and names, [`mod@env`] the clock and chance, [`faults`] what goes wrong on purpose, [`seeds`] the first states, [`config`] the
//! flags; [`mock`] puts it together. [`mod@trigger`] is a client. ARCHITECTURE.md has the reasons.

pub mod config;
pub mod coverage;
pub mod domain;
pub mod engine;
pub mod env;
pub mod faults;
pub mod graphql;
pub mod http;
pub mod mock;
pub mod sandboxes;
pub mod schema;
pub mod seeds;
pub mod state;
pub mod subscriptions;
#[cfg(test)]
pub mod testing;
pub mod trigger;
pub mod webhooks;

pub use crate::mock::{Mock, Role, Sandbox};
