//! The directives there are, and rules about them.

use super::{Walk, arguments::Owner};
use crate::graphql::error::GraphqlError;
use async_graphql_parser::{Positioned, types::*};
use std::collections::HashMap;

/// A directive that the schema defines. `deprecated` and its like are for schemas, so no place in a request takes them.
pub(super) struct DirectiveDef {
    pub name: &'static str,
    /// The one that there is.
    pub argument: Option<&'static str>,
    locations: &'static [Location],
    /// How many of its places are in schemas, which have no name that an error could say.
    elsewhere: usize,
}

const SELECTIONS: &[Location] = &[Location::Field, Location::FragmentSpread, Location::InlineFragment];
const DIRECTIVES: [DirectiveDef; 4] = [
    DirectiveDef { name: "include", argument: Some("if"), locations: SELECTIONS, elsewhere: 0 },
    DirectiveDef { name: "skip", argument: Some("if"), locations: SELECTIONS, elsewhere: 0 },
    DirectiveDef { name: "deprecated", argument: Some("reason"), locations: &[], elsewhere: 4 },
    DirectiveDef { name: "specifiedBy", argument: Some("url"), locations: &[], elsewhere: 1 },
];

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Location {
    Query,
    Mutation,
    Subscription,
    Field,
    FragmentDefinition,
    FragmentSpread,
    InlineFragment,
    VariableDefinition,
}

impl Location {
    pub(super) fn of_operation(ty: OperationType) -> Self {
        match ty {
            OperationType::Query => Self::Query,
            OperationType::Mutation => Self::Mutation,
            OperationType::Subscription => Self::Subscription,
        }
    }

    fn plural(self) -> &'static str {
        match self {
            Self::Query => "queries",
            Self::Mutation => "mutations",
            Self::Subscription => "subscriptions",
            Self::Field => "fields",
            Self::FragmentDefinition => "fragment definitions",
            Self::FragmentSpread => "fragment spreads",
            Self::InlineFragment => "inline fragments",
            Self::VariableDefinition => "variable definitions",
        }
    }
}

impl<'d> Walk<'d> {
    pub(super) fn directives(&mut self, directives: &'d [Positioned<Directive>], location: Location) {
        for directive in directives {
            let Some(def) = self.directive_is_defined(directive) else { continue };
            self.directive_is_in_a_valid_location(directive, def, location);
            let Directive { name, arguments } = &directive.node;
            let owner = Owner::Directive(def);
            self.required_arguments_are_present(owner, &name.node, arguments, directive.pos);
            self.argument_names_are_unique(arguments);
            self.arguments(owner, &name.node, arguments, directive.pos);
        }
    }

