//! Rules about variables.

use super::{
    Definition, Visited, Walk, described,
    literals::{Reach, fit},
    path::{self, Path},
};
use crate::{
    graphql::{coerce::type_ref, error::GraphqlError, parse::repeated},
    schema::{TypeDef, TypeRef},
};
use async_graphql_parser::{Pos, Positioned, types::*};
use async_graphql_value::Name;
use std::collections::{HashMap, HashSet};

/// A place where a definition mentions a variable.
pub(super) struct Usage<'d> {
    name: &'d str,
    pos: Pos,
    path: Path<'d>,
}

/// What an operation has to do with a variable.
#[derive(Default)]
struct Role<'v, 'd> {
    is_declared: bool,
    /// The last usage that was met, and where.
    used: Option<(Definition<'d>, &'v Usage<'d>)>,
}

/// By name, in the order in which the names were met.
#[derive(Default)]
struct Roles<'v, 'd> {
    index: HashMap<&'d str, usize>,
    in_order: Vec<(&'d str, Role<'v, 'd>)>,
}

impl<'v, 'd> Roles<'v, 'd> {
    fn of(&mut self, name: &'d str) -> &mut Role<'v, 'd> {
        let at = *self.index.entry(name).or_insert(self.in_order.len());
        if at == self.in_order.len() {
            self.in_order.push((name, Role::default()));
        }
        &mut self.in_order[at].1
    }

    fn take_over(&mut self, visited: &'v Visited<'d>) {
        for usage in &visited.variables {
            self.of(usage.name).used = Some((visited.definition, usage));
        }
    }
}

impl<'d> Walk<'d> {
    pub(super) fn variable_names_are_unique(&mut self, definitions: &'d [Positioned<VariableDefinition>]) {
        let names = definitions.iter().map(|definition| (&definition.node.name.node, definition.pos));
        for (name, positions) in repeated(names) {
            let error = GraphqlError::new(format!("There can only be one variable named \"{name}\""));
            self.report(error.at_each(positions).code("variableNotUnique").with("variableName", name.as_str()));
        }
    }

    pub(super) fn variable_has_an_input_type(&mut self, variable: &'d Positioned<VariableDefinition>) {
        let VariableDefinition { name, var_type, .. } = &variable.node;
        let named = named_type(&var_type.node);
        let trouble = match self.schema.named(named) {
            None => "defined",
            Some(def) if !def.is_input() || type_ref(self.schema, &var_type.node).is_none() => "valid",
            Some(_) => return,
        };
        let known = self.schema.types().iter().filter(|ty| ty.is_input()).map(TypeDef::name);
        let suggestion = if trouble == "defined" { self.suggestion(named, known) } else { String::new() };
        let error = GraphqlError::new(format!("{named} isn't a {trouble} input type (on ${name}){suggestion}"));
        let error = error.at(variable.pos).code("variableRequiresValidType");
        self.report(error.with("typeName", named.as_str()).with("variableName", name.node.as_str()));
    }

    pub(super) fn default_value_fits(&mut self, variable: &'d Positioned<VariableDefinition>) {
        let VariableDefinition { name, var_type, default_value, .. } = &variable.node;
        let (Some(default), Some(ty)) = (default_value, type_ref(self.schema, &var_type.node)) else { return };
        let default = default.node.clone().into_value();
        let Err(misfit) = fit(self.schema, ty, &default, Reach::Whole) else { return };
        let message = misfit.said().unwrap_or_else(|| format!("Default value for ${name} doesn't match type {ty}"));
        let error = GraphqlError::new(message).at(variable.pos).code("defaultValueInvalidType");
        self.report(error.with("variableName", name.node.as_str()).with("typeName", ty.to_string()));
    }

    pub(super) fn declare(&mut self, definitions: &'d [Positioned<VariableDefinition>]) {
        self.declared = definitions.iter().map(|definition| (definition.node.name.node.as_str(), &definition.node)).collect();
    }

    pub(super) fn note_variable(&mut self, name: &'d Name, pos: Pos) {
        let Some(definition) = self.definitions.last_mut() else { return };
        definition.variables.push(Usage { name, pos, path: self.path.clone() });
    }

    /// Whether a variable may stand where it does: for an argument of type `ty`, or within as many `lists` in its value.
    pub(super) fn variable_is_allowed(&mut self, name: &Name, lists: usize, ty: TypeRef, (argument, at): (&Name, Pos)) {
        let Some(declared) = self.declared.get(name.as_str()).filter(|_| !self.is_full()) else { return };
        let Some(variable_type) = type_ref(self.schema, &declared.var_type.node) else { return };
        let bound = if declared.default_value.is_some() { variable_type.non_null() } else { variable_type };
        let trouble = if variable_type.base != ty.base {
            "Type mismatch"
        } else if dimension(bound) + lists != dimension(ty) {
            "List dimension mismatch"
        } else if !is_as_non_null(ty, bound, lists) {
            "Nullability mismatch"
        } else {
            return;
        };
        let standing = listed(bound, lists);
        let error = GraphqlError::new(format!("{trouble} on variable ${name} and argument {argument} ({standing} / {ty})"));
        let error = error.at(at).code("variableMismatch").with("variableName", name.as_str());
        let error = error.with("typeName", standing).with("argumentName", argument.as_str());
        self.report(error.with("errorMessage", trouble));
    }

