//! Literals and JSON seen as one, so that what holds of values is said once.

use super::super::parse::ruby_float;
use async_graphql_value::Value as Literal;
use serde_json::{Map, Number, Value as Json};

/// A value as a caller writes it.
pub(super) trait Given: Sized {
    /// True where `"LIKE_THIS"` can be an enum's value.
    const CHOICES_ARE_TEXT: bool;

    fn view(&self) -> View<'_, Self>;
}

pub(super) enum View<'g, G> {
    Null,
    Bool(bool),
    Number(&'g Number),
    Text(&'g str),
    /// An enum's value, without quotes.
    Name(&'g str),
    Variable(&'g str),
    List(&'g [G]),
    Object(Vec<(&'g str, &'g G)>),
}

impl Given for Json {
    const CHOICES_ARE_TEXT: bool = true;

    fn view(&self) -> View<'_, Self> {
        match self {
            Self::Null => View::Null,
            Self::Bool(yes) => View::Bool(*yes),
            Self::Number(number) => View::Number(number),
            Self::String(text) => View::Text(text),
            Self::Array(items) => View::List(items),
            Self::Object(fields) => View::Object(fields.iter().map(|(name, value)| (name.as_str(), value)).collect()),
        }
    }
}

impl Given for Literal {
    const CHOICES_ARE_TEXT: bool = false;

    fn view(&self) -> View<'_, Self> {
        match self {
            // No document has a binary value; only async-graphql's own variables do.
            Self::Null | Self::Binary(_) => View::Null,
            Self::Boolean(yes) => View::Bool(*yes),
            Self::Number(number) => View::Number(number),
            Self::String(text) => View::Text(text),
            Self::Enum(name) => View::Name(name),
            Self::Variable(name) => View::Variable(name),
            Self::List(items) => View::List(items),
            Self::Object(fields) => View::Object(fields.iter().map(|(name, value)| (name.as_str(), value)).collect()),
        }
    }
}

/// As JSON. None where it mentions a variable.
pub(super) fn json<G: Given>(given: &G) -> Option<Json> {
    Some(match given.view() {
        View::Null => Json::Null,
        View::Bool(yes) => Json::Bool(yes),
        View::Number(number) => Json::Number(number.clone()),
        View::Text(text) | View::Name(text) => Json::String(text.to_owned()),
        View::Variable(_) => return None,
        View::List(items) => Json::Array(items.iter().map(json).collect::<Option<_>>()?),
        View::Object(fields) => {
            let fields: Option<Map<_, _>> = fields.into_iter().map(|(name, value)| Some((name.to_owned(), json(value)?))).collect();
            Json::Object(fields?)
        }
    })
}

/// As graphql-ruby shows a value in an explanation: JSON, but names have no quotes.
pub(super) fn shown<G: Given>(given: &G) -> String {
    let mut text = String::new();
    show(given, &mut text);
    text
}

/// Into one text, since values may be deep.
fn show<G: Given>(given: &G, text: &mut String) {
    match given.view() {
        View::Null => text.push_str("null"),
        View::Bool(yes) => text.push_str(if yes { "true" } else { "false" }),
        View::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() => text.push_str(&ruby_float(float)),
            _ => text.push_str(&number.to_string()),
        },
        View::Text(shown) | View::Name(shown) => text.push_str(&Json::from(shown).to_string()),
        View::Variable(name) => text.extend(["$", name]),
        View::List(items) => {
            text.push('[');
            for (at, item) in items.iter().enumerate() {
                text.push_str(if at > 0 { "," } else { "" });
                show(item, text);
            }
            text.push(']');
        }
        View::Object(fields) => {
            text.push('{');
            for (at, (name, value)) in fields.into_iter().enumerate() {
                text.extend([if at > 0 { "," } else { "" }, name, ":"]);
                show(value, text);
            }
            text.push('}');
        }
    }
}
