//! Healthie's published schema: as tables for programs that walk it, as names for rules that mention it.

mod field;
pub mod names;
mod tables;

pub use field::*;
pub use tables::{
    Base, Column, EnumValueDef, EventDef, FieldDef, InputDef, Schema, Shape, ShapeKind, Slot, TypeDef, TypeId, TypeKind, TypeRef,
};

/// The versions of the API that differ in their schema.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Version {
    /// The baseline, which a request without a version header gets.
    V2024_06_01,
    /// The newest that is published.
    V2026_01_01,
}

impl Version {
    pub const ALL: [Self; 2] = [Self::V2024_06_01, Self::V2026_01_01];

    pub const fn schema(self) -> Schema {
        Schema::new(self)
    }

    /// As the header `Healthie-GraphQL-API-Version` spells it.
    pub const fn date(self) -> &'static str {
        match self {
            Self::V2024_06_01 => "2024-06-01",
            Self::V2026_01_01 => "2026-01-01",
        }
    }

    /// The SDL that this version's tables were made from.
    pub const fn sdl(self) -> &'static str {
        match self {
            Self::V2024_06_01 => include_str!("../../schema/2024-06-01.graphql"),
            Self::V2026_01_01 => include_str!("../../schema/2026-01-01.graphql"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_tables_agree() {
        assert_eq!(names::Appointment::contact_type.name(), "contact_type");
        let users = Version::V2024_06_01.schema().named("Query").and_then(|query| query.field("users")).expect("published");
        assert_eq!(users.ty.to_string(), "[User!]");
        assert_eq!(users.arg(Version::V2024_06_01, "page_size").and_then(InputDef::default), Some("10"));
        let of_new = Version::V2026_01_01.schema().named("Query").and_then(|query| query.field("users")).expect("published");
        assert_eq!((of_new.ty.to_string().as_str(), of_new.slot), ("UserConnection!", users.slot));
    }

    #[test]
    fn a_type_reference_reads_as_it_is_written() {
        let id = TypeId::named("ID").expect("built in");
        let ty = TypeRef::named(id).non_null().list_of().non_null();
        assert_eq!(ty.to_string(), "[ID!]!");
        assert_eq!(ty.item().map(|item| item.to_string()), Some("ID!".to_owned()));
    }
}