    pub(super) fn variables_are_used_and_defined(&mut self) {
        let definitions = std::mem::take(&mut self.definitions);
        let by_name = first_by_name(&definitions);
        for visited in &definitions {
            if let (Definition::Operation(_), Some(_)) = (visited.definition, &visited.path) {
                let roles = self.roles(visited, &definitions, &by_name);
                self.report_roles(visited, &roles);
            }
        }
        self.definitions = definitions;
    }

    /// What the operation declares, what it uses, and then what its fragments use: in the order in which graphql-ruby follows
    /// them, as the last usage is the one that is reported.
    fn roles<'v>(&mut self, operation: &'v Visited<'d>, definitions: &'v [Visited<'d>], by_name: &HashMap<&str, usize>) -> Roles<'v, 'd> {
        let mut roles = Roles::default();
        if let Definition::Operation(operation) = operation.definition {
            for variable in &operation.definition.variable_definitions {
                roles.of(&variable.node.name.node).is_declared = true;
            }
        }
        roles.take_over(operation);
        let mut seen = HashSet::new();
        let mut ways = vec![spread_names(operation, &seen).into_iter()];
        while let Some(way) = ways.last_mut() {
            let Some(name) = way.next() else {
                ways.pop();
                continue;
            };
            let Some(fragment) = by_name.get(name).map(|at| &definitions[*at]) else { continue };
            if !self.afford(1 + fragment.spreads.len() + fragment.variables.len()) {
                break;
            }
            seen.insert(name);
            roles.take_over(fragment);
            ways.push(spread_names(fragment, &seen).into_iter());
        }
        roles
    }

    fn report_roles(&mut self, operation: &Visited<'d>, roles: &Roles<'_, 'd>) {
        let Definition::Operation(declaring) = operation.definition else { return };
        for (name, _) in roles.in_order.iter().filter(|(_, role)| role.is_declared && role.used.is_none()) {
            let error = GraphqlError::new(format!("Variable ${name} is declared by {} but not used", described(declaring)));
            let error = error.at(declaring.pos).code("variableNotUsed").with("variableName", *name);
            self.report(error.under(path::segments(&operation.path)));
        }
        for (name, role) in roles.in_order.iter().filter(|(_, role)| !role.is_declared) {
            let Some((user, usage)) = role.used else { continue };
            let user = match user {
                Definition::Operation(operation) => described(operation),
                Definition::Fragment(fragment) => fragment.name.as_deref().unwrap_or_default().to_owned(),
            };
            let error = GraphqlError::new(format!("Variable ${name} is used by {user} but not declared")).at(usage.pos);
            self.report(error.code("variableNotDefined").with("variableName", *name).under(path::segments(&usage.path)));
        }
    }
}

/// Where each fragment stands that was looked into; the first one, where several have a name.
fn first_by_name<'d>(definitions: &[Visited<'d>]) -> HashMap<&'d str, usize> {
    let mut by_name = HashMap::new();
    for (at, visited) in definitions.iter().enumerate() {
        if let (Definition::Fragment(fragment), Some(_)) = (visited.definition, &visited.path)
            && let Some(name) = fragment.name.as_deref()
        {
            by_name.entry(name).or_insert(at);
        }
    }
    by_name
}

fn spread_names<'d>(visited: &Visited<'d>, but: &HashSet<&str>) -> Vec<&'d str> {
    visited.spreads.iter().map(|spread| spread.name()).filter(|name| !but.contains(name)).collect()
}

fn named_type(ty: &Type) -> &Name {
    match &ty.base {
        BaseType::Named(name) => name,
        BaseType::List(item) => named_type(item),
    }
}

/// The type of so many lists with a variable in them, as it is written. A list that is written down is never null.
fn listed(ty: TypeRef, lists: usize) -> String {
    format!("{}{ty}{}", "[".repeat(lists), "]!".repeat(lists))
}

fn dimension(ty: TypeRef) -> usize {
    ty.item().map_or(0, |item| 1 + dimension(item))
}

