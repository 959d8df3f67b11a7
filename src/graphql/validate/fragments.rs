//! Rules about fragments.

use super::{Definition, MAX_ERRORS, Visited, Walk, path};
use crate::{
    graphql::{
        error::{GraphqlError, PathSegment},
        parse::Fragment,
    },
    schema::{TypeDef, TypeKind},
};
use async_graphql_parser::{Pos, Positioned, types::*};
use std::collections::{HashMap, HashSet};

/// A spread, for the rules that need to have seen all fragments.
pub(super) struct Spread<'d> {
    node: &'d Positioned<FragmentSpread>,
    parent: Option<&'static TypeDef>,
    path: path::Path<'d>,
}

impl<'d> Spread<'d> {
    pub(super) fn name(&self) -> &'d str {
        &self.node.node.fragment_name.node
    }
}

/// What is wrong with how the fragments of a document depend on each other.
#[derive(Default)]
struct Dependencies<'v, 'd> {
    undefined: Vec<&'v Spread<'d>>,
    unused: Vec<usize>,
    endless: Vec<usize>,
}

impl<'d> Walk<'d> {
    pub(super) fn note_spread(&mut self, node: &'d Positioned<FragmentSpread>, parent: Option<&'static TypeDef>) {
        let Some(definition) = self.definitions.last_mut() else { return };
        definition.spreads.push(Spread { node, parent, path: self.path.clone() });
    }

    pub(super) fn fragment_is_named(&mut self, fragment: &'d Fragment) {
        if fragment.name.is_none() {
            self.report(GraphqlError::new("Fragment definition has no name").at(fragment.pos).code("anonymousFragment"));
        }
    }

