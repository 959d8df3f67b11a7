//! Whether literals are of their types, in graphql-ruby's order of looking and with the words it has for some of it.

use crate::{
    graphql::{coerce, parse::printed},
    schema::{Schema, TypeDef, TypeKind, TypeRef},
};
use async_graphql_value::{Name, Value, indexmap::IndexMap};
use std::fmt::{self, Write as _};

/// What is wrong first.
#[derive(Debug, PartialEq)]
pub(super) enum Misfit {
    /// The shape, which is for the rule to word.
    Unsaid,
    /// What a scalar or an enum says of a value that it doesn't take.
    Said(String),
}

/// How far to look.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Reach {
    /// Through everything.
    Whole,
    /// Not into the fields of input objects, whose values are looked at as arguments of their own.
    Surface,
}

pub(super) fn fit(schema: Schema, ty: TypeRef, value: &Value, reach: Reach) -> Result<(), Misfit> {
    if *value == Value::Null {
        return if ty.is_non_null() { Err(Misfit::Unsaid) } else { Ok(()) };
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
        _ => Err(Misfit::Unsaid),
    }
}

fn object(schema: Schema, def: &TypeDef, fields: &IndexMap<Name, Value>) -> Result<(), Misfit> {
    let is_missing = |name: &str| !fields.contains_key(name);
    if def.inputs().iter().any(|input| input.is_required() && is_missing(input.name())) {
        return Err(Misfit::Unsaid);
    }
    fields.iter().try_for_each(|(name, value)| match def.input(name) {
        Some(input) => fit(schema, input.ty, value, Reach::Whole),
        None => Err(Misfit::Unsaid),
    })
}

fn choice(def: &TypeDef, name: &str) -> Result<(), Misfit> {
    let known: Vec<_> = def.values().iter().map(|value| value.name()).collect();
    match known.contains(&name) {
        true => Ok(()),
        false => Err(Misfit::Said(format!("Expected \"{name}\" to be one of: {}", known.join(", ")))),
    }
}

fn scalar(schema: Schema, ty: TypeRef, def: &TypeDef, value: &Value) -> Result<(), Misfit> {
    if mentions_variables(value) {
        return Err(Misfit::Unsaid);
    }
    match coerce::fits(schema, ty, value) {
        true => Ok(()),
        false => Err(Misfit::Said(format!("Could not coerce value {} to {}", serialized(value), def.name()))),
    }
}

fn mentions_variables(value: &Value) -> bool {
    match value {
        Value::Variable(_) => true,
        Value::List(items) => items.iter().any(mentions_variables),
        Value::Object(fields) => fields.values().any(mentions_variables),
        _ => false,
    }
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
