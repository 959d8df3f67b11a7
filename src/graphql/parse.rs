//! Text to a [`Document`]: async-graphql's AST, read by a parser of our own.
//!
//! async-graphql's parser can't do it: it refuses what graphql-ruby takes (empty selections and variable lists, duplicate
//! names, directives after a default, surrogate pairs), words its errors in pest's way, and forgets duplicate input fields
//! and where nested values stand, which validation has to report. What it takes, this takes too, with the same result.

mod definitions;
mod inspect;
mod lexer;
mod places;
mod string;
mod written;

use super::error::GraphqlError;
use async_graphql_parser::{Pos, Positioned, types::*};
use async_graphql_value::{ConstValue, Name, Number, Value};
use lexer::*;
use std::collections::HashMap;
pub(super) use written::{Written, printed, ruby_float};

/// Longer documents are refused unread.
const MAX_BYTES: usize = 256 * 1024;
/// Of braces, brackets and parentheses in each other. Everything that walks a document relies on it for its stack.
const MAX_DEPTH: usize = 128;

/// A request's document, in source order. Names may repeat: that is for validation to say.
#[derive(Debug, Default)]
pub struct Document {
    pub operations: Vec<Operation>,
    pub fragments: Vec<Fragment>,
    /// Where it defines types, which a request must not.
    pub(super) schema_definitions: Vec<Pos>,
    /// The lists and objects that are given to arguments, by where they stand.
    written: HashMap<Pos, Written>,
    fragment_by_name: HashMap<Name, usize>,
}

/// A query, mutation or subscription.
#[derive(Debug)]
pub struct Operation {
    pub name: Option<Name>,
    pub pos: Pos,
    pub definition: OperationDefinition,
}

/// A named piece of selection.
#[derive(Debug)]
pub struct Fragment {
    /// Missing in `fragment on User { id }`, which parses but isn't valid.
    pub name: Option<Name>,
    pub pos: Pos,
    pub definition: FragmentDefinition,
}

impl Operation {
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }
}

impl Document {
    /// The last of that name, where several have it.
    pub fn fragment(&self, name: &str) -> Option<&Fragment> {
        self.fragment_by_name.get(name).and_then(|at| self.fragments.get(*at))
    }

    /// The list or object that stands there.
    pub(super) fn written(&self, value: Pos) -> Option<&Written> {
        self.written.get(&value)
    }
}

/// The document that `text` is, or the one syntax error that stops it.
pub fn parse(text: &str) -> Result<Document, Vec<GraphqlError>> {
    if text.len() > MAX_BYTES {
        return Err(vec![too_large()]);
    }
    Parser::new(text).and_then(Parser::document).map_err(|error| vec![*error])
}

/// A value that stands alone, such as a default in the schema.
pub(super) fn parse_value(text: &str) -> Option<Value> {
    let mut parser = Parser::new(text).ok()?;
    let value = parser.value(Constness::Constant).ok()?;
    parser.at(Kind::End).then_some(value.node)
}

fn too_large() -> GraphqlError {
    GraphqlError::new("This query is too large to execute.").at_each([])
}

/// Whether a value may mention variables.
#[derive(Clone, Copy, PartialEq)]
enum Constness {
    Constant,
    Variable,
}

struct Parser<'t> {
    lexer: Lexer<'t>,
    token: Token<'t>,
    depth: usize,
    document: Document,
}

/// Boxed to keep the frames of the recursion small.
type Parsed<T> = Result<T, Box<GraphqlError>>;

impl<'t> Parser<'t> {
    fn new(text: &'t str) -> Parsed<Self> {
        let mut lexer = Lexer::new(text);
        let token = lexer.next()?;
        Ok(Self { lexer, token, depth: 0, document: Document::default() })
    }

