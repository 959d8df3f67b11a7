//! What a column might hold, going by its kind and name.

use crate::engine::days_since_1970;
use crate::schema::{Base, Column, TypeId};
use crate::state::Value;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};

/// A plausible value of a column that holds no reference.
pub fn of(ty: TypeId, column: &Column, now: Timestamp) -> Value {
    let name = column.name();
    let one = match column.base {
        Base::Text => text(ty, name, now),
        Base::Int => Value::Int(whole(name)),
        Base::Float => Value::Float(whole(name) as f64),
        Base::Bool => Value::Bool(says_yes(name)),
        Base::Date => Value::Date(days_since_1970(TimeZone::UTC.to_datetime(moment(name, now)).date())),
        Base::Instant if is_an_end(name) => Value::Null,
        Base::Instant => Value::Instant(moment(name, now).as_microsecond()),
        Base::Json => Value::Json("{}".into()),
        Base::Choice => column.target.shape().values().next().map_or(Value::Null, Value::text),
        Base::Id | Base::Record | Base::Upload => Value::Null,
    };
    if column.list { Value::Null } else { one }
}

fn has(name: &str, words: &[&str]) -> bool {
    words.iter().any(|word| name.contains(word))
}

/// What is over once it is set: a record with it would hardly be shown.
fn is_an_end(name: &str) -> bool {
    has(name, &["deleted", "archived", "cancel", "canceled", "voided", "expired", "closed", "paused", "removed", "failed", "revoked"])
}

/// Ten days ago, or in ten days where the name speaks of an end.
fn moment(name: &str, now: Timestamp) -> Timestamp {
    let days = if has(name, &["end", "due", "expir", "next", "until", "scheduled"]) { 10 } else { -10 };
    now.saturating_add(SignedDuration::from_hours(24 * days)).unwrap_or(now)
}

fn says_yes(name: &str) -> bool {
    let no = [
        "deleted", "archived", "cancel", "hidden", "hide", "disabled", "error", "failed", "expired", "locked", "skip", "exclude", "dismiss",
    ];
    has(name, &["active", "enabled", "visible", "is_default", "show", "include", "can_", "allow"]) && !has(name, &no)
}

fn whole(name: &str) -> i64 {
    match name {
        name if has(name, &["length", "duration", "minutes"]) => 30,
        name if has(name, &["percent", "rate"]) => 50,
        name if has(name, &["cents", "amount", "fee", "price"]) => 2500,
        name if has(name, &["month"]) => 6,
        name if has(name, &["year"]) => 2027,
        _ => 1,
    }
}

fn text(ty: TypeId, name: &str, now: Timestamp) -> Value {
    let given = match name {
        "clientMutationId" | "token" | "cursor" | "deleted_at" => return Value::Null,
        "first_name" => "Robin",
        "last_name" => "Vale",
        "state" => "NY",
        "city" => "Albany",
        "zip" => "12207",
        "country" => "US",
        "line1" | "address" => "12 Orchard Street",
        "currency" => "usd",
        "npi" => "1234567893",
        "timezone" => "America/New_York",
        "uuid" => "5f1c2a34-0b6d-4e7f-8a90-1b2c3d4e5f60",
        name if has(name, &["email"]) => "robin.vale@contacts.example",
        name if has(name, &["phone", "fax_number"]) => "212-555-0142",
        name if has(name, &["url", "link", "website"]) => "https://clinic.example/info",
        name if has(name, &["color"]) => "#3F7D58",
        name if has(name, &["amount", "price", "fee", "total", "balance", "cost", "paid", "charge"]) => "25.00",
        name if has(name, &["units", "quantity", "count", "number", "position", "rate", "percent"]) => "1",
        name if has(name, &["status", "state"]) => "active",
        name if is_an_end(name) => return Value::Null,
        name if name.ends_with("_at") || has(name, &["date", "time"]) => {
            return Value::from(TimeZone::UTC.to_datetime(moment(name, now)).strftime("%Y-%m-%d %H:%M:%S UTC").to_string());
        }
        name if has(name, &["name", "title", "label"]) => return Value::from(format!("Sample {}", words(ty.name()))),
        _ => return Value::from(format!("Sample {}", name.replace('_', " "))),
    };
    Value::text(given)
}

/// `CareAlert` as `care alert`.
fn words(name: &str) -> String {
    let mut words = String::new();
    for c in name.trim_end_matches("Type").chars() {
        if c.is_ascii_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.push(c.to_ascii_lowercase());
    }
    words
}