    fn directive_is_defined(&mut self, directive: &'d Positioned<Directive>) -> Option<&'static DirectiveDef> {
        let name = directive.node.name.node.as_str();
        let known = const { &DIRECTIVES }.iter().find(|known| known.name == name);
        if known.is_none() {
            let suggestion = self.suggestion(name, DIRECTIVES.iter().map(|known| known.name));
            let error = GraphqlError::new(format!("Directive @{name} is not defined{suggestion}")).at(directive.pos);
            self.report(error.code("undefinedDirective").with("directiveName", name));
        }
        known
    }

    fn directive_is_in_a_valid_location(&mut self, directive: &'d Positioned<Directive>, def: &'static DirectiveDef, location: Location) {
        if def.locations.contains(&location) {
            return;
        }
        let named = def.locations.iter().map(|location| location.plural());
        let allowed: Vec<_> = named.chain(std::iter::repeat_n("", def.elsewhere)).collect();
        let (name, target) = (def.name, location.plural());
        let error = GraphqlError::new(format!("'@{name}' can't be applied to {target} (allowed: {})", allowed.join(", ")));
        self.report(error.at(directive.pos).code("directiveCannotBeApplied").with("targetName", target).with("name", name));
    }

    pub(super) fn directives_are_unique(&mut self, directives: &'d [Positioned<Directive>]) {
        let mut first_by_name = HashMap::new();
        for directive in directives {
            let name = directive.node.name.node.as_str();
            let first = *first_by_name.entry(name).or_insert(directive.pos);
            if first != directive.pos {
                let error = GraphqlError::new(format!("The directive \"{name}\" can only be used once at this location."));
                let error = error.at_each([first, directive.pos]).code("directiveNotUniqueForLocation");
                self.report(error.with("directiveName", name));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::refusals;
    use insta::assert_snapshot;

    #[test]
    fn directives_are_defined() {
        assert_snapshot!(refusals("query Q @live { user { id @connection(key: 1) } }"), @r#"
        {"message":"Directive @live is not defined","locations":[{"line":1,"column":9}],"path":["query Q"],"extensions":{"code":"undefinedDirective","directiveName":"live"}}
        {"message":"Directive @connection is not defined","locations":[{"line":1,"column":27}],"path":["query Q","user","id"],"extensions":{"code":"undefinedDirective","directiveName":"connection"}}
        "#);
    }

    #[test]
    fn directives_stand_where_they_may() {
        let text = "query Q($v: ID @include(if: true)) @skip(if: true) { user(id: $v) { ...F @skip(if: true) id @deprecated } }";
        assert_snapshot!(refusals(&format!("{text} fragment F on User @include(if: true) {{ id }}")), @r#"
        {"message":"'@include' can't be applied to variable definitions (allowed: fields, fragment spreads, inline fragments)","locations":[{"line":1,"column":16}],"path":["query Q"],"extensions":{"code":"directiveCannotBeApplied","targetName":"variable definitions","name":"include"}}
        {"message":"'@skip' can't be applied to queries (allowed: fields, fragment spreads, inline fragments)","locations":[{"line":1,"column":36}],"path":["query Q"],"extensions":{"code":"directiveCannotBeApplied","targetName":"queries","name":"skip"}}
        {"message":"'@deprecated' can't be applied to fields (allowed: , , , )","locations":[{"line":1,"column":93}],"path":["query Q","user","id"],"extensions":{"code":"directiveCannotBeApplied","targetName":"fields","name":"deprecated"}}
        {"message":"'@include' can't be applied to fragment definitions (allowed: fields, fragment spreads, inline fragments)","locations":[{"line":1,"column":128}],"path":["fragment F"],"extensions":{"code":"directiveCannotBeApplied","targetName":"fragment definitions","name":"include"}}
        "#);
    }

    #[test]
    fn directives_stand_once() {
        assert_snapshot!(refusals("{ user { id @skip(if: true) @skip(if: false) } }"), @r#"{"message":"The directive \"skip\" can only be used once at this location.","locations":[{"line":1,"column":13},{"line":1,"column":29}],"path":["query","user","id"],"extensions":{"code":"directiveNotUniqueForLocation","directiveName":"skip"}}"#);
    }

    #[test]
    fn arguments_of_directives_are_checked() {
        assert_snapshot!(refusals("{ user { id @skip email @include(if: 1, unless: 2) } }"), @r#"
        {"message":"Directive 'skip' is missing required arguments: if","locations":[{"line":1,"column":13}],"path":["query","user","id"],"extensions":{"code":"missingRequiredArguments","className":"Directive","name":"skip","arguments":"if"}}
        {"message":"Argument 'if' on Directive 'include' has an invalid value (1). Expected type 'Boolean!'.","locations":[{"line":1,"column":25}],"path":["query","user","email","if"],"extensions":{"code":"argumentLiteralsIncompatible","typeName":"Directive","argumentName":"if"}}
        {"message":"Directive 'include' doesn't accept argument 'unless'","locations":[{"line":1,"column":41}],"path":["query","user","email","unless"],"extensions":{"code":"argumentNotAccepted","name":"include","typeName":"Directive","argumentName":"unless"}}
        "#);
    }
}
