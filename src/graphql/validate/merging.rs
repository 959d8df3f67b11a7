//! Fields with the same response key have to be the same field with the same arguments.
//!
//! Every field is compared with every other one of its key, in graphql-ruby's order and with its idea of which types exclude
//! each other, as that decides what an error lists. Each comparison is a step, and a document has so many.

use super::{Walk, fields::Known};
use crate::{
    graphql::{
        error::GraphqlError,
        parse::{Written, printed},
    },
    schema::{TypeDef, TypeId, TypeKind},
};
use async_graphql_parser::{Pos, Positioned, types::*};
use async_graphql_value::{Value, indexmap::IndexMap};
use std::{
    collections::{HashMap, HashSet},
    rc::Rc,
};

/// Deeper than any document may be asked for; what is compared through fragments could go on.
const MAX_NESTED: usize = 150;

type Parent = Option<&'static TypeDef>;
/// The types on the way to a field from where the comparison started.
type Parents = Rc<[&'static TypeDef]>;

/// A field of the document and the type that it is selected on.
#[derive(Clone)]
struct Selected<'d> {
    field: &'d Positioned<Field>,
    known: Known,
    parents: Parents,
    /// The same for fields with the same arguments.
    arguments: usize,
}

#[derive(Clone)]
struct Spread<'d> {
    name: &'d str,
    parents: Parents,
}

/// What stands between two braces: fields by key, in the order in which the keys come, and spreads.
#[derive(Default)]
struct Selections<'d> {
    keys: Vec<(&'d str, Vec<Selected<'d>>)>,
    by_key: HashMap<&'d str, usize>,
    spreads: Vec<Spread<'d>>,
}

impl<'d> Selections<'d> {
    fn of_key(&self, key: &str) -> &[Selected<'d>] {
        self.by_key.get(key).map_or(&[], |at| self.keys[*at].1.as_slice())
    }
}

/// What is kept between comparisons.
#[derive(Default)]
pub(super) struct Merging<'d> {
    visited: HashSet<&'d str>,
    compared: HashSet<(&'d str, &'d str, bool)>,
    arguments: HashMap<String, usize>,
    below: HashMap<(Pos, TypeId), Rc<Selections<'d>>>,
    conflicts: Vec<Conflict<'d>>,
    count: usize,
    nested: usize,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Field,
    Argument,
}

/// One error in the making.
struct Conflict<'d> {
    kind: Kind,
    key: &'d str,
    fields: Vec<&'d Positioned<Field>>,
}

impl<'d> Walk<'d> {
    /// Of the selections of one operation or field.
    pub(super) fn fields_can_merge(&mut self, set: &'d SelectionSet, parent: Parent) {
        let Some(parent) = parent else { return };
        if set.items.is_empty() {
            return;
        }
        let selections = self.selections_of(set, Some(parent), &Parents::from([]));
        self.compare_within(&selections);
        let here = Parents::from([parent]);
        for (at, spread) in selections.spreads.iter().enumerate() {
            self.compare_with_fragment(&selections, spread, exclude(&spread.parents, &here));
            for other in &selections.spreads[at + 1..] {
                self.compare_fragments(spread, other, exclude(&spread.parents, &other.parents));
                if self.steps_left == 0 {
                    break;
                }
            }
        }
        self.report_conflicts();
    }

    fn compare_within(&mut self, selections: &Selections<'d>) {
        for (key, fields) in &selections.keys {
            if are_alike(fields) {
                continue;
            }
            for (at, one) in fields.iter().enumerate() {
                for other in &fields[at + 1..] {
                    self.compare(key, one, other, false);
                }
                if self.steps_left == 0 {
                    return;
                }
            }
        }
    }

    fn compare_between(&mut self, one: &Selections<'d>, other: &Selections<'d>, exclusive: bool) {
        for (key, fields) in &one.keys {
            let others = other.of_key(key);
            for field in fields {
                for other in others {
                    self.compare(key, field, other, exclusive);
                }
                if self.steps_left == 0 {
                    return;
                }
            }
        }
    }

    /// With the fields of a fragment, and of those that it spreads.
    fn compare_with_fragment(&mut self, selections: &Selections<'d>, spread: &Spread<'d>, exclusive: bool) {
        let mut spreads = vec![spread.clone()];
        while let Some(spread) = spreads.pop() {
            if !self.afford(1) {
                return;
            }
            if !self.merging.visited.insert(spread.name) {
                continue;
            }
            let Some((ty, set)) = self.fragment_set(spread.name) else { continue };
            let below = self.selections_of(set, Some(ty), &joined(&spread.parents, ty));
            self.compare_between(selections, &below, exclusive);
            spreads.extend(below.spreads.iter().rev().cloned());
        }
    }

