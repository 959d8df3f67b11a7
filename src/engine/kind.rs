//! How the kinds of the schema read and write in Rust.

use super::files;
use crate::schema::{Bool, Choice, Date, EnumValue, Float, Id, Instant, Int, Json, Many, Named, One, Text, Upload};
use crate::state::{File, Value};
use jiff::{Timestamp, civil, tz::TimeZone};
use std::{marker::PhantomData, sync::Arc};

/// A kind of field: what reading one gives, and what may be written to it.
pub trait Kind {
    type Read<'a>;
    type Write;
    /// None for null, and for what this kind cannot hold.
    fn read(value: &Value) -> Option<Self::Read<'_>>;
    fn write(value: Self::Write) -> Value;
}

macro_rules! kind {
    ($kind:ident reads $read:ty as $reading:expr, writes $write:ty as $writing:expr) => {
        impl Kind for $kind {
            type Read<'a> = $read;
            type Write = $write;
            fn read(value: &Value) -> Option<Self::Read<'_>> {
                let read: fn(&Value) -> Option<Self::Read<'_>> = $reading;
                read(value)
            }
            fn write(value: $write) -> Value {
                let write: fn($write) -> Value = $writing;
                write(value)
            }
        }
    };
}
kind!(Id reads u64 as |value| value.as_id(), writes u64 as Value::Id);
kind!(Text reads &'a str as |value| value.as_str(), writes String as Value::from);
kind!(Upload reads &'a Arc<File> as |value| value.as_file(), writes Arc<File> as Value::File);
kind!(Json reads &'a str as |value| value.as_str(), writes String as |json| Value::Json(json.into()));
kind!(Int reads i64 as |value| if let Value::Int(number) = value { Some(*number) } else { None }, writes i64 as Value::Int);
kind!(Float reads f64 as |value| if let Value::Float(number) = value { Some(*number) } else { None }, writes f64 as Value::Float);
kind!(Bool reads bool as |value| value.as_bool(), writes bool as Value::Bool);
kind!(Date reads civil::Date as |value| if let Value::Date(days) = value { Some(civil_date(*days)) } else { None },
    writes civil::Date as |date| Value::Date(days_since_1970(date)));
kind!(Instant reads Timestamp as |value| if let Value::Instant(at) = value { Timestamp::from_microsecond(*at).ok() } else { None },
    writes Timestamp as |at| Value::Instant(at.as_microsecond()));

impl<E> Kind for Choice<E> {
    type Read<'a> = &'a str;
    type Write = EnumValue<E>;
    fn read(value: &Value) -> Option<&str> {
        value.as_str()
    }
    fn write(value: EnumValue<E>) -> Value {
        Value::text(value.name)
    }
}

impl<T> Kind for One<T> {
    type Read<'a> = Nested<'a, T>;
    type Write = u64;
    fn read(value: &Value) -> Option<Nested<'_, T>> {
        (!value.is_null()).then_some(Nested { value, of: PhantomData })
    }
    fn write(id: u64) -> Value {
        Value::Id(id)
    }
}

impl<K: Kind> Kind for Many<K> {
    type Read<'a> = Vec<K::Read<'a>>;
    type Write = Vec<K::Write>;
    fn read(value: &Value) -> Option<Self::Read<'_>> {
        Some(value.as_list()?.iter().filter_map(K::read).collect())
    }
    fn write(values: Self::Write) -> Value {
        Value::List(values.into_iter().map(K::write).collect())
    }
}

/// An input within an input, or the id in a record's reference.
pub struct Nested<'a, T> {
    pub value: &'a Value,
    of: PhantomData<fn() -> T>,
}

impl<'a, T: Named> Nested<'a, T> {
    pub fn get<K: Kind>(&self, field: crate::schema::Field<T, K>) -> Option<K::Read<'a>> {
        K::read(self.value.field(field.slot)?)
    }

    /// The file that `field` holds, or the text beside it that stands for one, as [`super::Input::file`].
    pub fn file(&self, field: crate::schema::Field<T, Upload>) -> Option<&'a Arc<File>> {
        let text = files::as_text(T::TYPE, field.slot).and_then(|slot| self.value.field(slot));
        [self.value.field(field.slot), text].into_iter().flatten().find_map(Value::as_file)
    }

    pub fn id(&self) -> Option<u64> {
        self.value.as_id()
    }
}

pub fn civil_date(days: i32) -> civil::Date {
    // Through a timestamp, which is many times faster than adding days to a date.
    let midnight = Timestamp::from_second(i64::from(days) * 86_400);
    midnight.map_or(if days < 0 { civil::Date::MIN } else { civil::Date::MAX }, |at| TimeZone::UTC.to_datetime(at).date())
}

pub fn days_since_1970(date: civil::Date) -> i32 {
    date.duration_since(civil::date(1970, 1, 1)).as_hours() as i32 / 24
}
