//! Text to tokens, named as graphql-ruby's lexer names them, and cut where it cuts them.

use super::super::error::GraphqlError;
use super::inspect::inspected;
use super::places::Places;
use async_graphql_parser::Pos;
use std::borrow::Cow;

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
pub(super) const PIPE: Kind = Kind::Punctuation("|", "PIPE");
pub(super) const AMP: Kind = Kind::Punctuation("&", "AMP");
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

    /// An identifier that is none of the language's own words.
    pub fn is_identifier(&self) -> bool {
        self.kind == Kind::Name && !KEYWORDS.contains(&self.text)
    }

    fn kind_name(&self) -> Cow<'static, str> {
        match self.kind {
            Kind::Punctuation(_, kind) => kind.into(),
            Kind::Name if KEYWORDS.contains(&self.text) => self.text.to_uppercase().into(),
            Kind::Name => "IDENTIFIER".into(),
            Kind::Int => "INT".into(),
            Kind::Float => "FLOAT".into(),
            Kind::Text | Kind::BlockText => "STRING".into(),
            Kind::Unknown => "UNKNOWN_CHAR".into(),
            Kind::End => "(none)".into(),
        }
    }
}

pub(super) struct Lexer<'t> {
    text: &'t str,
    places: Places,
    /// Where the next token is looked for.
    next: usize,
    /// Where the last token starts. At the end it stays there, which is where errors point then.
    started: usize,
    /// How long the spaces, commas and comments before `next`'s token were.
    ignored: usize,
}

impl<'t> Lexer<'t> {
    pub fn new(text: &'t str) -> Self {
        Self { text, places: Places::of(text), next: 0, started: 0, ignored: 0 }
    }

    pub fn next(&mut self) -> Result<Token<'t>, Box<GraphqlError>> {
        self.skip_ignored();
        let rest = self.rest();
        if rest.is_empty() {
            return Ok(Token { kind: Kind::End, text: rest, pos: self.places.of_node(self.started) });
        }
        self.started = self.next;
        let (kind, length) = self.measure(rest)?;
        self.next += length;
        Ok(Token { kind, text: &rest[..length], pos: self.places.of_node(self.started) })
    }

    /// `RCURLY ("}")`
    pub fn described(&self, token: &Token<'_>) -> String {
        let shown = match token.kind {
            // Two slips of the original: it shows as many bytes as it ignored before, and cuts characters in two.
            Kind::Unknown => {
                let end = self.started + 1;
                inspected(&self.text.as_bytes()[end.saturating_sub(self.ignored)..end])
            }
            Kind::End => inspected(&self.text.as_bytes()[self.text.len() - self.ignored..]),
            Kind::Text | Kind::BlockText => match super::string::said(token) {
                Ok(said) => inspected(said.as_bytes()),
                Err(_) => inspected(token.text.as_bytes()),
            },
            _ => inspected(token.text.as_bytes()),
        };
        format!("{} ({shown})", token.kind_name())
    }

    /// A refusal of the document where the last token starts, in these words.
    pub fn error(&self, message: &str) -> Box<GraphqlError> {
        Box::new(GraphqlError::new(message).at(self.places.of_error(self.text, self.started)))
    }

    /// The same with the suffix that the parser gives its errors, and the lexer doesn't.
    pub fn syntax_error(&self, message: &str) -> Box<GraphqlError> {
        let pos = self.places.of_error(self.text, self.started);
        self.error(&format!("{message} at [{}, {}]", pos.line, pos.column))
    }

    fn rest(&self) -> &'t str {
        &self.text[self.next..]
    }

    fn measure(&self, rest: &str) -> Result<(Kind, usize), Box<GraphqlError>> {
        let Some(first) = rest.chars().next() else { return Ok((Kind::End, 0)) };
        if first.is_ascii_alphabetic() || first == '_' {
            return Ok((Kind::Name, span(rest, |byte| byte.is_ascii_alphanumeric() || byte == b'_')));
        }
        match first {
            '"' => string(rest).ok_or_else(|| self.error("Expected string or block string, but it was malformed")),
            '-' | '0'..='9' => number(rest).ok_or_else(|| self.malformed_number(rest)),
            '.' if !rest.starts_with("...") => Err(self.no_ellipsis()),
            _ => Ok(punctuation(rest).unwrap_or((Kind::Unknown, first.len_utf8()))),
        }
    }

    fn malformed_number(&self, rest: &str) -> Box<GraphqlError> {
        let space = usize::from(rest[1..].starts_with([' ', '\t', '\n', '\r', '\u{b}', '\u{c}']));
        let word = span(&rest[1 + space..], |byte| byte.is_ascii_alphanumeric());
        let shown = inspected(&rest.as_bytes()[..1 + space + word]);
        self.error(&format!("Expected type 'number', but it was malformed: {shown}."))
    }

    fn no_ellipsis(&self) -> Box<GraphqlError> {
        let actual: String = self.text.chars().skip(self.started).take(3).collect();
        self.error(&format!("Expected `...`, actual: {}", inspected(actual.as_bytes())))
    }

    fn skip_ignored(&mut self) {
        let from = self.next;
        loop {
            let rest = self.rest();
            self.next += match rest.as_bytes().first() {
                Some(b'#') => span(rest, |byte| byte != b'\n'),
                Some(b' ' | b',' | b'\t' | b'\r' | b'\n') => span(rest, |byte| matches!(byte, b' ' | b',' | b'\t' | b'\r' | b'\n')),
                _ => break,
            };
        }
        self.ignored = self.next - from;
    }
}

fn punctuation(text: &str) -> Option<(Kind, usize)> {
    PUNCTUATION.into_iter().find_map(|kind| match kind {
        Kind::Punctuation(sign, _) if text.starts_with(sign) => Some((kind, sign.len())),
        _ => None,
    })
}

fn span(text: &str, belongs: impl Fn(u8) -> bool) -> usize {
    text.bytes().take_while(|byte| belongs(*byte)).count()
}

/// None where the string has no end, or an escape that no string has. Three quotes that are never closed are an empty
/// string and the start of another one.
fn string(text: &str) -> Option<(Kind, usize)> {
    let block = text.strip_prefix("\"\"\"").and_then(block_end).map(|end| (Kind::BlockText, 3 + end));
    block.or_else(|| quoted_end(text).map(|end| (Kind::Text, end)))
}

/// Where the three quotes behind `body` end.
fn block_end(body: &str) -> Option<usize> {
    let mut from = 0;
    loop {
        let end = from + body.get(from..)?.find("\"\"\"")?;
        if !body[..end].ends_with('\\') {
            return Some(end + 3);
        }
        from = end + 3;
    }
}

fn quoted_end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 1;
    loop {
        at += match bytes.get(at)? {
            b'\n' | b'\r' => return None,
            b'"' => return Some(at + 1),
            b'\\' => escape(&bytes[at + 1..])? + 1,
            _ => 1,
        };
    }
}

/// How long an escape is behind its `\`. That its digits are hexadecimal is asked later.
fn escape(bytes: &[u8]) -> Option<usize> {
    let digits = |bytes: &[u8]| bytes.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    match bytes.first()? {
        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(1),
        b'u' if bytes.get(1) == Some(&b'{') => {
            let count = digits(&bytes[2..]);
            (count >= 4 && bytes.get(2 + count) == Some(&b'}')).then_some(3 + count)
        }
        b'u' => (digits(&bytes[1..]) >= 4).then_some(5),
        _ => None,
    }
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