    fn compare_fragments(&mut self, one: &Spread<'d>, other: &Spread<'d>, exclusive: bool) {
        let mut pairs = vec![(one.clone(), other.clone())];
        while let Some((one, other)) = pairs.pop() {
            if !self.afford(1) {
                return;
            }
            let names = (one.name.min(other.name), one.name.max(other.name));
            if one.name == other.name || !self.merging.compared.insert((names.0, names.1, exclusive)) {
                continue;
            }
            let (Some((one_ty, one_set)), Some((other_ty, other_set))) = (self.fragment_set(one.name), self.fragment_set(other.name))
            else {
                continue;
            };
            let of_one = self.selections_of(one_set, Some(one_ty), &joined(&one.parents, one_ty));
            // graphql-ruby's own slip: the fields of the second are looked up on the type of the first.
            let of_other = self.selections_of(other_set, Some(one_ty), &joined(&other.parents, other_ty));
            self.compare_between(&of_one, &of_other, exclusive);
            pairs.extend(of_one.spreads.iter().rev().map(|spread| (other.clone(), spread.clone())));
            pairs.extend(of_other.spreads.iter().rev().map(|spread| (one.clone(), spread.clone())));
        }
    }

    fn compare(&mut self, key: &'d str, one: &Selected<'d>, other: &Selected<'d>, exclusive: bool) {
        if !self.afford(1) || self.merging.count >= super::MAX_ERRORS {
            return;
        }
        let exclusive = exclusive || exclude(&one.parents, &other.parents);
        if !exclusive && one.field.node.name.node != other.field.node.name.node {
            self.conflict(Kind::Field, key, [one.field, other.field]);
        }
        if !exclusive && one.arguments != other.arguments {
            self.conflict(Kind::Argument, key, [one.field, other.field]);
        }
        if self.merging.nested == MAX_NESTED {
            return self.give_up();
        }
        self.merging.nested += 1;
        self.compare_below(one, other, exclusive);
        self.merging.nested -= 1;
    }

    fn compare_below(&mut self, one: &Selected<'d>, other: &Selected<'d>, exclusive: bool) {
        if one.field.node.selection_set.node.items.is_empty() && other.field.node.selection_set.node.items.is_empty() {
            return;
        }
        let (Some(of_one), Some(of_other)) = (self.selections_below(one), self.selections_below(other)) else { return };
        self.compare_between(&of_one, &of_other, exclusive);
        for spread in &of_other.spreads {
            self.compare_with_fragment(&of_one, spread, exclusive);
        }
        for spread in &of_one.spreads {
            self.compare_with_fragment(&of_other, spread, exclusive);
        }
        for spread in &of_one.spreads {
            for other in &of_other.spreads {
                self.compare_fragments(spread, other, exclusive);
                if self.steps_left == 0 {
                    return;
                }
            }
        }
    }

