//! Values of columns as JSON, and back: nothing is lost on the way.

use super::{civil_date, days_since_1970, files};
use crate::schema::{Base, Column};
use crate::state::Value;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use jiff::{Timestamp, civil};
use serde::Deserialize as _;
use serde_json::{Map, Value as Json, json};

/// `value` as JSON: as the column keeps it, or with the name of what it is.
pub fn to_json(column: &Column, value: &Value) -> Json {
    match value {
        Value::List(items) if column.list => items.iter().map(|item| one(column, item)).collect(),
        value if column.list => tagged(column, value),
        value => one(column, value),
    }
}

fn one(column: &Column, value: &Value) -> Json {
    match (column.base, value) {
        (_, Value::Null) => Json::Null,
        (Base::Bool, Value::Bool(yes)) => json!(yes),
        (Base::Int, Value::Int(number)) => json!(number),
        (Base::Float, Value::Float(number)) if number.is_finite() => json!(number),
        (Base::Text | Base::Upload | Base::Choice, Value::Text(text)) | (Base::Json, Value::Json(text)) => json!(&**text),
        (Base::Id | Base::Record, Value::Id(number)) if id(&number.to_string()).is_some() => json!(number.to_string()),
        (Base::Instant, Value::Instant(at)) if instant(*at).is_some() => json!(instant(*at)),
        (Base::Date, Value::Date(days)) if date(*days).is_some() => json!(date(*days)),
        (_, value) => tagged(column, value),
    }
}

fn tagged(column: &Column, value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(yes) => json!({ "bool": yes }),
        Value::Int(number) => json!({ "int": number }),
        // As text: JSON has no infinity.
        Value::Float(number) => json!({ "float": number.to_string() }),
        Value::Text(text) => json!({ "text": &**text }),
        Value::Json(text) => json!({ "json": &**text }),
        Value::Id(id) => json!({ "id": id.to_string() }),
        Value::Instant(at) => json!({ "microseconds": at }),
        Value::Date(days) => json!({ "days": days }),
        Value::File(file) => {
            let bytes = BASE64_STANDARD.encode(&file.bytes);
            json!({ "file": { "name": file.name, "content_type": file.content_type, "base64": bytes } })
        }
        Value::List(items) => json!({ "list": items.iter().map(|item| tagged(column, item)).collect::<Vec<_>>() }),
        Value::Object(fields) => {
            // What has no name there cannot have been read: nested inputs are of the column's own type.
            let columns = column.target.shape().columns();
            let known = fields.iter().filter_map(|(slot, value)| Some((columns.get(usize::from(*slot))?, value)));
            let named = known.map(|(field, value)| (field.name().to_owned(), to_json(field, value)));
            json!({ "object": named.collect::<Map<_, _>>() })
        }
    }
}

/// None beyond the calendar.
fn instant(at: i64) -> Option<String> {
    Timestamp::from_microsecond(at).ok().map(|at| at.to_string())
}

fn date(days: i32) -> Option<String> {
    let date = civil_date(days);
    (days_since_1970(date) == days).then(|| date.to_string())
}

/// What [`to_json`] wrote. Err says what would belong there.
pub fn from_json(column: &Column, json: &Json) -> Result<Value, String> {
    match json {
        Json::Array(items) if column.list => Ok(Value::List(items.iter().map(|item| read_one(column, item)).collect::<Result<_, _>>()?)),
        Json::Null => Ok(Value::Null),
        Json::Object(tag) => untagged(column, tag),
        _ if column.list => Err("a list".to_owned()),
        json => read_one(column, json),
    }
}

fn read_one(column: &Column, json: &Json) -> Result<Value, String> {
    let text = json.as_str();
    let read = match (column.base, json) {
        (_, Json::Null) => Some(Value::Null),
        (_, Json::Object(tag)) => return untagged(column, tag),
        (Base::Bool, _) => json.as_bool().map(Value::Bool),
        (Base::Int, _) => json.as_i64().map(Value::Int),
        (Base::Float, Json::Number(number)) => number.as_f64().map(Value::Float),
        (Base::Text | Base::Upload, _) => text.map(Value::text),
        // A value that the schema no longer has is kept all the same: records outlive schemas.
        (Base::Choice, _) => text.map(Value::text),
        (Base::Json, _) => text.filter(|text| is_json(text)).map(|text| Value::Json(text.into())),
        (Base::Id | Base::Record, _) => text.and_then(id).map(Value::Id),
        (Base::Instant, _) => text.and_then(|text| text.parse::<Timestamp>().ok()).map(|at| Value::Instant(at.as_microsecond())),
        (Base::Date, _) => text.and_then(|text| text.parse::<civil::Date>().ok()).map(|date| Value::Date(days_since_1970(date))),
        (Base::Float, _) => None,
    };
    read.ok_or_else(|| wanted(column.base).to_owned())
}

