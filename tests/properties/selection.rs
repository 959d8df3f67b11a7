//! What is asked for: selections made from a version's schema, and whether an answer is what the schema promises of them.

use crate::invention;
use healthie_mock::schema::{FieldDef, Schema, TypeDef, TypeId, TypeKind, TypeRef, Version};
use serde_json::{Map, Value as Json, json};
use std::fmt;

/// What is selected of a field: nothing of a leaf, and fields of each object that it may hold.
pub struct Below(Vec<Selection>);

struct Selection {
    of: &'static TypeDef,
    in_union: bool,
    fields: Vec<Selected>,
}

struct Selected {
    key: String,
    /// The field with its key and arguments, as it stands in a document.
    text: String,
    def: &'static FieldDef,
    below: Below,
}

/// More fields than these go into several documents: answers stay short, and plans are kept.
const MOST_FIELDS: usize = 500;

impl Below {
    /// Every leaf of `ty`, and of the objects in it, `levels` of them deep. Paging is no level.
    pub fn whole(schema: Schema, ty: TypeRef, levels: usize) -> Self {
        let def = schema.of(ty);
        let members = def.members().iter().map(|member| schema.get(*member).expect("a version publishes its unions' members"));
        Self(match def.kind {
            TypeKind::Object => vec![Selection::whole(schema, def, levels, false)],
            TypeKind::Union => members.map(|member| Selection::whole(schema, member, levels, true)).collect(),
            TypeKind::Scalar | TypeKind::Enum | TypeKind::Input => vec![],
        })
    }

    /// The same in parts, none of more than [`MOST_FIELDS`] unless it is one field.
    pub fn parts(self) -> Vec<Self> {
        match self.0.is_empty() {
            true => vec![self],
            false => self.0.into_iter().flat_map(Selection::parts).map(|part| Self(vec![part])).collect(),
        }
    }

    /// Says where `answer` is not what `ty` promises.
    pub fn check(&self, schema: Schema, ty: TypeRef, answer: &Json) -> Result<(), String> {
        match (answer, ty.item()) {
            (Json::Null, _) if !ty.is_non_null() => Ok(()),
            (Json::Array(items), Some(item)) => {
                let checked = |(at, answer)| self.check(schema, item, answer).map_err(|misfit| format!("[{at}]{misfit}"));
                items.iter().enumerate().try_for_each(checked)
            }
            (Json::Object(answer), None) if !self.0.is_empty() => self.check_object(schema, answer),
            (answer, None) if self.0.is_empty() && is_one(schema.of(ty), answer) => Ok(()),
            _ => Err(format!(" is {answer}, against {ty}")),
        }
    }

    fn check_object(&self, schema: Schema, answer: &Map<String, Json>) -> Result<(), String> {
        let name = &answer["__typename"];
        let Some(selection) = self.0.iter().find(|selection| selection.of.name() == name) else {
            // Another part asks for this object of the union.
            return if self.0.iter().all(|selection| selection.in_union) { Ok(()) } else { Err(format!(" is a {name}")) };
        };
        selection.fields.iter().try_for_each(|field| {
            let answer = answer.get(&field.key).ok_or_else(|| format!(".{} is missing", field.key))?;
            field.below.check(schema, field.def.ty, answer).map_err(|misfit| format!(".{}{misfit}", field.key))
        })
    }
}

