//! Lists and objects as the document writes them: with places, and with fields that are given twice.

use async_graphql_parser::{Pos, Positioned};
use async_graphql_value::{Name, Value};
use std::fmt;

/// A literal of a document. [`Value`] is what it comes to.
#[derive(Debug)]
pub enum Written {
    Plain(Value),
    Variable(Pos, Name),
    List(Vec<Self>),
    Object(Pos, Vec<(Positioned<Name>, Self)>),
}

impl Written {
    /// The last of fields that are given twice counts.
    pub fn value(&self) -> Value {
        match self {
            Self::Plain(value) => value.clone(),
            Self::Variable(_, name) => Value::Variable(name.clone()),
            Self::List(items) => Value::List(items.iter().map(Self::value).collect()),
            Self::Object(_, fields) => Value::Object(fields.iter().map(|(name, value)| (name.node.clone(), value.value())).collect()),
        }
    }

    /// The place that it has among the objects, names, variables and nulls of a list, through lists in lists. Of several that
    /// read the same the first counts, as graphql-ruby looks them up by what they say.
    pub fn index_of(&self, part: &Self) -> usize {
        let mut index = 0;
        self.look_for(part, &mut index);
        index
    }

    fn look_for(&self, part: &Self, index: &mut usize) -> bool {
        match self {
            Self::List(items) => items.iter().any(|item| item.look_for(part, index)),
            Self::Plain(value) if !matches!(value, Value::Null | Value::Enum(_)) => false,
            node => {
                let found = node.reads_as(part);
                *index += usize::from(!found);
                found
            }
        }
    }

    fn reads_as(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Plain(one), Self::Plain(other)) => one == other,
            (Self::Variable(_, one), Self::Variable(_, other)) => one == other,
            (Self::List(one), Self::List(other)) => {
                one.len() == other.len() && one.iter().zip(other).all(|(one, other)| one.reads_as(other))
            }
            (Self::Object(_, one), Self::Object(_, other)) => {
                let same = |((one, value), (other, known)): (&(Positioned<Name>, Self), &(Positioned<Name>, Self))| {
                    one.node == other.node && value.reads_as(known)
                };
                one.len() == other.len() && one.iter().zip(other).all(same)
            }
            _ => false,
        }
    }
}

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain(value) => plain(value, f),
            Self::Variable(_, name) => write!(f, "${name}"),
            Self::List(items) => {
                f.write_str("[")?;
                for (at, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", if at > 0 { ", " } else { "" })?;
                }
                f.write_str("]")
            }
            Self::Object(_, fields) => {
                f.write_str("{")?;
                for (at, (name, value)) in fields.iter().enumerate() {
                    write!(f, "{}{}: {value}", if at > 0 { ", " } else { "" }, name.node)?;
                }
                f.write_str("}")
            }
        }
    }
}

/// A value that is no list, object or variable, as graphql-ruby prints it.
pub fn printed(value: &Value) -> impl fmt::Display {
    struct Printed<'v>(&'v Value);
    impl fmt::Display for Printed<'_> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            plain(self.0, f)
        }
    }
    Printed(value)
}

fn plain(value: &Value, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match value {
        Value::String(text) => write!(f, "{}", serde_json::Value::from(text.as_str())),
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() => f.write_str(&ruby_float(float)),
            _ => write!(f, "{number}"),
        },
        value => write!(f, "{value}"),
    }
}

/// `1.5`, `1.0e+16`, `1.0e-05`
pub fn ruby_float(number: f64) -> String {
    let size = number.abs();
    if size == 0.0 || (1e-4..1e16).contains(&size) {
        return format!("{number:?}");
    }
    let text = format!("{number:e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let point = if digits.contains('.') { "" } else { ".0" };
    let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |exponent| ('-', exponent));
    format!("{digits}{point}e{sign}{exponent:0>2}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_read_as_in_ruby() {
        let shown = [0.0, 1.5, -2.0, 1e15, 1e16, 3.4e24, 1e-4, 1.5e-5, 1e100].map(ruby_float);
        assert_eq!(shown, ["0.0", "1.5", "-2.0", "1000000000000000.0", "1.0e+16", "3.4e+24", "0.0001", "1.5e-05", "1.0e+100"]);
    }
}
