//! Values for inputs, from their names and types: sensible ones, and what people send by mistake or on purpose.

use crate::{clinic::Clinic, root_field::RootField};
use healthie_mock::{
    env::Random,
    graphql::UPLOADED,
    schema::{Base, Column, EnumValueDef, InputDef, ShapeKind, TypeDef, TypeId, TypeKind, TypeRef},
};
use serde_json::{Map, Value as Json, json};

/// What is wrong with the values, if anything.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Manner {
    /// Sensible values for everything.
    Whole,
    /// Sensible values for half of it.
    Partial,
    /// Sensible values for what is required.
    Least,
    /// No value at all, where that may be.
    Absent,
    Nulls,
    /// As `Partial`, but each second text is blank.
    Blanks,
    /// As `Partial`, but each second id is wrong.
    WrongIds,
    /// As `Partial`, but some texts have 10 kB.
    Huge,
    /// As `Partial`, but each second text is of the kind that trips programs up.
    Strange,
}

/// Which of several values is taken.
#[derive(Clone, Copy)]
pub enum Pick {
    First,
    Last,
    /// Of records, the first of the second organization's.
    Others,
    /// By chance; otherwise in each turn.
    Any {
        turn: usize,
    },
}

pub struct Inventor<'c> {
    clinic: &'c Clinic,
    field: &'c RootField,
    /// The type of which `id` is one.
    about: TypeId,
    manner: Manner,
    pick: Pick,
    random: Random,
    depth: usize,
}

/// By a part of the name, the first that it has. `{}` is another number each time: some texts have to be unique.
const TEXTS: &[(&[&str], &str)] = &[
    (&["email"], "ava{}@example.com"),
    (&["phone"], "212-555-0142"),
    (&["url"], "https://example.com/hook"),
    (&["timezone"], "America/New_York"),
    (&["datetime", "_at"], "2026-03-09 10:00:00"),
    (&["date", "range"], "2026-03-09"),
    (&["dob"], "1984-05-17"),
    (&["time"], "10:00"),
    (&["password"], "Sandbox-pass-2"),
    (&["metadata"], r#"{"a":1}"#),
    (&["contact_type"], "Healthie Video Call"),
    (&["interval"], "Weekly"),
    (&["keyword"], "a"),
    (&["state"], "NY"),
    (&["zip"], "10001"),
    (&["country"], "US"),
    (&["color"], "#1188ff"),
    (&["npi"], "1000000012"),
    (&["amount", "price", "cost", "fee", "rate"], "12.50"),
    (&["length", "minutes"], "30"),
    (&["units"], "2"),
    (&["role"], "Standard"),
    (&["type"], "User"),
    (&[""], "Lavender {}"),
];

/// Right to left, joined and combined, invisible, beyond 16 bits, what ends a line or a statement elsewhere.
const STRANGE: &[&str] =
    &["مرحبا \u{202e}עולם", "👩‍⚕️🩺", "\u{200b}\u{feff}", "Zoë Ǆ ﬃ e\u{301}", "\u{0}\u{7f}\r\n\t", "'; -- <b>&\"\\", "%_*[(?"];

/// Inputs in inputs in inputs go no further.
const MOST_DEPTH: usize = 3;

const DAY: &str = "2026-03-09";

const BLANK: &[&str] = &["", "  ", "\n"];

/// What can be said of a field with this name.
pub fn text(name: &str) -> &'static str {
    let name = name.to_lowercase();
    let fitting = TEXTS.iter().find(|(parts, _)| parts.iter().any(|part| name.contains(part)));
    fitting.expect("the last fits all").1
}

impl<'c> Inventor<'c> {
    pub fn new(clinic: &'c Clinic, field: &'c RootField, manner: Manner, pick: Pick) -> Self {
        let turn = if let Pick::Any { turn } = pick { turn } else { 0 };
        Self { clinic, field, about: field.about(clinic), manner, pick, random: Random::new(field.def.name(), turn as u64), depth: 0 }
    }

