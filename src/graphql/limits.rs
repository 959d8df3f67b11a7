//! How much one operation may ask for: graphql-ruby's depth and complexity, with the documented maxima.

use super::{
    coerce::Variables,
    error::GraphqlError,
    plan::{Below, Part, Plan, Selected, Selection},
};
use crate::state::Value;

/// The most that an operation may come to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Fields in each other; the operation itself counts nothing.
    pub depth: i64,
    pub complexity: i64,
}

impl Limits {
    /// Documented (rate limits).
    pub const SANDBOX: Self = Self { depth: 25, complexity: 2000 };
    /// For those who ask for everything at once, as no client may.
    pub const NONE: Self = Self { depth: i64::MAX, complexity: i64::MAX };
}

/// Documented of `users` in 2026-01-01; assumed of every connection: how many rows count where no size is given.
const DEFAULT_PAGE: i64 = 100;

/// What is over the limits, depth first as graphql-ruby reports it. Assumed, as the documented sample shows neither: no
/// locations and no code.
pub fn exceeded(plan: &Plan, variables: &Variables, most: Limits) -> Vec<GraphqlError> {
    let asked = Asked { plan, variables };
    let (depth, complexity) = (asked.depth(&plan.roots), asked.complexity(&plan.roots));
    let mut errors = Vec::new();
    if depth > most.depth {
        errors.push(GraphqlError::new(format!("Query has depth of {depth}, which exceeds max depth of {}", most.depth)));
    }
    if complexity > most.complexity {
        let message = format!("Query has complexity of {complexity}, which exceeds max complexity of {}", most.complexity);
        errors.push(GraphqlError::new(message));
    }
    errors
}

/// A plan as one run asks for it: what its variables leave out doesn't count.
struct Asked<'a> {
    plan: &'a Plan,
    variables: &'a Variables,
}

impl<'a> Asked<'a> {
    fn fields(&self, selection: &'a Selection) -> impl Iterator<Item = &'a Selected> {
        selection.fields.iter().filter(|field| field.is_included(self.variables))
    }

    fn depth(&self, selection: &'a Selection) -> i64 {
        self.fields(selection).map(|field| 1 + most(below(field).map(|below| self.depth(below)))).max().unwrap_or(0)
    }

    fn complexity(&self, selection: &'a Selection) -> i64 {
        self.fields(selection).map(|field| self.cost(field)).fold(0, i64::saturating_add)
    }

    /// Documented with samples that come to 14, 402 and 2274: a field costs 1 and what is asked below it. Lists count once,
    /// whatever their length; of a connection, what each row costs counts once for each row that may come.
    fn cost(&self, field: &'a Selected) -> i64 {
        let children = most(below(field).map(|below| self.complexity(below)));
        let below = match &field.below {
            Below::Object(of, selection) if of.field("page_info").is_some() => {
                let once = self.once(selection);
                let rows = children.saturating_sub(once);
                self.page_size(field).saturating_mul(rows).saturating_add(once)
            }
            _ => children,
        };
        below.saturating_add(1)
    }

    /// What a connection costs however many rows it has. As graphql-ruby has it: the fields beside its rows, and what is
    /// asked directly below them; a field of rows itself, but nothing below it.
    fn once(&self, connection: &'a Selection) -> i64 {
        let cost = |field: &'a Selected| match field.part {
            Part::Nodes | Part::Edges => 1,
            _ => 1 + most(below(field).map(|below| self.fields(below).count() as i64)),
        };
        self.fields(connection).map(cost).sum()
    }

    /// The larger of `first` and `last`.
    fn page_size(&self, field: &Selected) -> i64 {
        let args = field.args.evaluate(self.plan.schema, self.variables).ok().flatten();
        let size = |name: &str| match args.as_ref()?.get(name)? {
            Value::Int(size) => Some(*size),
            _ => None,
        };
        size("first").max(size("last")).unwrap_or(DEFAULT_PAGE)
    }
}

/// What is asked below a field: for a union, of each of its types.
fn below(field: &Selected) -> impl Iterator<Item = &Selection> {
    let (one, many) = match &field.below {
        Below::Leaf(_) => (None, None),
        Below::Object(_, selection) => (Some(selection), None),
        Below::Union(selections) => (None, Some(selections.iter().map(|(_, selection)| selection))),
    };
    one.into_iter().chain(many.into_iter().flatten())
}

