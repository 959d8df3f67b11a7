//! The published schema as static tables. Everything is an offset into one of a few arrays, so that the program starts
//! without building or relocating anything.

use super::Version;
use std::fmt;

include!(concat!(env!("OUT_DIR"), "/tables.rs"));

const NO: u16 = u16::MAX;
const NONE: TypeId = TypeId(u16::MAX);

/// A piece of [`TEXT`].
#[derive(Clone, Copy)]
pub(super) struct S(u32, u16);

impl S {
    fn text(self) -> &'static str {
        &TEXT[self.0 as usize..self.0 as usize + self.1 as usize]
    }
}

/// A piece of another table.
#[derive(Clone, Copy)]
pub(super) struct R(u32, u16);

impl R {
    fn of<T>(self, table: &'static [T]) -> &'static [T] {
        &table[self.0 as usize..self.0 as usize + self.1 as usize]
    }
}

/// A name that either version, or `stored/`, gives to a type; the arguments of each field are a type of their own
/// (`Query.users`). The same in both versions.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(pub(super) u16);

impl TypeId {
    pub fn named(name: &str) -> Option<Self> {
        let at = SHAPES.binary_search_by(|shape| shape.name.text().cmp(name)).ok()?;
        Some(Self(at as u16))
    }

    pub fn name(self) -> &'static str {
        self.shape().name.text()
    }

    pub fn shape(self) -> &'static Shape {
        &SHAPES[self.0 as usize]
    }

    /// For tables that are indexed by type.
    pub fn index(self) -> usize {
        self.0 as usize
    }

    pub fn all() -> impl Iterator<Item = Self> {
        (0..SHAPES.len() as u16).map(Self)
    }

    /// The type with this [index](Self::index).
    pub fn at(index: usize) -> Option<Self> {
        (index < SHAPES.len()).then_some(Self(index as u16))
    }
}

impl fmt::Debug for TypeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The position of a column in its [`Shape`].
pub type Slot = u16;

/// What the state keeps of a type: every column that either version, or `stored/`, knows.
pub struct Shape {
    name: S,
    pub kind: ShapeKind,
    columns: R,
    values: R,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ShapeKind {
    Scalar,
    Object,
    Input,
    Enum,
    Union,
    Args,
}

impl Shape {
    pub fn name(&self) -> &'static str {
        self.name.text()
    }

    /// Sorted by name; the position is the slot.
    pub fn columns(&self) -> &'static [Column] {
        self.columns.of(&COLUMNS)
    }

    pub fn column(&self, slot: Slot) -> &'static Column {
        &self.columns()[slot as usize]
    }

    pub fn slot(&self, column: &str) -> Option<Slot> {
        let at = self.columns().binary_search_by(|known| known.name.text().cmp(column)).ok()?;
        Some(at as Slot)
    }

    /// The values of an enum, in both versions.
    pub fn values(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.values.of(&VALUES).iter().map(|value| value.text())
    }
}

/// What is kept, independent of how a version shows it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Base {
    Id,
    Text,
    Int,
    Float,
    Bool,
    Date,
    Instant,
    Json,
    Upload,
    /// A value of an enum.
    Choice,
    /// Another record, or a nested input.
    Record,
}

/// One field of a [`Shape`], with the kind that the newest version gives it.
pub struct Column {
    name: S,
    pub base: Base,
    /// The enum, object or input that the kind is about; else the scalar.
    pub target: TypeId,
    pub list: bool,
    args: TypeId,
    /// False for what only `stored/` knows.
    pub published: bool,
    /// Left out of a webhook's `changed_fields`.
    pub unannounced: bool,
}

impl Column {
    pub fn name(&self) -> &'static str {
        self.name.text()
    }

    /// The type that stands for this field's arguments.
    pub fn args(&self) -> Option<TypeId> {
        (self.args != NONE).then_some(self.args)
    }
}

