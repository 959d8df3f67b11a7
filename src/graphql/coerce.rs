//! What a caller sent, as values of the schema's types: variables and literals by the same rules, whether to check or to use.

mod given;
mod iso;

use super::{
    error::{GraphqlError, PathSegment},
    parse::parse_value,
};
use crate::{
    schema::{InputDef, Schema, TypeDef, TypeId, TypeKind, TypeRef},
    state::{File, Value},
};
use async_graphql_parser::{Positioned, types::*};
use async_graphql_value::Value as Literal;
use given::{Given, View, json, shown};
use serde_json::{Map, Value as Json, json};
use std::{collections::HashMap, sync::Arc};

/// How the variables name a file that came along: this, and which one it is. Nothing else can be an `Upload`.
pub const UPLOADED: &str = "upload://";
/// A caller is told no more than this of one variable.
const MAX_PROBLEMS: usize = 100;

/// The variables of one request, as their declared types say, with defaults.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Variables(HashMap<String, Value>);

impl Variables {
    /// None where the caller gave none and there is no default, which is not the same as null.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }
}

/// Why a value isn't one of its type.
#[derive(Clone, Debug, PartialEq)]
pub struct Uncoercible {
    pub problems: Vec<Problem>,
}

/// What is wrong with the part of a value at `path`.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    pub path: Vec<PathSegment>,
    pub explanation: String,
}

/// What the operation's variables hold. Values that it doesn't declare are ignored.
pub fn variables(
    schema: Schema,
    operation: &OperationDefinition,
    given: &Map<String, Json>,
    files: &[Arc<File>],
) -> Result<Variables, Vec<GraphqlError>> {
    let mut variables = Variables::default();
    let mut errors = Vec::new();
    for definition in &operation.variable_definitions {
        let name = definition.node.name.node.as_str();
        match variable(schema, &definition.node, given.get(name), files) {
            Ok(Some(value)) => _ = variables.0.insert(name.to_owned(), value),
            Ok(None) => {}
            Err(uncoercible) => errors.push(invalid_value(definition, given.get(name), &uncoercible)),
        }
    }
    if errors.is_empty() { Ok(variables) } else { Err(errors) }
}

/// What an argument's value is. None where that is a variable which the caller left out.
pub fn literal(schema: Schema, ty: TypeRef, value: &Literal, variables: &Variables) -> Result<Option<Value>, Uncoercible> {
    Coercion { variables: Some(variables), ..Coercion::new(schema) }.finish(ty, value)
}

/// What the schema says an argument is that isn't given. None where it says nothing.
pub fn default(schema: Schema, input: &InputDef) -> Option<Value> {
    let value = parse_value(input.default()?)?;
    literal(schema, input.ty, &value, &Variables::default()).ok().flatten()
}

/// Whether a value of the document can be one of `ty`. Variables count as fitting.
pub(super) fn fits(schema: Schema, ty: TypeRef, value: &Literal) -> bool {
    Coercion { explains: false, ..Coercion::new(schema) }.finish(ty, value).is_ok()
}

pub(super) fn mentions_a_variable(value: &Literal) -> bool {
    match value {
        Literal::Variable(_) => true,
        Literal::List(items) => items.iter().any(mentions_a_variable),
        Literal::Object(fields) => fields.values().any(mentions_a_variable),
        _ => false,
    }
}

/// The type that a variable declares, if the schema publishes it.
pub(super) fn type_ref(schema: Schema, ty: &Type) -> Option<TypeRef> {
    type_ref_within(MAX_LISTS, schema, ty)
}

/// A [`TypeRef`] has room for three lists with all their exclamation marks; the schema never nests more than two.
const MAX_LISTS: usize = 3;

fn type_ref_within(lists: usize, schema: Schema, ty: &Type) -> Option<TypeRef> {
    let nullable = match &ty.base {
        BaseType::Named(name) => {
            let id = TypeId::named(name)?;
            schema.get(id)?;
            TypeRef::named(id)
        }
        BaseType::List(item) => type_ref_within(lists.checked_sub(1)?, schema, item)?.list_of(),
    };
    Some(if ty.nullable { nullable } else { nullable.non_null() })
}