    fn document(mut self) -> Parsed<Document> {
        if self.at(Kind::End) {
            return Err(GraphqlError::new("Unexpected end of document").at_each([]).into());
        }
        while !self.at(Kind::End) {
            self.definition()?;
        }
        let named = self.document.fragments.iter().enumerate();
        self.document.fragment_by_name = named.filter_map(|(at, fragment)| Some((fragment.name.clone()?, at))).collect();
        Ok(self.document)
    }

    fn definition(&mut self) -> Parsed<()> {
        match (self.token.kind, self.token.text) {
            (LCURLY, _) => self.unnamed_query(),
            (Kind::Name, "query") => self.named_operation(OperationType::Query),
            (Kind::Name, "mutation") => self.named_operation(OperationType::Mutation),
            (Kind::Name, "subscription") => self.named_operation(OperationType::Subscription),
            (Kind::Name, "fragment") => self.fragment(),
            _ => self.schema_definition(),
        }
    }

    fn named_operation(&mut self, ty: OperationType) -> Parsed<()> {
        let pos = self.token.pos;
        self.advance()?;
        let is_unnamed = self.at(LPAREN) || self.at(LCURLY) || self.at(DIR_SIGN);
        let name = if is_unnamed { None } else { Some(self.name()?.node) };
        let variable_definitions = if self.at(LPAREN) { self.inside(LPAREN, RPAREN, Self::variable_definition)? } else { Vec::new() };
        let directives = self.directives()?;
        let selection_set = self.selection_set()?;
        let definition = OperationDefinition { ty, variable_definitions, directives, selection_set };
        self.document.operations.push(Operation { name, pos, definition });
        Ok(())
    }

    /// The short form that is only a selection.
    fn unnamed_query(&mut self) -> Parsed<()> {
        let selection_set = self.selection_set()?;
        let pos = selection_set.pos;
        let definition =
            OperationDefinition { ty: OperationType::Query, variable_definitions: Vec::new(), directives: Vec::new(), selection_set };
        self.document.operations.push(Operation { name: None, pos, definition });
        Ok(())
    }

    fn fragment(&mut self) -> Parsed<()> {
        let pos = self.token.pos;
        self.advance()?;
        let name = if self.token.is_name("on") { None } else { Some(self.name()?.node) };
        if !self.token.is_name("on") {
            return Err(self.expected("ON"));
        }
        let type_condition = self.type_condition()?;
        let directives = self.directives()?;
        let selection_set = self.selection_set()?;
        let definition = FragmentDefinition { type_condition, directives, selection_set };
        self.document.fragments.push(Fragment { name, pos, definition });
        Ok(())
    }

    fn variable_definition(&mut self) -> Parsed<Positioned<VariableDefinition>> {
        let pos = self.token.pos;
        self.expect(VAR_SIGN)?;
        let name = self.name()?;
        self.expect(COLON)?;
        let at = self.token.pos;
        let missing = |parser: &Self| parser.lexer.syntax_error(&format!("Missing type definition for variable: ${}", name.node));
        let var_type = self.ty()?.ok_or_else(|| missing(self))?;
        let var_type = Positioned::new(var_type, at);
        let default_value = if self.at(EQUALS) { Some(self.default_value()?) } else { None };
        let directives = self.directives()?;
        Ok(Positioned::new(VariableDefinition { name, var_type, directives, default_value }, pos))
    }

    fn default_value(&mut self) -> Parsed<Positioned<ConstValue>> {
        self.expect(EQUALS)?;
        let value = self.value(Constness::Constant)?;
        let constant = value.node.into_const().expect("a constant mentions no variables");
        Ok(Positioned::new(constant, value.pos))
    }

    /// None where no type starts, or where brackets have none in them.
    fn ty(&mut self) -> Parsed<Option<Type>> {
        let base = if self.at(LBRACKET) {
            self.deeper()?;
            self.expect(LBRACKET)?;
            let item = self.ty()?;
            self.expect(RBRACKET)?;
            self.depth -= 1;
            item.map(|item| BaseType::List(Box::new(item)))
        } else if self.token.is_identifier() {
            Some(BaseType::Named(self.name()?.node))
        } else {
            None
        };
        let Some(base) = base else { return Ok(None) };
        let nullable = !self.at(BANG);
        if !nullable {
            self.advance()?;
        }
        Ok(Some(Type { base, nullable }))
    }

