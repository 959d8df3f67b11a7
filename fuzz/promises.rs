//! What holds for the answer to any document, and to any variables. Shared by the fuzz targets and by the bounded runs in
//! `tests/documents.rs`.
#![allow(dead_code, reason = "each target asks for one of the promises")]

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

/// Documents with a variable `$v` of every kind of type.
const DECLARING: [&str; 8] = [
    "query ($v: ID) { user(id: $v) { id } }",
    "query ($v: [ID]) { a: __typename users(ids: $v) { __typename } }",
    "query ($v: Int! = 2) { users(first: $v) { nodes { id } } }",
    "query ($v: Boolean!, $w: Boolean = true) { currentUser { id @skip(if: $v) email @include(if: $w) } }",
    "query ($v: UserOrderKeys, $w: String) { users(order_by: $v, keywords: $w) { __typename } }",
    "mutation ($v: createClientInput) { createClient(input: $v) { user { id first_name dob } messages { field message } } }",
    "mutation ($v: CreateAutomationInput!) { createAutomation(input: $v) { messages { field message } } }",
    "mutation ($v: createAppointmentInput, $w: String = \"x\") { createAppointment(input: $v) { appointment { id date } messages { field message } } createTag(input: {name: $w}) { tag { id } } }",
];

/// Panics where the answer to one of some documents with these variables breaks a promise: `text` for all of them, and for `$v`.
pub fn hold_as_variables(text: &str) {
    let of_v = format!("{{\"v\":{text}}}");
    for document in DECLARING {
        for variables in [text, of_v.as_str()] {
            hold_for(&Request { query: Some(document), variables: Some(variables), ..Request::default() });
        }
    }
}

/// Panics where the answer to `text` (a document, perhaps with variables behind a line `---`) breaks a promise.
pub fn hold(text: &str) {
    let (query, variables) = text.split_once(VARIABLES).map_or((text, None), |(query, variables)| (query, Some(variables)));
    hold_for(&Request { query: Some(query), variables, ..Request::default() });
}

fn hold_for(request: &Request<'_>) {
    for version in Version::ALL {
        let (world, scene) = fresh_world(version);
        let answerer = Answerer::default();
        let answer = answerer.answer(&world, &scene, request);
        is_an_answer(&answer);
        // A second world takes the same way from the start; the same answerer takes it from the plan that it kept.
        let (world, scene) = fresh_world(version);
        assert_eq!(answer.body, answerer.answer(&world, &scene, request).body, "a kept plan answers otherwise");
    }
}

/// A world with the built-in clinic, and its owner's view of it.
pub fn fresh_world(version: Version) -> (World, Scene) {
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