fn variable(
    schema: Schema,
    definition: &VariableDefinition,
    given: Option<&Json>,
    files: &[Arc<File>],
) -> Result<Option<Value>, Uncoercible> {
    let Some(ty) = type_ref(schema, &definition.var_type.node) else { return Ok(None) };
    let none = Variables::default();
    let coercion = Coercion { variables: Some(&none), files, ..Coercion::new(schema) };
    match (given, &definition.default_value) {
        (Some(given), _) => coercion.finish(ty, given),
        (None, Some(default)) => coercion.finish(ty, &default.node.clone().into_value()),
        (None, None) if ty.is_non_null() => coercion.finish(ty, &Json::Null),
        (None, None) => Ok(None),
    }
}

fn invalid_value(definition: &Positioned<VariableDefinition>, given: Option<&Json>, uncoercible: &Uncoercible) -> GraphqlError {
    let VariableDefinition { name, var_type, .. } = &definition.node;
    let mut message = format!("Variable ${name} of type {var_type} was provided invalid value");
    let nested: Vec<String> = uncoercible.problems.iter().filter(|problem| !problem.path.is_empty()).map(Problem::described).collect();
    if !nested.is_empty() {
        message = format!("{message} for {}", nested.join(", "));
    }
    let problems: Vec<Json> = uncoercible.problems.iter().map(Problem::to_json).collect();
    GraphqlError::new(message).at(definition.pos).with("value", given.cloned().unwrap_or_default()).with("problems", problems)
}

impl Problem {
    /// `path.to.field (explanation)`
    fn described(&self) -> String {
        let steps: Vec<String> = self.path.iter().map(ToString::to_string).collect();
        format!("{} ({})", steps.join("."), self.explanation)
    }

    fn to_json(&self) -> Json {
        let path: Vec<Json> = self.path.iter().map(PathSegment::to_json).collect();
        json!({ "path": path, "explanation": self.explanation })
    }
}

/// One value on its way to its type.
struct Coercion<'g> {
    schema: Schema,
    /// None to check a document before its variables are known.
    variables: Option<&'g Variables>,
    /// What came along with the request.
    files: &'g [Arc<File>],
    path: Vec<Step<'g>>,
    problems: Vec<Problem>,
    /// Somebody reads what is said of the problems.
    explains: bool,
}

/// A [`PathSegment`] that costs nothing while all is well.
#[derive(Clone, Copy)]
enum Step<'g> {
    Key(&'g str),
    Index(usize),
}

impl<'g> Coercion<'g> {
    fn new(schema: Schema) -> Self {
        Self { schema, variables: None, files: &[], path: Vec::new(), problems: Vec::new(), explains: true }
    }

    fn finish<G: Given>(mut self, ty: TypeRef, given: &'g G) -> Result<Option<Value>, Uncoercible> {
        let value = self.value(ty, given);
        if self.problems.is_empty() { Ok(value) } else { Err(Uncoercible { problems: self.problems }) }
    }

    fn value<G: Given>(&mut self, ty: TypeRef, given: &'g G) -> Option<Value> {
        let view = given.view();
        match view {
            View::Variable(name) => return self.variable(ty, name),
            View::Null => return Some(self.null(ty)),
            _ => {}
        }
        if let Some(item) = ty.item() {
            return Some(self.list(item, given, &view));
        }
        let def = self.schema.of(ty);
        let value = match def.kind {
            TypeKind::Input => self.object(def, given, view),
            TypeKind::Enum => self.choice::<G>(def, given, &view),
            _ => self.scalar(def, given, &view),
        };
        Some(value)
    }

    fn variable(&mut self, ty: TypeRef, name: &str) -> Option<Value> {
        let Some(variables) = self.variables else { return Some(Value::Null) };
        match variables.get(name)? {
            Value::Null => Some(self.null(ty)),
            value => Some(value.clone()),
        }
    }

    fn null(&mut self, ty: TypeRef) -> Value {
        if ty.is_non_null() {
            self.problem(|| "Expected value to not be null".to_owned());
        }
        Value::Null
    }