/// One type as one version publishes it.
pub struct TypeDef {
    pub id: TypeId,
    version: u8,
    name: S,
    about: S,
    pub kind: TypeKind,
    fields: R,
    inputs: R,
    values: R,
    members: R,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TypeKind {
    Scalar,
    Object,
    Input,
    Enum,
    Union,
}

macro_rules! of_version {
    ($self:ident, $range:expr, $old:ident, $new:ident) => {
        match $self.version {
            0 => $range.of(&$old),
            _ => $range.of(&$new),
        }
    };
}

impl TypeDef {
    pub fn name(&self) -> &'static str {
        self.name.text()
    }

    pub fn about(&self) -> Option<&'static str> {
        some(self.about)
    }

    /// The fields of an object, sorted by name.
    pub fn fields(&self) -> &'static [FieldDef] {
        of_version!(self, self.fields, FIELDS_0, FIELDS_1)
    }

    pub fn field(&self, name: &str) -> Option<&'static FieldDef> {
        find(self.fields(), name, |field| field.name)
    }

    /// The fields of an input, sorted by name.
    pub fn inputs(&self) -> &'static [InputDef] {
        of_version!(self, self.inputs, INPUTS_0, INPUTS_1)
    }

    pub fn input(&self, name: &str) -> Option<&'static InputDef> {
        find(self.inputs(), name, |input| input.name)
    }

    pub fn values(&self) -> &'static [EnumValueDef] {
        of_version!(self, self.values, ENUM_VALUES_0, ENUM_VALUES_1)
    }

    /// The objects of a union.
    pub fn members(&self) -> &'static [TypeId] {
        of_version!(self, self.members, MEMBERS_0, MEMBERS_1)
    }

    /// True where a selection is needed.
    pub fn is_composite(&self) -> bool {
        matches!(self.kind, TypeKind::Object | TypeKind::Union)
    }

    /// True for scalars, enums and inputs.
    pub fn is_input(&self) -> bool {
        matches!(self.kind, TypeKind::Scalar | TypeKind::Enum | TypeKind::Input)
    }
}

/// What everything with a name and a place in the schema says of itself.
macro_rules! described {
    ($($of:ident)*) => {$(
        impl $of {
            pub fn name(&self) -> &'static str {
                self.name.text()
            }

            pub fn about(&self) -> Option<&'static str> {
                some(self.about)
            }

            /// The reason, where it is deprecated.
            pub fn deprecated(&self) -> Option<&'static str> {
                some(self.deprecated)
            }
        }
    )*};
}
described! { FieldDef InputDef EnumValueDef }

/// A field of an object.
pub struct FieldDef {
    name: S,
    about: S,
    deprecated: S,
    pub ty: TypeRef,
    pub slot: Slot,
    args: R,
    args_shape: TypeId,
}

impl FieldDef {
    /// Sorted by name.
    pub fn args(&self, version: Version) -> &'static [InputDef] {
        match version {
            Version::V2024_06_01 => self.args.of(&INPUTS_0),
            Version::V2026_01_01 => self.args.of(&INPUTS_1),
        }
    }

    pub fn arg(&self, version: Version, name: &str) -> Option<&'static InputDef> {
        find(self.args(version), name, |arg| arg.name)
    }

    /// The type that stands for the arguments.
    pub fn args_shape(&self) -> Option<TypeId> {
        (self.args_shape != NONE).then_some(self.args_shape)
    }
}

/// An argument, or a field of an input.
pub struct InputDef {
    name: S,
    about: S,
    deprecated: S,
    pub ty: TypeRef,
    pub slot: Slot,
    default: Option<S>,
}

impl InputDef {
    /// As a GraphQL literal.
    pub fn default(&self) -> Option<&'static str> {
        self.default.map(S::text)
    }

    /// True where a caller has to give a value.
    pub fn is_required(&self) -> bool {
        self.ty.is_non_null() && self.default.is_none()
    }
}

pub struct EnumValueDef {
    name: S,
    about: S,
    deprecated: S,
}

/// A type with its lists and exclamation marks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TypeRef {
    pub base: TypeId,
    wraps: u16,
}

impl TypeRef {
    pub fn named(base: TypeId) -> Self {
        Self { base, wraps: 0 }
    }

