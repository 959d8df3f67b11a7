//! The GraphQL multipart request: `operations` with null where files go, `map` that says which file goes where, and the files.

use super::body::Unreadable;
use crate::engine::files;
use crate::graphql::UPLOADED;
use crate::state::File;
use axum::{
    body::Bytes,
    http::{HeaderMap, StatusCode, header::CONTENT_TYPE},
};
use futures_util::stream;
use serde_json::{Map, Value as Json};
use std::{collections::HashMap, sync::Arc};

/// More parts than any client sends, so that none makes the server count for long.
const MOST_PARTS: usize = 1_000;

/// A request that files came along with.
#[derive(Debug)]
pub struct Form {
    /// As the body of a request without files, with what stands for each file in its place.
    pub operations: String,
    pub files: Vec<Arc<File>>,
}

pub fn is_multipart(headers: &HeaderMap) -> bool {
    let is = |kind: &[u8]| kind.get(..10).is_some_and(|start| start.eq_ignore_ascii_case(b"multipart/"));
    headers.get(CONTENT_TYPE).is_some_and(|kind| is(kind.as_bytes()))
}

/// The parts of a body by their names.
#[derive(Default)]
struct Parts {
    texts: HashMap<String, String>,
    files: HashMap<String, Arc<File>>,
}

impl Form {
    /// `content_type` is the request's, with the boundary.
    pub async fn read(content_type: &str, body: impl Into<Bytes>) -> Result<Self, Unreadable> {
        let boundary = multer::parse_boundary(content_type).map_err(|error| unfit(&error))?;
        Self::of(Parts::read(boundary, body.into()).await?)
    }

    fn of(parts: Parts) -> Result<Self, Unreadable> {
        let mut operations: Json = parts.json("operations")?;
        let map: Map<String, Json> = parts.json("map")?;
        let mut files = Vec::with_capacity(map.len());
        for (key, places) in &map {
            let file = parts.files.get(key).ok_or_else(|| match parts.texts.contains_key(key) {
                true => bad(format!("the part {key:?} is no file: it has no filename")),
                false => bad(format!("`map` names the part {key:?}, which did not come along")),
            })?;
            let places =
                places.as_array().ok_or_else(|| bad(format!("`map` has to say for {key:?} a list of places: [\"variables.file\"]")))?;
            for place in places {
                let place = place.as_str().ok_or_else(|| bad(format!("`map` says for {key:?} a place that is no text: {place}")))?;
                put(&mut operations, place, format!("{UPLOADED}{}", files.len()))?;
            }
            files.push(file.clone());
        }
        Ok(Self { operations: operations.to_string(), files })
    }
}

impl Parts {
    async fn read(boundary: String, body: Bytes) -> Result<Self, Unreadable> {
        let mut form = multer::Multipart::new(stream::iter([Ok::<_, std::io::Error>(body)]), boundary);
        let mut parts = Self::default();
        for _ in 0..MOST_PARTS {
            let Some(field) = form.next_field().await.map_err(|error| unfit(&error))? else { return Ok(parts) };
            let Some(name) = field.name().map(str::to_owned) else { return Err(bad("a part has no name".to_owned())) };
            let file = field.file_name().map(|file| (file.to_owned(), field.content_type().map(ToString::to_string)));
            let bytes = field.bytes().await.map_err(|error| unfit(&error))?;
            let is_first = match file {
                Some((file, kind)) => {
                    let by_name = || files::content_type_of(&file).unwrap_or(files::UNKNOWN).to_owned();
                    let kind = kind.unwrap_or_else(by_name);
                    parts.files.insert(name.clone(), files::keep(Some(&file), &kind, &bytes)).is_none()
                }
                None => {
                    let text =
                        String::from_utf8(bytes.to_vec()).map_err(|_| bad(format!("the part {name:?} is neither UTF-8 nor a file")))?;
                    parts.texts.insert(name.clone(), text).is_none()
                }
            };
            if !is_first {
                return Err(bad(format!("the part {name:?} comes twice")));
            }
        }
        Err(bad(format!("there are more than {MOST_PARTS} parts")))
    }

    /// The JSON in a part, with or without a file name: some clients give all parts one.
    fn json<T: serde::de::DeserializeOwned>(&self, name: &str) -> Result<T, Unreadable> {
        let text = self.texts.get(name).map(String::as_bytes).or_else(|| self.files.get(name).map(|file| &*file.bytes));
        let text = text.ok_or_else(|| bad(format!("the part `{name}` is missing")))?;
        serde_json::from_slice(text).map_err(|error| bad(format!("the part `{name}` is not the JSON that is expected there: {error}")))
    }
}

/// Puts what stands for a file where the client left null: `variables.input.file`, or `0.variables.file` in an array.
fn put(operations: &mut Json, place: &str, file: String) -> Result<(), Unreadable> {
    let nowhere =
        || bad(format!("`map` says {place:?}, where `operations` has no room for a file: it has to lead to a null in `variables`"));
    let steps: Vec<&str> = place.split('.').collect();
    let variables = usize::from(operations.is_array());
    let [above @ .., last] = &*steps else { return Err(nowhere()) };
    if above.get(variables) != Some(&"variables") {
        return Err(nowhere());
    }
    let mut at = operations;
    for step in above {
        at = below(at, step).ok_or_else(nowhere)?;
    }
    // Assumed, as graphql-ruby's usual companion does it: what isn't mentioned at all may be given too.
    let slot = match at {
        Json::Object(fields) => fields.entry(*last).or_insert(Json::Null),
        other => below(other, last).ok_or_else(nowhere)?,
    };
    if !slot.is_null() {
        return Err(nowhere());
    }
    *slot = Json::String(file);
    Ok(())
}

fn below<'j>(json: &'j mut Json, step: &str) -> Option<&'j mut Json> {
    match json {
        Json::Object(fields) => fields.get_mut(step),
        Json::Array(items) => items.get_mut(step.parse::<usize>().ok()?),
        _ => None,
    }
}

fn unfit(error: &multer::Error) -> Unreadable {
    bad(format!("the body is no multipart form: {error}"))
}

fn bad(message: String) -> Unreadable {
    let example = r#"operations={"query": …, "variables": {"file": null}}, map={"0": ["variables.file"]}, 0=@file"#;
    Unreadable(StatusCode::BAD_REQUEST, format!("The upload could not be read: {message}. Send {example}"))
}
