//! What holds for whatever comes as a multipart form. Shared by the fuzz target and by the bounded run in `tests/forms.rs`.

use healthie_mock::{
    domain,
    engine::{Catalogue, World},
    env::Clock,
    graphql::{Answerer, Request},
    http::Form,
    schema::Version,
    seeds::Seeds,
    state::State,
};
use serde_json::Value;
use std::sync::{Arc, LazyLock};
use tokio::runtime::{Builder, Runtime};

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Builder::new_current_thread().build().expect("a runtime"));
static CATALOGUE: LazyLock<Arc<Catalogue>> = LazyLock::new(domain::catalogue);
static CLINIC: LazyLock<State> = LazyLock::new(|| Seeds::builtin().state(&CATALOGUE, now()).expect("the built-in seed is sound").state);

fn now() -> jiff::Timestamp {
    "2026-03-02T15:00:00Z".parse().expect("a time")
}

/// Panics where a form breaks a promise: the first line is its content type, the rest its body. Says how many operations it held;
/// None where it was turned away.
pub fn hold(form: &[u8]) -> Option<usize> {
    let end = form.iter().position(|byte| *byte == b'\n').unwrap_or(form.len());
    let (content_type, body) = (String::from_utf8_lossy(&form[..end]), form.get(end + 1..).unwrap_or_default());
    let form = match RUNTIME.block_on(Form::read(content_type.trim(), body.to_vec())) {
        Ok(form) => form,
        Err(refused) => {
            assert!(refused.0.is_client_error() && !refused.1.is_empty(), "{refused:?}");
            return None;
        }
    };
    let operations: Value = serde_json::from_str(&form.operations).expect("operations are JSON");
    let operations = operations.as_array().cloned().unwrap_or_else(|| vec![operations]);
    let world = World::new("default", "fuzz", CATALOGUE.clone(), CLINIC.clone(), Clock::Frozen(now()));
    let scene = world.scene(world.identify("owner").expect("the clinic has an owner"), Version::V2024_06_01, "http://localhost".into());
    for operation in &operations {
        let variables = operation["variables"].as_object().map(|variables| Value::from(variables.clone()).to_string());
        let request =
            Request { query: operation["query"].as_str(), variables: variables.as_deref(), files: &form.files, ..Request::default() };
        let answer = Answerer::default().answer(&world, &scene, &request);
        let answer: Value = serde_json::from_slice(&answer.body).expect("an answer is JSON");
        assert!(answer.get("errors").is_some() || answer.get("data").is_some(), "neither data nor errors");
    }
    Some(operations.len())
}
