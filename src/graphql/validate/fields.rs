//! Rules about single fields.

use super::Walk;
use crate::{
    graphql::error::GraphqlError,
    schema::{FieldDef, Schema, TypeDef, TypeId, TypeKind, TypeRef},
};
use async_graphql_parser::{Pos, Positioned, types::*};

/// A field that may be asked for; introspection's three stand in no table.
#[derive(Clone, Copy)]
pub(super) enum Known {
    Published(&'static FieldDef),
    Typename,
    Schema,
    Type,
}

impl Known {
    pub(super) fn find(parent: &'static TypeDef, name: &str) -> Option<Self> {
        match name {
            "__typename" => Some(Self::Typename),
            "__schema" if parent.name() == "Query" => Some(Self::Schema),
            "__type" if parent.name() == "Query" => Some(Self::Type),
            name => parent.field(name).map(Self::Published),
        }
    }

    /// What it returns, without lists.
    pub(super) fn returns(self, schema: Schema) -> Option<&'static TypeDef> {
        match self {
            Self::Published(field) => schema.get(field.ty.base),
            Self::Typename => schema.named("String"),
            Self::Schema => schema.named("__Schema"),
            Self::Type => schema.named("__Type"),
        }
    }
}

/// `String!`, the type of `__type`'s argument.
pub(super) fn required(scalar: &str) -> Option<TypeRef> {
    TypeId::named(scalar).map(|id| TypeRef::named(id).non_null())
}

impl<'d> Walk<'d> {
    /// None where the field is unknown, or stands below something unknown.
    pub(super) fn field_is_defined(&mut self, field: &'d Positioned<Field>, parent: Option<&'static TypeDef>, above: Pos) -> Option<Known> {
        let parent = parent?;
        let name = field.node.name.node.as_str();
        if let Some(known) = Known::find(parent, name) {
            return Some(known);
        }
        self.report(if parent.kind == TypeKind::Union {
            let message = format!("Selections can't be made directly on unions (see selections on {})", parent.name());
            GraphqlError::new(message).at(above).code("selectionMismatch").with("nodeName", parent.name())
        } else {
            let suggestion = self.suggestion(name, parent.fields().iter().map(FieldDef::name));
            GraphqlError::new(format!("Field '{name}' doesn't exist on type '{}'{suggestion}", parent.name()))
                .at(field.pos)
                .code("undefinedField")
                .with("typeName", parent.name())
                .with("fieldName", name)
        });
        None
    }

    /// What the field returns, if its selections suit that.
    pub(super) fn field_has_appropriate_selections(&mut self, field: &'d Positioned<Field>, known: Known) -> Option<&'static TypeDef> {
        let returned = known.returns(self.schema)?;
        let items = &field.node.selection_set.node.items;
        let name = field.node.name.node.as_str();
        let node = format!("field '{name}'");
        // Of a union nothing has to be selected, as graphql-ruby only asks it of types with fields.
        if returned.kind == TypeKind::Object && items.is_empty() {
            self.report(needs_selections(&node, name, returned.name(), field.pos));
            return None;
        }
        if !returned.is_composite() && !items.is_empty() {
            let selected: Vec<_> = items.iter().map(|item| quoted(&item.node)).collect();
            let kind = if returned.kind == TypeKind::Enum { "enums" } else { "scalars" };
            let (returned, selected) = (returned.name(), selected.join(", "));
            let message = format!("Selections can't be made on {kind} ({node} returns {returned} but has selections [{selected}])");
            self.report(mismatch(message, &node, returned, field.pos));
            return None;
        }
        Some(returned)
    }
}

pub(super) fn needs_selections(node: &str, name: &str, returned: &str, pos: Pos) -> GraphqlError {
    let message = format!("Field must have selections ({node} returns {returned} but has no selections. Did you mean '{name} {{ ... }}'?)");
    mismatch(message, node, returned, pos)
}

fn mismatch(message: String, node: &str, returned: &str, pos: Pos) -> GraphqlError {
    GraphqlError::new(message).at(pos).code("selectionMismatch").with("nodeName", node).with("typeName", returned)
}

fn quoted(selection: &Selection) -> String {
    match selection {
        Selection::Field(field) => format!("\"{}\"", field.node.name),
        Selection::FragmentSpread(spread) => format!("\"{}\"", spread.node.fragment_name),
        Selection::InlineFragment(fragment) => match &fragment.node.type_condition {
            Some(condition) => format!("\"... on {} {{ ... }}\"", condition.node.on),
            None => "\"... { ... }\"".to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::super::refusals;
    use insta::assert_snapshot;

    #[test]
    fn fields_are_defined() {
        assert_snapshot!(refusals("query GetUser { user(id: 1) { email: mail ... on User { nope { deeper } } } __nope }"), @r#"
        {"message":"Field 'mail' doesn't exist on type 'User'","locations":[{"line":1,"column":31}],"path":["query GetUser","user","email"],"extensions":{"code":"undefinedField","typeName":"User","fieldName":"mail"}}
        {"message":"Field 'nope' doesn't exist on type 'User'","locations":[{"line":1,"column":57}],"path":["query GetUser","user","... on User","nope"],"extensions":{"code":"undefinedField","typeName":"User","fieldName":"nope"}}
        {"message":"Field '__nope' doesn't exist on type 'Query'","locations":[{"line":1,"column":77}],"path":["query GetUser","__nope"],"extensions":{"code":"undefinedField","typeName":"Query","fieldName":"__nope"}}
        "#);
        assert_snapshot!(refusals("{ user { __schema { description } } }"), @r#"{"message":"Field '__schema' doesn't exist on type 'User'","locations":[{"line":1,"column":10}],"path":["query","user","__schema"],"extensions":{"code":"undefinedField","typeName":"User","fieldName":"__schema"}}"#);
    }

    #[test]
    fn a_union_is_selected_by_its_types() {
        assert_snapshot!(refusals("mutation { createSharings { id ... on Document { id } __typename } }"), @r#"{"message":"Selections can't be made directly on unions (see selections on Shareable)","locations":[{"line":1,"column":12}],"path":["mutation","createSharings","id"],"extensions":{"code":"selectionMismatch","nodeName":"Shareable"}}"#);
    }

    #[test]
    fn objects_have_selections_and_scalars_have_none() {
        assert_snapshot!(refusals("{ user(id: 1, nope: 2) }"), @r#"{"message":"Field must have selections (field 'user' returns User but has no selections. Did you mean 'user { ... }'?)","locations":[{"line":1,"column":3}],"path":["query","user"],"extensions":{"code":"selectionMismatch","nodeName":"field 'user'","typeName":"User"}}"#);
        assert_snapshot!(refusals("{ user { } users { id { a, ... on B { c } ...D ... { e } } } }"), @r#"
        {"message":"Field must have selections (field 'user' returns User but has no selections. Did you mean 'user { ... }'?)","locations":[{"line":1,"column":3}],"path":["query","user"],"extensions":{"code":"selectionMismatch","nodeName":"field 'user'","typeName":"User"}}
        {"message":"Selections can't be made on scalars (field 'id' returns ID but has selections [\"a\", \"... on B { ... }\", \"D\", \"... { ... }\"])","locations":[{"line":1,"column":20}],"path":["query","users","id"],"extensions":{"code":"selectionMismatch","nodeName":"field 'id'","typeName":"ID"}}
        "#);
        assert_eq!(refusals("{ user { id { } } }"), "");
    }
}
