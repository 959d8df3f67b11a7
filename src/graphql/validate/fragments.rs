//! Rules about fragments.

use super::{Definition, Visited, Walk};
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
    path: Vec<PathSegment>,
}

impl<'d> Spread<'d> {
    pub(super) fn name(&self) -> &'d str {
        &self.node.node.fragment_name.node
    }
}

/// Where each fragment stands; the last one, where several have a name.
pub(super) fn by_name<'d>(definitions: &[Visited<'d>]) -> HashMap<&'d str, usize> {
    let name = |visited: &Visited<'d>| match visited.definition {
        Definition::Fragment(fragment) => fragment.name.as_deref(),
        Definition::Operation(_) => None,
    };
    definitions.iter().enumerate().filter_map(|(at, visited)| Some((name(visited)?, at))).collect()
}

impl<'d> Walk<'d> {
    pub(super) fn note_spread(&mut self, node: &'d Positioned<FragmentSpread>, parent: Option<&'static TypeDef>) {
        let path = self.path();
        let Some(definition) = self.definitions.last_mut() else { return };
        definition.spreads.push(Spread { node, parent, path });
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
            None => (format!("No such type {name}, so it can't be a fragment condition"), "undefinedType"),
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
            let fragment = self.document.fragment(spread.name());
            let ty = fragment.and_then(|fragment| self.schema.named(&fragment.definition.type_condition.node.on.node));
            if let (Some(ty), Some(parent)) = (ty, spread.parent)
                && is_impossible(ty, parent)
            {
                self.report(cannot_spread(Some(spread.name()), ty, parent, spread.node.pos, spread.path.clone()));
            }
        }
        self.definitions = definitions;
    }

    pub(super) fn fragments_are_used_and_defined(&mut self) {
        let definitions = std::mem::take(&mut self.definitions);
        let mut used = HashSet::new();
        for spread in definitions.iter().flat_map(|visited| &visited.spreads) {
            used.insert(spread.name());
            if self.document.fragment(spread.name()).is_none() {
                self.report(not_both(spread.name(), "was used, but not defined", spread.node.pos).under(spread.path.clone()));
            }
        }
        self.definitions = definitions;
        for fragment in &self.document.fragments {
            if let Some(name) = fragment.name.as_deref()
                && !used.contains(name)
            {
                self.report(not_both(name, "was defined, but not used", fragment.pos).under(fragment_path(name)));
            }
        }
    }

    /// As in graphql-ruby, a fragment that leads into a loop counts as containing it.
    pub(super) fn fragments_are_finite(&mut self) {
        let names: HashMap<&str, usize> = by_name(&self.definitions);
        let mut users: HashMap<usize, Vec<usize>> = HashMap::new();
        let mut waits_for = vec![0_usize; self.definitions.len()];
        for (user, visited) in self.definitions.iter().enumerate() {
            let spread: HashSet<usize> = visited.spreads.iter().filter_map(|spread| names.get(spread.name()).copied()).collect();
            waits_for[user] = spread.len();
            for used in spread {
                users.entry(used).or_default().push(user);
            }
        }
        let mut finite: Vec<usize> = (0..waits_for.len()).filter(|at| waits_for[*at] == 0).collect();
        while let Some(at) = finite.pop() {
            for user in users.remove(&at).unwrap_or_default() {
                waits_for[user] -= 1;
                if waits_for[user] == 0 {
                    finite.push(user);
                }
            }
        }
        let endless = self.definitions.iter().zip(waits_for).filter(|(_, waits_for)| *waits_for > 0);
        let endless: Vec<_> = endless.map(|(visited, _)| visited.definition).collect();
        for definition in endless {
            let Definition::Fragment(Fragment { name: Some(name), pos, .. }) = definition else { continue };
            let error = GraphqlError::new(format!("Fragment {name} contains an infinite loop")).at(*pos);
            self.report(error.code("infiniteLoop").with("fragmentName", name.as_str()).under(fragment_path(name)));
        }
    }

    pub(super) fn fragment_names_are_unique(&mut self) {
        let mut by_name: HashMap<&str, Vec<Pos>> = HashMap::new();
        let names = self.document.fragments.iter().filter_map(|fragment| Some((fragment.name.as_deref()?, fragment.pos)));
        for (name, pos) in names.clone() {
            by_name.entry(name).or_default().push(pos);
        }
        for (name, _) in names {
            let positions = by_name.remove(name).unwrap_or_default();
            if positions.len() > 1 {
                let error = GraphqlError::new(format!("Fragment name \"{name}\" must be unique")).at_each(positions);
                self.report(error.code("fragmentNotUnique").with("fragmentName", name));
            }
        }
    }
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

fn not_both(name: &str, trouble: &str, pos: Pos) -> GraphqlError {
    GraphqlError::new(format!("Fragment {name} {trouble}")).at(pos).code("useAndDefineFragment").with("fragmentName", name)
}

fn fragment_path(name: &str) -> Vec<PathSegment> {
    vec![format!("fragment {name}").as_str().into()]
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
