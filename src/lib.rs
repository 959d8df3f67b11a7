//! healthie-mock: the Healthie Sandbox on your own machine.
pub mod schema;
