//! Whether a document makes sense for a schema, before its variables are known: graphql-ruby's static validation.
//!
//! One walk in source order, which asks the rules in the order that graphql-ruby asks them. As there, what stands below a
//! mistake isn't looked at, so that one mistake gives one error.

mod arguments;
mod directives;
mod fields;
mod fragments;
mod literals;
mod merging;
mod operations;
mod path;
mod spelling;
mod variables;

use super::{
    error::{GraphqlError, PathSegment},
    parse::{Document, Fragment, Operation},
};
use crate::schema::{Schema, TypeDef};
use arguments::Owner;
use async_graphql_parser::{Pos, Positioned, types::*};
use directives::Location;
use path::{Label, Path};
use std::collections::HashMap;

/// Errors beyond these are not reported, as graphql-ruby's `validate_max_errors` has it.
const MAX_ERRORS: usize = 100;
/// How many fields and fragments may be compared, or followed more than once. Real documents need hundreds.
const MAX_STEPS: usize = 100_000;

/// What errors say beyond what is wrong.
#[derive(Clone, Copy, Default, PartialEq, Debug)]
pub enum Hints {
    #[default]
    None,
    /// Names that resemble the unknown one, as graphql-ruby has it from 2.4 on.
    DidYouMean,
}

/// All that is wrong with the document. A document without errors can be planned and run.
pub fn validate(schema: Schema, document: &Document, hints: Hints) -> Vec<GraphqlError> {
    let mut walk = Walk::new(schema, document, hints);
    walk.document();
    walk.errors
}

/// Where the validation stands in the document, and what it found so far.
struct Walk<'d> {
    schema: Schema,
    document: &'d Document,
    hints: Hints,
    errors: Vec<GraphqlError>,
    path: Path<'d>,
    /// One for each operation and fragment, in source order.
    definitions: Vec<Visited<'d>>,
    /// What the operation that was visited last declares; fragments behind it are checked against that.
    declared: HashMap<&'d str, &'d VariableDefinition>,
    merging: merging::Merging<'d>,
    steps_left: usize,
}

/// What one operation or fragment mentions.
struct Visited<'d> {
    definition: Definition<'d>,
    /// None where it wasn't looked into, as its type is wrong or it selects nothing.
    path: Path<'d>,
    variables: Vec<variables::Usage<'d>>,
    spreads: Vec<fragments::Spread<'d>>,
}

#[derive(Clone, Copy)]
enum Definition<'d> {
    Operation(&'d Operation),
    Fragment(&'d Fragment),
}

impl Definition<'_> {
    fn pos(self) -> Pos {
        match self {
            Self::Operation(operation) => operation.pos,
            Self::Fragment(fragment) => fragment.pos,
        }
    }
}

impl<'d> Walk<'d> {
    fn new(schema: Schema, document: &'d Document, hints: Hints) -> Self {
        let (errors, path, definitions, declared) = (Vec::new(), None, Vec::new(), HashMap::new());
        Self { schema, document, hints, errors, path, definitions, declared, merging: merging::Merging::default(), steps_left: MAX_STEPS }
    }

    fn document(&mut self) {
        let operations = self.document.operations.iter().map(Definition::Operation);
        let mut definitions: Vec<_> = operations.chain(self.document.fragments.iter().map(Definition::Fragment)).collect();
        definitions.sort_by_key(|definition| definition.pos());
        for definition in definitions {
            self.definitions.push(Visited { definition, path: None, variables: Vec::new(), spreads: Vec::new() });
            match definition {
                Definition::Operation(operation) => self.operation(operation),
                Definition::Fragment(fragment) => self.fragment(fragment),
            }
        }
        self.variables_are_used_and_defined();
        self.spreads_are_possible();
        self.fragments_are_used_defined_and_finite();
        self.fragment_names_are_unique();
        self.operation_names_are_unique();
        self.no_schema_definitions();
    }

    fn operation(&mut self, operation: &'d Operation) {
        let definition = &operation.definition;
        let root = self.schema.named(root_type(definition.ty));
        self.within(Label::Operation(operation), |walk| {
            walk.directives_are_unique(&definition.directives);
            walk.fields_can_merge(&definition.selection_set.node, root);
            if !walk.operation_has_selections(operation) {
                return;
            }
            walk.look_into_definition();
            walk.variable_names_are_unique(&definition.variable_definitions);
            walk.declare(&definition.variable_definitions);
            walk.subscription_has_one_field(operation);
            for variable in &definition.variable_definitions {
                walk.variable(variable);
            }
            walk.directives(&definition.directives, Location::of_operation(definition.ty));
            walk.selections(&definition.selection_set, root, operation.pos);
        });
    }