/// Within as many lists that are written down.
fn is_as_non_null(argument: TypeRef, variable: TypeRef, lists: usize) -> bool {
    if lists > 0 {
        return argument.item().is_none_or(|argument| is_as_non_null(argument, variable, lists - 1));
    }
    if argument.is_non_null() && !variable.is_non_null() {
        return false;
    }
    match (argument.item(), variable.item()) {
        (Some(argument), Some(variable)) => is_as_non_null(argument, variable, 0),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::super::refusals;
    use insta::assert_snapshot;

    #[test]
    fn variables_are_used_and_declared() {
        let fragments = "fragment F on Query { ...G } fragment G on Query { b: user(id: $deep) { id } c: user(id: $used) { id } ...F }";
        assert_snapshot!(refusals(&format!("query Q($used: ID, $unused: ID) {{ a: user(id: $missing) {{ id }} ...F }} {fragments}")), @r#"
        {"message":"Variable $unused is declared by Q but not used","locations":[{"line":1,"column":1}],"path":["query Q"],"extensions":{"code":"variableNotUsed","variableName":"unused"}}
        {"message":"Variable $missing is used by Q but not declared","locations":[{"line":1,"column":47}],"path":["query Q","a","id"],"extensions":{"code":"variableNotDefined","variableName":"missing"}}
        {"message":"Variable $deep is used by G but not declared","locations":[{"line":1,"column":134}],"path":["fragment G","b","id"],"extensions":{"code":"variableNotDefined","variableName":"deep"}}
        {"message":"Fragment F contains an infinite loop","locations":[{"line":1,"column":71}],"path":["fragment F"],"extensions":{"code":"infiniteLoop","fragmentName":"F"}}
        {"message":"Fragment G contains an infinite loop","locations":[{"line":1,"column":100}],"path":["fragment G"],"extensions":{"code":"infiniteLoop","fragmentName":"G"}}
        "#);
        assert_snapshot!(refusals("query($unused: ID) { user(id: $missing) { id } }"), @r#"
        {"message":"Variable $unused is declared by anonymous query but not used","locations":[{"line":1,"column":1}],"path":["query"],"extensions":{"code":"variableNotUsed","variableName":"unused"}}
        {"message":"Variable $missing is used by anonymous query but not declared","locations":[{"line":1,"column":31}],"path":["query","user","id"],"extensions":{"code":"variableNotDefined","variableName":"missing"}}
        "#);
    }

    #[test]
    fn variables_in_nested_values_and_directives_count() {
        let text = "mutation($a: String, $b: Boolean!) { createClient(input: {first_name: $a, last_name: $c}) { messages @skip(if: $b) { field } } }";
        assert_snapshot!(refusals(text), @r#"{"message":"Variable $c is used by anonymous mutation but not declared","locations":[{"line":1,"column":86}],"path":["mutation","createClient","input","last_name"],"extensions":{"code":"variableNotDefined","variableName":"c"}}"#);
    }

    #[test]
    fn variable_names_are_unique() {
        assert_snapshot!(refusals("query($a: ID, $b: ID, $a: ID) { user(id: $a, or_null: true) { id } users(ids: [$b]) { id } }"), @r#"
        {"message":"There can only be one variable named \"a\"","locations":[{"line":1,"column":7},{"line":1,"column":23}],"path":["query"],"extensions":{"code":"variableNotUnique","variableName":"a"}}
        {"message":"Field 'user' doesn't accept argument 'or_null'","locations":[{"line":1,"column":46}],"path":["query","user","or_null"],"extensions":{"code":"argumentNotAccepted","name":"user","typeName":"Field","argumentName":"or_null"}}
        "#);
    }

    #[test]
    fn variables_have_an_input_type() {
        assert_snapshot!(refusals("query($a: Nope!, $b: [User], $c: [[[[ID]]]]) { a(a: $a, b: $b, c: $c) }"), @r#"
        {"message":"Nope isn't a defined input type (on $a)","locations":[{"line":1,"column":7}],"path":["query"],"extensions":{"code":"variableRequiresValidType","typeName":"Nope","variableName":"a"}}
        {"message":"User isn't a valid input type (on $b)","locations":[{"line":1,"column":18}],"path":["query"],"extensions":{"code":"variableRequiresValidType","typeName":"User","variableName":"b"}}
        {"message":"ID isn't a valid input type (on $c)","locations":[{"line":1,"column":30}],"path":["query"],"extensions":{"code":"variableRequiresValidType","typeName":"ID","variableName":"c"}}
        {"message":"Field 'a' doesn't exist on type 'Query'","locations":[{"line":1,"column":48}],"path":["query","a"],"extensions":{"code":"undefinedField","typeName":"Query","fieldName":"a"}}
        {"message":"Variable $a is declared by anonymous query but not used","locations":[{"line":1,"column":1}],"path":["query"],"extensions":{"code":"variableNotUsed","variableName":"a"}}
        {"message":"Variable $b is declared by anonymous query but not used","locations":[{"line":1,"column":1}],"path":["query"],"extensions":{"code":"variableNotUsed","variableName":"b"}}
        {"message":"Variable $c is declared by anonymous query but not used","locations":[{"line":1,"column":1}],"path":["query"],"extensions":{"code":"variableNotUsed","variableName":"c"}}
        "#);
    }

    #[test]
    fn default_values_fit() {
        assert_snapshot!(refusals("query($a: Int = \"1\", $b: [ID!]! = [1, null], $c: User = 1) { a(a: $a, b: $b, c: $c) }"), @r#"
        {"message":"Could not coerce value \"1\" to Int","locations":[{"line":1,"column":7}],"path":["query"],"extensions":{"code":"defaultValueInvalidType","variableName":"a","typeName":"Int"}}
        {"message":"Default value for $b doesn't match type [ID!]!","locations":[{"line":1,"column":22}],"path":["query"],"extensions":{"code":"defaultValueInvalidType","variableName":"b","typeName":"[ID!]!"}}
        {"message":"User isn't a valid input type (on $c)","locations":[{"line":1,"column":46}],"path":["query"],"extensions":{"code":"variableRequiresValidType","typeName":"User","variableName":"c"}}
        {"message":"Default value for $c doesn't match type User","locations":[{"line":1,"column":46}],"path":["query"],"extensions":{"code":"defaultValueInvalidType","variableName":"c","typeName":"User"}}
        {"message":"Field 'a' doesn't exist on type 'Query'","locations":[{"line":1,"column":62}],"path":["query","a"],"extensions":{"code":"undefinedField","typeName":"Query","fieldName":"a"}}
        {"message":"Variable $a is declared by anonymous query but not used","locations":[{"line":1,"column":1}],"path":["query"],"extensions":{"code":"variableNotUsed","variableName":"a"}}
        {"message":"Variable $b is declared by anonymous query but not used","locations":[{"line":1,"column":1}],"path":["query"],"extensions":{"code":"variableNotUsed","variableName":"b"}}
        {"message":"Variable $c is declared by anonymous query but not used","locations":[{"line":1,"column":1}],"path":["query"],"extensions":{"code":"variableNotUsed","variableName":"c"}}
        "#);
    }

    #[test]
    fn variables_match_what_they_stand_for() {
        let ask = |ty: &str| refusals(&format!("query Q($v: {ty}) {{ user(id: $v) {{ id }} }}"));
        assert_snapshot!(ask("String"), @r#"{"message":"Type mismatch on variable $v and argument id (String / ID)","locations":[{"line":1,"column":28}],"path":["query Q","user","id"],"extensions":{"code":"variableMismatch","variableName":"v","typeName":"String","argumentName":"id","errorMessage":"Type mismatch"}}"#);
        assert_snapshot!(ask("[ID]"), @r#"{"message":"List dimension mismatch on variable $v and argument id ([ID] / ID)","locations":[{"line":1,"column":26}],"path":["query Q","user","id"],"extensions":{"code":"variableMismatch","variableName":"v","typeName":"[ID]","argumentName":"id","errorMessage":"List dimension mismatch"}}"#);
        assert_eq!(ask("ID!"), "");
        assert_snapshot!(refusals("query($v: Boolean) { user { id @skip(if: $v) } }"), @r#"{"message":"Nullability mismatch on variable $v and argument if (Boolean / Boolean!)","locations":[{"line":1,"column":38}],"path":["query","user","id","if"],"extensions":{"code":"variableMismatch","variableName":"v","typeName":"Boolean","argumentName":"if","errorMessage":"Nullability mismatch"}}"#);
        assert_eq!(refusals("query($v: Boolean = true) { user { id @skip(if: $v) } }"), "");
        assert_snapshot!(refusals("mutation($v: Int) { createClient(input: {first_name: $v}) { user { id } } }"), @r#"{"message":"Type mismatch on variable $v and argument first_name (Int / String)","locations":[{"line":1,"column":42}],"path":["mutation","createClient","input","first_name"],"extensions":{"code":"variableMismatch","variableName":"v","typeName":"Int","argumentName":"first_name","errorMessage":"Type mismatch"}}"#);
        assert_snapshot!(refusals("query($v: [ID]) { users(ids: [$v]) { id } }"), @r#"{"message":"List dimension mismatch on variable $v and argument ids ([[ID]]! / [ID])","locations":[{"line":1,"column":25}],"path":["query","users","ids"],"extensions":{"code":"variableMismatch","variableName":"v","typeName":"[[ID]]!","argumentName":"ids","errorMessage":"List dimension mismatch"}}"#);
        assert_eq!(refusals("query($v: ID) { users(ids: [$v]) { id } }"), "");
    }
}