    pub fn is_non_null(self) -> bool {
        self.wraps & 3 == 1
    }

    /// Without the outermost exclamation mark.
    pub fn nullable(self) -> Self {
        match self.is_non_null() {
            true => Self { wraps: self.wraps >> 2, ..self },
            false => self,
        }
    }

    pub fn non_null(self) -> Self {
        match self.is_non_null() {
            true => self,
            false => Self { wraps: self.wraps << 2 | 1, ..self },
        }
    }

    pub fn is_list(self) -> bool {
        self.nullable().wraps & 3 == 2
    }

    /// The type of the items, where this is a list.
    pub fn item(self) -> Option<Self> {
        let list = self.nullable();
        (list.wraps & 3 == 2).then_some(Self { wraps: list.wraps >> 2, ..self })
    }

    pub fn list_of(self) -> Self {
        Self { wraps: self.wraps << 2 | 2, ..self }
    }
}

impl fmt::Display for TypeRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.is_non_null(), self.item()) {
            (true, _) => write!(f, "{}!", self.nullable()),
            (false, Some(item)) => write!(f, "[{item}]"),
            (false, None) => f.write_str(self.base.name()),
        }
    }
}

impl fmt::Debug for TypeRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// One of the webhook events that Healthie publishes.
pub struct EventDef {
    name: S,
    choice: S,
    resource_type: S,
    extra: S,
    /// True for the events that the help article lists.
    pub in_short_list: bool,
}

impl EventDef {
    /// `appointment.created`
    pub fn name(&self) -> &'static str {
        self.name.text()
    }

    /// `APPOINTMENT_CREATED`
    pub fn choice(&self) -> &'static str {
        self.choice.text()
    }

    /// The `resource_id_type` of its deliveries.
    pub fn resource_type(&self) -> &'static str {
        self.resource_type.text()
    }

    /// What its deliveries carry besides the four fields that all have.
    pub fn extra(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.extra.text().split(',').filter(|field| !field.is_empty())
    }

    /// `test.created`, which `sendTestWebhook` sends. None of [`EventDef::all`], and no value of the enum.
    pub fn test() -> &'static Self {
        &TEST_EVENT
    }

    /// All events, sorted by name.
    pub fn all() -> &'static [Self] {
        &EVENTS
    }

    /// By `appointment.created` or `APPOINTMENT_CREATED`.
    pub fn find(name: &str) -> Option<&'static Self> {
        EVENTS.iter().find(|event| event.name() == name || event.choice() == name)
    }
}

impl fmt::Debug for EventDef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The schema that one version publishes.
#[derive(Clone, Copy)]
pub struct Schema(Version);

impl Schema {
    pub(super) const fn new(version: Version) -> Self {
        Self(version)
    }

    pub fn version(self) -> Version {
        self.0
    }

    /// Every type, sorted by name.
    pub fn types(self) -> &'static [TypeDef] {
        match self.0 {
            Version::V2024_06_01 => &TYPES_0,
            Version::V2026_01_01 => &TYPES_1,
        }
    }

    pub fn named(self, name: &str) -> Option<&'static TypeDef> {
        find(self.types(), name, |ty| ty.name)
    }

    /// The type as this version publishes it, if it does.
    pub fn get(self, id: TypeId) -> Option<&'static TypeDef> {
        let at = match self.0 {
            Version::V2024_06_01 => INDEX_0[id.index()],
            Version::V2026_01_01 => INDEX_1[id.index()],
        };
        (at != NO).then(|| &self.types()[at as usize])
    }

    /// The type that a field or argument of this version has.
    pub fn of(self, ty: TypeRef) -> &'static TypeDef {
        self.get(ty.base).expect("a version publishes the types of its fields")
    }
}

fn some(text: S) -> Option<&'static str> {
    (text.1 > 0).then(|| text.text())
}

fn find<T>(sorted: &'static [T], name: &str, of: impl Fn(&T) -> S) -> Option<&'static T> {
    let at = sorted.binary_search_by(|known| of(known).text().cmp(name)).ok()?;
    Some(&sorted[at])
}