impl Selection {
    fn whole(schema: Schema, of: &'static TypeDef, levels: usize, in_union: bool) -> Self {
        let below = if is_paging(of) { levels } else { levels - 1 };
        let reached = |def: &&FieldDef| below > 0 || !schema.of(def.ty).is_composite();
        let selected = |def: &'static FieldDef| {
            // Objects of a union may have fields of one name and different types.
            let key = if in_union { format!("{}_{}", of.name(), def.name()) } else { def.name().to_owned() };
            // `edges` holds the records that `nodes` has already.
            let below = if is_paging(of) && def.name() == "edges" { 1 } else { below };
            Selected { text: text(schema, &key, def), key, def, below: Below::whole(schema, def.ty, below) }
        };
        Self { of, in_union, fields: of.fields().iter().filter(reached).map(selected).collect() }
    }

    fn parts(mut self) -> Vec<Self> {
        let nodes = self.fields.iter().position(|field| is_paging(self.of) && field.key == "nodes");
        if let Some(Selected { key, text, def, below }) = nodes.map(|at| self.fields.remove(at)) {
            let nodes = |below| Selected { key: key.clone(), text: text.clone(), def, below };
            let parts = below.parts().into_iter().map(|below| Self { fields: vec![nodes(below)], ..self });
            return parts.chain([Self { fields: self.fields, ..self }]).collect();
        }
        let mut parts = vec![];
        let mut room = 0;
        for field in self.fields {
            if room < field.size() {
                parts.push(Self { fields: vec![], ..self });
                room = MOST_FIELDS;
            }
            room = room.saturating_sub(field.size());
            parts.last_mut().expect("there was no room in none").fields.push(field);
        }
        parts
    }
}

impl Selected {
    fn size(&self) -> usize {
        1 + self.below.0.iter().flat_map(|selection| &selection.fields).map(Self::size).sum::<usize>()
    }
}

/// A connection, or a part of one.
fn is_paging(of: &TypeDef) -> bool {
    of.field("page_info").is_some() || of.name().ends_with("Edge") || of.name() == "PageInfo"
}

fn text(schema: Schema, key: &str, def: &FieldDef) -> String {
    let alias = if key == def.name() { String::new() } else { format!("{key}: ") };
    let required = def.args(schema.version()).iter().filter(|arg| arg.is_required());
    let arguments: Vec<String> = required.map(|arg| format!("{}: {:?}", arg.name(), invention::text(arg.name()))).collect();
    let arguments = if arguments.is_empty() { String::new() } else { format!("({})", arguments.join(", ")) };
    format!("{alias}{}{arguments}", def.name())
}

/// Whether a leaf has a value of its type.
fn is_one(def: &TypeDef, answer: &Json) -> bool {
    let text = answer.as_str();
    match def.name() {
        _ if def.kind == TypeKind::Enum => def.values().iter().any(|value| text == Some(value.name())),
        "JSON" => true,
        "Int" => answer.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
        "Float" => answer.is_number(),
        "Boolean" => answer.is_boolean(),
        "ISO8601Date" => text.is_some_and(|text| text.parse::<jiff::civil::Date>().is_ok()),
        "ISO8601DateTime" => text.is_some_and(|text| text.parse::<jiff::Timestamp>().is_ok()),
        _ => text.is_some(),
    }
}

impl fmt::Display for Below {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return Ok(());
        }
        f.write_str(" { __typename")?;
        for Selection { of, in_union, fields } in &self.0 {
            if *in_union {
                write!(f, " ... on {} {{ __typename", of.name())?;
            }
            fields.iter().try_for_each(|field| write!(f, " {}{}", field.text, field.below))?;
            if *in_union {
                f.write_str(" }")?;
            }
        }
        f.write_str(" }")
    }
}

/// The check can fail.
#[test]
fn an_answer_that_the_schema_does_not_promise_is_told() {
    let schema = Version::V2026_01_01.schema();
    let ty = TypeRef::named(TypeId::named("FieldError").expect("published")).list_of();
    let below = Below::whole(schema, ty, 1);
    let told = |answer: Json| below.check(schema, ty, &answer).err().unwrap_or_default();
    assert_eq!(told(json!([{ "__typename": "FieldError", "field": null, "message": "" }, null])), "");
    assert_eq!(told(json!([{ "__typename": "FieldError", "field": 1, "message": "" }])), "[0].field is 1, against String");
    assert_eq!(told(json!([{ "__typename": "FieldError", "field": "", "message": null }])), "[0].message is null, against String!");
    assert_eq!(told(json!([{ "__typename": "FieldError", "field": "" }])), "[0].message is missing");
    assert_eq!(told(json!([{ "__typename": "User" }])), r#"[0] is a "User""#);
    assert_eq!(told(json!({})), " is {}, against [FieldError]");
}
