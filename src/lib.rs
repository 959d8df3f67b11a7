//! healthie-mock: the Healthie Sandbox on your own machine.
pub mod graphql;
pub mod schema;
pub mod state;
