//! One entry of an answer's `errors`, written with its keys in graphql-ruby's order.

use async_graphql_parser::Pos;
use serde_json::{Map, Value as Json};
use std::{fmt, sync::Arc};

/// A step from the operation to the place that an error is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathSegment {
    Key(Arc<str>),
    Index(usize),
}

impl PathSegment {
    /// As it stands in a path.
    pub fn to_json(&self) -> Json {
        match self {
            Self::Key(key) => Json::from(key.as_ref()),
            Self::Index(index) => Json::from(*index),
        }
    }
}

impl fmt::Display for PathSegment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(key) => f.write_str(key),
            Self::Index(index) => write!(f, "{index}"),
        }
    }
}

impl From<&str> for PathSegment {
    fn from(key: &str) -> Self {
        Self::Key(key.into())
    }
}
impl From<usize> for PathSegment {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

/// What an answer says of something that went wrong. What is `None` is left out; an empty list is written.
#[derive(Clone, Debug, PartialEq)]
pub struct GraphqlError {
    pub message: String,
    /// Line and column, both from 1.
    pub locations: Option<Vec<(u32, u32)>>,
    pub path: Option<Vec<PathSegment>>,
    /// Boxed, as most functions that can fail hand one of these around and few have any.
    pub extensions: Option<Box<Map<String, Json>>>,
}

impl GraphqlError {
    /// A message alone.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), locations: None, path: None, extensions: None }
    }

    /// Adds a location.
    pub fn at(mut self, pos: Pos) -> Self {
        let clamp = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        self.locations.get_or_insert_default().push((clamp(pos.line), clamp(pos.column)));
        self
    }

    /// Adds a location for each position; an empty list is written where there is none.
    pub fn at_each(mut self, positions: impl IntoIterator<Item = Pos>) -> Self {
        self.locations.get_or_insert_default();
        positions.into_iter().fold(self, Self::at)
    }

    /// Sets the path.
    pub fn under(mut self, path: Vec<PathSegment>) -> Self {
        self.path = Some(path);
        self
    }

    /// Adds the extension that clients tell errors apart by.
    pub fn code(self, code: &str) -> Self {
        self.with("code", code)
    }

    /// Adds an extension.
    pub fn with(mut self, key: &str, value: impl Into<Json>) -> Self {
        self.extensions.get_or_insert_default().insert(key.to_owned(), value.into());
        self
    }

    /// Appends the entry as JSON.
    pub fn write_json(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"{\"message\":");
        write(out, &self.message);
        if let Some(locations) = &self.locations {
            out.extend_from_slice(b",\"locations\":[");
            separated(out, locations, |out, (line, column)| {
                out.extend_from_slice(format!("{{\"line\":{line},\"column\":{column}}}").as_bytes());
            });
            out.push(b']');
        }
        if let Some(path) = &self.path {
            out.extend_from_slice(b",\"path\":[");
            separated(out, path, |out, segment| write(out, &segment.to_json()));
            out.push(b']');
        }
        if let Some(extensions) = &self.extensions {
            out.extend_from_slice(b",\"extensions\":");
            write(out, extensions);
        }
        out.push(b'}');
    }
}

fn write<T: serde::Serialize + ?Sized>(out: &mut Vec<u8>, value: &T) {
    serde_json::to_writer(out, value).expect("a vector takes every byte, and every key is a string");
}

fn separated<T>(out: &mut Vec<u8>, items: &[T], mut write: impl FnMut(&mut Vec<u8>, &T)) {
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        write(out, item);
    }
}

#[cfg(test)]
pub(super) fn as_lines(errors: &[GraphqlError]) -> String {
    let lines = errors.iter().map(|error| {
        let mut line = Vec::new();
        error.write_json(&mut line);
        String::from_utf8(line).expect("JSON is UTF-8")
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use insta::assert_snapshot;

    #[test]
    fn keys_come_in_the_order_of_graphql_ruby() {
        let error = GraphqlError::new("No \"x\"")
            .with("code", "undefinedField")
            .with("typeName", "Query")
            .under(vec!["query".into(), 0.into(), "x".into()])
            .at(Pos { line: 1, column: 3 });
        assert_snapshot!(as_lines(&[error]), @r#"{"message":"No \"x\"","locations":[{"line":1,"column":3}],"path":["query",0,"x"],"extensions":{"code":"undefinedField","typeName":"Query"}}"#);
    }

    #[test]
    fn nowhere_is_not_the_same_as_unsaid() {
        let errors = [GraphqlError::new("a").at_each([]), GraphqlError::new("b")];
        assert_snapshot!(as_lines(&errors), @r#"
{"message":"a","locations":[]}
{"message":"b"}
"#);
    }
}
