//! Leaf values as JSON, the way each version prints them.

use crate::engine::{civil_date, moment};
use crate::schema::names::WebhookEventType;
use crate::schema::{Base, EventDef, FieldDef, Named, TypeDef, TypeId, TypeKind};
use crate::state::Value;
use jiff::{Timestamp, tz::TimeZone};

/// How a leaf is printed.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Leaf {
    Id,
    String,
    /// A String that holds a webhook event: `appointment.created`, where the newer version says `APPOINTMENT_CREATED`.
    Event,
    /// A String that holds a choice: `allergy`, where the newer version says `ALLERGY`.
    Choice,
    Int,
    Float,
    Boolean,
    Json,
    DateTime,
    Date,
    /// Null for what the version's enum doesn't have.
    Enum(&'static [crate::schema::EnumValueDef]),
    /// Healthie prints no value: `Upload` as an output.
    Nothing,
}

impl PartialEq for crate::schema::EnumValueDef {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl std::fmt::Debug for crate::schema::EnumValueDef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl Leaf {
    pub fn of(ty: &'static TypeDef, parent: &TypeDef, def: &FieldDef) -> Self {
        if ty.kind == TypeKind::Enum {
            return Self::Enum(ty.values());
        }
        let column = parent.id.shape().columns().get(def.slot as usize).filter(|column| column.name() == def.name());
        let keeps_events = || column.is_some_and(|column| column.target == WebhookEventType::TYPE);
        // Documented for allergies, lab orders, billing items and courses: the words of the newer version in lower case. Assumed: the
        // codes of a person's race, ethnicity and gender are the same in both.
        let keeps_choices = || column.is_some_and(|column| column.base == Base::Choice && !column.name().ends_with("_code"));
        match ty.name() {
            "ID" => Self::Id,
            "Int" => Self::Int,
            "Float" => Self::Float,
            "Boolean" => Self::Boolean,
            "JSON" => Self::Json,
            "ISO8601DateTime" => Self::DateTime,
            "ISO8601Date" => Self::Date,
            "Upload" => Self::Nothing,
            "String" if keeps_events() => Self::Event,
            "String" if keeps_choices() => Self::Choice,
            _ => Self::String,
        }
    }

    /// Appends `value`; null where this leaf cannot print it.
    pub fn write(self, out: &mut Vec<u8>, value: &Value, zone: &TimeZone) {
        match (self, value) {
            (_, Value::Null | Value::Object(_) | Value::File(_)) | (Self::Nothing, _) => null(out),
            (Self::Event, Value::Text(text)) => match EventDef::find(text) {
                Some(event) => string(out, event.name()),
                None => string(out, text),
            },
            (Self::Choice, Value::Text(text)) if !text.contains(char::is_lowercase) => string(out, &text.to_lowercase()),
            (Self::Id | Self::String | Self::Event | Self::Choice, value) => quoted(out, value, zone),
            (Self::Int, Value::Int(number)) => display(out, *number),
            (Self::Int, Value::Id(id)) => display(out, *id),
            (Self::Int, Value::Float(number)) => display(out, *number as i64),
            (Self::Int, Value::Text(text)) => number_or_null(out, text.parse::<i64>().ok()),
            (Self::Float, Value::Float(number)) => float(out, *number),
            (Self::Float, Value::Int(number)) => float(out, *number as f64),
            (Self::Float, Value::Text(text)) => float(out, text.parse().unwrap_or(f64::NAN)),
            (Self::Boolean, Value::Bool(yes)) => out.extend_from_slice(if *yes { b"true" } else { b"false" }),
            (Self::Json, Value::Json(json)) => out.extend_from_slice(json.as_bytes()),
            (Self::Json, Value::Bool(_)) => Self::Boolean.write(out, value, zone),
            (Self::Json, Value::Int(_)) => Self::Int.write(out, value, zone),
            (Self::Json, Value::Float(_)) => Self::Float.write(out, value, zone),
            (Self::Json, Value::List(items)) => {
                out.push(b'[');
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        out.push(b',');
                    }
                    self.write(out, item, zone);
                }
                out.push(b']');
            }
            (Self::Json, value) => quoted(out, value, zone),
            (Self::DateTime, Value::Instant(at)) => match Timestamp::from_microsecond(*at) {
                Ok(at) => string(out, &moment::iso_instant(at, zone)),
                Err(_) => null(out),
            },
            (Self::DateTime, Value::Date(days)) => {
                let midnight = zone.to_timestamp(civil_date(*days).to_datetime(jiff::civil::Time::midnight()));
                match midnight {
                    Ok(at) => string(out, &moment::iso_instant(at, zone)),
                    Err(_) => null(out),
                }
            }
            // Written by a rule, in a zone of its own.
            (Self::DateTime, Value::Text(text)) => string(out, text),
            (Self::Date, Value::Date(days)) => date(out, *days),
            (Self::Date, Value::Instant(at)) => match Timestamp::from_microsecond(*at) {
                Ok(at) => string(out, &zone.to_datetime(at).date().to_string()),
                Err(_) => null(out),
            },
            (Self::Enum(values), Value::Text(text)) if values.iter().any(|value| value.name() == &**text) => string(out, text),
            (Self::Int | Self::Boolean | Self::DateTime | Self::Date | Self::Enum(_) | Self::Float, _) => null(out),
        }
    }

    /// What stands where Healthie promises a value and nothing fills it.
    pub fn write_default(self, out: &mut Vec<u8>, now: Timestamp, zone: &TimeZone) {
        match self {
            Self::Id => string(out, "0"),
            Self::String | Self::Event | Self::Choice | Self::Nothing => string(out, ""),
            Self::Int => out.push(b'0'),
            Self::Float => out.extend_from_slice(b"0.0"),
            Self::Boolean => out.extend_from_slice(b"false"),
            Self::Json => out.extend_from_slice(b"{}"),
            Self::DateTime => string(out, &moment::iso_instant(now, zone)),
            Self::Date => string(out, &zone.to_datetime(now).date().to_string()),
            Self::Enum(values) => match values.first() {
                Some(value) => string(out, value.name()),
                None => null(out),
            },
        }
    }
}