fn untagged(column: &Column, tag: &Map<String, Json>) -> Result<Value, String> {
    let mut entries = tag.iter();
    let (Some((kind, json)), None) = (entries.next(), entries.next()) else { return Err(TAGS.to_owned()) };
    let text = json.as_str();
    let read = match kind.as_str() {
        "bool" => json.as_bool().map(Value::Bool),
        "int" => json.as_i64().map(Value::Int),
        "float" => text.and_then(|text| text.parse().ok()).map(Value::Float),
        "text" => text.map(Value::text),
        "json" => text.filter(|text| is_json(text)).map(|text| Value::Json(text.into())),
        "id" => text.and_then(|text| text.parse().ok()).map(Value::Id),
        "microseconds" => json.as_i64().map(Value::Instant),
        "days" => json.as_i64().and_then(|days| i32::try_from(days).ok()).map(Value::Date),
        "list" => match json {
            Json::Array(items) => Some(Value::List(items.iter().map(|item| from_json(column, item)).collect::<Result<_, _>>()?)),
            _ => None,
        },
        "file" => file(json),
        "object" => return object(column, json),
        _ => return Err(TAGS.to_owned()),
    };
    read.ok_or_else(|| format!("{{\"{kind}\": …}} with one"))
}

fn object(column: &Column, json: &Json) -> Result<Value, String> {
    let Json::Object(named) = json else { return Err("{\"object\": {…}}".to_owned()) };
    let shape = column.target.shape();
    let mut fields = named
        .iter()
        .map(|(name, json)| {
            let slot = shape.slot(name).ok_or_else(|| format!("a {} (which has no {name:?})", shape.name()))?;
            Ok((slot, from_json(shape.column(slot), json)?))
        })
        .collect::<Result<Vec<_>, String>>()?;
    fields.sort_by_key(|(slot, _)| *slot);
    Ok(Value::Object(fields.into()))
}

fn file(json: &Json) -> Option<Value> {
    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Written {
        name: Option<String>,
        content_type: String,
        base64: String,
    }
    let Written { name, content_type, base64 } = Written::deserialize(json).ok()?;
    let bytes = BASE64_STANDARD.decode(base64).ok()?;
    Some(Value::File(files::keep(name.as_deref(), &content_type, &bytes)))
}

const TAGS: &str = "one of bool, int, float, text, json, id, microseconds, days, file, list and object with its value";

fn is_json(text: &str) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

/// A number from 0 on, in digits as it would be printed.
pub fn id(text: &str) -> Option<u64> {
    match Value::id_or_text(text) {
        Value::Id(id) => Some(id),
        _ => None,
    }
}

fn wanted(base: Base) -> &'static str {
    match base {
        Base::Id | Base::Record => "an id in digits, as a string",
        Base::Text | Base::Upload | Base::Choice => "a string",
        Base::Int => "a whole number",
        Base::Float => "a number",
        Base::Bool => "true or false",
        Base::Date => "a day such as \"2026-03-02\"",
        Base::Instant => "a time such as \"2026-03-02T15:00:00Z\"",
        Base::Json => "JSON in a string",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Named;
    use crate::schema::names::{Appointment, Location, User};
    use std::sync::Arc;

    /// Every kind of value in columns of every kind.
    #[test]
    fn whatever_a_column_holds_comes_back() {
        let file = files::keep(Some("a.txt"), "text/plain", b"\x00\xff");
        let values = [
            Value::Bool(false),
            Value::Int(i64::MIN),
            Value::Float(0.1 + 0.2),
            Value::Float(-0.0),
            Value::Float(f64::INFINITY),
            Value::Float(5e-324),
            Value::Float(1.7976931348623157e308),
            Value::text(""),
            Value::text("\u{0}\"\u{2028}😀"),
            Value::text("17"),
            Value::Id(17),
            Value::Id(u64::MAX),
            Value::Instant(1_772_463_600_000_001),
            Value::Instant(i64::MAX),
            Value::Date(-1_000),
            Value::Date(i32::MIN),
            Value::Json(r#"{"b":1.0,"a":[]}"#.into()),
            Value::File(file),
            Value::List([Value::Null, Value::Id(3), Value::text("x"), Value::List(Arc::new([]))].into()),
            Value::List(Arc::new([])),
        ];
        let columns = [User::TYPE, Appointment::TYPE, Location::TYPE].into_iter().flat_map(|of| of.shape().columns());
        for column in columns {
            for value in &values {
                let text = to_json(column, value).to_string();
                let back = from_json(column, &serde_json::from_str(&text).expect("JSON"));
                assert_eq!(back.as_ref(), Ok(value), "{} as {text}", column.name());
            }
        }
        let bits = |value: &Value| if let Value::Float(number) = value { number.to_bits() } else { 0 };
        let column = Location::TYPE.shape().columns().iter().find(|column| column.base == Base::Float);
        let back = column.map(|column| from_json(column, &json!(-0.0)).expect("a number"));
        assert!(back.is_none_or(|back| bits(&back) == (-0.0_f64).to_bits()));
    }

    #[test]
    fn what_a_column_cannot_hold_is_refused() {
        let column = |name: &str| User::TYPE.shape().column(User::TYPE.shape().slot(name).expect("published"));
        for (name, json, wanted) in [
            ("id", json!(17), "an id in digits, as a string"),
            ("id", json!("017"), "an id in digits, as a string"),
            ("first_name", json!(7), "a string"),
            ("active", json!("true"), "true or false"),
            ("created_at", json!("yesterday"), "a time such as \"2026-03-02T15:00:00Z\""),
            ("first_name", json!({ "text": "a", "id": "1" }), TAGS),
            ("first_name", json!({ "colour": "a" }), TAGS),
            ("first_name", json!({ "int": "a" }), "{\"int\": …} with one"),
        ] {
            assert_eq!(from_json(column(name), &json), Err(wanted.to_owned()), "{name}: {json}");
        }
    }
}
