//! A document made ready to run: fields resolved, constants coerced, how each is answered. Made once, kept by text.

use super::{
    coerce::{self, Variables},
    error::GraphqlError,
    parse::{Document, Operation},
    render::Leaf,
};
use crate::engine::{Catalogue, How, Lifted};
use crate::schema::{FieldDef, Schema, Slot, TypeDef, TypeId, TypeKind, TypeRef};
use crate::state::Value;
use async_graphql_parser::{
    Pos, Positioned,
    types::{Directive, Field, OperationDefinition, OperationType, Selection as Ast, SelectionSet},
};
use async_graphql_value::Value as Literal;
use jiff::tz::TimeZone;
use std::{
    collections::HashMap,
    sync::{Arc, atomic::AtomicUsize},
};

/// One operation of a document, for one version.
pub struct Plan {
    pub schema: Schema,
    pub kind: OperationType,
    pub roots: Selection,
    /// Kept for its variables.
    pub definition: OperationDefinition,
    pub about: About,
    /// Roughly how much memory it takes.
    pub weight: usize,
    /// How long its last answer was: about as long as the next one.
    pub last_size: AtomicUsize,
}

/// What the request log says of every run of a plan.
#[derive(Clone, Debug)]
pub struct About {
    /// `query`, `mutation` or `subscription`; None where it never became one.
    pub kind: Option<&'static str>,
    pub operation: Option<Arc<str>>,
    pub root_fields: Arc<[&'static str]>,
    pub unfilled: Arc<[String]>,
}

impl Default for About {
    fn default() -> Self {
        Self { kind: None, operation: None, root_fields: Arc::new([]), unfilled: Arc::new([]) }
    }
}

/// The fields asked of one type.
#[derive(Default)]
pub struct Selection {
    pub fields: Vec<Selected>,
}

/// One field to be answered.
pub struct Selected {
    /// `"key":`
    pub label: Box<[u8]>,
    pub key: Box<str>,
    /// Any of these has to hold; each holds if all of its conditions do. Empty is always.
    pub when: Vec<Vec<Condition>>,
    pub def: &'static FieldDef,
    pub parent: &'static TypeDef,
    pub args: Arguments,
    pub how: How,
    pub part: Part,
    pub below: Below,
    pub pos: Pos,
}

/// `@include(if: $variable)` and `@skip`.
#[derive(Clone, PartialEq)]
pub struct Condition {
    variable: String,
    included_if: bool,
}

/// What a field of a list's own types means, whichever list it is.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Part {
    /// An ordinary field.
    Other,
    Typename,
    Id,
    Cursor,
    Edges,
    Node,
    Nodes,
    PageInfo,
    TotalCount,
    HasNext,
    HasPrevious,
    StartCursor,
    EndCursor,
}

