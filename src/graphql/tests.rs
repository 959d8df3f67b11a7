//! The whole way of a document, on a world without rules.

use super::{Answerer, Request};
use crate::engine::{Area, Catalogue, Entity, Viewer, World};
use crate::env::Clock;
use crate::schema::Version;
use crate::schema::names::{Location, Mutation, Query};
use insta::assert_snapshot;

fn answer(version: Version, query: &str) -> String {
    answer_to(version, query, None)
}

fn answer_to(version: Version, query: &str, variables: Option<&str>) -> String {
    let area = Area::new("places")
        .entity(Entity::new().requires(Location::name).defaults(Location::country, "US".to_owned()).public())
        .creates(Mutation::createLocation, Location)
        .public()
        .gets(Query::location, Location)
        .public();
    let catalogue = Catalogue::new(vec![area], |_, _, _| None);
    let state = catalogue.empty();
    let world = World::new("default", "test", catalogue, state, Clock::default());
    let scene = world.scene(Viewer::nobody(), version, "http://localhost".into());
    let request = Request { query: Some(query), operation_name: None, variables };
    String::from_utf8(Answerer::default().answer(&world, &scene, &request).body).expect("JSON is UTF-8")
}

#[test]
fn a_mutation_stores_what_it_answers_with() {
    let create = r#"mutation Make($name: String) {
        made: createLocation(input: { name: $name, city: "Denver" }) { __typename location { id name city country line1 } messages { field } }
        other: createLocation(input: { city: "Reno" }) { location { id } messages { field message } }
    }"#;
    assert_snapshot!(answer_to(Version::V2024_06_01, create, Some(r#"{"name":"Main \"St\"","extra":1}"#)), @r#"{"data":{"made":{"__typename":"createLocationPayload","location":{"id":"85940001","name":"Main \"St\"","city":"Denver","country":"US","line1":null},"messages":null},"other":{"location":null,"messages":[{"field":"name","message":"can't be blank"}]}}}"#);
}

#[test]
fn what_is_not_emulated_says_so_beside_its_siblings() {
    let query = "{ location(id: 1) { id } announcements { id } }";
    assert_snapshot!(answer(Version::V2024_06_01, query), @r#"{"errors":[{"message":"Query.announcements is not emulated by healthie-mock","locations":[{"line":1,"column":26}],"path":["announcements"],"extensions":{"code":"NOT_EMULATED"}}],"data":{"location":null,"announcements":null}}"#);
}

#[test]
fn introspection_needs_no_key() {
    let query = r#"{ __type(name: "FieldError") { kind name fields { name type { kind ofType { name } } args { name } } } }"#;
    assert_snapshot!(answer(Version::V2026_01_01, query), @r#"{"data":{"__type":{"kind":"OBJECT","name":"FieldError","fields":[{"name":"field","type":{"kind":"SCALAR","ofType":null},"args":[]},{"name":"message","type":{"kind":"NON_NULL","ofType":{"name":"String"}},"args":[]}]}}}"#);
}

#[test]
fn conditions_decide_at_run_time() {
    let query = r#"query Q($yes: Boolean = true) { a: __typename @skip(if: $yes) b: __typename @include(if: $yes) ...F @skip(if: false) } fragment F on Query { c: __typename }"#;
    assert_snapshot!(answer(Version::V2026_01_01, query), @r#"{"data":{"b":"Query","c":"Query"}}"#);
}