    fn variable(&mut self, variable: &'d Positioned<VariableDefinition>) {
        self.variable_has_an_input_type(variable);
        self.default_value_fits(variable);
        self.directives(&variable.node.directives, Location::VariableDefinition);
    }

    fn fragment(&mut self, fragment: &'d Fragment) {
        let definition = &fragment.definition;
        self.within(Label::Fragment(fragment.name.as_deref().unwrap_or_default()), |walk| {
            walk.directives_are_unique(&definition.directives);
            walk.fragment_is_named(fragment);
            let Some(ty) = walk.fragment_type(&definition.type_condition.node, fragment.pos) else { return };
            walk.look_into_definition();
            walk.directives(&definition.directives, Location::FragmentDefinition);
            walk.selections(&definition.selection_set, Some(ty), fragment.pos);
        });
    }

    fn look_into_definition(&mut self) {
        if let Some(visited) = self.definitions.last_mut() {
            visited.path.clone_from(&self.path);
        }
    }

    /// `above` is where the node stands that the selections belong to.
    fn selections(&mut self, set: &'d Positioned<SelectionSet>, parent: Option<&'static TypeDef>, above: Pos) {
        for selection in &set.node.items {
            if self.is_full() {
                return;
            }
            match &selection.node {
                Selection::Field(field) => self.field(field, parent, above),
                Selection::FragmentSpread(spread) => self.spread(spread, parent),
                Selection::InlineFragment(fragment) => self.inline_fragment(fragment, parent),
            }
        }
    }

    fn field(&mut self, field: &'d Positioned<Field>, parent: Option<&'static TypeDef>, above: Pos) {
        self.within(Label::Key(&field.node.response_key().node), |walk| {
            walk.directives_are_unique(&field.node.directives);
            let Some(known) = walk.field_is_defined(field, parent, above) else { return };
            walk.fields_can_merge(&field.node.selection_set.node, known.returns(walk.schema));
            let Some(returned) = walk.field_has_appropriate_selections(field, known) else { return };
            let owner = Owner::Field(known);
            walk.required_arguments_are_present(owner, &field.node.name.node, &field.node.arguments, field.pos);
            walk.argument_names_are_unique(&field.node.arguments);
            walk.arguments(owner, &field.node.response_key().node, &field.node.arguments, field.pos);
            walk.directives(&field.node.directives, Location::Field);
            walk.selections(&field.node.selection_set, Some(returned), field.pos);
        });
    }

    fn spread(&mut self, spread: &'d Positioned<FragmentSpread>, parent: Option<&'static TypeDef>) {
        self.within(Label::Spread(&spread.node.fragment_name.node), |walk| {
            walk.directives_are_unique(&spread.node.directives);
            walk.note_spread(spread, parent);
            walk.directives(&spread.node.directives, Location::FragmentSpread);
        });
    }

    fn inline_fragment(&mut self, fragment: &'d Positioned<InlineFragment>, parent: Option<&'static TypeDef>) {
        let InlineFragment { type_condition, directives, selection_set } = &fragment.node;
        let on = type_condition.as_ref().map(|condition| condition.node.on.node.as_str());
        self.within(Label::Inline(on), |walk| {
            walk.directives_are_unique(directives);
            let ty = match type_condition {
                Some(condition) => match walk.fragment_type(&condition.node, fragment.pos) {
                    Some(ty) => Some(ty),
                    None => return,
                },
                None => parent,
            };
            walk.inline_fragment_is_possible(fragment, ty, parent);
            walk.directives(directives, Location::InlineFragment);
            walk.selections(selection_set, ty, fragment.pos);
        });
    }

    fn within(&mut self, label: Label<'d>, visit: impl FnOnce(&mut Self)) {
        let below = path::below(&self.path, label);
        let above = std::mem::replace(&mut self.path, below);
        visit(self);
        self.path = above;
    }

    /// Adds an error, at the current path if it has none of its own.
    fn report(&mut self, mut error: GraphqlError) {
        if self.is_full() {
            return;
        }
        error.path.get_or_insert_with(|| self.path());
        self.errors.push(error);
    }

    fn path(&self) -> Vec<PathSegment> {
        path::segments(&self.path)
    }