/// What is asked of a field's value.
pub enum Below {
    Leaf(Leaf),
    Object(&'static TypeDef, Selection),
    /// A selection for each of a union's types.
    Union(Vec<(&'static TypeDef, Selection)>),
}

/// The arguments of a field, by the slots of its argument shape.
pub enum Arguments {
    None,
    Constant {
        of: TypeId,
        values: Vec<(Slot, Value)>,
    },
    /// Some of them are variables.
    Dynamic {
        of: TypeId,
        given: Vec<(Slot, TypeRef, Literal, Pos)>,
        constant: Vec<(Slot, Value)>,
    },
}

/// A run's arguments, before they are lifted.
#[derive(Clone)]
pub struct Evaluated {
    pub of: TypeId,
    pub values: Vec<(Slot, Value)>,
}

impl Evaluated {
    pub fn lift(&self, zone: &TimeZone) -> Lifted {
        Lifted::new(self.of, &self.values, zone)
    }

    /// The value of an argument, by name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        let slot = self.of.shape().slot(name)?;
        self.values.iter().find(|(known, _)| *known == slot).map(|(_, value)| value)
    }
}

impl Arguments {
    pub fn evaluate(&self, schema: Schema, variables: &Variables) -> Result<Option<Evaluated>, GraphqlError> {
        match self {
            Self::None => Ok(None),
            Self::Constant { of, values } => Ok(Some(Evaluated { of: *of, values: values.clone() })),
            Self::Dynamic { of, given, constant } => {
                let mut values = constant.clone();
                for (slot, ty, literal, pos) in given {
                    match coerce::literal(schema, *ty, literal, variables) {
                        Ok(Some(value)) => {
                            values.retain(|(known, _)| known != slot);
                            values.push((*slot, value));
                        }
                        Ok(None) => {}
                        Err(uncoercible) => {
                            let explanation = uncoercible.problems.into_iter().map(|problem| problem.explanation).collect::<Vec<_>>();
                            return Err(GraphqlError::new(explanation.join(", ")).at(*pos));
                        }
                    }
                }
                values.sort_by_key(|(slot, _)| *slot);
                Ok(Some(Evaluated { of: *of, values }))
            }
        }
    }
}

impl Selected {
    pub fn is_included(&self, variables: &Variables) -> bool {
        let holds = |condition: &Condition| variables.get(&condition.variable).and_then(Value::as_bool) == Some(condition.included_if);
        self.when.is_empty() || self.when.iter().any(|all| all.iter().all(holds))
    }

    pub fn name(&self) -> &'static str {
        self.def.name()
    }
}

impl Selection {
    pub fn asks_for(&self, part: Part) -> bool {
        self.fields.iter().any(|field| field.part == part)
    }
}

/// How many selections of the document a plan may look at. Fragments that spread each other twice come to more than any
/// machine could; what the complexity allows comes to a few thousand.
const MAX_STEPS: usize = 65_536;
/// Of selections in each other, and of fragments that spread each other: for the stack of whoever walks the plan. What is
/// written out can't be as deep.
const MAX_DEPTH: usize = 130;

/// A valid document's operation as a plan. Err where it comes to too much, in the words with which graphql-ruby gives up on it.
pub fn plan(schema: Schema, document: &Document, operation: &Operation, catalogue: &Catalogue) -> Result<Plan, GraphqlError> {
    let mut planner = Planner::new(schema, document, catalogue);
    let kind = operation.definition.ty;
    let (root, word) = match kind {
        OperationType::Query => ("Query", "query"),
        OperationType::Mutation => ("Mutation", "mutation"),
        OperationType::Subscription => ("Subscription", "subscription"),
    };
    let root = schema.named(root).expect("every version has the three roots");
    let roots = planner.selection(root, &[(&operation.definition.selection_set.node, vec![])]);
    if planner.steps_left == 0 {
        return Err(GraphqlError::new("Timeout on validation of query"));
    }
    let root_fields = roots.fields.iter().map(Selected::name).collect();
    planner.unfilled.sort();
    planner.unfilled.dedup();
    let about = About { kind: Some(word), operation: operation.name().map(Arc::from), root_fields, unfilled: planner.unfilled.into() };
    let mut definition = operation.definition.clone();
    definition.selection_set = Positioned::default();
    let weight = roots.weight() + 512;
    Ok(Plan { schema, kind, roots, definition, about, weight, last_size: AtomicUsize::new(512) })
}

/// As [`plan`], for all that a document's only fragment asks of its type.
#[cfg(test)]
pub fn plan_fragment(schema: Schema, document: &Document, catalogue: &Catalogue) -> (&'static TypeDef, Plan) {
    let fragment = &document.fragments[0].definition;
    let ty = schema.named(&fragment.type_condition.node.on.node).expect("a type of this version");
    let mut plan = plan(schema, document, &document.operations[0], catalogue).expect("one field");
    let mut planner = Planner::new(schema, document, catalogue);
    plan.roots = planner.selection(ty, &[(&fragment.selection_set.node, vec![])]);
    (ty, plan)
}

impl Selection {
    fn weight(&self) -> usize {
        let below = |field: &Selected| match &field.below {
            Below::Leaf(_) => 0,
            Below::Object(_, selection) => selection.weight(),
            Below::Union(selections) => selections.iter().map(|(_, selection)| selection.weight()).sum(),
        };
        self.fields.iter().map(|field| size_of::<Selected>() + 2 * field.key.len() + 64 + below(field)).sum()
    }
}

struct Planner<'d> {
    schema: Schema,
    document: &'d Document,
    catalogue: &'d Catalogue,
    unfilled: Vec<String>,
    steps_left: usize,
    depth: usize,
}

/// A response key's occurrences, each with the conditions on its way.
struct Collected<'d> {
    key: &'d str,
    occurrences: Vec<(&'d Positioned<Field>, Vec<Condition>)>,
}

type Sets<'d> = Vec<(&'d SelectionSet, Vec<Condition>)>;

