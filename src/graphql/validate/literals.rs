//! Whether literals are of their types, in graphql-ruby's order of looking and with the words it has for some of it.

use crate::{
    graphql::{coerce, parse::printed},
    schema::{Schema, TypeDef, TypeKind, TypeRef},
};
use async_graphql_value::{Name, Value, indexmap::IndexMap};
use std::fmt::{self, Write as _};

/// What is wrong first.
pub(super) enum Misfit<'v> {
    /// The shape, which is for the rule to word.
    Shape,
    /// No value of the enum.
    Choice(&'static TypeDef, &'v str),
    /// Nothing that the scalar takes.
    Scalar(&'static TypeDef, &'v Value),
}

impl Misfit<'_> {
    /// What a scalar or an enum says of a value that it doesn't take.
    pub(super) fn said(&self) -> Option<String> {
        match self {
            Self::Shape => None,
            Self::Choice(def, name) => {
                let known: Vec<_> = def.values().iter().map(|value| value.name()).collect();
                Some(format!("Expected \"{name}\" to be one of: {}", known.join(", ")))
            }
            Self::Scalar(def, value) => Some(format!("Could not coerce value {} to {}", serialized(value), def.name())),
        }
    }
}

/// How far to look.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Reach {
    /// Through everything.
    Whole,
    /// Not into the fields of input objects, whose values are looked at as arguments of their own.
    Surface,
}

pub(super) fn fit(schema: Schema, ty: TypeRef, value: &Value, reach: Reach) -> Result<(), Misfit<'_>> {
    if *value == Value::Null {
        return if ty.is_non_null() { Err(Misfit::Shape) } else { Ok(()) };
    }
    if let Some(item) = ty.item() {
        let items = match value {
            Value::List(items) => items.as_slice(),
            _ => std::slice::from_ref(value),
        };
        return items.iter().try_for_each(|value| fit(schema, item, value, reach));
    }
    if matches!(value, Value::Variable(_)) {
        return Ok(());
    }
    let def = schema.of(ty);
    match (def.kind, value) {
        (TypeKind::Input, Value::Object(_)) if reach == Reach::Surface => Ok(()),
        (TypeKind::Input, Value::Object(fields)) => object(schema, def, fields),
        (TypeKind::Enum, Value::Enum(name)) => choice(def, name),
        (TypeKind::Scalar, _) => scalar(schema, ty, def, value),
        _ => Err(Misfit::Shape),
    }
}

fn object<'v>(schema: Schema, def: &TypeDef, fields: &'v IndexMap<Name, Value>) -> Result<(), Misfit<'v>> {
    let is_missing = |name: &str| !fields.contains_key(name);
    if def.inputs().iter().any(|input| input.is_required() && is_missing(input.name())) {
        return Err(Misfit::Shape);
    }
    fields.iter().try_for_each(|(name, value)| match def.input(name) {
        Some(input) => fit(schema, input.ty, value, Reach::Whole),
        None => Err(Misfit::Shape),
    })
}

fn choice<'v>(def: &'static TypeDef, name: &'v str) -> Result<(), Misfit<'v>> {
    let is_known = def.values().iter().any(|value| value.name() == name);
    if is_known { Ok(()) } else { Err(Misfit::Choice(def, name)) }
}

fn scalar<'v>(schema: Schema, ty: TypeRef, def: &'static TypeDef, value: &'v Value) -> Result<(), Misfit<'v>> {
    if coerce::mentions_a_variable(value) {
        return Err(Misfit::Shape);
    }
    if coerce::fits(schema, ty, value) { Ok(()) } else { Err(Misfit::Scalar(def, value)) }
}

/// As explanations show a value: lists and objects without spaces.
fn serialized(value: &Value) -> String {
    let mut text = String::new();
    serialize(value, &mut text).expect("writing to a String");
    text
}

/// Into one text, since literals may be deep.
fn serialize(value: &Value, text: &mut String) -> fmt::Result {
    let comma = |at: usize| if at > 0 { "," } else { "" };
    match value {
        Value::List(items) => {
            text.push('[');
            for (at, item) in items.iter().enumerate() {
                text.push_str(comma(at));
                serialize(item, text)?;
            }
            text.push(']');
        }
        Value::Object(fields) => {
            text.push('{');
            for (at, (name, value)) in fields.iter().enumerate() {
                write!(text, "{}{name}:", comma(at))?;
                serialize(value, text)?;
            }
            text.push('}');
        }
        value => write!(text, "{}", printed(value))?,
    }
    Ok(())
}