    /// The type of a fragment's condition, if fields can be selected on it.
    pub(super) fn fragment_type(&mut self, condition: &'d TypeCondition, pos: Pos) -> Option<&'static TypeDef> {
        let name = condition.on.node.as_str();
        let ty = self.schema.named(name);
        let (message, code) = match ty {
            None => {
                let known = self.schema.types().iter().filter(|ty| ty.kind == TypeKind::Object).map(TypeDef::name);
                let suggestion = self.suggestion(name, known);
                (format!("No such type {name}, so it can't be a fragment condition{suggestion}"), "undefinedType")
            }
            Some(ty) if !ty.is_composite() => {
                (format!("Invalid fragment on type {name} (must be Union, Interface or Object)"), "fragmentOnNonCompositeType")
            }
            Some(_) => return ty,
        };
        self.report(GraphqlError::new(message).at(pos).code(code).with("typeName", name));
        None
    }

    pub(super) fn inline_fragment_is_possible(
        &mut self,
        fragment: &'d Positioned<InlineFragment>,
        ty: Option<&'static TypeDef>,
        parent: Option<&'static TypeDef>,
    ) {
        let (Some(ty), Some(parent)) = (ty, parent) else { return };
        if is_impossible(ty, parent) {
            let path = self.path();
            self.report(cannot_spread(None, ty, parent, fragment.pos, path));
        }
    }

    pub(super) fn spreads_are_possible(&mut self) {
        let definitions = std::mem::take(&mut self.definitions);
        for spread in definitions.iter().flat_map(|visited| &visited.spreads) {
            if self.is_full() {
                break;
            }
            let fragment = self.document.fragment(spread.name());
            let ty = fragment.and_then(|fragment| self.schema.named(&fragment.definition.type_condition.node.on.node));
            if let (Some(ty), Some(parent)) = (ty, spread.parent)
                && is_impossible(ty, parent)
            {
                self.report(cannot_spread(Some(spread.name()), ty, parent, spread.node.pos, path::segments(&spread.path)));
            }
        }
        self.definitions = definitions;
    }

    /// As in graphql-ruby: a fragment that leads into a loop, or to something undefined, isn't unused whatever happens, and
    /// one that leads into a loop counts as containing it.
    pub(super) fn fragments_are_used_defined_and_finite(&mut self) {
        let definitions = std::mem::take(&mut self.definitions);
        let Dependencies { undefined, unused, endless } = dependencies(&definitions);
        // A path is as long as its place is deep.
        for spread in undefined.into_iter().take(MAX_ERRORS) {
            let path = path::segments(&spread.path);
            self.report(not_both(Some(spread.name()), "was used, but not defined", spread.node.pos).under(path));
        }
        for visited in unused.into_iter().take(MAX_ERRORS).map(|at| &definitions[at]) {
            let (Definition::Fragment(fragment), Some(_)) = (visited.definition, &visited.path) else { continue };
            let path = path::segments(&visited.path);
            self.report(not_both(fragment.name.as_deref(), "was defined, but not used", fragment.pos).under(path));
        }
        for visited in endless.into_iter().take(MAX_ERRORS).map(|at| &definitions[at]) {
            let Definition::Fragment(Fragment { name: Some(name), pos, .. }) = visited.definition else { continue };
            let error = GraphqlError::new(format!("Fragment {name} contains an infinite loop")).at(*pos);
            self.report(error.code("infiniteLoop").with("fragmentName", name.as_str()).under(path::segments(&visited.path)));
        }
        self.definitions = definitions;
    }

    pub(super) fn fragment_names_are_unique(&mut self) {
        let mut by_name: HashMap<Option<&str>, Vec<Pos>> = HashMap::new();
        let names = self.document.fragments.iter().map(|fragment| (fragment.name.as_deref(), fragment.pos));
        for (name, pos) in names.clone() {
            by_name.entry(name).or_default().push(pos);
        }
        for (name, _) in names {
            let positions = by_name.remove(&name).unwrap_or_default();
            if positions.len() > 1 {
                let error = GraphqlError::new(format!("Fragment name \"{}\" must be unique", name.unwrap_or_default()));
                self.report(error.at_each(positions).code("fragmentNotUnique").with("fragmentName", name));
            }
        }
    }
}

/// Resolves fragments from those that spread nothing. What can't be resolved spreads something undefined, or is in a loop.
fn dependencies<'v, 'd>(definitions: &'v [Visited<'d>]) -> Dependencies<'v, 'd> {
    let name_of = |at: usize| match definitions[at].definition {
        Definition::Fragment(fragment) => Some(fragment.name.as_deref()),
        Definition::Operation(_) => None,
    };
    let fragments = by_name((0..definitions.len()).filter_map(|at| Some((name_of(at)?, at))));
    let is_defined: HashSet<&str> = fragments.iter().filter_map(|at| name_of(*at).flatten()).collect();
    let mut users: HashMap<&str, Vec<usize>> = HashMap::new();
    let mut waits_for: Vec<HashMap<&str, usize>> = definitions.iter().map(|_| HashMap::new()).collect();
    for (user, visited) in definitions.iter().enumerate() {
        for spread in &visited.spreads {
            let count = waits_for[user].entry(spread.name()).or_insert(0);
            *count += 1;
            if *count == 1 {
                users.entry(spread.name()).or_default().push(user);
            }
        }
    }
    let mut found = Dependencies::default();
    let mut touched = vec![false; definitions.len()];
    let mut resolved = HashSet::new();
    let mut independent: Vec<usize> = fragments.into_iter().filter(|at| waits_for[*at].is_empty()).collect();
    while let Some(at) = independent.pop() {
        let Some(name) = name_of(at).filter(|name| resolved.insert(*name)) else { continue };
        let Some(users) = name.and_then(|name| users.get(name)) else {
            found.unused.push(at);
            continue;
        };
        for user in users {
            touched[*user] = true;
            waits_for[*user].remove(name.unwrap_or_default());
            if waits_for[*user].is_empty() && name_of(*user).is_some_and(|user| user != name) {
                independent.push(*user);
            }
        }
    }
    // graphql-ruby takes all operations for one here, so that theirs come together.
    let (mut of_operations, mut of_fragments, mut before_operations) = (Vec::new(), Vec::new(), 0);
    for (at, visited) in definitions.iter().enumerate() {
        let mut waits: Vec<&Spread> = visited.spreads.iter().filter(|spread| waits_for[at].contains_key(spread.name())).collect();
        let undefined = take_undefined(&mut waits, touched[at], &is_defined);
        match name_of(at) {
            Some(_) => of_fragments.extend(undefined),
            None => {
                if of_operations.is_empty() {
                    before_operations = of_fragments.len();
                }
                of_operations.extend(undefined);
            }
        }
        if !waits.is_empty() {
            found.endless.push(at);
        }
    }
    of_fragments.splice(before_operations..before_operations, of_operations);
    found.undefined = of_fragments;
    found
}

