//! Rules about arguments, of fields and directives alike, and about the input objects in them.

use super::{
    Walk,
    directives::DirectiveDef,
    fields::{Known, required},
    literals::{Reach, fit},
    path::{Label, segments},
};
use crate::{
    graphql::{
        error::{GraphqlError, PathSegment},
        parse::{Written, printed, repeated},
    },
    schema::{InputDef, Schema, TypeDef, TypeId, TypeKind, TypeRef},
};
use async_graphql_parser::{Pos, Positioned};
use async_graphql_value::{Name, Value};

type Arguments = [(Positioned<Name>, Positioned<Value>)];

/// What takes arguments.
#[derive(Clone, Copy)]
pub(super) enum Owner {
    Field(Known),
    Directive(&'static DirectiveDef),
    Input(&'static TypeDef),
}

impl Owner {
    fn kind(self) -> &'static str {
        match self {
            Self::Field(_) => "Field",
            Self::Directive(_) => "Directive",
            Self::Input(_) => "InputObject",
        }
    }

    fn argument(self, schema: Schema, name: &str) -> Option<TypeRef> {
        match self {
            Self::Field(Known::Published(field)) => field.arg(schema.version(), name).map(|arg| arg.ty),
            Self::Field(Known::Type) if name == "name" => required("String"),
            Self::Field(_) => None,
            Self::Directive(directive) => match (directive.name, name) {
                ("include" | "skip", "if") => required("Boolean"),
                ("deprecated", "reason") => TypeId::named("String").map(TypeRef::named),
                ("specifiedBy", "url") => required("String"),
                _ => None,
            },
            Self::Input(def) => def.input(name).map(|input| input.ty),
        }
    }

    fn arguments(self, schema: Schema) -> Vec<&'static str> {
        match self {
            Self::Field(Known::Published(field)) => field.args(schema.version()).iter().map(InputDef::name).collect(),
            Self::Field(Known::Type) => vec!["name"],
            Self::Field(_) => Vec::new(),
            Self::Directive(directive) => directive.argument.into_iter().collect(),
            Self::Input(def) => def.inputs().iter().map(InputDef::name).collect(),
        }
    }

    fn required(self, schema: Schema) -> Vec<&'static str> {
        let names = |inputs: &'static [InputDef]| inputs.iter().filter(|input| input.is_required()).map(InputDef::name).collect();
        match self {
            Self::Field(Known::Published(field)) => names(field.args(schema.version())),
            Self::Field(Known::Type) => vec!["name"],
            Self::Field(_) => Vec::new(),
            Self::Directive(directive) => directive.argument.into_iter().filter(|name| *name != "reason").collect(),
            Self::Input(def) => names(def.inputs()),
        }
    }
}

/// Which argument is looked at: its owner, how errors name that, and where it stands.
#[derive(Clone, Copy)]
struct Place<'d> {
    owner: Owner,
    name: &'d str,
    pos: Pos,
}

