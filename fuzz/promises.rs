//! What holds for the answer to any document. Shared by the fuzz target and by the bounded run in `tests/documents.rs`.

use healthie_mock::{
    domain,
    engine::{Catalogue, Scene, World},
    env::Clock,
    graphql::{Answerer, Request, Response},
    schema::Version,
    seeds::Seeds,
    state::State,
};
use std::sync::{Arc, LazyLock};

static CATALOGUE: LazyLock<Arc<Catalogue>> = LazyLock::new(domain::catalogue);

static CLINIC: LazyLock<State> = LazyLock::new(|| Seeds::builtin().state(&CATALOGUE, now()).expect("the built-in seed is sound").state);

fn now() -> jiff::Timestamp {
    "2026-03-02T15:00:00Z".parse().expect("a time")
}

/// Divides a document from its variables.
const VARIABLES: &str = "\n---\n";

/// Panics where the answer to `text` (a document, perhaps with variables behind a line `---`) breaks a promise.
pub fn hold(text: &str) {
    let (query, variables) = text.split_once(VARIABLES).map_or((text, None), |(query, variables)| (query, Some(variables)));
    let request = Request { query: Some(query), variables, ..Request::default() };
    for version in Version::ALL {
        let (world, scene) = fresh_world(version);
        let answerer = Answerer::default();
        let answer = answerer.answer(&world, &scene, &request);
        is_an_answer(&answer);
        // A second world takes the same way from the start; the same answerer takes it from the plan that it kept.
        let (world, scene) = fresh_world(version);
        assert_eq!(answer.body, answerer.answer(&world, &scene, &request).body, "a kept plan answers otherwise");
    }
}

fn fresh_world(version: Version) -> (World, Scene) {
    let world = World::new("default", "fuzz", CATALOGUE.clone(), CLINIC.clone(), Clock::Frozen(now()));
    let owner = world.identify("owner").expect("the clinic has an owner");
    let scene = world.scene(owner, version, "http://localhost".into());
    (world, scene)
}

fn is_an_answer(answer: &Response) {
    let body: serde_json::Value = serde_json::from_slice(&answer.body).expect("an answer is JSON");
    let errors = body.get("errors").map(|errors| errors.as_array().expect("errors are a list"));
    assert!(errors.is_some() || body.get("data").is_some(), "neither data nor errors");
    let Some(errors) = errors else { return };
    assert!(!errors.is_empty(), "an empty list of errors");
    assert_eq!(errors.len(), answer.report.errors.len(), "the log knows the errors");
    for error in errors {
        assert!(error["message"].as_str().is_some_and(|message| !message.is_empty()), "an error without a message");
    }
}