fn quoted(out: &mut Vec<u8>, value: &Value, zone: &TimeZone) {
    match value {
        Value::Text(text) | Value::Json(text) => string(out, text),
        Value::Id(id) => {
            out.push(b'"');
            display(out, *id);
            out.push(b'"');
        }
        Value::Int(number) => {
            out.push(b'"');
            display(out, *number);
            out.push(b'"');
        }
        Value::Bool(yes) => string(out, if *yes { "true" } else { "false" }),
        Value::Float(number) => string(out, &number.to_string()),
        Value::Instant(at) => match Timestamp::from_microsecond(*at) {
            Ok(at) => string(out, &moment::show_instant(at, zone)),
            Err(_) => null(out),
        },
        Value::Date(days) => date(out, *days),
        Value::List(items) => string(out, &items.iter().map(plain).collect::<Vec<_>>().join(",")),
        Value::Null | Value::Object(_) | Value::File(_) => null(out),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Text(text) | Value::Json(text) => text.to_string(),
        Value::Id(id) => id.to_string(),
        Value::Int(number) => number.to_string(),
        _ => String::new(),
    }
}

pub fn null(out: &mut Vec<u8>) {
    out.extend_from_slice(b"null");
}

fn display(out: &mut Vec<u8>, number: impl itoa::Integer) {
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

/// `"2026-05-12"`
fn date(out: &mut Vec<u8>, days: i32) {
    let date = civil_date(days);
    let two = |number: i8| [b'0' + number as u8 / 10, b'0' + number as u8 % 10];
    let (year, [m0, m1], [d0, d1]) = (date.year(), two(date.month()), two(date.day()));
    if !(1000..=9999).contains(&year) {
        return string(out, &date.to_string());
    }
    out.push(b'"');
    display(out, year);
    out.extend_from_slice(&[b'-', m0, m1, b'-', d0, d1, b'"']);
}

fn number_or_null(out: &mut Vec<u8>, number: Option<i64>) {
    match number {
        Some(number) => display(out, number),
        None => null(out),
    }
}

fn float(out: &mut Vec<u8>, number: f64) {
    match number.is_finite() {
        true => serde_json::to_writer(out, &number).expect("a vector takes every byte"),
        false => null(out),
    }
}

/// A JSON string.
pub fn string(out: &mut Vec<u8>, text: &str) {
    let plain = text.bytes().all(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\' && byte != 0x7f);
    if plain {
        out.push(b'"');
        out.extend_from_slice(text.as_bytes());
        out.push(b'"');
    } else {
        serde_json::to_writer(out, text).expect("a vector takes every byte");
    }
}

/// The type's name is what a version says it is.
pub fn typename(out: &mut Vec<u8>, ty: TypeId) {
    string(out, ty.name());
}
