//! Promises about the whole schema: what is served is what is published, and what is emulated is described.

use crate::server::Server;
use async_graphql_parser::{
    parse_schema,
    types::{TypeKind, TypeSystemDefinition},
};
use healthie_mock::engine::{Class, HowAsked, Root};
use healthie_mock::schema::{Named, Version, names};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const INTROSPECTION: &str = "{ __schema { queryType { name } mutationType { name } subscriptionType { name } types {
    kind name
    fields(includeDeprecated: true) { name isDeprecated type { ...T } args(includeDeprecated: true) { name defaultValue isDeprecated type { ...T } } }
    inputFields(includeDeprecated: true) { name defaultValue isDeprecated type { ...T } }
    enumValues(includeDeprecated: true) { name isDeprecated }
    possibleTypes { name }
} } }
fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } }";

fn type_name(ty: &Value) -> String {
    match ty["kind"].as_str() {
        Some("NON_NULL") => format!("{}!", type_name(&ty["ofType"])),
        Some("LIST") => format!("[{}]", type_name(&ty["ofType"])),
        _ => ty["name"].as_str().unwrap_or_default().to_owned(),
    }
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn input_line(at: &str, input: &Value) -> String {
    let default = input["defaultValue"].as_str().map(|default| format!(" = {default}")).unwrap_or_default();
    let deprecated = if input["isDeprecated"] == true { " @deprecated" } else { "" };
    format!("{at}.{}: {}{default}{deprecated}", input["name"].as_str().unwrap_or_default(), type_name(&input["type"]))
}

/// One line for every type, field, argument and value that is served.
fn served(schema: &Value) -> BTreeSet<String> {
    let mut lines = BTreeSet::new();
    let built_in = ["String", "Int", "Float", "Boolean", "ID"];
    for ty in items(&schema["types"]) {
        let name = ty["name"].as_str().unwrap_or_default();
        if name.starts_with("__") || built_in.contains(&name) {
            continue;
        }
        lines.insert(format!("{} {name}", ty["kind"].as_str().unwrap_or_default()));
        for field in items(&ty["fields"]) {
            let at = format!("{name}.{}", field["name"].as_str().unwrap_or_default());
            let deprecated = if field["isDeprecated"] == true { " @deprecated" } else { "" };
            lines.insert(format!("{at}: {}{deprecated}", type_name(&field["type"])));
            lines.extend(items(&field["args"]).map(|arg| input_line(&at, arg)));
        }
        lines.extend(items(&ty["inputFields"]).map(|input| input_line(name, input)));
        for value in items(&ty["enumValues"]) {
            let deprecated = if value["isDeprecated"] == true { " @deprecated" } else { "" };
            lines.insert(format!("{name}.{}{deprecated}", value["name"].as_str().unwrap_or_default()));
        }
        lines.extend(items(&ty["possibleTypes"]).map(|member| format!("{name} | {}", member["name"].as_str().unwrap_or_default())));
    }
    lines
}

/// The same lines, read from the SDL by a parser that the server doesn't run.
fn published(sdl: &str) -> BTreeSet<String> {
    let mut lines = BTreeSet::new();
    for definition in parse_schema(sdl).expect("the SDL parses").definitions {
        let TypeSystemDefinition::Type(ty) = definition else { panic!("only types") };
        let name = ty.node.name.node.to_string();
        let deprecated = |directives: &[async_graphql_parser::Positioned<async_graphql_parser::types::ConstDirective>]| {
            if directives.iter().any(|directive| directive.node.name.node == "deprecated") { " @deprecated" } else { "" }
        };
        let input = |at: &str, input: &async_graphql_parser::types::InputValueDefinition| {
            let default = input.default_value.as_ref().map(|default| format!(" = {}", default.node)).unwrap_or_default();
            format!("{at}.{}: {}{default}{}", input.name.node, input.ty.node, deprecated(&input.directives))
        };
        let kind = match &ty.node.kind {
            TypeKind::Scalar => "SCALAR",
            TypeKind::Object(object) => {
                for field in &object.fields {
                    let at = format!("{name}.{}", field.node.name.node);
                    lines.insert(format!("{at}: {}{}", field.node.ty.node, deprecated(&field.node.directives)));
                    lines.extend(field.node.arguments.iter().map(|arg| input(&at, &arg.node)));
                }
                "OBJECT"
            }
            TypeKind::InputObject(object) => {
                lines.extend(object.fields.iter().map(|field| input(&name, &field.node)));
                "INPUT_OBJECT"
            }
            TypeKind::Enum(of) => {
                lines.extend(
                    of.values.iter().map(|value| format!("{name}.{}{}", value.node.value.node, deprecated(&value.node.directives))),
                );
                "ENUM"
            }
            TypeKind::Union(of) => {
                lines.extend(of.members.iter().map(|member| format!("{name} | {}", member.node)));
                "UNION"
            }
            TypeKind::Interface(_) => panic!("Healthie publishes no interfaces"),
        };
        lines.insert(format!("{kind} {name}"));
    }
    lines
}

#[tokio::test]
async fn introspection_serves_exactly_the_published_schema_without_a_key() {
    let server = Server::start().await;
    for version in Version::ALL {
        let answer = server.nobody().in_version(version.date()).answer(INTROSPECTION, json!({})).await;
        let (served, published) = (served(&answer["data"]["__schema"]), published(version.sdl()));
        assert!(served.len() > 15_000, "{}", served.len());
        let differences: Vec<_> = served.symmetric_difference(&published).take(20).collect();
        assert!(differences.is_empty(), "{}: {differences:#?}", version.date());
    }
}

#[test]
fn every_emulated_root_field_is_described() {
    let catalogue = healthie_mock::domain::catalogue();
    let described = |root: &str, field: &str| {
        let defs = Version::ALL.iter().filter_map(|version| version.schema().named(root)?.field(field));
        defs.clone().count() > 0 && defs.into_iter().all(|def| def.about().is_some())
    };
    let queries = catalogue.queries().map(|rules| ("Query", names::Query::TYPE.shape().column(rules.slot).name()));
    let mutations = catalogue.mutations().map(|rules| ("Mutation", names::Mutation::TYPE.shape().column(rules.slot).name()));
    let missing: Vec<_> = queries.chain(mutations).filter(|(root, field)| !described(root, field)).collect();
    assert!(missing.is_empty(), "schema/about.tsv lacks {missing:?}");
}

#[tokio::test]
async fn what_is_not_emulated_answers_so() {
    let server = Server::start().await;
    let catalogue = healthie_mock::domain::catalogue();
    let left_out = |root: Root, field: &str| {
        let slot = Version::V2024_06_01.schema().named(root.name()).and_then(|root| root.field(field)).map(|field| field.slot);
        matches!(slot.and_then(|slot| catalogue.class(root, slot)), Some((_, Class::NotEmulated(_))))
    };
    assert!(left_out(Root::Mutation, "parseCcdaDocument"), "another one has to show it");
    let document = "mutation { parseCcdaDocument(input: {}) { messages { message } } revokeToken(input: {}) { __typename } }";
    let answer = server.role("owner").answer(document, json!({})).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "NOT_EMULATED", "{answer}");
    assert!(answer["data"]["parseCcdaDocument"].is_null() && answer["data"]["revokeToken"].is_object(), "beside what is: {answer}");
}