    /// ` (Did you mean `a`, `b` or `c`?)`, if the operator wants to hear of it and there is anything to say.
    fn suggestion<'n>(&self, name: &str, known: impl Iterator<Item = &'n str>) -> String {
        match self.hints {
            Hints::None => String::new(),
            Hints::DidYouMean => spelling::suggestion(name, known),
        }
    }

    fn is_full(&self) -> bool {
        self.errors.len() >= MAX_ERRORS
    }

    /// Counts what one field or fragment costs. False once a document has cost too much, which is reported once.
    fn afford(&mut self, steps: usize) -> bool {
        if self.steps_left == 0 {
            return false;
        }
        self.steps_left = self.steps_left.saturating_sub(steps);
        if self.steps_left == 0 {
            // graphql-ruby gives up after a time; a count gives up on the same documents every time.
            let timeout = GraphqlError::new("Timeout on validation of query").at_each([]).code("validationTimeout");
            self.errors.truncate(MAX_ERRORS - 1);
            self.report(timeout.under(Vec::new()));
        }
        self.steps_left > 0
    }

    /// Where graphql-ruby's stack would end.
    fn give_up(&mut self) {
        if self.steps_left > 0 {
            self.steps_left = 0;
            self.errors.truncate(MAX_ERRORS - 1);
            self.report(GraphqlError::new("This query is too large to execute.").at_each([]).under(Vec::new()));
        }
    }
}

fn root_type(ty: OperationType) -> &'static str {
    match ty {
        OperationType::Query => "Query",
        OperationType::Mutation => "Mutation",
        OperationType::Subscription => "Subscription",
    }
}

/// The first step of a path.
fn label(operation: &Operation) -> String {
    match operation.name() {
        Some(name) => format!("{} {name}", operation.definition.ty),
        None => operation.definition.ty.to_string(),
    }
}

/// How an error names an operation without a name.
fn described(operation: &Operation) -> String {
    match operation.name() {
        Some(name) => name.to_owned(),
        None => format!("anonymous {}", operation.definition.ty),
    }
}

