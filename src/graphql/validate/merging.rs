//! Fields with the same response key have to be the same field with the same arguments.
//!
//! graphql-ruby compares every field with every other one, which costs a hostile document nothing and us everything. Here
//! selection sets that end up in the same object of the answer are taken together, each such group once.

use super::{Walk, fields::Known};
use crate::{
    graphql::{error::GraphqlError, parse::Operation},
    schema::{TypeDef, TypeKind},
};
use async_graphql_parser::{Pos, Positioned, types::*};
use async_graphql_value::{Name, Value};
use std::collections::{HashMap, HashSet};

/// An error lists no more fields than this.
const MAX_LISTED: usize = 20;

type Parent = Option<&'static TypeDef>;
/// The selection sets that are merged, with the type that each selects on.
type Group<'d> = Vec<(Parent, &'d Positioned<SelectionSet>)>;

/// A field of the document and the type that it is selected on.
type Selected<'d> = (&'static TypeDef, &'d Positioned<Field>);

/// A field of the answer, once for each time that the document asks for it.
struct Same<'d> {
    key: &'d str,
    fields: Vec<Selected<'d>>,
}

impl<'d> Walk<'d> {
    pub(super) fn fields_can_merge(&mut self, operation: &'d Operation, root: Parent) {
        let mut seen = HashSet::new();
        let mut groups: Vec<Group<'d>> = vec![vec![(root, &operation.definition.selection_set)]];
        // A list of things to do rather than recursion: fragments can be nested as deep as the document is long.
        while let Some(group) = groups.pop() {
            let mut within = Vec::new();
            for same in self.collect(&group) {
                for fields in overlapping(&same.fields) {
                    self.names_agree(same.key, &fields);
                    self.arguments_agree(same.key, &fields);
                    within.push(self.below(&fields));
                }
            }
            if self.is_full() || !self.afford(1) {
                return;
            }
            within.retain(|group| !group.is_empty() && seen.insert(identity(group)));
            groups.extend(within.into_iter().rev());
        }
    }

