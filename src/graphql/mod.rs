//! Documents to answers: parse, validate, plan, execute, in the API's wording. The one place that knows async-graphql.

use crate::engine::{Scene, World};

/// One operation as it arrived.
#[derive(Default)]
pub struct Request<'a> {
    pub query: Option<&'a str>,
    pub operation_name: Option<&'a str>,
    /// The `variables` as JSON text; None where they are absent or null.
    pub variables: Option<&'a str>,
}

/// What one operation is answered with.
#[derive(Default, Debug)]
pub struct Response {
    /// The whole answer as JSON.
    pub body: Vec<u8>,
    pub report: Report,
}

/// What the request log says of an operation.
#[derive(Default, Debug, Clone)]
pub struct Report {
    pub operation: Option<String>,
    pub root_fields: Vec<&'static str>,
    /// The messages of the answer's `errors`.
    pub errors: Vec<String>,
    /// The commits that its mutations made.
    pub commits: Vec<u64>,
    /// Arguments and input fields that were accepted and changed nothing: `createClient.input.metadata`.
    pub without_effect: Vec<String>,
    /// Object fields that nothing fills: `User.dietitian_notes`.
    pub unfilled: Vec<String>,
}

/// Answers documents; keeps the plans of those it has seen.
#[derive(Default)]
pub struct Answerer {}

impl Answerer {
    pub fn answer(&self, _world: &World, _scene: &Scene, _request: &Request<'_>) -> Response {
        Response::default()
    }
}