    /// One value stands for a list of one.
    fn list<G: Given>(&mut self, item: TypeRef, given: &'g G, view: &View<'g, G>) -> Value {
        let items: &'g [G] = match view {
            View::List(items) => items,
            _ => std::slice::from_ref(given),
        };
        let values = items
            .iter()
            .enumerate()
            .map(|(at, given)| self.at(Step::Index(at), |coercion| coercion.value(item, given).unwrap_or_else(|| coercion.null(item))));
        Value::List(values.collect())
    }

    fn object<G: Given>(&mut self, def: &'static TypeDef, given: &'g G, view: View<'g, G>) -> Value {
        let View::Object(entries) = view else {
            self.problem(|| {
                let given = json(given).map_or_else(|| shown(given), |given| given.to_string());
                format!("Expected {given} to be a key-value object.")
            });
            return Value::Null;
        };
        let mut fields = Vec::with_capacity(entries.len());
        for (name, given) in entries {
            self.at(Step::Key(name), |coercion| match def.input(name) {
                Some(input) => fields.extend(coercion.value(input.ty, given).map(|value| (input.slot, value))),
                None => coercion.problem(|| format!("Field is not defined on {}", def.name())),
            });
        }
        fields.sort_by_key(|(slot, _)| *slot);
        self.complete(def, &mut fields);
        Value::Object(fields.into())
    }

    /// Adds what isn't given and has a default.
    fn complete(&mut self, def: &'static TypeDef, fields: &mut Vec<(u16, Value)>) {
        for input in def.inputs() {
            let Err(at) = fields.binary_search_by_key(&input.slot, |(slot, _)| *slot) else { continue };
            if input.is_required() {
                self.at(Step::Key(input.name()), |coercion| coercion.null(input.ty));
            } else if self.variables.is_some()
                && let Some(value) = default(self.schema, input)
            {
                fields.insert(at, (input.slot, value));
            }
        }
    }

    fn choice<G: Given>(&mut self, def: &'static TypeDef, given: &'g G, view: &View<'g, G>) -> Value {
        let name = match view {
            View::Name(name) => Some(*name),
            View::Text(name) if G::CHOICES_ARE_TEXT => Some(*name),
            _ => None,
        };
        let mut known = def.values().iter().map(|value| value.name());
        match name.filter(|name| known.any(|known| known == *name)) {
            Some(name) => Value::text(name),
            None => {
                self.problem(|| {
                    let known: Vec<_> = def.values().iter().map(|value| value.name()).collect();
                    format!("Expected {} to be one of: {}", shown(given), known.join(", "))
                });
                Value::Null
            }
        }
    }

    fn scalar<G: Given>(&mut self, def: &'static TypeDef, given: &'g G, view: &View<'g, G>) -> Value {
        let file = if let View::Text(text) = view { uploaded(self.files, text) } else { None };
        let value = match file {
            Some(file) if def.name() == "Upload" => Some(Value::File(file.clone())),
            // A file is no text, whatever stands for it here.
            Some(_) => None,
            None => scalar(def.name(), given, view),
        };
        value.unwrap_or_else(|| {
            self.problem(|| format!("Could not coerce value {} to {}", shown(given), def.name()));
            Value::Null
        })
    }

    fn at<T>(&mut self, step: Step<'g>, visit: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(step);
        let result = visit(self);
        self.path.pop();
        result
    }

    fn problem(&mut self, explain: impl FnOnce() -> String) {
        if self.problems.len() == MAX_PROBLEMS {
            return;
        }
        let explanation = if self.explains { explain() } else { String::new() };
        let path = self.path.iter().map(|step| match *step {
            Step::Key(name) => name.into(),
            Step::Index(index) => index.into(),
        });
        self.problems.push(Problem { path: path.collect(), explanation });
    }
}

/// The file that `text` stands for.
fn uploaded<'f>(files: &'f [Arc<File>], text: &str) -> Option<&'f Arc<File>> {
    files.get(text.strip_prefix(UPLOADED)?.parse::<usize>().ok()?)
}