    fn collect(&mut self, group: &Group<'d>) -> Vec<Same<'d>> {
        let mut found: Vec<Same<'d>> = Vec::new();
        let mut by_key = HashMap::new();
        let mut spread = HashSet::new();
        let mut sets: Vec<_> = group.iter().rev().map(|(parent, set)| (*parent, set.node.items.as_slice())).collect();
        while let Some((parent, items)) = sets.pop() {
            let Some((selection, rest)) = items.split_first() else { continue };
            if !self.afford(1) {
                break;
            }
            sets.push((parent, rest));
            match &selection.node {
                Selection::Field(field) => {
                    let Some(parent) = parent else { continue };
                    if Known::find(parent, &field.node.name.node).is_none() {
                        continue;
                    }
                    let key = field.node.response_key().node.as_str();
                    let at = *by_key.entry(key).or_insert(found.len());
                    if at == found.len() {
                        found.push(Same { key, fields: Vec::new() });
                    }
                    found[at].fields.push((parent, field));
                }
                Selection::InlineFragment(fragment) => {
                    let ty = match &fragment.node.type_condition {
                        Some(condition) => self.schema.named(&condition.node.on.node),
                        None => parent,
                    };
                    sets.push((ty, &fragment.node.selection_set.node.items));
                }
                Selection::FragmentSpread(node) => {
                    let name = node.node.fragment_name.node.as_str();
                    if !spread.insert(name) {
                        continue;
                    }
                    if let Some(fragment) = self.document.fragment(name) {
                        let ty = self.schema.named(&fragment.definition.type_condition.node.on.node);
                        sets.push((ty, &fragment.definition.selection_set.node.items));
                    }
                }
            }
        }
        found
    }

    fn names_agree(&mut self, key: &str, fields: &[Selected<'d>]) {
        let agree = fields.windows(2).all(|pair| pair[0].1.node.name.node == pair[1].1.node.name.node);
        if !agree {
            let names: Vec<_> = fields.iter().take(MAX_LISTED).map(|(_, field)| field.node.name.node.as_str()).collect();
            self.report(conflict("a field", key, &names.join(" or "), fields));
        }
    }

    fn arguments_agree(&mut self, key: &str, fields: &[Selected<'d>]) {
        let agree = fields.windows(2).all(|pair| same_arguments(&pair[0].1.node.arguments, &pair[1].1.node.arguments));
        if !agree {
            let shown: Vec<_> = fields.iter().take(MAX_LISTED).map(|(_, field)| shown(&field.node.arguments)).collect();
            self.report(conflict("an argument", key, &shown.join(" or "), fields));
        }
    }

    /// What is selected below fields that are one field in the answer.
    fn below(&self, fields: &[Selected<'d>]) -> Group<'d> {
        let chosen = fields.iter().filter(|(_, field)| !field.node.selection_set.node.items.is_empty());
        let returned = |parent, name: &Name| Known::find(parent, name).and_then(|known| known.returns(self.schema));
        chosen.map(|(parent, field)| (returned(parent, &field.node.name.node), &field.node.selection_set)).collect()
    }
}

/// The fields that can be in the same object: of one type, and of unions, which may turn out to be any.
fn overlapping<'d>(fields: &[Selected<'d>]) -> Vec<Vec<Selected<'d>>> {
    let mut types: Vec<&'static TypeDef> = Vec::new();
    for (parent, _) in fields {
        if parent.kind == TypeKind::Object && !types.iter().any(|known| known.id == parent.id) {
            types.push(parent);
        }
    }
    let is_union = |(parent, _): &&Selected| parent.kind == TypeKind::Union;
    if types.is_empty() {
        return vec![fields.to_vec()];
    }
    let of = |ty: &TypeDef| fields.iter().filter(|field| is_union(field) || field.0.id == ty.id).copied().collect();
    types.into_iter().map(of).collect()
}

/// Selection sets are known by where they stand.
fn identity(group: &Group) -> Vec<Pos> {
    let mut positions: Vec<_> = group.iter().map(|(_, set)| set.pos).collect();
    positions.sort_unstable();
    positions
}

fn conflict(kind: &str, key: &str, conflicts: &str, fields: &[Selected]) -> GraphqlError {
    let positions: Vec<Pos> = fields.iter().take(MAX_LISTED).map(|(_, field)| field.pos).collect();
    GraphqlError::new(format!("Field '{key}' has {kind} conflict: {conflicts}?"))
        .at_each(positions)
        .under(Vec::new())
        .code("fieldConflict")
        .with("fieldName", key)
        .with("conflicts", conflicts)
}

fn same_arguments(one: &[(Positioned<Name>, Positioned<Value>)], other: &[(Positioned<Name>, Positioned<Value>)]) -> bool {
    let has = |(name, value): &(Positioned<Name>, Positioned<Value>)| {
        other.iter().find(|(known, _)| known.node == name.node).is_some_and(|(_, known)| known.node == value.node)
    };
    one.len() == other.len() && one.iter().all(has)
}

/// `{id:"1"}`: arguments as graphql-ruby prints a hash of printed values.
fn shown(arguments: &[(Positioned<Name>, Positioned<Value>)]) -> String {
    let shown: Vec<_> =
        arguments.iter().map(|(name, value)| format!("{name}:{}", serde_json::Value::from(value.node.to_string()))).collect();
    format!("{{{}}}", shown.join(","))
}

#[cfg(test)]
mod tests {
    use super::super::refusals;
    use insta::assert_snapshot;

    #[test]
    fn a_key_stands_for_one_field() {
        assert_snapshot!(refusals("{ user { name: first_name name: last_name ...F } } fragment F on User { name: email }"), @r#"{"message":"Field 'name' has a field conflict: first_name or last_name or email?","locations":[{"line":1,"column":10},{"line":1,"column":27},{"line":1,"column":73}],"path":[],"extensions":{"code":"fieldConflict","fieldName":"name","conflicts":"first_name or last_name or email"}}"#);
        assert_snapshot!(refusals("{ user(id: 1) { id } user(id: \"1\") { id } user { id } }"), @r#"{"message":"Field 'user' has an argument conflict: {id:\"1\"} or {id:\"\\\"1\\\"\"} or {}?","locations":[{"line":1,"column":3},{"line":1,"column":22},{"line":1,"column":43}],"path":[],"extensions":{"code":"fieldConflict","fieldName":"user","conflicts":"{id:\"1\"} or {id:\"\\\"1\\\"\"} or {}"}}"#);
    }

    #[test]
    fn fields_that_are_merged_agree_below() {
        assert_snapshot!(refusals("{ user { dietitian { a: id } ... on User { dietitian { a: email } } } }"), @r#"{"message":"Field 'a' has a field conflict: id or email?","locations":[{"line":1,"column":22},{"line":1,"column":56}],"path":[],"extensions":{"code":"fieldConflict","fieldName":"a","conflicts":"id or email"}}"#);
        assert_eq!(refusals("{ user(id: 1) { id, email } user(id: 1) { id, last_name } }"), "");
    }

    #[test]
    fn types_that_exclude_each_other_may_differ() {
        assert_eq!(refusals("mutation { createSharings { ... on Document { name: id } ... on Folder { name: __typename } } }"), "");
        assert_snapshot!(refusals("mutation { createSharings { name: __typename ... on Folder { name: id } } }"), @r#"{"message":"Field 'name' has a field conflict: __typename or id?","locations":[{"line":1,"column":29},{"line":1,"column":62}],"path":[],"extensions":{"code":"fieldConflict","fieldName":"name","conflicts":"__typename or id"}}"#);
    }
}