    fn selection_set(&mut self) -> Parsed<Positioned<SelectionSet>> {
        let pos = self.token.pos;
        let items = self.inside(LCURLY, RCURLY, Self::selection)?;
        Ok(Positioned::new(SelectionSet { items }, pos))
    }

    fn selection(&mut self) -> Parsed<Positioned<Selection>> {
        let pos = self.token.pos;
        if !self.at(ELLIPSIS) {
            return Ok(Positioned::new(Selection::Field(Positioned::new(self.field()?, pos)), pos));
        }
        self.advance()?;
        let is_inline = self.token.is_name("on") || self.at(DIR_SIGN) || self.at(LCURLY);
        if is_inline {
            let fragment = Positioned::new(self.inline_fragment()?, pos);
            return Ok(Positioned::new(Selection::InlineFragment(fragment), pos));
        }
        let fragment_name = self.name()?;
        let directives = self.directives()?;
        let spread = Positioned::new(FragmentSpread { fragment_name, directives }, pos);
        Ok(Positioned::new(Selection::FragmentSpread(spread), pos))
    }

    fn field(&mut self) -> Parsed<Field> {
        let mut name = self.name()?;
        let mut alias = None;
        if self.at(COLON) {
            self.advance()?;
            alias = Some(std::mem::replace(&mut name, self.name()?));
        }
        let arguments = self.arguments()?;
        let directives = self.directives()?;
        let selection_set = if self.at(LCURLY) { self.selection_set()? } else { Positioned::default() };
        Ok(Field { alias, name, arguments, directives, selection_set })
    }

    fn inline_fragment(&mut self) -> Parsed<InlineFragment> {
        let type_condition = if self.token.is_name("on") { Some(self.type_condition()?) } else { None };
        let directives = self.directives()?;
        Ok(InlineFragment { type_condition, directives, selection_set: self.selection_set()? })
    }

    /// From its `on`.
    fn type_condition(&mut self) -> Parsed<Positioned<TypeCondition>> {
        let pos = self.token.pos;
        self.advance()?;
        Ok(Positioned::new(TypeCondition { on: self.name()? }, pos))
    }

    fn directives(&mut self) -> Parsed<Vec<Positioned<Directive>>> {
        let mut directives = Vec::new();
        while self.at(DIR_SIGN) {
            let pos = self.token.pos;
            self.advance()?;
            let name = self.name()?;
            let arguments = self.arguments()?;
            directives.push(Positioned::new(Directive { name, arguments }, pos));
        }
        Ok(directives)
    }

    fn arguments(&mut self) -> Parsed<Vec<(Positioned<Name>, Positioned<Value>)>> {
        if !self.at(LPAREN) {
            return Ok(Vec::new());
        }
        self.advance()?;
        if self.at(RPAREN) {
            return Err(self.expected("ARGUMENT_NAME"));
        }
        let mut arguments = Vec::new();
        while !self.at(RPAREN) {
            let name = self.name()?;
            self.expect(COLON)?;
            arguments.push((name, self.value(Constness::Variable)?));
        }
        self.advance()?;
        Ok(arguments)
    }

    fn value(&mut self, constness: Constness) -> Parsed<Positioned<Value>> {
        let pos = self.token.pos;
        let value = match self.written(constness)? {
            Written::Plain(value) => value,
            Written::Variable(_, name) => Value::Variable(name),
            written => {
                let value = written.value();
                self.document.written.insert(pos, written);
                value
            }
        };
        Ok(Positioned::new(value, pos))
    }