fn scalar<G: Given>(name: &str, given: &G, view: &View<'_, G>) -> Option<Value> {
    match (name, view) {
        ("ID", View::Text(text)) => Some(Value::id_or_text(text)),
        ("ID", View::Number(number)) if number.is_i64() || number.is_u64() => Some(Value::id_or_text(&number.to_string())),
        ("Int", View::Number(number)) => Some(Value::Int(i32::try_from(number.as_i64()?).ok()?.into())),
        ("Float", View::Number(number)) => Some(Value::Float(number.as_f64()?)),
        ("Boolean", View::Bool(yes)) => Some(Value::Bool(*yes)),
        ("JSON", _) => Some(Value::Json(json(given)?.to_string().into())),
        ("ISO8601Date", View::Text(text)) => iso::is_date(text).then(|| Value::text(text)),
        ("ISO8601DateTime", View::Text(text)) => iso::is_instant(text).then(|| Value::text(text)),
        ("String" | "Cursor" | "UUID" | "HexColor" | "ISO8601Duration", View::Text(text)) => Some(Value::text(text)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        graphql::{error::as_lines, parse::parse},
        schema::Version,
    };
    use insta::assert_snapshot;

    const OLD: Schema = Version::V2024_06_01.schema();

    fn coerced(declared: &str, given: Json) -> Result<Variables, Vec<GraphqlError>> {
        let document = parse(&format!("query({declared}) {{ a }}")).expect("well formed");
        let Json::Object(given) = given else { panic!("an object") };
        variables(OLD, &document.operations[0].definition, &given, &[])
    }

    fn refused(declared: &str, given: Json) -> String {
        as_lines(&coerced(declared, given).expect_err(declared))
    }

    fn held(declared: &str, given: Json) -> Value {
        coerced(&format!("$v: {declared}"), json!({ "v": given })).expect(declared).get("v").cloned().expect("given")
    }

    #[test]
    fn scalars_take_what_graphql_ruby_takes() {
        assert_eq!(held("ID", json!("12")), Value::Id(12));
        assert_eq!(held("ID", json!(12)), Value::Id(12));
        assert_eq!(held("ID", json!("a-1")), Value::text("a-1"));
        assert_eq!(held("ID", json!(-1)), Value::text("-1"));
        assert_eq!(held("Int", json!(2_147_483_647)), Value::Int(2_147_483_647));
        assert_eq!(held("Float", json!(1)), Value::Float(1.0));
        assert_eq!(held("Boolean", json!(false)), Value::Bool(false));
        assert_eq!(held("String", json!("")), Value::text(""));
        assert_eq!(held("JSON", json!({"a": [1, null]})), Value::Json(r#"{"a":[1,null]}"#.into()));
        assert_eq!(held("ISO8601DateTime", json!("2024-01-31")), Value::text("2024-01-31"));
        assert_eq!(held("[ID]", json!(3)), Value::List([Value::Id(3)].into()));
        assert_eq!(held("[[Int]]", json!([1, [2, null]])), {
            let list = |items: &[Value]| Value::List(items.into());
            list(&[list(&[Value::Int(1)]), list(&[Value::Int(2), Value::Null])])
        });
        assert_eq!(held("UserOrderKeys", json!("LAST_NAME_ASC")), Value::text("LAST_NAME_ASC"));
    }

    #[test]
    fn an_upload_is_a_file_that_came_along_and_nothing_else_is() {
        let file = Arc::new(File::new(Some("a.txt"), "text/plain", b"hello".as_slice().into()));
        let with = |ty: &str, text: &str| {
            let document = parse(&format!("query($v: {ty}) {{ a }}")).expect("well formed");
            let given = Map::from_iter([("v".to_owned(), json!(text))]);
            let held = variables(OLD, &document.operations[0].definition, &given, std::slice::from_ref(&file));
            held.ok().and_then(|held| held.get("v").cloned())
        };
        assert_eq!(with("Upload", "upload://0"), Some(Value::File(file.clone())));
        for (ty, text) in
            [("Upload", "upload://1"), ("Upload", "upload://"), ("Upload", "a.txt"), ("String", "upload://0"), ("ID", "upload://0")]
        {
            assert_eq!(with(ty, text), None, "{ty} {text}");
        }
        assert_eq!(with("String", "upload://1"), Some(Value::text("upload://1")));
        refused("$v: Upload", json!({"v": "upload://0"}));
    }

    #[test]
    fn scalars_refuse_what_graphql_ruby_refuses() {
        let wrong = [
            ("Int", json!("2")),
            ("Int", json!(2.0)),
            ("Int", json!(2_147_483_648_i64)),
            ("String", json!(2)),
            ("Boolean", json!("true")),
            ("Float", json!("1.5")),
            ("ID", json!(1.5)),
            ("ID", json!(true)),
            ("String", json!({"a": ["b"]})),
            ("ISO8601Date", json!("31/01/2024")),
            ("ISO8601DateTime", json!("2024-01-31 10:00:00 -0500")),
            ("Upload", json!("a plain string")),
            ("TriggerInput", json!("text")),
        ];
        let lines = wrong.map(|(ty, given)| refused(&format!("$v: {ty}"), json!({ "v": given })));
        assert_snapshot!(lines.join("\n"), @r#"
        {"message":"Variable $v of type Int was provided invalid value","locations":[{"line":1,"column":7}],"extensions":{"value":"2","problems":[{"path":[],"explanation":"Could not coerce value \"2\" to Int"}]}}
        {"message":"Variable $v of type Int was provided invalid value","locations":[{"line":1,"column":7}],"extensions":{"value":2.0,"problems":[{"path":[],"explanation":"Could not coerce value 2.0 to Int"}]}}
        {"message":"Variable $v of type Int was provided invalid value","locations":[{"line":1,"column":7}],"extensions":{"value":2147483648,"problems":[{"path":[],"explanation":"Could not coerce value 2147483648 to Int"}]}}
        {"message":"Variable $v of type String was provided invalid value","locations":[{"line":1,"column":7}],"extensions":{"value":2,"problems":[{"path":[],"explanation":"Could not coerce value 2 to String"}]}}
        {"message":"Variable $v of type Boolean was provided invalid value","locations":[{"line":1,"column":7}],"extensions":{"value":"true","problems":[{"path":[],"explanation":"Could not coerce value \"true\" to Boolean"}]}}
        {"message":"Variable $v of type Float was provided invalid value","locations":[{"line":1,"column":7}],"extensions":{"value":"1.5","problems":[{"path":[],"explanation":"Could not coerce value \"1.5\" to Float"}]}}
        {"message":"Variable $v of type ID was provided invalid value","locations":[{"line":1,"column":7}],"extensions":{"value":1.5,"problems":[{"path":[],"explanation":"Could not coerce value 1.5 to ID"}]}}
        {"message":"Variable $v of type ID was provided invalid value","locations":[{"line":1,"column":7}],"extensions":{"value":true,"problems":[{"path":[],"explanation":"Could not coerce value true to ID"}]}}
        {"message":"Variable $v of type String was provided invalid value","locations":[{"line":1,"column":7}],"extensions":{"value":{"a":["b"]},"problems":[{"path":[],"explanation":"Could not coerce value {a:[\"b\"]} to String"}]}}
        {"message":"Variable $v of type ISO8601Date was provided invalid value","locations":[{"line":1,"column":7}],"extensions":{"value":"31/01/2024","problems":[{"path":[],"explanation":"Could not coerce value \"31/01/2024\" to ISO8601Date"}]}}
        {"message":"Variable $v of type ISO8601DateTime was provided invalid value","locations":[{"line":1,"column":7}],"extensions":{"value":"2024-01-31 10:00:00 -0500","problems":[{"path":[],"explanation":"Could not coerce value \"2024-01-31 10:00:00 -0500\" to ISO8601DateTime"}]}}
        {"message":"Variable $v of type Upload was provided invalid value","locations":[{"line":1,"column":7}],"extensions":{"value":"a plain string","problems":[{"path":[],"explanation":"Could not coerce value \"a plain string\" to Upload"}]}}
        {"message":"Variable $v of type TriggerInput was provided invalid value","locations":[{"line":1,"column":7}],"extensions":{"value":"text","problems":[{"path":[],"explanation":"Expected \"text\" to be a key-value object."}]}}
        "#);
    }

    #[test]
    fn absent_null_and_default_differ() {
        let declared = "$absent: ID, $null: ID = 1, $default: Int = 3, $bound: Int! = 4";
        let variables = coerced(declared, json!({"null": null, "undeclared": 1})).expect("all optional");
        assert_eq!(variables.get("absent"), None);
        assert_eq!(variables.get("null"), Some(&Value::Null));
        assert_eq!(variables.get("default"), Some(&Value::Int(3)));
        assert_eq!(variables.get("bound"), Some(&Value::Int(4)));
        assert_eq!(variables.get("undeclared"), None);
        assert_snapshot!(refused("$a: ID!, $b: [ID!]!", json!({"b": [1, null]})), @r#"
        {"message":"Variable $a of type ID! was provided invalid value","locations":[{"line":1,"column":7}],"extensions":{"value":null,"problems":[{"path":[],"explanation":"Expected value to not be null"}]}}
        {"message":"Variable $b of type [ID!]! was provided invalid value for 1 (Expected value to not be null)","locations":[{"line":1,"column":16}],"extensions":{"value":[1,null],"problems":[{"path":[1],"explanation":"Expected value to not be null"}]}}
        "#);
    }

    #[test]
    fn every_problem_of_an_input_is_named_with_its_place() {
        let given = json!({"input": {"name": 1, "nonsense": true, "steps": [{"name": "a", "step_type": "X"}]}});
        assert_snapshot!(refused("$input: CreateAutomationInput!", given), @r#"{"message":"Variable $input of type CreateAutomationInput! was provided invalid value for name (Could not coerce value 1 to String), nonsense (Field is not defined on CreateAutomationInput), steps.0.step_type (Expected \"X\" to be one of: CONDITION, ACTION, QUERY, DELAY), steps.0.step_identifier (Expected value to not be null)","locations":[{"line":1,"column":7}],"extensions":{"value":{"name":1,"nonsense":true,"steps":[{"name":"a","step_type":"X"}]},"problems":[{"path":["name"],"explanation":"Could not coerce value 1 to String"},{"path":["nonsense"],"explanation":"Field is not defined on CreateAutomationInput"},{"path":["steps",0,"step_type"],"explanation":"Expected \"X\" to be one of: CONDITION, ACTION, QUERY, DELAY"},{"path":["steps",0,"step_identifier"],"explanation":"Expected value to not be null"}]}}"#);
        assert_snapshot!(refused("$order: UserOrderKeys", json!({"order": "X"})), @r#"{"message":"Variable $order of type UserOrderKeys was provided invalid value","locations":[{"line":1,"column":7}],"extensions":{"value":"X","problems":[{"path":[],"explanation":"Expected \"X\" to be one of: EMAIL_ASC, EMAIL_DESC, FIRST_NAME_ASC, FIRST_NAME_DESC, LAST_NAME_DESC, LAST_NAME_ASC, CREATED_AT_DESC, CREATED_AT_ASC, UPDATED_AT_DESC, UPDATED_AT_ASC, GROUP_NAME_ASC, GROUP_NAME_DESC, PROVIDER_NAME_ASC, PROVIDER_NAME_DESC, NEXT_APPT_DATE_ASC, NEXT_APPT_DATE_DESC"}]}}"#);
    }

    #[test]
    fn defaults_of_the_schema_are_filled_in() {
        let def = OLD.named("createClientInput").expect("published");
        let of = |name: &str| def.input(name).map(|input| input.slot).expect("an input");
        let input = held("createClientInput", json!({"first_name": "A", "dietitian_id": null}));
        assert_eq!(input.field(of("first_name")), Some(&Value::text("A")));
        assert_eq!(input.field(of("dietitian_id")), Some(&Value::Null));
        assert_eq!(input.field(of("skip_set_password_state")), Some(&Value::Bool(false)));
    }

    #[test]
    fn every_default_of_both_schemas_is_a_value_of_its_type() {
        for schema in Version::ALL.map(Version::schema) {
            let arguments = schema.types().iter().flat_map(|ty| ty.fields()).flat_map(|field| field.args(schema.version()));
            for input in arguments.chain(schema.types().iter().flat_map(|ty| ty.inputs())) {
                assert_eq!(default(schema, input).is_some(), input.default().is_some(), "{}", input.name());
            }
        }
    }

    #[test]
    fn literals_mention_variables() {
        let held = coerced("$given: ID, $null: ID, $absent: ID", json!({"given": "5", "null": null})).expect("fine");
        let of = |ty: &str, text: &str| {
            let document = parse(&format!("query($v: {ty}) {{ a(b: {text}) }}")).expect("well formed");
            let definition = &document.operations[0].definition;
            let ty = type_ref(OLD, &definition.variable_definitions[0].node.var_type.node).expect("published");
            let Selection::Field(field) = &definition.selection_set.node.items[0].node else { panic!("a field") };
            literal(OLD, ty, &field.node.arguments[0].1.node, &held)
        };
        assert_eq!(of("ID", "$given"), Ok(Some(Value::Id(5))));
        assert_eq!(of("ID", "$null"), Ok(Some(Value::Null)));
        assert_eq!(of("ID", "$absent"), Ok(None));
        assert_eq!(of("[ID]", "[$given, $absent]"), Ok(Some(Value::List([Value::Id(5), Value::Null].into()))));
        assert!(of("[ID!]", "[$absent]").is_err());
        assert_eq!(of("TriggerInput", "{webhook_type: $absent}"), of("TriggerInput", "{}"));
        assert!(of("JSON", "{a: $given}").is_err());
        assert_eq!(of("JSON", "{a: B}"), Ok(Some(Value::Json(r#"{"a":"B"}"#.into()))));
        assert!(of("UserOrderKeys", "\"LAST_NAME_ASC\"").is_err());
        assert!(of("Upload", "\"file\"").is_err());
    }
}