impl<'d> Planner<'d> {
    fn new(schema: Schema, document: &'d Document, catalogue: &'d Catalogue) -> Self {
        Self { schema, document, catalogue, unfilled: vec![], steps_left: MAX_STEPS, depth: 0 }
    }

    fn selection(&mut self, ty: &'static TypeDef, sets: &[(&'d SelectionSet, Vec<Condition>)]) -> Selection {
        if self.depth == MAX_DEPTH {
            self.steps_left = 0;
        }
        self.depth += 1;
        let mut collected = Vec::new();
        let mut places = HashMap::new();
        for (set, conditions) in sets {
            self.collect(ty, set, conditions, &mut collected, &mut places, &mut vec![]);
        }
        let fields = collected.into_iter().filter_map(|collected| self.selected(ty, collected)).collect();
        self.depth -= 1;
        Selection { fields }
    }

    /// CollectFields of the specification, with the conditions that only a run can decide.
    fn collect(
        &mut self,
        ty: &TypeDef,
        set: &'d SelectionSet,
        conditions: &[Condition],
        into: &mut Vec<Collected<'d>>,
        places: &mut HashMap<&'d str, usize>,
        spread: &mut Vec<&'d str>,
    ) {
        for item in &set.items {
            self.steps_left = self.steps_left.saturating_sub(1 + spread.len());
            if self.steps_left == 0 || spread.len() == MAX_DEPTH {
                self.steps_left = 0;
                return;
            }
            let Some(conditions) = with_directives(conditions, item.node.directives()) else { continue };
            match &item.node {
                Ast::Field(field) => {
                    let key = field.node.response_key().node.as_str();
                    let at = *places.entry(key).or_insert_with(|| {
                        into.push(Collected { key, occurrences: vec![] });
                        into.len() - 1
                    });
                    into[at].occurrences.push((field, conditions));
                }
                Ast::InlineFragment(fragment) => {
                    let on = fragment.node.type_condition.as_ref().map(|condition| condition.node.on.node.as_str());
                    if on.is_none_or(|on| applies(self.schema, on, ty)) {
                        self.collect(ty, &fragment.node.selection_set.node, &conditions, into, places, spread);
                    }
                }
                Ast::FragmentSpread(fragment) => {
                    let name = fragment.node.fragment_name.node.as_str();
                    let Some(found) = self.document.fragment(name).filter(|_| !spread.contains(&name)) else { continue };
                    let definition = &found.definition;
                    if applies(self.schema, definition.type_condition.node.on.node.as_str(), ty) {
                        spread.push(name);
                        self.collect(ty, &definition.selection_set.node, &conditions, into, places, spread);
                        spread.pop();
                    }
                }
            }
        }
    }

    fn selected(&mut self, parent: &'static TypeDef, collected: Collected<'d>) -> Option<Selected> {
        let (first, _) = collected.occurrences.first()?;
        if self.steps_left == 0 {
            return None;
        }
        let name = first.node.name.node.as_str();
        let (def, part) = match name {
            "__typename" => (typename_def(self.schema), Part::Typename),
            "__schema" | "__type" if parent.name() == "Query" => (meta_def(self.schema, name), Part::Other),
            name => {
                let def = parent.field(name)?;
                (def, part(parent, name))
            }
        };
        let always = collected.occurrences.iter().any(|(_, conditions)| conditions.is_empty());
        let when = if always { vec![] } else { collected.occurrences.iter().map(|(_, conditions)| conditions.clone()).collect() };
        let own = def.name() == name && name != "__schema" && name != "__type" && name != "__typename";
        let how = if own { self.how(parent, def) } else { How::Unfilled };
        let below = self.below(def.ty, &collected.occurrences, parent, def);
        Some(Selected {
            label: label(collected.key),
            key: collected.key.into(),
            when,
            def,
            parent,
            args: self.arguments(def, &first.node),
            how,
            part,
            below,
            pos: first.pos,
        })
    }

    fn how(&mut self, parent: &'static TypeDef, def: &'static FieldDef) -> How {
        let how = self.catalogue.how(parent.id, def.slot);
        if matches!(how, How::Unfilled) && self.catalogue.is_stored(parent.id) {
            self.unfilled.push(format!("{}.{}", parent.name(), def.name()));
        }
        how
    }

    fn below(
        &mut self,
        ty: TypeRef,
        occurrences: &[(&'d Positioned<Field>, Vec<Condition>)],
        parent: &'static TypeDef,
        def: &'static FieldDef,
    ) -> Below {
        let of = self.schema.of(ty);
        let sets: Sets<'d> = occurrences.iter().map(|(field, conditions)| (&field.node.selection_set.node, conditions.clone())).collect();
        match of.kind {
            TypeKind::Object => Below::Object(of, self.selection(of, &sets)),
            TypeKind::Union => {
                let schema = self.schema;
                let members = of.members().iter().filter_map(|member| schema.get(*member));
                Below::Union(members.map(|member| (member, self.selection(member, &sets))).collect())
            }
            TypeKind::Scalar | TypeKind::Enum | TypeKind::Input => Below::Leaf(Leaf::of(of, parent, def)),
        }
    }

    fn arguments(&self, def: &'static FieldDef, field: &Field) -> Arguments {
        let Some(of) = def.args_shape() else { return Arguments::None };
        let mut constant = Vec::new();
        let mut dynamic = Vec::new();
        for arg in def.args(self.schema.version()) {
            let given = field.arguments.iter().find(|(name, _)| name.node == arg.name());
            let default = || coerce::default(self.schema, arg).map(|value| (arg.slot, value));
            match given {
                // Who names a size asks for pages, where `should_paginate` is left to its default.
                None if arg.name() == "should_paginate" && asks_for_pages(field) => {}
                None => constant.extend(default()),
                Some((_, value)) if coerce::mentions_a_variable(&value.node) => {
                    dynamic.push((arg.slot, arg.ty, value.node.clone(), value.pos));
                    constant.extend(default());
                }
                Some((_, value)) => {
                    let literal = coerce::literal(self.schema, arg.ty, &value.node, &Variables::default());
                    constant.extend(literal.ok().flatten().map(|value| (arg.slot, value)));
                }
            }
        }
        match dynamic.is_empty() {
            true => Arguments::Constant { of, values: constant },
            false => Arguments::Dynamic { of, given: dynamic, constant },
        }
    }
}

fn asks_for_pages(field: &Field) -> bool {
    field.arguments.iter().any(|(name, _)| ["page_size", "after"].contains(&name.node.as_str()))
}

/// None where a constant `@skip` or `@include` leaves it out.
fn with_directives(conditions: &[Condition], directives: &[Positioned<Directive>]) -> Option<Vec<Condition>> {
    let mut conditions = conditions.to_vec();
    for directive in directives {
        let included_if = match directive.node.name.node.as_str() {
            "include" => true,
            "skip" => false,
            _ => continue,
        };
        match directive.node.get_argument("if").map(|value| &value.node) {
            Some(Literal::Boolean(holds)) if *holds != included_if => return None,
            Some(Literal::Variable(variable)) => {
                let condition = Condition { variable: variable.to_string(), included_if };
                if !conditions.contains(&condition) {
                    conditions.push(condition);
                }
            }
            _ => {}
        }
    }
    Some(conditions)
}

fn applies(schema: Schema, on: &str, ty: &TypeDef) -> bool {
    on == ty.name() || schema.named(on).is_some_and(|union| union.members().contains(&ty.id))
}

fn label(key: &str) -> Box<[u8]> {
    format!("\"{key}\":").into_bytes().into()
}

/// `__typename` as a field: any String! that the introspection types have stands in for its definition.
fn typename_def(schema: Schema) -> &'static FieldDef {
    schema.named("__Field").and_then(|ty| ty.field("name")).expect("introspection types are in every version")
}

/// `__schema` and `__type`: fields of the introspection types that have the same type and arguments to walk.
fn meta_def(schema: Schema, name: &str) -> &'static FieldDef {
    let meta = schema.named("__Meta").expect("introspection types are in every version");
    meta.field(if name == "__schema" { "schema" } else { "type" }).expect("declared in introspection.graphql")
}

fn part(parent: &TypeDef, name: &str) -> Part {
    match name {
        "id" => Part::Id,
        "cursor" => Part::Cursor,
        "edges" if parent.field("page_info").is_some() => Part::Edges,
        "nodes" if parent.field("page_info").is_some() => Part::Nodes,
        "page_info" => Part::PageInfo,
        "total_count" if parent.field("page_info").is_some() => Part::TotalCount,
        "node" if parent.field("cursor").is_some() && parent.fields().len() == 2 => Part::Node,
        "has_next_page" => Part::HasNext,
        "has_previous_page" => Part::HasPrevious,
        "start_cursor" => Part::StartCursor,
        "end_cursor" => Part::EndCursor,
        _ => Part::Other,
    }
}
