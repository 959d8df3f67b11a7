//! The whole way of a document, on a world without rules.

use super::{Answerer, Request, execute, parse, plan};
use crate::engine::{Area, Catalogue, Entity, Viewer, World};
use crate::env::Clock;
use crate::schema::names::{Location, Mutation, Query};
use crate::schema::{FieldDef, TypeDef, TypeKind, TypeRef, Version};
use crate::state::Record;
use insta::assert_snapshot;
use std::sync::Arc;

fn answer(version: Version, query: &str) -> String {
    answer_to(version, query, None)
}

fn answer_to(version: Version, query: &str, variables: Option<&str>) -> String {
    answer_by(&Answerer::default(), version, query, variables)
}

fn answer_by(answerer: &Answerer, version: Version, query: &str, variables: Option<&str>) -> String {
    let area = Area::new("places")
        .entity(Entity::new().requires(Location::name).defaults(Location::country, "US".to_owned()).public())
        .creates(Mutation::createLocation, Location)
        .public()
        .gets(Query::location, Location)
        .public();
    let catalogue = Catalogue::new(vec![area], |_, _| None);
    let state = catalogue.empty();
    let world = World::new("default", "test", catalogue, state, Clock::default());
    let scene = world.scene(Viewer::nobody(), version, "http://localhost".into());
    let request = Request { query: Some(query), variables, ..Request::default() };
    String::from_utf8(answerer.answer(&world, &scene, &request).body).expect("JSON is UTF-8")
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

#[test]
fn an_answer_that_is_too_long_is_an_error() {
    let answerer = Answerer { most: 1000, ..Answerer::default() };
    for query in ["{ __schema { types { name } } }", "{ a: __typename b: __schema { types { name } } c: __typename }"] {
        let answer = answer_by(&answerer, Version::V2026_01_01, query, None);
        insta::allow_duplicates! {
            assert_snapshot!(answer, @r#"{"errors":[{"message":"The answer is too long: over 256 MiB, or over 100,000 errors. Ask for less at a time"}],"data":null}"#);
        }
    }
}

/// A literal that `ty` takes.
fn literal(version: Version, ty: TypeRef) -> String {
    if ty.is_list() {
        return "[]".to_owned();
    }
    let of = version.schema().of(ty);
    match (of.kind, of.name()) {
        (TypeKind::Enum, _) => of.values()[0].name().to_owned(),
        (TypeKind::Input, _) => {
            let required = of.inputs().iter().filter(|input| input.is_required());
            let fields: Vec<String> = required.map(|input| format!("{}: {}", input.name(), literal(version, input.ty))).collect();
            format!("{{ {} }}", fields.join(", "))
        }
        (_, "Int" | "ID") => "1".to_owned(),
        (_, "Float") => "1.5".to_owned(),
        (_, "Boolean") => "true".to_owned(),
        (_, "ISO8601DateTime") => "\"2026-01-01T00:00:00Z\"".to_owned(),
        (_, "ISO8601Date") => "\"2026-01-01\"".to_owned(),
        _ => "\"x\"".to_owned(),
    }
}

/// Every field of an object, with the arguments it needs and `__typename` of what it leads to.
fn every_field(version: Version, ty: &TypeDef) -> String {
    let field = |field: &FieldDef| {
        let required = field.args(version).iter().filter(|arg| arg.is_required());
        let args: Vec<String> = required.map(|arg| format!("{}: {}", arg.name(), literal(version, arg.ty))).collect();
        let args = if args.is_empty() { String::new() } else { format!("({})", args.join(", ")) };
        let below = if version.schema().of(field.ty).is_composite() { " { __typename }" } else { "" };
        format!("{}{args}{below}", field.name())
    };
    ty.fields().iter().map(field).collect::<Vec<_>>().join(" ")
}

#[test]
fn every_field_of_every_type_answers_in_both_versions() {
    let catalogue = crate::domain::catalogue();
    let world = World::new("default", "test", catalogue.clone(), catalogue.empty(), Clock::default());
    for version in Version::ALL {
        let scene = world.scene(Viewer::nobody(), version, "http://localhost".into());
        let roots = ["Query", "Mutation", "Subscription"];
        let objects = version.schema().types().iter().filter(|ty| ty.kind == TypeKind::Object && !roots.contains(&ty.name()));
        for ty in objects.filter(|ty| !ty.name().starts_with("__")) {
            let text = format!("{{ __typename }} fragment Every on {} {{ {} }}", ty.name(), every_field(version, ty));
            let document = parse::parse(&text).expect("made above");
            let (ty, plan) = plan::plan_fragment(version.schema(), &document, &catalogue);
            let run = execute::execute_on(&plan, ty, &Arc::new(Record::new(7, 0)), &world, &scene);
            let answer: serde_json::Value = serde_json::from_slice(&run.data).expect("JSON");
            assert_eq!(answer.as_object().map(serde_json::Map::len), Some(ty.fields().len()), "{}", ty.name());
            assert_eq!(run.errors, [], "{}", ty.name());
        }
    }
}