    fn written(&mut self, constness: Constness) -> Parsed<Written> {
        let Token { kind, text, pos } = self.token;
        let value = match kind {
            LCURLY => return Ok(Written::Object(pos, self.inside(LCURLY, RCURLY, |parser| parser.input_field(constness))?)),
            LBRACKET => return Ok(Written::List(self.inside(LBRACKET, RBRACKET, |parser| parser.written(constness))?)),
            VAR_SIGN if constness == Constness::Variable => {
                self.advance()?;
                return Ok(Written::Variable(pos, self.name()?.node));
            }
            Kind::Int | Kind::Float => Value::Number(number(text)),
            Kind::Text | Kind::BlockText => Value::String(self.string()?),
            Kind::Name => match text {
                "true" => Value::Boolean(true),
                "false" => Value::Boolean(false),
                "null" => Value::Null,
                name => Value::Enum(Name::new(name)),
            },
            _ => return Err(self.expected("VALUE")),
        };
        self.advance()?;
        Ok(Written::Plain(value))
    }

    fn string(&self) -> Parsed<String> {
        string::said(&self.token).map_err(|shown| self.lexer.error(&format!("Bad unicode escape in {shown}")))
    }

    fn input_field(&mut self, constness: Constness) -> Parsed<(Positioned<Name>, Written)> {
        let name = self.name()?;
        self.expect(COLON)?;
        Ok((name, self.written(constness)?))
    }

    /// What stands between two brackets, as often as it does.
    fn inside<T>(&mut self, open: Kind, close: Kind, mut item: impl FnMut(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        self.deeper()?;
        self.expect(open)?;
        let mut items = Vec::new();
        while !self.at(close) {
            items.push(item(self)?);
        }
        self.advance()?;
        self.depth -= 1;
        Ok(items)
    }

    fn deeper(&mut self) -> Parsed<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH { Err(too_large().into()) } else { Ok(()) }
    }

    fn name(&mut self) -> Parsed<Positioned<Name>> {
        if !self.at(Kind::Name) {
            return Err(self.expected("NAME"));
        }
        let name = Positioned::new(Name::new(self.token.text), self.token.pos);
        self.advance()?;
        Ok(name)
    }

    fn expect(&mut self, kind: Kind) -> Parsed<()> {
        match kind {
            Kind::Punctuation(_, name) if !self.at(kind) => Err(self.expected(name)),
            _ => self.advance(),
        }
    }

    fn expected(&self, what: &str) -> Box<GraphqlError> {
        self.lexer.syntax_error(&format!("Expected {what}, actual: {}", self.lexer.described(&self.token)))
    }

    fn at(&self, kind: Kind) -> bool {
        self.token.kind == kind
    }

    fn advance(&mut self) -> Parsed<()> {
        self.token = self.lexer.next()?;
        Ok(())
    }
}

/// What is too large for a number counts as the largest, as Ruby's Infinity would.
fn number(text: &str) -> Number {
    let largest = if text.starts_with('-') { f64::MIN } else { f64::MAX };
    text.parse().ok().or_else(|| Number::from_f64(largest)).unwrap_or_else(|| Number::from(0))
}

