//! Text to tokens, named as graphql-ruby's lexer names them.

use super::super::error::GraphqlError;
use async_graphql_parser::Pos;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Punctuation(&'static str, &'static str),
    Name,
    Int,
    Float,
    Text,
    BlockText,
    Unknown,
    End,
}

pub(super) const LCURLY: Kind = Kind::Punctuation("{", "LCURLY");
pub(super) const RCURLY: Kind = Kind::Punctuation("}", "RCURLY");
pub(super) const LPAREN: Kind = Kind::Punctuation("(", "LPAREN");
pub(super) const RPAREN: Kind = Kind::Punctuation(")", "RPAREN");
pub(super) const LBRACKET: Kind = Kind::Punctuation("[", "LBRACKET");
pub(super) const RBRACKET: Kind = Kind::Punctuation("]", "RBRACKET");
pub(super) const COLON: Kind = Kind::Punctuation(":", "COLON");
pub(super) const BANG: Kind = Kind::Punctuation("!", "BANG");
pub(super) const VAR_SIGN: Kind = Kind::Punctuation("$", "VAR_SIGN");
pub(super) const DIR_SIGN: Kind = Kind::Punctuation("@", "DIR_SIGN");
pub(super) const EQUALS: Kind = Kind::Punctuation("=", "EQUALS");
pub(super) const ELLIPSIS: Kind = Kind::Punctuation("...", "ELLIPSIS");
const PIPE: Kind = Kind::Punctuation("|", "PIPE");
const AMP: Kind = Kind::Punctuation("&", "AMP");
const PUNCTUATION: [Kind; 14] =
    [LCURLY, RCURLY, LPAREN, RPAREN, LBRACKET, RBRACKET, COLON, BANG, VAR_SIGN, DIR_SIGN, EQUALS, ELLIPSIS, PIPE, AMP];

const KEYWORDS: [&str; 19] = [
    "on",
    "fragment",
    "true",
    "false",
    "null",
    "query",
    "mutation",
    "subscription",
    "schema",
    "scalar",
    "type",
    "extend",
    "implements",
    "interface",
    "union",
    "enum",
    "input",
    "directive",
    "repeatable",
];

/// A piece of the document; strings come with their quotes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'t> {
    pub kind: Kind,
    pub text: &'t str,
    pub pos: Pos,
}

impl Token<'_> {
    pub fn is_name(&self, name: &str) -> bool {
        self.kind == Kind::Name && self.text == name
    }

    /// `RCURLY ("}")`
    pub fn described(&self) -> String {
        let kind = match self.kind {
            Kind::Punctuation(_, kind) => kind.to_owned(),
            Kind::Name if KEYWORDS.contains(&self.text) => self.text.to_uppercase(),
            Kind::Name => "IDENTIFIER".to_owned(),
            Kind::Int => "INT".to_owned(),
            Kind::Float => "FLOAT".to_owned(),
            Kind::Text | Kind::BlockText => "STRING".to_owned(),
            Kind::Unknown => "UNKNOWN_CHAR".to_owned(),
            Kind::End => "(none)".to_owned(),
        };
        format!("{kind} ({:?})", self.text)
    }
}

pub(super) struct Lexer<'t> {
    rest: &'t str,
    pos: Pos,
}

impl<'t> Lexer<'t> {
    pub fn new(text: &'t str) -> Self {
        Self { rest: text, pos: Pos { line: 1, column: 1 } }
    }

    pub fn next(&mut self) -> Result<Token<'t>, Box<GraphqlError>> {
        self.skip_ignored();
        let (kind, length) = self.measure()?;
        let token = Token { kind, text: self.rest.get(..length).unwrap_or(self.rest), pos: self.pos };
        self.advance(token.text.len());
        Ok(token)
    }

    fn measure(&self) -> Result<(Kind, usize), Box<GraphqlError>> {
        let rest = self.rest;
        let Some(first) = rest.chars().next() else { return Ok((Kind::End, 0)) };
        if first.is_ascii_alphabetic() || first == '_' {
            return Ok((Kind::Name, span(rest, |byte| byte.is_ascii_alphanumeric() || byte == b'_')));
        }
        if first == '"' {
            return string(rest).ok_or_else(|| syntax_error("Expected string or block string, but it was malformed", self.pos));
        }
        if first == '-' || first.is_ascii_digit() {
            return number(rest).ok_or_else(|| syntax_error("Expected type 'number', but it was malformed: \"-\"", self.pos));
        }
        for kind in PUNCTUATION {
            if let Kind::Punctuation(text, _) = kind
                && rest.starts_with(text)
            {
                return Ok((kind, text.len()));
            }
        }
        Ok((Kind::Unknown, first.len_utf8()))
    }

    fn skip_ignored(&mut self) {
        loop {
            let rest = self.rest;
            let length = match rest.as_bytes().first() {
                Some(b'#') => span(rest, |byte| byte != b'\n' && byte != b'\r'),
                Some(b' ' | b',' | b'\t' | b'\r' | b'\n') => span(rest, |byte| matches!(byte, b' ' | b',' | b'\t' | b'\r' | b'\n')),
                _ if rest.starts_with('\u{feff}') => '\u{feff}'.len_utf8(),
                _ => return,
            };
            self.advance(length);
        }
    }

    fn advance(&mut self, length: usize) {
        let (passed, rest) = self.rest.split_at(length);
        match passed.rfind('\n') {
            Some(last) => {
                self.pos.line += passed.bytes().filter(|byte| *byte == b'\n').count();
                self.pos.column = passed[last..].chars().count();
            }
            None => self.pos.column += passed.chars().count(),
        }
        self.rest = rest;
    }
}

/// A refusal of the document, with graphql-ruby's suffix.
pub(super) fn syntax_error(message: &str, pos: Pos) -> Box<GraphqlError> {
    Box::new(GraphqlError::new(format!("{message} at [{}, {}]", pos.line, pos.column)).at(pos))
}

fn span(text: &str, belongs: impl Fn(u8) -> bool) -> usize {
    text.bytes().take_while(|byte| belongs(*byte)).count()
}

/// None where the string has no end.
fn string(text: &str) -> Option<(Kind, usize)> {
    if let Some(body) = text.strip_prefix("\"\"\"") {
        let mut from = 0;
        loop {
            let end = from + body.get(from..)?.find("\"\"\"")?;
            if !body[..end].ends_with('\\') {
                return Some((Kind::BlockText, 3 + end + 3));
            }
            from = end + 3;
        }
    }
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            b'\n' | b'\r' => return None,
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some((Kind::Text, at + 1)),
            _ => {}
        }
    }
    None
}

/// None for a lone minus sign.
fn number(text: &str) -> Option<(Kind, usize)> {
    let is_digit = |byte: u8| byte.is_ascii_digit();
    let sign = usize::from(text.starts_with('-'));
    let digits = match text.as_bytes().get(sign)? {
        b'0' => 1,
        byte if is_digit(*byte) => span(&text[sign..], is_digit),
        _ => return None,
    };
    let mut length = sign + digits;
    let mut kind = Kind::Int;
    if text[length..].starts_with('.') {
        let decimals = span(&text[length + 1..], is_digit);
        if decimals > 0 {
            (kind, length) = (Kind::Float, length + 1 + decimals);
        }
    }
    if text[length..].starts_with(['e', 'E']) {
        let signed = usize::from(text[length + 1..].starts_with(['+', '-']));
        let exponent = span(&text[length + 1 + signed..], is_digit);
        if exponent > 0 {
            (kind, length) = (Kind::Float, length + 1 + signed + exponent);
        }
    }
    Some((kind, length))
}
