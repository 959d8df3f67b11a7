//! `__schema` and `__type`: the tables, as the specification's introspection types show them.

use crate::schema::{EnumValueDef, FieldDef, InputDef, Schema, TypeDef, TypeKind, TypeRef};

/// Something that introspection shows.
#[derive(Clone, Copy)]
pub enum Meta {
    Schema,
    Type(TypeRef),
    Field(&'static FieldDef),
    Input(&'static InputDef),
    EnumValue(&'static EnumValueDef),
    Directive(&'static DirectiveDef),
    /// An argument of a directive.
    If,
    Reason,
}

/// What one of its fields holds.
pub enum Shown {
    Null,
    Flag(bool),
    Text(String),
    Names(&'static [&'static str]),
    One(Meta),
    Many(Vec<Meta>),
}

/// A directive that the API takes.
pub struct DirectiveDef {
    name: &'static str,
    about: &'static str,
    locations: &'static [&'static str],
    arg: Meta,
}

static DIRECTIVES: [DirectiveDef; 3] = [
    DirectiveDef {
        name: "deprecated",
        about: "Marks what is kept only for those who still use it.",
        locations: &["FIELD_DEFINITION", "ENUM_VALUE", "ARGUMENT_DEFINITION", "INPUT_FIELD_DEFINITION"],
        arg: Meta::Reason,
    },
    DirectiveDef {
        name: "include",
        about: "Answers the field or fragment only if the argument is true.",
        locations: &["FIELD", "FRAGMENT_SPREAD", "INLINE_FRAGMENT"],
        arg: Meta::If,
    },
    DirectiveDef {
        name: "skip",
        about: "Leaves the field or fragment out if the argument is true.",
        locations: &["FIELD", "FRAGMENT_SPREAD", "INLINE_FRAGMENT"],
        arg: Meta::If,
    },
];

impl Meta {
    /// The field called `name`; `with_deprecated` is its argument.
    pub fn show(self, schema: Schema, name: &str, with_deprecated: bool) -> Shown {
        match self {
            Self::Schema => of_schema(schema, name),
            Self::Type(ty) => of_type(schema, ty, name, with_deprecated),
            Self::Field(field) => of_field(schema, field, name, with_deprecated),
            Self::Input(input) => of_input(input, name),
            Self::EnumValue(value) => match name {
                "name" => text(value.name()),
                "description" => optional(value.about()),
                "isDeprecated" => Shown::Flag(value.deprecated().is_some()),
                "deprecationReason" => optional(value.deprecated()),
                _ => Shown::Null,
            },
            Self::Directive(directive) => match name {
                "name" => text(directive.name),
                "description" => text(directive.about),
                "locations" => Shown::Names(directive.locations),
                "args" => Shown::Many(vec![directive.arg]),
                "isRepeatable" => Shown::Flag(false),
                _ => Shown::Null,
            },
            Self::If => of_directive_arg(schema, name, "if", "Boolean"),
            Self::Reason => of_directive_arg(schema, name, "reason", "String"),
        }
    }
}

fn of_schema(schema: Schema, name: &str) -> Shown {
    let root = |name| named(schema, name).map_or(Shown::Null, Shown::One);
    match name {
        "types" => {
            let types = schema.types().iter().filter(|ty| ty.name() != "__Meta");
            Shown::Many(types.map(|ty| Meta::Type(TypeRef::named(ty.id))).collect())
        }
        "queryType" => root("Query"),
        "mutationType" => root("Mutation"),
        "subscriptionType" => root("Subscription"),
        "directives" => Shown::Many(DIRECTIVES.iter().map(Meta::Directive).collect()),
        _ => Shown::Null,
    }
}

/// The type called `name`, if the version has it.
pub fn named(schema: Schema, name: &str) -> Option<Meta> {
    schema.named(name).filter(|ty| ty.name() != "__Meta").map(|ty| Meta::Type(TypeRef::named(ty.id)))
}

fn of_type(schema: Schema, ty: TypeRef, name: &str, with_deprecated: bool) -> Shown {
    let inner = if ty.is_non_null() { Some(("NON_NULL", ty.nullable())) } else { ty.item().map(|item| ("LIST", item)) };
    if let Some((kind, inner)) = inner {
        return match name {
            "kind" => text(kind),
            "ofType" => Shown::One(Meta::Type(inner)),
            "isOneOf" => Shown::Flag(false),
            _ => Shown::Null,
        };
    }
    let def = schema.of(ty);
    let shown = |deprecated: Option<&str>| with_deprecated || deprecated.is_none();
    match (name, def.kind) {
        ("kind", _) => text(kind(def)),
        ("name", _) => text(def.name()),
        ("description", _) => optional(def.about()),
        ("isOneOf", _) => Shown::Flag(false),
        ("fields", TypeKind::Object) => {
            Shown::Many(def.fields().iter().filter(|field| shown(field.deprecated())).map(Meta::Field).collect())
        }
        ("interfaces", TypeKind::Object) => Shown::Many(vec![]),
        ("possibleTypes", TypeKind::Union) => Shown::Many(def.members().iter().map(|member| Meta::Type(TypeRef::named(*member))).collect()),
        ("enumValues", TypeKind::Enum) => {
            Shown::Many(def.values().iter().filter(|value| shown(value.deprecated())).map(Meta::EnumValue).collect())
        }
        ("inputFields", TypeKind::Input) => {
            Shown::Many(def.inputs().iter().filter(|input| shown(input.deprecated())).map(Meta::Input).collect())
        }
        _ => Shown::Null,
    }
}

fn kind(def: &TypeDef) -> &'static str {
    match def.kind {
        TypeKind::Scalar => "SCALAR",
        TypeKind::Object => "OBJECT",
        TypeKind::Input => "INPUT_OBJECT",
        TypeKind::Enum => "ENUM",
        TypeKind::Union => "UNION",
    }
}

fn of_field(schema: Schema, field: &'static FieldDef, name: &str, with_deprecated: bool) -> Shown {
    match name {
        "name" => text(field.name()),
        "description" => optional(field.about()),
        "type" => Shown::One(Meta::Type(field.ty)),
        "isDeprecated" => Shown::Flag(field.deprecated().is_some()),
        "deprecationReason" => optional(field.deprecated()),
        "args" => {
            let args = field.args(schema.version()).iter().filter(|arg| with_deprecated || arg.deprecated().is_none());
            Shown::Many(args.map(Meta::Input).collect())
        }
        _ => Shown::Null,
    }
}

fn of_input(input: &'static InputDef, name: &str) -> Shown {
    match name {
        "name" => text(input.name()),
        "description" => optional(input.about()),
        "type" => Shown::One(Meta::Type(input.ty)),
        "defaultValue" => optional(input.default()),
        "isDeprecated" => Shown::Flag(input.deprecated().is_some()),
        "deprecationReason" => optional(input.deprecated()),
        _ => Shown::Null,
    }
}

fn of_directive_arg(schema: Schema, name: &str, arg: &str, ty: &str) -> Shown {
    let scalar = schema.named(ty).map(|ty| TypeRef::named(ty.id));
    match name {
        "name" => text(arg),
        "type" => scalar.map_or(Shown::Null, |ty| Shown::One(Meta::Type(if arg == "if" { ty.non_null() } else { ty }))),
        "isDeprecated" => Shown::Flag(false),
        "defaultValue" if arg == "reason" => text("\"No longer supported\""),
        _ => Shown::Null,
    }
}

fn text(text: &str) -> Shown {
    Shown::Text(text.to_owned())
}

fn optional(about: Option<&str>) -> Shown {
    about.map_or(Shown::Null, text)
}