/// The names that come more than once, each with all its positions.
pub(super) fn repeated<'n>(names: impl Iterator<Item = (&'n Name, Pos)>) -> Vec<(Name, Vec<Pos>)> {
    let mut seen: Vec<(Name, Vec<Pos>)> = Vec::new();
    let mut index: HashMap<&str, usize> = HashMap::new();
    for (name, pos) in names {
        let at = *index.entry(name).or_insert(seen.len());
        if at == seen.len() {
            seen.push((name.clone(), Vec::new()));
        }
        seen[at].1.push(pos);
    }
    seen.retain(|(_, positions)| positions.len() > 1);
    seen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graphql::error::as_lines;
    use insta::assert_snapshot;

    fn refusals(texts: &[&str]) -> String {
        let lines = texts.iter().map(|text| as_lines(&parse(text).expect_err(text)));
        lines.collect::<Vec<_>>().join("\n")
    }

    fn accepted(text: &str) -> Document {
        parse(text).unwrap_or_else(|errors| panic!("{text}: {}", as_lines(&errors)))
    }

    #[test]
    fn syntax_errors_are_worded_as_graphql_ruby_words_them() {
        assert_snapshot!(refusals(&[
            "query }",
            "{ users { id }",
            "{ a } }",
            "{ user() { id } }",
            "{ user(id 1) { id } }",
            "{ a(b: ) }",
            "query Q($a Int) { a }",
            "query Q(a: Int) { a }",
            "query Q($a: Int = $b) { a }",
            "hello",
            "fragment F User { id }",
            "{ a(b: \"\n\") }",
            "{ a(b: \"\"\"x\") }",
            "{\n  a(b: \"\\q\") }",
            "{ a(b: -) }",
            "{ a % }",
            "{ é }",
            "{ a(b: 1..2) }",
        ]), @r#"
{"message":"Expected NAME, actual: RCURLY (\"}\") at [1, 7]","locations":[{"line":1,"column":7}]}
{"message":"Expected NAME, actual: (none) (\"\") at [1, 14]","locations":[{"line":1,"column":14}]}
{"message":"Expected one of SCHEMA, SCALAR, TYPE, ENUM, INPUT, UNION, INTERFACE, actual: RCURLY (\"}\") at [1, 7]","locations":[{"line":1,"column":7}]}
{"message":"Expected ARGUMENT_NAME, actual: RPAREN (\")\") at [1, 8]","locations":[{"line":1,"column":8}]}
{"message":"Expected COLON, actual: INT (\"1\") at [1, 11]","locations":[{"line":1,"column":11}]}
{"message":"Expected VALUE, actual: RPAREN (\")\") at [1, 8]","locations":[{"line":1,"column":8}]}
{"message":"Expected COLON, actual: IDENTIFIER (\"Int\") at [1, 12]","locations":[{"line":1,"column":12}]}
{"message":"Expected VAR_SIGN, actual: IDENTIFIER (\"a\") at [1, 9]","locations":[{"line":1,"column":9}]}
{"message":"Expected VALUE, actual: VAR_SIGN (\"$\") at [1, 19]","locations":[{"line":1,"column":19}]}
{"message":"Expected one of SCHEMA, SCALAR, TYPE, ENUM, INPUT, UNION, INTERFACE, actual: IDENTIFIER (\"hello\") at [1, 1]","locations":[{"line":1,"column":1}]}
{"message":"Expected ON, actual: IDENTIFIER (\"User\") at [1, 12]","locations":[{"line":1,"column":12}]}
{"message":"Expected string or block string, but it was malformed","locations":[{"line":1,"column":8}]}
{"message":"Expected NAME, actual: STRING (\"x\") at [1, 10]","locations":[{"line":1,"column":10}]}
{"message":"Expected string or block string, but it was malformed","locations":[{"line":2,"column":8}]}
{"message":"Expected type 'number', but it was malformed: \"-\".","locations":[{"line":1,"column":8}]}
{"message":"Expected NAME, actual: UNKNOWN_CHAR (\"%\") at [1, 5]","locations":[{"line":1,"column":5}]}
{"message":"Expected NAME, actual: UNKNOWN_CHAR (\"\\xC3\") at [1, 3]","locations":[{"line":1,"column":3}]}
{"message":"Expected `...`, actual: \"..2\"","locations":[{"line":1,"column":9}]}
"#);
    }

    #[test]
    fn an_empty_document_has_an_error_of_its_own() {
        assert_snapshot!(refusals(&["", " # only a comment", ",\r\n"]), @r#"
{"message":"Unexpected end of document","locations":[]}
{"message":"Unexpected end of document","locations":[]}
{"message":"Unexpected end of document","locations":[]}
"#);
    }

    #[test]
    fn what_clients_send_against_the_grammar_is_taken() {
        let empty_list = accepted("query webhooks() { webhooks { id } }");
        assert!(empty_list.operations[0].definition.variable_definitions.is_empty());
        accepted("query Q { }");
        accepted("{ user(id: 1) { } }");
        accepted("{ a } { b } query A { a } query A { b }");
        accepted("fragment F on User { id } fragment F on User { id } fragment on User { id }");
        accepted("query Q($a: Int = 1 @skip(if: true), $b: Int @skip(if: true)) { a }");
        accepted("{ a(b: \"\\uD83D\\uDE00\") }");
        accepted("type A { b(c: D = {e: 1}): F } scalar G extend type A { h: I } \"about\" union J = K | L query { a }");
    }

    #[test]
    fn definitions_keep_their_order() {
        let document = accepted("query B { a } fragment Y on User { id } query A { a } fragment X on User { id }");
        let operations: Vec<_> = document.operations.iter().map(Operation::name).collect();
        assert_eq!(operations, [Some("B"), Some("A")]);
        assert_eq!(document.fragment("Y").map(|fragment| fragment.pos), Some(Pos { line: 1, column: 15 }));
    }

    #[test]
    fn async_graphql_reads_the_same() {
        let text = r#"
            # a comment, with "quotes"
            query Q($id: ID! = "1", $list: [[Int!]]! = [[1, 2]] @include(if: true)) @skip(if: false) {
              me: user(id: $id, or: {a: [1 -2.5 1e3], b: {c: null, d: $id}, e: ENUM}) @include(if: $id) { id ...F ... on User { type } ... { query } }
              text(a: "x\t\u00e9", b: """
                block
                  text
              """)
            }
            fragment F on User @a { mutation, subscription(on: true) }
        "#;
        let theirs =
            async_graphql_parser::parse_query(text.replace("]]! = [[1, 2]] @include(if: true)", "]]! @include(if: true) = [[1, 2]]"))
                .expect("within the grammar");
        let ours = accepted(text);
        let (_, operation) = theirs.operations.iter().next().expect("one operation");
        assert_eq!(without_positions(&ours.operations[0].definition), without_positions(&operation.node));
        assert_eq!(without_positions(&ours.fragments[0].definition), without_positions(&theirs.fragments["F"].node));
    }

    fn without_positions(node: &impl std::fmt::Debug) -> String {
        let text = format!("{node:?}");
        let mut parts = text.split("Pos(");
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |kept, part| kept + part.split_once(')').map_or(part, |(_, rest)| rest))
    }

    #[test]
    fn hostile_documents_are_refused() {
        let large = "{".repeat(MAX_BYTES + 1);
        let texts = [
            large.as_str(),
            &large[1..],
            &format!("{{ a(b: {})}}", "[".repeat(100_000)),
            &format!("{{ a(b: {})}}", "{c:".repeat(50_000)),
            &format!("query(${}", "a:[".repeat(50_000)),
            &format!("query($a: {}", "[".repeat(50_000)),
            &"{a".repeat(100_000),
            &"{...".repeat(50_000),
        ];
        for text in texts {
            assert!(parse(text).is_err());
        }
        assert_snapshot!(as_lines(&parse(&large).expect_err("too large")), @r#"{"message":"This query is too large to execute.","locations":[]}"#);
    }

    #[test]
    fn broken_text_never_panics() {
        let whole = "query Q($a: [Int!]! = [1]) @b { c: d(e: {f: \"\\u00e9\", g: \"\"\"é\"\"\"}, h: -1.5e3) @i { ... on J { k } ...L } }";
        for (at, _) in whole.char_indices() {
            let _ = parse(&whole[..at]);
            let _ = parse(&whole[at..]);
            for noise in ["\"", "\\", "{", "}", "(", ")", "$", "é", "\u{0}", "-", "...", "\"\"\""] {
                let _ = parse(&format!("{}{noise}{}", &whole[..at], &whole[at..]));
            }
        }
    }
}