#[test]
fn every_root_field_is_answered_or_left_out_for_a_reason() {
    let catalogue = healthie_mock::domain::catalogue();
    let mut unlisted = Vec::new();
    for version in Version::ALL {
        for root in Root::ALL {
            let fields = version.schema().named(root.name()).into_iter().flat_map(|root| root.fields());
            unlisted.extend(fields.filter(|field| catalogue.class(root, field.slot).is_none()).map(|field| (root, field.name())));
        }
    }
    assert!(unlisted.is_empty(), "no area lists {unlisted:?}");
}

#[test]
fn a_line_of_an_area_is_about_what_its_field_answers_with() {
    let catalogue = healthie_mock::domain::catalogue();
    for rules in catalogue.queries() {
        let column = names::Query::TYPE.shape().column(rules.slot);
        let of = match &rules.how {
            HowAsked::Get(of) => Some((*of, false)),
            HowAsked::List(list) => Some((list.of, true)),
            HowAsked::Count(_) | HowAsked::Own(_) => None,
        };
        let answered = (column.target, column.list);
        assert!(of.is_none_or(|of| of == answered), "Query.{} answers with {answered:?}, not {of:?}", column.name());
    }
}

#[test]
fn every_order_that_a_list_offers_sorts_by_something() {
    let catalogue = healthie_mock::domain::catalogue();
    let mut unknown = Vec::new();
    for rules in catalogue.queries() {
        let HowAsked::List(list) = &rules.how else { continue };
        let column = names::Query::TYPE.shape().column(rules.slot);
        let args = column.args().map(|args| args.shape()).into_iter();
        let order_by = args.filter_map(|args| args.slot("order_by").map(|slot| args.column(slot)));
        let orders = order_by.flat_map(|order_by| order_by.target.shape().values());
        unknown
            .extend(orders.filter(|order| *order != "UNSORTED" && !list.knows(order)).map(|order| format!("{}: {order}", column.name())));
    }
    assert!(unknown.is_empty(), "{unknown:#?}");
}