/// A value as it is given: looked into, if the document says where its parts stand.
#[derive(Clone, Copy)]
enum Argument<'d> {
    Whole(&'d Positioned<Value>),
    Part(&'d Written),
}

impl<'d> Walk<'d> {
    pub(super) fn arguments(&mut self, owner: Owner, name: &'d str, arguments: &'d Arguments, pos: Pos) {
        for (argument, value) in arguments {
            if self.is_full() {
                return;
            }
            let value = self.document.written(value.pos).map_or(Argument::Whole(value), Argument::Part);
            self.argument(Place { owner, name, pos }, &argument.node, argument.pos, value);
        }
    }

    /// Also for a field of an input object, which is an argument like any other.
    fn argument(&mut self, place: Place<'d>, name: &'d Name, at: Pos, value: Argument<'d>) {
        self.within(Label::Key(name), |walk| {
            let Some(ty) = walk.argument_is_defined(place, name, at) else { return };
            match value {
                Argument::Whole(Positioned { pos, node: Value::Variable(variable) }) => {
                    walk.variable_is_allowed(variable, 0, ty, (name, at));
                    walk.note_variable(variable, *pos);
                }
                Argument::Whole(value) => walk.argument_fits(place, name, ty, &value.node, || printed(&value.node).to_string()),
                Argument::Part(written) => {
                    let lists = depth(written);
                    for variable in direct_variables(written) {
                        walk.variable_is_allowed(variable, lists, ty, (name, at));
                    }
                    walk.parts(Some(ty), written, written);
                    if !matches!(written, Written::Variable(..)) {
                        walk.argument_fits(place, name, ty, &written.value(), || written.to_string());
                    }
                }
            }
        });
    }

    /// What stands in a value. `ty` is None within what a scalar holds, which isn't checked but may mention variables.
    fn parts(&mut self, ty: Option<TypeRef>, whole: &'d Written, part: &'d Written) {
        if self.is_full() {
            return;
        }
        match part {
            Written::Plain(_) => {}
            Written::Variable(pos, name) => self.note_variable(name, *pos),
            Written::List(items) => items.iter().for_each(|item| self.parts(ty, whole, item)),
            Written::Object(pos, fields) if ty.is_some_and(TypeRef::is_list) => {
                self.within(Label::Item { list: whole, part }, |walk| walk.object(ty, *pos, fields));
            }
            Written::Object(pos, fields) => self.object(ty, *pos, fields),
        }
    }

    fn object(&mut self, ty: Option<TypeRef>, pos: Pos, fields: &'d [(Positioned<Name>, Written)]) {
        let def = ty.map(|ty| self.schema.of(ty)).filter(|def| def.kind == TypeKind::Input);
        if let Some(def) = def {
            self.required_input_fields_are_present(def, fields, pos);
        }
        self.input_fields_are_unique(fields);
        for (name, value) in fields {
            if self.is_full() {
                return;
            }
            match def {
                Some(def) => {
                    let place = Place { owner: Owner::Input(def), name: def.name(), pos };
                    self.argument(place, &name.node, name.pos, Argument::Part(value));
                }
                None => self.within(Label::Key(&name.node), |walk| walk.parts(None, value, value)),
            }
        }
    }

    fn argument_is_defined(&mut self, place: Place, name: &str, at: Pos) -> Option<TypeRef> {
        let ty = place.owner.argument(self.schema, name);
        if ty.is_none() {
            let kind = place.owner.kind();
            let suggestion = self.suggestion(name, place.owner.arguments(self.schema).into_iter());
            let error = GraphqlError::new(format!("{kind} '{}' doesn't accept argument '{name}'{suggestion}", place.name)).at(at);
            let error = error.code("argumentNotAccepted").with("name", place.name);
            self.report(error.with("typeName", kind).with("argumentName", name));
        }
        ty
    }

    /// Says nothing where something within the value was already refused.
    fn argument_fits(&mut self, place: Place, name: &str, ty: TypeRef, value: &Value, shown: impl FnOnce() -> String) {
        if self.is_full() || fit(self.schema, ty, value, Reach::Surface).is_ok() || self.has_error_below() {
            return;
        }
        let kind = place.owner.kind();
        // Ruby's Infinity isn't shown.
        let is_infinite = matches!(value, Value::Number(number) if number.as_f64() == Some(f64::MAX));
        let shown = if is_infinite { String::new() } else { format!(" ({})", shown()) };
        let message = format!("Argument '{name}' on {kind} '{}' has an invalid value{shown}. Expected type '{ty}'.", place.name);
        let error = GraphqlError::new(message).at(place.pos).code("argumentLiteralsIncompatible");
        self.report(error.with("typeName", kind).with("argumentName", name));
    }

    fn has_error_below(&self) -> bool {
        let here = segments(&self.path);
        let is_here = |path: &[PathSegment]| path.starts_with(&here);
        self.errors.iter().filter_map(|error| error.path.as_deref()).any(is_here)
    }

    pub(super) fn required_arguments_are_present(&mut self, owner: Owner, name: &str, arguments: &Arguments, pos: Pos) {
        let is_missing = |required: &&str| !arguments.iter().any(|(name, _)| name.node == **required);
        let missing: Vec<_> = owner.required(self.schema).into_iter().filter(is_missing).collect();
        if missing.is_empty() {
            return;
        }
        let (kind, missing) = (owner.kind(), missing.join(", "));
        let error = GraphqlError::new(format!("{kind} '{name}' is missing required arguments: {missing}")).at(pos);
        let error = error.code("missingRequiredArguments").with("className", kind);
        self.report(error.with("name", name).with("arguments", missing));
    }

    fn required_input_fields_are_present(&mut self, def: &'static TypeDef, given: &[(Positioned<Name>, Written)], pos: Pos) {
        for input in def.inputs().iter().filter(|input| input.is_required()) {
            let (name, owner) = (input.name(), def.name());
            if given.iter().any(|(given, _)| given.node == name) {
                continue;
            }
            let mut path = self.path();
            path.push(name.into());
            let message = format!("Argument '{name}' on InputObject '{owner}' is required. Expected type {}", input.ty);
            let error = GraphqlError::new(message).at(pos).code("missingRequiredInputObjectAttribute");
            let error = error.with("argumentName", name).with("argumentType", input.ty.to_string());
            self.report(error.with("inputObjectType", owner).under(path));
        }
    }

    pub(super) fn argument_names_are_unique(&mut self, arguments: &'d Arguments) {
        for (name, positions) in repeated(arguments.iter().map(|(name, _)| (&name.node, name.pos))) {
            let error = GraphqlError::new(format!("There can be only one argument named \"{name}\"")).at_each(positions);
            self.report(error.code("argumentNotUnique").with("name", name.as_str()));
        }
    }

    fn input_fields_are_unique(&mut self, fields: &[(Positioned<Name>, Written)]) {
        for (name, positions) in repeated(fields.iter().map(|(name, _)| (&name.node, name.pos))) {
            let error = GraphqlError::new(format!("There can be only one input field named \"{name}\"")).at_each(positions);
            self.report(error.code("inputFieldNotUnique").with("name", name.as_str()));
        }
    }
}

/// How many lists are in each other.
fn depth(value: &Written) -> usize {
    match value {
        Written::List(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

/// The variable that a value is, or those that are items of the list that it is.
fn direct_variables(value: &Written) -> impl Iterator<Item = &Name> {
    let items = match value {
        Written::List(items) => items.as_slice(),
        _ => std::slice::from_ref(value),
    };
    items.iter().filter_map(|item| match item {
        Written::Variable(_, name) => Some(name),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::refusals;
    use insta::assert_snapshot;

    #[test]
    fn arguments_are_defined() {
        assert_snapshot!(refusals("{ me: user(id: 1, nope: {a: $b}) { id(x: 1) } __typename(a: 1) __type(nope: 1, name: \"a\") { name } }"), @r#"
        {"message":"Field 'me' doesn't accept argument 'nope'","locations":[{"line":1,"column":19}],"path":["query","me","nope"],"extensions":{"code":"argumentNotAccepted","name":"me","typeName":"Field","argumentName":"nope"}}
        {"message":"Field 'id' doesn't accept argument 'x'","locations":[{"line":1,"column":39}],"path":["query","me","id","x"],"extensions":{"code":"argumentNotAccepted","name":"id","typeName":"Field","argumentName":"x"}}
        {"message":"Field '__typename' doesn't accept argument 'a'","locations":[{"line":1,"column":58}],"path":["query","__typename","a"],"extensions":{"code":"argumentNotAccepted","name":"__typename","typeName":"Field","argumentName":"a"}}
        {"message":"Field '__type' doesn't accept argument 'nope'","locations":[{"line":1,"column":71}],"path":["query","__type","nope"],"extensions":{"code":"argumentNotAccepted","name":"__type","typeName":"Field","argumentName":"nope"}}
        "#);
        assert_snapshot!(refusals("mutation {\n  createClient(input: {first_name: \"a\",\n    nope: [1]}) { user { id } }\n}"), @r#"{"message":"InputObject 'createClientInput' doesn't accept argument 'nope'","locations":[{"line":3,"column":5}],"path":["mutation","createClient","input","nope"],"extensions":{"code":"argumentNotAccepted","name":"createClientInput","typeName":"InputObject","argumentName":"nope"}}"#);
    }

    #[test]
    fn literals_fit() {
        assert_snapshot!(refusals("{ me: user(id: 1.5) { id } users(offset: \"2\", order_by: \"LAST_NAME_ASC\", ids: [1, [2]]) { id } }"), @r#"
        {"message":"Argument 'id' on Field 'me' has an invalid value (1.5). Expected type 'ID'.","locations":[{"line":1,"column":3}],"path":["query","me","id"],"extensions":{"code":"argumentLiteralsIncompatible","typeName":"Field","argumentName":"id"}}
        {"message":"Argument 'offset' on Field 'users' has an invalid value (\"2\"). Expected type 'Int'.","locations":[{"line":1,"column":28}],"path":["query","users","offset"],"extensions":{"code":"argumentLiteralsIncompatible","typeName":"Field","argumentName":"offset"}}
        {"message":"Argument 'order_by' on Field 'users' has an invalid value (\"LAST_NAME_ASC\"). Expected type 'UserOrderKeys'.","locations":[{"line":1,"column":28}],"path":["query","users","order_by"],"extensions":{"code":"argumentLiteralsIncompatible","typeName":"Field","argumentName":"order_by"}}
        {"message":"Argument 'ids' on Field 'users' has an invalid value ([1, [2]]). Expected type '[ID]'.","locations":[{"line":1,"column":28}],"path":["query","users","ids"],"extensions":{"code":"argumentLiteralsIncompatible","typeName":"Field","argumentName":"ids"}}
        "#);
        assert_snapshot!(refusals("mutation { createClient(input: {first_name: {a: B, c: \"d\"}, dietitian_id: null}) { user { id } } }"), @r#"{"message":"Argument 'first_name' on InputObject 'createClientInput' has an invalid value ({a: B, c: \"d\"}). Expected type 'String'.","locations":[{"line":1,"column":32}],"path":["mutation","createClient","input","first_name"],"extensions":{"code":"argumentLiteralsIncompatible","typeName":"InputObject","argumentName":"first_name"}}"#);
        assert_snapshot!(refusals("mutation { createClient(input: 1) { user { id } } }"), @r#"{"message":"Argument 'input' on Field 'createClient' has an invalid value (1). Expected type 'createClientInput'.","locations":[{"line":1,"column":12}],"path":["mutation","createClient","input"],"extensions":{"code":"argumentLiteralsIncompatible","typeName":"Field","argumentName":"input"}}"#);
    }

    #[test]
    fn required_arguments_are_present() {
        assert_snapshot!(refusals("{ __type { name } }"), @r#"{"message":"Field '__type' is missing required arguments: name","locations":[{"line":1,"column":3}],"path":["query","__type"],"extensions":{"code":"missingRequiredArguments","className":"Field","name":"__type","arguments":"name"}}"#);
    }

    #[test]
    fn required_input_fields_are_present() {
        assert_snapshot!(refusals("mutation { createAutomation(input: {name: \"a\", steps: [{name: \"b\"}]}) { messages { field } } }"), @r#"
        {"message":"Argument 'step_identifier' on InputObject 'StepInput' is required. Expected type String!","locations":[{"line":1,"column":56}],"path":["mutation","createAutomation","input","steps",0,"step_identifier"],"extensions":{"code":"missingRequiredInputObjectAttribute","argumentName":"step_identifier","argumentType":"String!","inputObjectType":"StepInput"}}
        {"message":"Argument 'step_type' on InputObject 'StepInput' is required. Expected type AutomationStepType!","locations":[{"line":1,"column":56}],"path":["mutation","createAutomation","input","steps",0,"step_type"],"extensions":{"code":"missingRequiredInputObjectAttribute","argumentName":"step_type","argumentType":"AutomationStepType!","inputObjectType":"StepInput"}}
        "#);
    }

    #[test]
    fn arguments_and_input_fields_are_unique() {
        assert_snapshot!(refusals("{ user(id: 1, or_id: 3, id: 2) { id } }"), @r#"
        {"message":"There can be only one argument named \"id\"","locations":[{"line":1,"column":8},{"line":1,"column":25}],"path":["query","user"],"extensions":{"code":"argumentNotUnique","name":"id"}}
        {"message":"Field 'user' doesn't accept argument 'or_id'","locations":[{"line":1,"column":15}],"path":["query","user","or_id"],"extensions":{"code":"argumentNotAccepted","name":"user","typeName":"Field","argumentName":"or_id"}}
        "#);
        assert_snapshot!(refusals("mutation { createClient(input: {first_name: \"a\", first_name: \"b\"}) { user { id } } }"), @r#"{"message":"There can be only one input field named \"first_name\"","locations":[{"line":1,"column":33},{"line":1,"column":50}],"path":["mutation","createClient","input"],"extensions":{"code":"inputFieldNotUnique","name":"first_name"}}"#);
    }
}
