//! What documents are told that no client should send: tables of whole answers, each checked against graphql-ruby's source.

mod stages;
mod suggestions;
mod syntax;
mod validation;
mod variables;

use super::{Answerer, Hints, Request};
use crate::{
    domain,
    engine::{Catalogue, Viewer, World},
    env::Clock,
    schema::Version,
};
use std::sync::{Arc, LazyLock};

static CATALOGUE: LazyLock<Arc<Catalogue>> = LazyLock::new(domain::catalogue);

/// The answer to a request, on a world without records.
fn answer(answerer: &Answerer, version: Version, request: &Request<'_>) -> String {
    let world = World::new("default", "test", CATALOGUE.clone(), CATALOGUE.empty(), Clock::default());
    let scene = world.scene(Viewer::nobody(), version, "http://localhost".into());
    String::from_utf8(answerer.answer(&world, &scene, request).body).expect("JSON is UTF-8")
}

/// Each document with its answer below it, which is the same in both versions.
fn told(documents: &[&str]) -> String {
    table(documents, |document| {
        let request = Request { query: Some(document), ..Request::default() };
        let [old, new] = Version::ALL.map(|version| answer(&Answerer::default(), version, &request));
        assert_eq!(old, new, "{document}");
        old
    })
}

/// As [`told`], on one version only.
fn told_by(version: Version, documents: &[&str]) -> String {
    table(documents, |document| answer(&Answerer::default(), version, &Request { query: Some(document), ..Request::default() }))
}

fn table(rows: &[&str], answer: impl Fn(&str) -> String) -> String {
    rows.iter().map(|row| format!("{}\n    {}\n", row.escape_debug(), answer(row))).collect()
}
