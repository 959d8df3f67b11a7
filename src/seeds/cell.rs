//! One value of a record: read by what its column keeps.

use super::{
    error::{Mistake, SeedError},
    offset::{self, Offset},
    plan::{Ref, To},
    references::target,
    yaml::{Node, What},
};
use crate::engine::{days_since_1970, lift};
use crate::schema::{Base, Column, TypeId};
use crate::state::Value;
use jiff::{Timestamp, tz::TimeZone};

#[derive(Clone, Debug)]
pub enum Cell {
    Value(Value),
    Instant(Offset, TimeZone),
    /// The calendar day, in its zone, of a time.
    Date(Offset, TimeZone),
    One(To),
    Many(Vec<Cell>),
}

/// Finds a record by its handle.
type Find<'a> = &'a dyn Fn(TypeId, &str) -> Result<To, SeedError>;

pub fn cell(ty: TypeId, column: &Column, node: &Node, zone: &TimeZone, find: Find<'_>) -> Result<Cell, SeedError> {
    let of = Of { ty, column, zone, find };
    match &node.what {
        What::Null => Ok(Cell::Value(Value::Null)),
        What::List(items) if column.list && column.base != Base::Json => {
            Ok(Cell::Many(items.iter().map(|item| of.one(item)).collect::<Result<_, _>>()?))
        }
        _ if column.list && column.base != Base::Json => Ok(Cell::Many(vec![of.one(node)?])),
        _ => of.one(node),
    }
}

struct Of<'a> {
    ty: TypeId,
    column: &'a Column,
    zone: &'a TimeZone,
    find: Find<'a>,
}

impl Of<'_> {
    fn one(&self, node: &Node) -> Result<Cell, SeedError> {
        let text = match (&node.what, self.column.base) {
            (What::Text { text, .. }, _) => text,
            (What::Map(_) | What::List(_), Base::Json | Base::Text) => return Ok(self.json(node)),
            (_, Base::Json) => return Ok(self.json(node)),
            _ => return Err(node.misplaced("a single value")),
        };
        let pointed = target(self.ty, self.column);
        let read = match (self.column.base, pointed) {
            (Base::Id | Base::Record, Some(to)) if text.parse::<u64>().is_err() => Some(Cell::One((self.find)(to, text)?)),
            (Base::Instant, _) => Offset::parse(text, self.zone).map(|at| Cell::Instant(at, self.zone.clone())),
            (Base::Date, _) if text.starts_with(['+', '-']) => Offset::parse(text, self.zone).map(|at| Cell::Date(at, self.zone.clone())),
            (Base::Json, _) => Some(self.json(node)),
            // An empty text is a text; of other columns it would be null without a word.
            (base, _) if text.is_empty() && base != Base::Text => None,
            _ => self.lifted(text).map(Cell::Value),
        };
        read.ok_or_else(|| self.unreadable(node, text))
    }

    fn lifted(&self, text: &str) -> Option<Value> {
        let value = lift(self.column, &Value::text(text), self.zone).ok()?;
        match value {
            Value::List(items) => items.first().cloned(),
            value => Some(value),
        }
    }

    /// A map or list for a text column is kept as JSON text, as `metadata` is.
    fn json(&self, node: &Node) -> Cell {
        let text = node.json().to_string();
        Cell::Value(if self.column.base == Base::Json { Value::Json(text.into()) } else { text.into() })
    }

    fn unreadable(&self, node: &Node, text: &str) -> SeedError {
        let column = format!("{}.{}", self.ty.name(), self.column.name());
        Mistake::Unreadable { text: text.to_owned(), column, wanted: self.wanted() }.at(&node.at)
    }

    fn wanted(&self) -> String {
        match self.column.base {
            Base::Int => "a whole number".into(),
            Base::Float => "a number".into(),
            Base::Bool => "true or false".into(),
            Base::Date => "a day such as 1984-05-17, or `-30d`".into(),
            Base::Instant => offset::READABLE.into(),
            Base::Choice => format!("one of {}", self.column.target.shape().values().collect::<Vec<_>>().join(", ")),
            Base::Id | Base::Record => "the handle of a record, or an id".into(),
            Base::Text | Base::Json | Base::Upload => "a text".into(),
        }
    }
}

impl Cell {
    /// The value at a time, once the ids are known.
    pub fn value(&self, now: Timestamp, id: &impl Fn(Ref) -> u64) -> Value {
        match self {
            Self::Value(value) => value.clone(),
            Self::Instant(offset, zone) => Value::Instant(offset.at(now, zone).as_microsecond()),
            Self::Date(offset, zone) => Value::Date(days_since_1970(zone.to_datetime(offset.at(now, zone)).date())),
            Self::One(to) => Value::Id(to.id(id)),
            Self::Many(cells) => Value::List(cells.iter().map(|cell| cell.value(now, id)).collect()),
        }
    }
}