/// The lines that a document is refused with, on the older version.
#[cfg(test)]
fn refusals(text: &str) -> String {
    use super::{error::as_lines, parse::parse};
    let document = parse(text).unwrap_or_else(|errors| panic!("{}", as_lines(&errors)));
    as_lines(&validate(crate::schema::Version::V2024_06_01.schema(), &document, Hints::None))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Version;
    use insta::assert_snapshot;

    #[test]
    fn what_clients_send_is_valid() {
        let documents = [
            "query webhooks() { webhooks { id } }",
            "{ users(offset: 0, keywords: \"a\") { id first_name } usersCount }",
            "query Q($id: ID) { user(id: $id) { ...U ... on User { email } ... @include(if: true) { id } } } fragment U on User { id }",
            "mutation M($input: createClientInput) { createClient(input: $input) { user { id } messages { field message } } }",
            "subscription S($id: String) { noteAddedSubscription(conversationId: $id) { id __typename } }",
            "{ __typename __schema { types { name fields(includeDeprecated: true) { name } } } __type(name: \"User\") { name } }",
            "query($a: Boolean!) { user(id: 1) { id @skip(if: $a) } me: user(id: \"2\") { id @include(if: true) @skip(if: $a) } }",
        ];
        for text in documents {
            assert_eq!(refusals(text), "", "{text}");
        }
    }

    #[test]
    fn the_introspection_query_of_clients_is_valid() {
        let text = "query IntrospectionQuery { __schema { description queryType { name kind } mutationType { name } subscriptionType { name }
            types { ...FullType } directives { name description isRepeatable locations args(includeDeprecated: true) { ...InputValue } } } }
            fragment FullType on __Type { kind name description specifiedByURL isOneOf
              fields(includeDeprecated: true) { name description args(includeDeprecated: true) { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason }
              inputFields(includeDeprecated: true) { ...InputValue } interfaces { ...TypeRef }
              enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } possibleTypes { ...TypeRef } }
            fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue isDeprecated deprecationReason }
            fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } }";
        assert_eq!(refusals(text), "");
    }

    #[test]
    fn damaged_documents_never_panic() {
        let text = "query Q ( $a : [ ID ! ] = [ 1 ] , $b : Boolean ! ) { users ( ids : $a , offset : 2 ) @ skip ( if : $b ) { id ... F ... on User { n : email } } }
            fragment F on User { dietitian { ... F } } mutation M ( $i : createClientInput ) { createClient ( input : { first_name : $i , x : { y : [ $a ] } } ) { user { id } } }";
        let tokens: Vec<&str> = text.split_whitespace().collect();
        for at in 0..tokens.len() {
            for other in 0..tokens.len() {
                let mut damaged = tokens.clone();
                damaged[at] = tokens[other];
                let Ok(document) = crate::graphql::parse::parse(&damaged.join(" ")) else { continue };
                for version in Version::ALL {
                    validate(version.schema(), &document, Hints::DidYouMean);
                }
            }
        }
    }

    #[test]
    fn errors_come_in_the_order_of_the_walk() {
        assert_snapshot!(refusals("query Q($unused: Nope) { user(id: 1, x: 2) { nope } } fragment F on User { nah }"), @r#"
        {"message":"Nope isn't a defined input type (on $unused)","locations":[{"line":1,"column":9}],"path":["query Q"],"extensions":{"code":"variableRequiresValidType","typeName":"Nope","variableName":"unused"}}
        {"message":"Field 'user' doesn't accept argument 'x'","locations":[{"line":1,"column":38}],"path":["query Q","user","x"],"extensions":{"code":"argumentNotAccepted","name":"user","typeName":"Field","argumentName":"x"}}
        {"message":"Field 'nope' doesn't exist on type 'User'","locations":[{"line":1,"column":46}],"path":["query Q","user","nope"],"extensions":{"code":"undefinedField","typeName":"User","fieldName":"nope"}}
        {"message":"Field 'nah' doesn't exist on type 'User'","locations":[{"line":1,"column":76}],"path":["fragment F","nah"],"extensions":{"code":"undefinedField","typeName":"User","fieldName":"nah"}}
        {"message":"Variable $unused is declared by Q but not used","locations":[{"line":1,"column":1}],"path":["query Q"],"extensions":{"code":"variableNotUsed","variableName":"unused"}}
        {"message":"Fragment F was defined, but not used","locations":[{"line":1,"column":55}],"path":["fragment F"],"extensions":{"code":"useAndDefineFragment","fragmentName":"F"}}
        "#);
    }

    #[test]
    fn no_more_than_a_hundred_errors_are_told() {
        let text = format!("{{ {} }}", "nope ".repeat(5_000));
        assert_eq!(refusals(&text).lines().count(), MAX_ERRORS);
    }

    #[test]
    fn hostile_documents_end_soon() {
        let fragments = |count: usize, of: &dyn Fn(usize) -> String| (0..count).map(of).collect::<String>();
        let documents = [
            // Bombs: each fragment spreads the next one twice, under fields of their own or the same.
            "{ user { ...F0 } }".to_owned()
                + &fragments(1_200, &|n| {
                    format!("fragment F{n} on User {{ a: dietitian {{ ...F{} }} b: dietitian {{ ...F{} }} }}", n + 1, n + 1)
                }),
            "{ user { ...F0 } }".to_owned()
                + &fragments(1_200, &|n| {
                    format!("fragment F{n} on User {{ dietitian {{ ...F{} }} dietitian {{ ...F{} }} }}", n + 1, n + 1)
                }),
            "{ user { ...F0 } }".to_owned()
                + &fragments(3_000, &|n| format!("fragment F{n} on User {{ ...F{} ...F{} }}", (n * 7) % 3_000, n / 2)),
            // Everything conflicts with everything.
            format!("{{ {} }}", fragments(5_000, &|n| format!("user(id: {n}) {{ a: id a: email }}"))),
            format!("{{ user {{ {} }} }}", "dietitian { id } ".repeat(10_000)),
            fragments(3_000, &|n| format!("query Q{n} {{ ...F0 }}"))
                + &fragments(3_000, &|n| format!("fragment F{n} on Query {{ ...F{} }}", n + 1)),
            format!("{{ {} }}", fragments(12_000, &|n| format!("a{n}: __typename "))),
            format!("{{ user(id: [{}]) {{ id }} }}", "$x ".repeat(50_000)),
            format!("query($x: ID) {{ users(ids: [{}]) {{ id }} }}", "$x ".repeat(50_000)),
            format!("query({}) {{ a }}", "$x: [ID] = 1 ".repeat(15_000)),
            format!("{{ user {}{} }}", "{ dietitian ".repeat(126), "}".repeat(126)),
            format!("mutation {{ createAutomation(input: {{steps: {{next_steps_config: {}{}}}}}) }}", "{a: [".repeat(61), "]}".repeat(61)),
        ];
        for text in documents {
            assert!(text.len() < 256 * 1024, "{}", text.len());
            refusals(&text);
        }
    }
}
