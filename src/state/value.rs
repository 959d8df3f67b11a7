//! What a column holds, and what a caller sent.

use super::File;
use std::sync::Arc;

/// One value, of a record or of an input. Cloning is at most a reference count.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Value {
    #[default]
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    /// A string, an enum's value, or an id that is no number.
    Text(Arc<str>),
    /// The id of a record.
    Id(u64),
    /// A point in time, in microseconds since 1970 UTC.
    Instant(i64),
    /// A calendar day, in days since 1970-01-01.
    Date(i32),
    /// A JSON value of any shape, as compact JSON text.
    Json(Arc<str>),
    List(Arc<[Value]>),
    /// A nested input: values by the slot of the input's shape, sorted.
    Object(Arc<[(u16, Value)]>),
    File(Arc<File>),
}

impl Value {
    pub fn text(text: impl AsRef<str>) -> Self {
        Self::Text(Arc::from(text.as_ref()))
    }

    /// An id where `text` is how an id is printed, else the text.
    pub fn id_or_text(text: &str) -> Self {
        parse_id(text).map_or_else(|| Self::text(text), Self::Id)
    }

    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Json(text) => Some(text),
            _ => None,
        }
    }

    /// The record that this points to.
    pub fn as_id(&self) -> Option<u64> {
        match self {
            Self::Id(id) => Some(*id),
            Self::Int(id) => u64::try_from(*id).ok(),
            Self::Text(text) => parse_id(text),
            _ => None,
        }
    }

    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(yes) => Some(*yes),
            _ => None,
        }
    }

    pub fn as_list(&self) -> Option<&[Value]> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    pub fn as_file(&self) -> Option<&Arc<File>> {
        match self {
            Self::File(file) => Some(file),
            _ => None,
        }
    }

    /// The field of a nested input.
    pub fn field(&self, slot: u16) -> Option<&Value> {
        let Self::Object(fields) = self else { return None };
        let at = fields.binary_search_by_key(&slot, |(slot, _)| *slot).ok()?;
        Some(&fields[at].1)
    }
}

/// Decimal, as it would be printed: no sign, no leading zero, below 2^63.
fn parse_id(text: &str) -> Option<u64> {
    let canonical = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    if !canonical {
        return None;
    }
    text.parse().ok().filter(|id| i64::try_from(*id).is_ok())
}

impl From<bool> for Value {
    fn from(yes: bool) -> Self {
        Self::Bool(yes)
    }
}
impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}
impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}
impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}
impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
