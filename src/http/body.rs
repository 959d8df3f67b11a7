//! Request bodies: read up to a limit, and taken apart without copying.

use crate::graphql::Request;
use axum::{
    body::{Body, Bytes},
    http::StatusCode,
};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;

/// The longest body that is read.
const MOST: usize = 20 * 1024 * 1024;

/// Why a body is not taken: the status and a sentence.
#[derive(Debug)]
pub struct Unreadable(pub StatusCode, pub String);

pub async fn read(body: Body) -> Result<Bytes, Unreadable> {
    read_up_to(MOST, body).await
}

/// As [`read`], of `most` bytes.
pub async fn read_up_to(most: usize, body: Body) -> Result<Bytes, Unreadable> {
    match Limited::new(body, most).collect().await {
        Ok(read) => Ok(read.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => {
            let message = format!("The request body is longer than {} MiB", most / (1024 * 1024));
            Err(Unreadable(StatusCode::PAYLOAD_TOO_LARGE, message))
        }
        Err(error) => Err(Unreadable(StatusCode::BAD_REQUEST, format!("The request body could not be read: {error}"))),
    }
}

/// The body as text.
pub fn text(body: &[u8]) -> Result<&str, Unreadable> {
    std::str::from_utf8(body).map_err(|error| bad(format!("The request body is not UTF-8: byte {} is wrong", error.valid_up_to())))
}

fn bad(message: String) -> Unreadable {
    Unreadable(StatusCode::BAD_REQUEST, message)
}

/// One operation, or an array of them that is answered by an array.
pub enum Operations<'a> {
    One(Operation<'a>),
    Many(Vec<Operation<'a>>),
}

impl<'a> Operations<'a> {
    pub fn each(&self) -> impl Iterator<Item = &Operation<'a>> {
        match self {
            Self::One(one) => std::slice::from_ref(one).iter(),
            Self::Many(many) => many.iter(),
        }
    }
}

#[derive(Deserialize)]
pub struct Operation<'a> {
    #[serde(borrow, default)]
    query: Option<Text<'a>>,
    #[serde(borrow, default, rename = "operationName")]
    named: Option<Text<'a>>,
    #[serde(borrow, default)]
    variables: Option<&'a RawValue>,
    /// Variables that came as text which holds JSON.
    #[serde(skip)]
    unpacked: Option<String>,
}

/// Borrows where nothing is escaped.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl Operation<'_> {
    pub fn request(&self) -> Request<'_> {
        Request {
            query: self.query.as_ref().map(|query| &*query.0),
            operation_name: self.named.as_ref().map(|name| &*name.0).filter(|name| !name.is_empty()),
            variables: self.variables(),
            files: &[],
        }
    }

    /// The JSON object, if there is one.
    pub fn variables(&self) -> Option<&str> {
        self.unpacked.as_deref().or(self.variables.map(RawValue::get)).filter(|text| !text.is_empty() && *text != "null")
    }

    /// Observed: `variables` may be an object, null, absent, the empty string, or a string that holds JSON.
    fn unpack(mut self) -> Result<Self, Unreadable> {
        let Some(raw) = self.variables.map(RawValue::get) else { return Ok(self) };
        let object = match raw.as_bytes().first() {
            Some(b'{' | b'n') => return Ok(self),
            Some(b'"') => serde_json::from_str::<String>(raw).map_err(|error| bad(format!("`variables` could not be read: {error}")))?,
            _ => return Err(bad("`variables` has to be a JSON object".to_owned())),
        };
        let object = object.trim();
        if !object.is_empty() {
            let read: Result<Option<serde_json::Map<String, serde_json::Value>>, _> = serde_json::from_str(object);
            read.map_err(|error| bad(format!("`variables` is a string that holds no JSON object: {error}")))?;
        }
        self.unpacked = Some(object.to_owned());
        Ok(self)
    }
}

pub fn operations(text: &str) -> Result<Operations<'_>, Unreadable> {
    if text.trim_start().starts_with('[') {
        let many: Vec<Operation<'_>> = serde_json::from_str(text).map_err(|error| not_json(&error))?;
        return Ok(Operations::Many(many.into_iter().map(Operation::unpack).collect::<Result<_, _>>()?));
    }
    let one: Operation<'_> = serde_json::from_str(text).map_err(|error| not_json(&error))?;
    Ok(Operations::One(one.unpack()?))
}

fn not_json(error: &serde_json::Error) -> Unreadable {
    let example = r#"{"query": "{ currentUser { id } }", "variables": {}}"#;
    bad(format!("The request body is no JSON that holds an operation: {error}. Send {example}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables(of: &str) -> Option<String> {
        let Ok(Operations::One(one)) = operations(of) else { panic!("{of} is one operation") };
        one.request().variables.map(str::to_owned)
    }

    #[test]
    fn variables_come_in_many_forms() {
        assert_eq!(variables(r#"{"query":"{a}","variables":{"id":1}}"#).as_deref(), Some(r#"{"id":1}"#));
        assert_eq!(variables(r#"{"query":"{a}","variables":"{\"id\":1}"}"#).as_deref(), Some(r#"{"id":1}"#));
        for none in [r#"{"query":"{a}"}"#, r#"{"query":"{a}","variables":null}"#, r#"{"query":"{a}","variables":""}"#] {
            assert_eq!(variables(none), None, "{none}");
        }
    }

    #[test]
    fn an_array_is_many_operations() {
        assert!(matches!(operations(r#" [{"query":"{a}"},{"query":"{b}"}]"#), Ok(Operations::Many(many)) if many.len() == 2));
    }

    #[test]
    fn what_is_no_operation_is_told_what_to_send() {
        for body in ["", "nonsense", "{\"query\": 5}", "7", r#"{"query":"{a}","variables":[1]}"#, r#"{"query":"{a}","variables":"x"}"#] {
            let Err(Unreadable(status, message)) = operations(body) else { panic!("{body} was read") };
            assert!(status == StatusCode::BAD_REQUEST && (message.contains("Send {") || message.contains("`variables`")), "{message}");
        }
        assert!(text(b"\xff").is_err());
    }
}