    /// A value for each of `inputs`, which are fields of `of`, that the manner sends.
    pub fn object<'i>(&mut self, of: TypeId, inputs: impl IntoIterator<Item = &'i InputDef>) -> Json {
        let mut object = Map::new();
        for input in inputs {
            if input.is_required() || self.sends(input.name()) {
                object.insert(input.name().to_owned(), self.value(of, input));
            }
        }
        object.into()
    }

    pub fn value(&mut self, of: TypeId, input: &InputDef) -> Json {
        self.value_as(of.shape().column(input.slot), input.ty)
    }

    fn value_as(&mut self, column: &Column, ty: TypeRef) -> Json {
        let is_null = match self.manner {
            Manner::Absent => true,
            Manner::Nulls => self.depth > 0,
            _ => self.depth > MOST_DEPTH,
        };
        if is_null && !ty.is_non_null() {
            return Json::Null;
        }
        if let Some(item) = ty.item() {
            return (0..=self.random.below(2)).map(|_| self.value_as(column, item)).collect();
        }
        let def = self.field.version.schema().of(ty);
        match def.kind {
            TypeKind::Enum => self.one_of(def.values()).map(EnumValueDef::name).into(),
            TypeKind::Input => {
                self.depth += 1;
                let object = self.object(def.id, def.inputs());
                self.depth -= 1;
                object
            }
            _ => self.scalar(column, def.name()),
        }
    }

    /// Gives the fields that were `refused` another value, or none where one was sent. False where the input has none of them.
    pub fn mend(&mut self, input: &mut Json, of: &TypeDef, refused: &[String]) -> bool {
        if self.manner == Manner::Absent {
            self.manner = Manner::Least;
            *input = self.object(of.id, of.inputs());
        }
        let mut is_mended = false;
        for field in of.inputs().iter().filter(|field| refused.iter().any(|name| name == field.name())) {
            let is_dropped = !input[field.name()].is_null() && !field.is_required() && self.random.below(2) == 0;
            input[field.name()] = if is_dropped { Json::Null } else { self.value(of.id, field) };
            is_mended = true;
        }
        is_mended
    }

    fn sends(&mut self, name: &str) -> bool {
        match self.manner {
            Manner::Least | Manner::Absent => false,
            // Below the root, most are new; at the root, without it most would only say that it is missing.
            _ if name == "id" && self.depth > 1 => self.random.below(8) == 0,
            Manner::Whole | Manner::Nulls => true,
            _ if name == "id" => self.random.below(8) > 0,
            _ => self.random.below(2) == 0,
        }
    }

    fn scalar(&mut self, column: &Column, ty: &str) -> Json {
        match ty {
            _ if is_id(column.name(), ty) => self.id(column.name(), ty),
            "String" => self.text(column).into(),
            "Int" if column.name() == "offset" => 0.into(),
            "Int" => 2.into(),
            "Float" => 12.5.into(),
            "Boolean" => self.one_of(&[true, false]).copied().into(),
            "JSON" => json!({ "a": 1 }),
            "ISO8601Date" => DAY.into(),
            "ISO8601DateTime" => "2026-03-09T10:00:00Z".into(),
            "ISO8601Duration" => "PT30M".into(),
            "UUID" => "7d444840-9dc0-11d1-b245-5ffdce74fad2".into(),
            "HexColor" => "#1188ff".into(),
            "Upload" => format!("{UPLOADED}0").into(),
            other => panic!("nobody knows what a {other} looks like"),
        }
    }

    /// An older version's text may stand for what the newest gives another type.
    fn text(&mut self, column: &Column) -> String {
        let number = self.random.below(1_000_000) as usize;
        match (self.manner, self.random.below(8)) {
            (Manner::Blanks, 0..4) => return BLANK[number % BLANK.len()].to_owned(),
            (Manner::Strange, 0..4) => return STRANGE[number % STRANGE.len()].to_owned(),
            (Manner::Huge, 0) => return "A huge text. ".repeat(800),
            _ => {}
        }
        match column.base {
            Base::Choice => self.one_of(&column.target.shape().values().collect::<Vec<_>>()).copied().unwrap_or_default().to_owned(),
            Base::Int | Base::Float => "2".to_owned(),
            Base::Bool => "true".to_owned(),
            Base::Date => DAY.to_owned(),
            _ => text(column.name()).replace("{}", &number.to_string()),
        }
    }

    fn id(&mut self, name: &str, ty: &str) -> Json {
        let records = self.clinic.records(self.referred(name));
        let wrong = if self.manner == Manner::WrongIds { self.random.below(8) } else { 8 };
        let id = match (wrong, self.pick) {
            (0, _) => Some(0),
            (1, _) => Some(1),
            (2, _) if ty != "Int" => return "not a number".into(),
            (2 | 3, _) | (_, Pick::Others) => self.one_of(&records.others).copied(),
            _ => self.one_of(&records.own).copied(),
        };
        let id = id.unwrap_or(1);
        if ty == "Int" { id.into() } else { id.to_string().into() }
    }

    fn one_of<'v, T>(&mut self, values: &'v [T]) -> Option<&'v T> {
        match self.pick {
            Pick::First | Pick::Others => values.first(),
            Pick::Last => values.last(),
            Pick::Any { .. } => values.get(self.random.below(values.len() as u64) as usize),
        }
    }

    /// The type of record that an id is likely to be of: `location_id`, `other_provider_ids`.
    fn referred(&self, name: &str) -> TypeId {
        let stem = name.trim_end_matches('s').trim_end_matches("id").trim_end_matches('_');
        if stem.is_empty() {
            return self.about;
        }
        let column = self.about.shape().slot(stem).map(|slot| self.about.shape().column(slot).target);
        let named = ["", "Type"].into_iter().filter_map(|suffix| TypeId::named(&format!("{}{suffix}", pascal(stem))));
        let object = |ty: &TypeId| ty.shape().kind == ShapeKind::Object;
        column.into_iter().chain(named).find(object).unwrap_or_else(|| TypeId::named("User").expect("both versions have users"))
    }
}

/// Older versions take ids as text.
pub fn is_id(name: &str, ty: &str) -> bool {
    let is_named_so = ["id", "ids"].contains(&name) || name.ends_with("_id") || name.ends_with("_ids");
    ty == "ID" || is_named_so && ["String", "Int"].contains(&ty)
}

/// `input` without what can be left out of it so that it stays wrong.
pub fn smallest<'i>(mut input: Json, inputs: impl IntoIterator<Item = &'i InputDef>, is_wrong: impl Fn(&Json) -> bool) -> Json {
    for optional in inputs.into_iter().filter(|input| !input.is_required()) {
        let mut less = input.clone();
        let was_sent = less.as_object_mut().and_then(|less| less.remove(optional.name())).is_some();
        if was_sent && is_wrong(&less) {
            input = less;
        }
    }
    input
}

fn pascal(snake: &str) -> String {
    let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
    snake.split('_').filter(|word| !word.is_empty()).map(capital).collect()
}