/// Those of one definition that spread what isn't defined. Once anything else has been resolved there, graphql-ruby removes
/// them from the list that it goes through, and so overlooks every second one.
fn take_undefined<'v, 'd>(waits: &mut Vec<&'v Spread<'d>>, touched: bool, is_defined: &HashSet<&str>) -> Vec<&'v Spread<'d>> {
    if !touched {
        let (kept, undefined) = waits.iter().partition(|spread| is_defined.contains(spread.name()));
        *waits = kept;
        return undefined;
    }
    let mut undefined = Vec::new();
    let mut at = 0;
    while let Some(spread) = waits.get(at).copied() {
        if !is_defined.contains(spread.name()) && undefined.len() < MAX_ERRORS {
            undefined.push(spread);
            let is_same =
                |other: &&Spread| other.name() == spread.name() && other.node.node.directives.len() == spread.node.node.directives.len();
            waits.retain(|other| !is_same(other));
        }
        at += 1;
    }
    undefined
}

/// In the order of the first of each name.
fn by_name<'d>(fragments: impl Iterator<Item = (Option<&'d str>, usize)>) -> Vec<usize> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut index = HashMap::new();
    for (name, at) in fragments {
        let group = *index.entry(name).or_insert(groups.len());
        if group == groups.len() {
            groups.push(Vec::new());
        }
        groups[group].push(at);
    }
    groups.concat()
}

/// A fragment on a union is never refused, as graphql-ruby only looks at types with fields.
fn is_impossible(ty: &'static TypeDef, parent: &'static TypeDef) -> bool {
    ty.kind == TypeKind::Object && ty.id != parent.id && !parent.members().contains(&ty.id)
}

fn cannot_spread(name: Option<&str>, ty: &TypeDef, parent: &TypeDef, pos: Pos, path: Vec<PathSegment>) -> GraphqlError {
    // graphql-ruby's own slip: the space that the message needs is also in the extension.
    let name = name.map(|name| format!(" {name}"));
    let (ty, parent) = (ty.name(), parent.name());
    GraphqlError::new(format!("Fragment{} on {ty} can't be spread inside {parent}", name.as_deref().unwrap_or_default()))
        .at(pos)
        .under(path)
        .code("cannotSpreadFragment")
        .with("typeName", ty)
        .with("fragmentName", name.as_deref().unwrap_or("unknown"))
        .with("parentName", parent)
}

fn not_both(name: Option<&str>, trouble: &str, pos: Pos) -> GraphqlError {
    let error = GraphqlError::new(format!("Fragment {} {trouble}", name.unwrap_or_default())).at(pos);
    error.code("useAndDefineFragment").with("fragmentName", name)
}

#[cfg(test)]
mod tests {
    use super::super::refusals;
    use insta::assert_snapshot;