/// Of the types that may come, the most expensive.
fn most(below: impl Iterator<Item = i64>) -> i64 {
    below.max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::super::{Answerer, Request};
    use super::*;
    use crate::{domain, engine::Viewer, engine::World, env::Clock, schema::Version};

    /// What the document is told when nothing is allowed at all.
    fn told(document: &str, variables: Option<&str>) -> String {
        let catalogue = domain::catalogue();
        let state = catalogue.empty();
        let world = World::new("default", "test", catalogue, state, Clock::default());
        let scene = world.scene(Viewer::nobody(), Version::V2026_01_01, "http://localhost".into());
        let answerer = Answerer::within(Limits { depth: 0, complexity: 0 });
        let request = Request { query: Some(document), variables, ..Request::default() };
        String::from_utf8(answerer.answer(&world, &scene, &request).body).expect("JSON is UTF-8")
    }

    #[track_caller]
    fn comes_to(document: &str, variables: Option<&str>, depth: i64, complexity: i64) {
        let depth = format!("Query has depth of {depth}, which exceeds max depth of 0");
        let complexity = format!("Query has complexity of {complexity}, which exceeds max complexity of 0");
        let expected = format!(r#"{{"errors":[{{"message":"{depth}"}},{{"message":"{complexity}"}}]}}"#);
        assert_eq!(told(document, variables), expected, "{document}");
    }

    #[test]
    fn the_documented_samples_come_to_what_is_documented() {
        comes_to("{ users(first: 3) { nodes { id appointments { id notes } } } }", None, 4, 14);
        comes_to("{ users { nodes { id appointments { id notes } } } }", None, 4, 402);
    }

    #[test]
    fn a_field_costs_one_and_what_is_below_it() {
        comes_to("{ currentUser { id } }", None, 2, 2);
        comes_to("{ a: currentUser { id name } b: currentUser { id } }", None, 2, 5);
        comes_to("{ __typename __type(name: \"User\") { fields { name } } }", None, 3, 4);
        // One key is one field, however often it is named.
        comes_to("{ currentUser { id id } currentUser { id name } ...F } fragment F on Query { currentUser { id } }", None, 2, 3);
    }

    #[test]
    fn a_connection_counts_its_rows_by_the_larger_size_and_its_own_fields_once() {
        comes_to(
            "{ users(first: 2, last: 5) { edges { cursor node { id } } page_info { has_next_page end_cursor } total_count } }",
            None,
            4,
            1 + 5 * 3 + 5,
        );
        comes_to("{ users(last: 7) { nodes { id } } }", None, 3, 1 + 7 + 1);
        comes_to("query Q($n: Int) { users(first: $n) { nodes { id } } }", Some(r#"{"n": 4}"#), 3, 1 + 4 + 1);
        comes_to("query Q($n: Int = 9) { users(first: $n) { nodes { id } } }", None, 3, 1 + 9 + 1);
        comes_to("query Q($n: Int) { users(first: $n) { nodes { id } } }", None, 3, 1 + 100 + 1);
        comes_to("{ users(first: 10) { nodes { id active_patients(first: 20) { nodes { id } } } } }", None, 5, 1 + 10 * (1 + 22) + 1);
    }

    #[test]
    fn what_the_variables_leave_out_is_free() {
        let document = "query Q($yes: Boolean!) { currentUser @include(if: $yes) { id } a: __typename b: __typename @skip(if: true) }";
        comes_to(document, Some(r#"{"yes": true}"#), 2, 3);
        comes_to(document, Some(r#"{"yes": false}"#), 1, 1);
    }

    #[test]
    fn of_a_union_the_most_expensive_type_counts() {
        let document = "mutation { createSharings(input: { id: 1, shareable_type: DOCUMENT }) { ... on Document { id display_name } ... on Folder { id name documents_count } } }";
        let told = told(document, None);
        assert!(told.contains("depth of 2,") && told.contains("complexity of 4,"), "{told}");
    }
}
