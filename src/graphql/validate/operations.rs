//! Rules about operations, and about what else a document defines.

use super::Walk;
use crate::graphql::{error::GraphqlError, parse::Operation};
use async_graphql_parser::{Pos, types::*};
use std::collections::{HashMap, HashSet};

impl<'d> Walk<'d> {
    pub(super) fn operation_names_are_unique(&mut self) {
        let operations = &self.document.operations;
        let mut by_name: Vec<(Option<&str>, Vec<Pos>)> = Vec::new();
        let mut index = HashMap::new();
        for operation in operations {
            let at = *index.entry(operation.name()).or_insert(by_name.len());
            if at == by_name.len() {
                by_name.push((operation.name(), Vec::new()));
            }
            by_name[at].1.push(operation.pos);
        }
        for (name, positions) in by_name {
            match name {
                None if operations.len() > 1 => self.report(
                    GraphqlError::new("Operation name is required when multiple operations are present")
                        .at_each(positions)
                        .code("uniquelyNamedOperations"),
                ),
                Some(name) if positions.len() > 1 => self.report(
                    GraphqlError::new(format!("Operation name \"{name}\" must be unique"))
                        .at_each(positions)
                        .code("uniquelyNamedOperations")
                        .with("operationName", name),
                ),
                _ => {}
            }
        }
    }

    pub(super) fn subscription_has_one_field(&mut self, operation: &'d Operation) {
        if operation.definition.ty == OperationType::Subscription && self.root_fields(operation).len() != 1 {
            let error = GraphqlError::new("A subscription operation may only have one selection");
            self.report(error.at(operation.pos).code("notSingleSubscription"));
        }
    }

    /// The response keys at the top, also those that fragments bring.
    fn root_fields(&mut self, operation: &'d Operation) -> HashSet<&'d str> {
        let mut keys = HashSet::new();
        let mut spread = HashSet::new();
        let mut sets = vec![&operation.definition.selection_set];
        while let Some(set) = sets.pop() {
            if !self.afford(set.node.items.len()) {
                break;
            }
            for selection in &set.node.items {
                match &selection.node {
                    Selection::Field(field) => _ = keys.insert(field.node.response_key().node.as_str()),
                    Selection::InlineFragment(fragment) => sets.push(&fragment.node.selection_set),
                    Selection::FragmentSpread(fragment) => {
                        let name = fragment.node.fragment_name.node.as_str();
                        if spread.insert(name) {
                            sets.extend(self.document.fragment(name).map(|fragment| &fragment.definition.selection_set));
                        }
                    }
                }
            }
        }
        keys
    }

    /// An operation without fields; graphql-ruby says it as it does of a field.
    pub(super) fn operation_has_selections(&mut self, operation: &'d Operation) -> bool {
        let definition = &operation.definition;
        if !definition.selection_set.node.items.is_empty() {
            return true;
        }
        let node = match operation.name() {
            Some(name) => format!("{} '{name}'", definition.ty),
            None => "anonymous query".to_owned(),
        };
        let name = operation.name().unwrap_or_default();
        self.report(super::fields::needs_selections(&node, name, super::root_type(definition.ty), operation.pos));
        false
    }

    pub(super) fn no_schema_definitions(&mut self) {
        let positions = &self.document.schema_definitions;
        if !positions.is_empty() {
            let error = GraphqlError::new("Query cannot contain schema definitions");
            self.report(error.at_each(positions.iter().copied()).code("queryContainsSchemaDefinitions"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::refusals;
    use insta::assert_snapshot;

    #[test]
    fn names_are_unique() {
        assert_snapshot!(refusals("query A { __typename } query B { __typename } mutation A { __typename }"), @r#"{"message":"Operation name \"A\" must be unique","locations":[{"line":1,"column":1},{"line":1,"column":47}],"path":[],"extensions":{"code":"uniquelyNamedOperations","operationName":"A"}}"#);
        assert_snapshot!(refusals("{ __typename } { __typename } query A { __typename }"), @r#"{"message":"Operation name is required when multiple operations are present","locations":[{"line":1,"column":1},{"line":1,"column":16}],"path":[],"extensions":{"code":"uniquelyNamedOperations"}}"#);
    }

    #[test]
    fn a_subscription_has_one_field() {
        let one = "noteAddedSubscription(conversationId: 1) { id }";
        assert_snapshot!(refusals("subscription S { noteAddedSubscription { id } ...F } fragment F on Subscription { userUpdatedSubscription { id } }"), @r#"{"message":"A subscription operation may only have one selection","locations":[{"line":1,"column":1}],"path":["subscription S"],"extensions":{"code":"notSingleSubscription"}}"#);
        assert!(!refusals(&format!("subscription {{ {one} {one} }}")).contains("notSingleSubscription"));
    }

    #[test]
    fn an_operation_selects_something() {
        assert_snapshot!(refusals("query Q($unused: ID) { }"), @r#"{"message":"Field must have selections (query 'Q' returns Query but has no selections. Did you mean 'Q { ... }'?)","locations":[{"line":1,"column":1}],"path":["query Q"],"extensions":{"code":"selectionMismatch","nodeName":"query 'Q'","typeName":"Query"}}"#);
        assert_snapshot!(refusals("{ }"), @r#"{"message":"Field must have selections (anonymous query returns Query but has no selections. Did you mean ' { ... }'?)","locations":[{"line":1,"column":1}],"path":["query"],"extensions":{"code":"selectionMismatch","nodeName":"anonymous query","typeName":"Query"}}"#);
    }

    #[test]
    fn a_request_defines_no_types() {
        assert_snapshot!(refusals("type A { b: C } query { __typename } scalar D"), @r#"{"message":"Query cannot contain schema definitions","locations":[{"line":1,"column":1},{"line":1,"column":38}],"path":[],"extensions":{"code":"queryContainsSchemaDefinitions"}}"#);
    }
}