    #[test]
    fn fragments_are_used_and_defined() {
        assert_snapshot!(refusals("query Q { user { id ...Missing } } fragment Unused on User { id }"), @r#"
        {"message":"Fragment Missing was used, but not defined","locations":[{"line":1,"column":21}],"path":["query Q","user","... Missing"],"extensions":{"code":"useAndDefineFragment","fragmentName":"Missing"}}
        {"message":"Fragment Unused was defined, but not used","locations":[{"line":1,"column":36}],"path":["fragment Unused"],"extensions":{"code":"useAndDefineFragment","fragmentName":"Unused"}}
        "#);
    }

    #[test]
    fn fragments_have_a_name_of_their_own() {
        assert_snapshot!(refusals("{ user { ...F } } fragment F on User { id } fragment on User { id } fragment F on User { id }"), @r#"
        {"message":"Fragment definition has no name","locations":[{"line":1,"column":45}],"path":["fragment "],"extensions":{"code":"anonymousFragment"}}
        {"message":"Fragment  was defined, but not used","locations":[{"line":1,"column":45}],"path":["fragment "],"extensions":{"code":"useAndDefineFragment","fragmentName":null}}
        {"message":"Fragment name \"F\" must be unique","locations":[{"line":1,"column":19},{"line":1,"column":69}],"path":[],"extensions":{"code":"fragmentNotUnique","fragmentName":"F"}}
        "#);
    }

    #[test]
    fn fragments_end() {
        let text =
            "{ user { ...A } } fragment A on User { ...B } fragment B on User { dietitian { ...C } } fragment C on User { ...B id ...D }";
        assert_snapshot!(refusals(&format!("{text} fragment D on User {{ id }}")), @r#"
        {"message":"Fragment A contains an infinite loop","locations":[{"line":1,"column":19}],"path":["fragment A"],"extensions":{"code":"infiniteLoop","fragmentName":"A"}}
        {"message":"Fragment B contains an infinite loop","locations":[{"line":1,"column":47}],"path":["fragment B"],"extensions":{"code":"infiniteLoop","fragmentName":"B"}}
        {"message":"Fragment C contains an infinite loop","locations":[{"line":1,"column":89}],"path":["fragment C"],"extensions":{"code":"infiniteLoop","fragmentName":"C"}}
        "#);
    }

    #[test]
    fn fragments_are_on_types_with_fields() {
        assert_snapshot!(refusals("{ user { ... on Nope { x } ...F ... on createClientInput { x } } } fragment F on ID { x }"), @r#"
        {"message":"No such type Nope, so it can't be a fragment condition","locations":[{"line":1,"column":10}],"path":["query","user","... on Nope"],"extensions":{"code":"undefinedType","typeName":"Nope"}}
        {"message":"Invalid fragment on type createClientInput (must be Union, Interface or Object)","locations":[{"line":1,"column":33}],"path":["query","user","... on createClientInput"],"extensions":{"code":"fragmentOnNonCompositeType","typeName":"createClientInput"}}
        {"message":"Invalid fragment on type ID (must be Union, Interface or Object)","locations":[{"line":1,"column":68}],"path":["fragment F"],"extensions":{"code":"fragmentOnNonCompositeType","typeName":"ID"}}
        "#);
        assert_snapshot!(refusals("{ user { id ...F } } fragment F on Nope { x }"), @r#"{"message":"No such type Nope, so it can't be a fragment condition","locations":[{"line":1,"column":22}],"path":["fragment F"],"extensions":{"code":"undefinedType","typeName":"Nope"}}"#);
    }

    #[test]
    fn fragments_can_apply() {
        assert_snapshot!(refusals("query Q { user { id ... on Document { id } ...F } } fragment F on Document { id }"), @r#"
        {"message":"Fragment on Document can't be spread inside User","locations":[{"line":1,"column":21}],"path":["query Q","user","... on Document"],"extensions":{"code":"cannotSpreadFragment","typeName":"Document","fragmentName":"unknown","parentName":"User"}}
        {"message":"Fragment F on Document can't be spread inside User","locations":[{"line":1,"column":44}],"path":["query Q","user","... F"],"extensions":{"code":"cannotSpreadFragment","typeName":"Document","fragmentName":" F","parentName":"User"}}
        "#);
        assert_eq!(refusals("{ user { ... on Shareable { __typename } } }"), "");
    }
}
