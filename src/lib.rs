//! healthie-mock: the Healthie Sandbox on your own machine.
pub mod config;
pub mod domain;
pub mod engine;
pub mod env;
pub mod graphql;
pub mod http;
pub mod mock;
pub mod sandboxes;
pub mod schema;
pub mod seeds;
pub mod state;
#[cfg(test)]
pub mod testing;
pub mod webhooks;
