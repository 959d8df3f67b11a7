//! The stages: each stops the ones behind it, and only execution has data.

use super::{Answerer, CATALOGUE, Request, Version, answer};
use crate::{
    engine::{Viewer, World},
    env::Clock,
};
use insta::assert_snapshot;
use std::sync::Arc;

fn told(query: Option<&str>, operation_name: Option<&str>, variables: Option<&str>) -> String {
    answer(&Answerer::default(), Version::V2026_01_01, &Request { query, operation_name, variables, ..Request::default() })
}

#[test]
fn what_is_wrong_in_two_stages_shows_the_first() {
    // No document; one that can't be read; whose operation isn't there; that isn't valid; whose variables aren't; that is too deep.
    assert_snapshot!(told(None, Some("Q"), None), @r##"{"errors":[{"message":"No query string was present"}]}"##);
    assert_snapshot!(told(Some("query Q($a: Int!) { nope "), Some("R"), Some("{}")), @r##"{"errors":[{"message":"Expected NAME, actual: (none) (\" \") at [1, 21]","locations":[{"line":1,"column":21}]}]}"##);
    assert_snapshot!(told(Some("query Q($a: Int!) { nope }"), Some("R"), Some("{}")), @r##"{"errors":[{"message":"No operation named \"R\""}]}"##);
    assert_snapshot!(told(Some("query Q($a: Int!) { nope }"), Some("Q"), Some("{}")), @r##"{"errors":[{"message":"Field 'nope' doesn't exist on type 'Query'","locations":[{"line":1,"column":21}],"path":["query Q","nope"],"extensions":{"code":"undefinedField","typeName":"Query","fieldName":"nope"}},{"message":"Variable $a is declared by Q but not used","locations":[{"line":1,"column":1}],"path":["query Q"],"extensions":{"code":"variableNotUsed","variableName":"a"}}]}"##);
    let deep = format!(
        "query Q($a: Boolean!) {{ {}__typename @skip(if: $a){} }}",
        "currentUser { dietitian { ".to_owned() + &"dietitian { ".repeat(30),
        "}".repeat(32)
    );
    assert_snapshot!(told(Some(&deep), None, Some("{}")), @r##"{"errors":[{"message":"Variable $a of type Boolean! was provided invalid value","locations":[{"line":1,"column":9}],"extensions":{"value":null,"problems":[{"path":[],"explanation":"Expected value to not be null"}]}}]}"##);
    assert_snapshot!(told(Some(&deep), None, Some("{\"a\":false}")), @r##"{"errors":[{"message":"Query has depth of 33, which exceeds max depth of 25"}]}"##);
    assert_snapshot!(told(Some("{ __typename }"), None, None), @r##"{"data":{"__typename":"Query"}}"##);
}

#[test]
fn variables_of_other_operations_are_not_looked_at() {
    let two = "query A($a: Int!) { __typename @skip(if: false) ...F } query B { __typename } fragment F on Query { users(first: $a) { __typename } }";
    assert_snapshot!(told(Some(two), Some("B"), Some("{}")), @r##"{"data":{"__typename":"Query"}}"##);
}

#[test]
fn errors_come_before_data_with_the_keys_on_their_way() {
    // Nobody is signed in.
    assert_snapshot!(told(Some("mutation { before: __typename made: createSharings { __typename } }"), None, None), @r##"{"errors":[{"message":"You do not have permission to create this sharings.","locations":[{"line":1,"column":31}],"path":["made"]}],"data":{"before":"Mutation","made":null}}"##);
}

#[test]
fn a_known_document_is_neither_read_nor_validated_again() {
    let answerer = Answerer::default();
    let world = World::new("default", "test", CATALOGUE.clone(), CATALOGUE.empty(), Clock::default());
    let scene = world.scene(Viewer::nobody(), Version::V2026_01_01, "http://localhost".into());
    let text = "query A($id: ID) { user(id: $id) { id } } query B { __typename }";
    let plan = |operation_name| {
        let request = Request { query: Some(text), operation_name, variables: Some(r#"{"id":1}"#), ..Request::default() };
        answerer.answer(&world, &scene, &request);
        answerer.plan(&scene, text, operation_name).expect("valid")
    };
    let (first, other) = (plan(Some("A")), plan(Some("B")));
    assert!(!Arc::ptr_eq(&first, &other), "another operation has another plan");
    for variables in ["{}", r#"{"id":2}"#, r#"{"id":{}}"#] {
        answerer.answer(
            &world,
            &scene,
            &Request { query: Some(text), operation_name: Some("A"), variables: Some(variables), ..Request::default() },
        );
        assert!(Arc::ptr_eq(&first, &plan(Some("A"))), "other variables, the same plan");
    }
    assert!(Arc::ptr_eq(&other, &plan(Some("B"))));
}