    fn conflict(&mut self, kind: Kind, key: &'d str, fields: [&'d Positioned<Field>; 2]) {
        self.merging.count += 1;
        let conflicts = &mut self.merging.conflicts;
        let at = conflicts.iter().position(|conflict| conflict.kind == kind && conflict.key == key).unwrap_or_else(|| {
            conflicts.push(Conflict { kind, key, fields: Vec::new() });
            conflicts.len() - 1
        });
        for field in fields {
            if !conflicts[at].fields.iter().any(|known| known.pos == field.pos) {
                conflicts[at].fields.push(field);
            }
        }
    }

    /// One error for each key of each kind, the kinds in the order in which they were met.
    fn report_conflicts(&mut self) {
        let mut conflicts = std::mem::take(&mut self.merging.conflicts);
        if let Some(first) = conflicts.first().map(|conflict| conflict.kind) {
            conflicts.sort_by_key(|conflict| conflict.kind != first);
        }
        for Conflict { kind, key, fields } in conflicts {
            let (trouble, texts): (_, Vec<String>) = match kind {
                Kind::Field => ("a field", fields.iter().map(|field| field.node.name.node.to_string()).collect()),
                Kind::Argument => ("an argument", fields.iter().map(|field| self.shown(&field.node)).collect()),
            };
            let conflicts = texts.join(" or ");
            let error = GraphqlError::new(format!("Field '{key}' has {trouble} conflict: {conflicts}?"));
            let error = error.at_each(fields.iter().map(|field| field.pos)).under(Vec::new());
            self.report(error.code("fieldConflict").with("fieldName", key).with("conflicts", conflicts));
        }
    }

    /// What is selected below a field. The same object each time, as comparisons come back to it.
    fn selections_below(&mut self, selected: &Selected<'d>) -> Option<Rc<Selections<'d>>> {
        let returned = selected.known.returns(self.schema)?;
        let set = &selected.field.node.selection_set;
        if set.node.items.is_empty() {
            return Some(Rc::default());
        }
        let key = (set.pos, returned.id);
        if let Some(known) = self.merging.below.get(&key) {
            return Some(known.clone());
        }
        let selections = Rc::new(self.selections_of(&set.node, Some(returned), &Parents::from([returned])));
        self.merging.below.insert(key, selections.clone());
        Some(selections)
    }

    fn selections_of(&mut self, set: &'d SelectionSet, owner: Parent, parents: &Parents) -> Selections<'d> {
        let mut found = Selections::default();
        self.collect(set, owner, parents, &mut found);
        found
    }

    fn collect(&mut self, set: &'d SelectionSet, owner: Parent, parents: &Parents, found: &mut Selections<'d>) {
        let Some(owner) = owner else { return };
        if !self.afford(1 + set.items.len() / 8) {
            return;
        }
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => {
                    let Some(known) = Known::find(owner, &field.node.name.node) else { continue };
                    let arguments = self.arguments_id(&field.node);
                    let key = field.node.response_key().node.as_str();
                    let at = *found.by_key.entry(key).or_insert(found.keys.len());
                    if at == found.keys.len() {
                        found.keys.push((key, Vec::new()));
                    }
                    found.keys[at].1.push(Selected { field, known, parents: parents.clone(), arguments });
                }
                Selection::InlineFragment(fragment) => {
                    let ty = match &fragment.node.type_condition {
                        Some(condition) => self.schema.named(&condition.node.on.node),
                        None => Some(owner),
                    };
                    if let Some(ty) = ty {
                        self.collect(&fragment.node.selection_set.node, Some(ty), &joined(parents, ty), found);
                    }
                }
                Selection::FragmentSpread(spread) => {
                    found.spreads.push(Spread { name: &spread.node.fragment_name.node, parents: parents.clone() });
                }
            }
        }
    }

    fn fragment_set(&self, name: &str) -> Option<(&'static TypeDef, &'d SelectionSet)> {
        let fragment = self.document.fragment(name)?;
        let ty = self.schema.named(&fragment.definition.type_condition.node.on.node)?;
        Some((ty, &fragment.definition.selection_set.node))
    }

    fn arguments_id(&mut self, field: &'d Field) -> usize {
        if field.arguments.is_empty() {
            return 0;
        }
        let mut printed: Vec<(&str, String)> =
            field.arguments.iter().map(|(name, value)| (name.node.as_str(), self.printed(value))).collect();
        printed.sort_by_key(|(name, _)| *name);
        let text = printed.into_iter().fold(String::new(), |text, (name, value)| text + name + ":" + &value + "\0");
        let next = self.merging.arguments.len() + 1;
        *self.merging.arguments.entry(text).or_insert(next)
    }

    fn printed(&self, value: &Positioned<Value>) -> String {
        self.document.written(value.pos).map_or_else(|| printed(&value.node).to_string(), Written::to_string)
    }

    /// `{id:"1"}`: arguments as graphql-ruby prints a hash of printed values.
    fn shown(&self, field: &Field) -> String {
        let mut shown: IndexMap<&str, String> = IndexMap::new();
        for (name, value) in &field.arguments {
            shown.insert(&name.node, serde_json::Value::from(self.printed(value)).to_string());
        }
        let shown: Vec<_> = shown.into_iter().map(|(name, value)| format!("{name}:{value}")).collect();
        format!("{{{}}}", shown.join(","))
    }
}

/// Fields between which there can be no conflict, so that hostile and careless documents alike needn't be compared pair by pair.
fn are_alike(fields: &[Selected<'_>]) -> bool {
    let Some((first, others)) = fields.split_first() else { return true };
    let is_leaf = |selected: &Selected| selected.field.node.selection_set.node.items.is_empty();
    let is_like = |other: &Selected| first.field.node.name.node == other.field.node.name.node && first.arguments == other.arguments;
    others.is_empty() || fields.iter().all(is_leaf) && others.iter().all(is_like)
}

/// Whether no object can be reached by both ways. Ways of different lengths exclude each other, as graphql-ruby has it.
fn exclude(one: &[&'static TypeDef], other: &[&'static TypeDef]) -> bool {
    if one.is_empty() || other.is_empty() {
        return false;
    }
    one.len() != other.len() || one.iter().zip(other).any(|(one, other)| one.id != other.id && are_disjoint(one, other))
}

fn are_disjoint(one: &'static TypeDef, other: &'static TypeDef) -> bool {
    let possible = |ty: &'static TypeDef| match ty.kind {
        TypeKind::Union => ty.members().to_vec(),
        _ => vec![ty.id],
    };
    let others = possible(other);
    possible(one).iter().all(|ty| !others.contains(ty))
}

fn joined(parents: &Parents, ty: &'static TypeDef) -> Parents {
    parents.iter().copied().chain([ty]).collect()
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
    fn an_error_lists_the_fields_in_the_order_of_the_pairs_that_differ() {
        assert_snapshot!(refusals("{ user { a: id a: id a: email } }"), @r#"{"message":"Field 'a' has a field conflict: id or email or id?","locations":[{"line":1,"column":10},{"line":1,"column":22},{"line":1,"column":16}],"path":[],"extensions":{"code":"fieldConflict","fieldName":"a","conflicts":"id or email or id"}}"#);
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
