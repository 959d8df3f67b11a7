//! Documents to answers: parse, validate, plan, execute, in the API's wording. The one place that knows async-graphql.

mod cache;
mod coerce;
mod error;
mod execute;
mod introspect;
mod limits;
mod operation;
mod parse;
mod plan;
mod render;
mod standing;
#[cfg(test)]
mod tests;
mod validate;
#[cfg(test)]
mod words;

pub use coerce::UPLOADED;
pub use error::{GraphqlError, PathSegment};
pub use limits::Limits;
pub use plan::About;
pub use standing::{Standing, Taken};
pub use validate::Hints;

use crate::engine::{Scene, World};
use crate::state::File;
use cache::Plans;
use coerce::Variables;
use plan::Plan;
use std::sync::Arc;

/// One operation as it arrived.
#[derive(Default)]
pub struct Request<'a> {
    pub query: Option<&'a str>,
    pub operation_name: Option<&'a str>,
    /// The `variables` as JSON text; None where they are absent or null.
    pub variables: Option<&'a str>,
    /// What came along, for `upload://0` and so on among the variables to stand for.
    pub files: &'a [Arc<File>],
}

/// What one operation is answered with.
#[derive(Default, Debug)]
pub struct Response {
    /// The whole answer as JSON.
    pub body: Vec<u8>,
    pub report: Report,
}

/// What the request log says of an operation.
#[derive(Default, Debug, Clone)]
pub struct Report {
    pub about: About,
    /// The messages of the answer's `errors`.
    pub errors: Vec<String>,
    /// The commits that its mutations made.
    pub commits: Vec<u64>,
    /// True where a mutation was refused for the id of the record that it is about.
    pub unknown_id: bool,
    /// Arguments and input fields that were accepted and changed nothing: `createClient.input.metadata`.
    pub without_effect: Vec<String>,
    /// Texts in the answer that are our assumption: `createWebhook.messages.url: is invalid`.
    pub assumed: Vec<String>,
}

/// Answers documents; keeps the plans of those it has seen.
pub struct Answerer {
    plans: Plans,
    /// The longest answer, in bytes: a short document can ask for more than any memory holds.
    pub most: usize,
    pub limits: Limits,
    pub hints: Hints,
}

impl Default for Answerer {
    fn default() -> Self {
        Self { plans: Plans::default(), most: 256 * 1024 * 1024, limits: Limits::SANDBOX, hints: Hints::None }
    }
}

impl Answerer {
    /// One that allows other things than the sandbox does.
    pub fn within(limits: Limits) -> Self {
        Self { limits, ..Self::default() }
    }

    /// One whose refusals say more than they need to.
    pub fn hinting(hints: Hints) -> Self {
        Self { hints, ..Self::default() }
    }

    /// The answer to one operation, in the words and the order of stages of graphql-ruby: parse, choice of the operation,
    /// validation, variables, limits, execution.
    pub fn answer(&self, world: &World, scene: &Scene, request: &Request<'_>) -> Response {
        match self.prepared(scene, request) {
            Ok((plan, variables)) => self.executed(&plan, world, scene, &variables),
            Err(response) => *response,
        }
    }

    /// All stages but execution; Err is the answer where one of them refuses.
    fn prepared(&self, scene: &Scene, request: &Request<'_>) -> Result<(Arc<Plan>, Variables), Box<Response>> {
        let Some(text) = request.query else {
            return Err(Box::new(refused(&[GraphqlError::new("No query string was present")], About::default())));
        };
        let plan = self.plan(scene, text, request.operation_name).map_err(|errors| Box::new(refused(&errors, About::default())))?;
        let variables = variables(&plan, request).map_err(|errors| Box::new(refused(&errors, plan.about.clone())))?;
        let exceeded = limits::exceeded(&plan, &variables, self.limits);
        match exceeded.is_empty() {
            true => Ok((plan, variables)),
            false => Err(Box::new(refused(&exceeded, plan.about.clone()))),
        }
    }

    fn executed(&self, plan: &Plan, world: &World, scene: &Scene, variables: &Variables) -> Response {
        whole(plan, execute::execute(plan, world, scene, variables, self.most))
    }

    /// Whether the operation is good and asks for one of these root fields.
    pub fn asks_for(&self, scene: &Scene, request: &Request<'_>, fields: &[&str]) -> bool {
        let plan = self.plan(scene, request.query.unwrap_or_default(), request.operation_name);
        plan.is_ok_and(|plan| plan.about.root_fields.iter().any(|asked| fields.contains(asked)))
    }

    /// What a good operation is called and asks for.
    pub fn about(&self, scene: &Scene, request: &Request<'_>) -> About {
        let plan = self.plan(scene, request.query.unwrap_or_default(), request.operation_name);
        plan.map_or_else(|_| About::default(), |plan| plan.about.clone())
    }

    /// To an operation for which the ones before it left no room.
    pub fn too_long() -> Response {
        refused(&[GraphqlError::new(execute::TOO_LONG)], About::default())
    }

    fn plan(&self, scene: &Scene, text: &str, operation_name: Option<&str>) -> Result<Arc<Plan>, Vec<GraphqlError>> {
        if let Some(plan) = self.plans.get(scene.version, text, operation_name) {
            return Ok(plan);
        }
        let schema = scene.version.schema();
        let document = parse::parse(text)?;
        let operation = operation::choose(&document, operation_name).map_err(|error| vec![error])?;
        let errors = validate::validate(schema, &document, self.hints);
        if !errors.is_empty() {
            return Err(errors);
        }
        let operation = operation.ok_or_else(|| vec![GraphqlError::new("An operation name is required")])?;
        let plan = plan::plan(schema, &document, operation, &scene.catalogue).map_err(|error| vec![error])?;
        let plan = Arc::new(plan);
        self.plans.put(scene.version, text, operation_name, plan.clone());
        Ok(plan)
    }
}

fn variables(plan: &Plan, request: &Request<'_>) -> Result<Variables, Vec<GraphqlError>> {
    if plan.definition.variable_definitions.is_empty() {
        return Ok(Variables::default());
    }
    let given = match request.variables.map(str::trim).filter(|given| !given.is_empty()) {
        Some(given) => serde_json::from_str(given).map_err(|_| vec![GraphqlError::new("The variables are no JSON object")])?,
        None => serde_json::Map::new(),
    };
    coerce::variables(plan.schema, &plan.definition, &given, request.files)
}

/// What a run left, as one answer.
fn whole(plan: &Plan, mut run: execute::Run) -> Response {
    let mut body = std::mem::take(&mut run.data);
    if !run.errors.is_empty() {
        let data = std::mem::replace(&mut body, vec![b'{']);
        write_errors(&mut body, &run.errors);
        body.push(b',');
        body.extend_from_slice(&data[1..]);
    }
    body.push(b'}');
    let errors = std::mem::take(&mut run.errors).into_iter().map(|error| error.message).collect();
    let execute::Run { commits, unknown_id, without_effect, assumed, .. } = run;
    let report = Report { about: plan.about.clone(), errors, commits, unknown_id, without_effect, assumed };
    Response { body, report }
}

/// Nothing was executed: only `errors`, no `data`.
fn refused(errors: &[GraphqlError], about: About) -> Response {
    let mut body = vec![b'{'];
    write_errors(&mut body, errors);
    body.push(b'}');
    let errors = errors.iter().map(|error| error.message.clone()).collect();
    Response { body, report: Report { about, errors, ..Report::default() } }
}

fn write_errors(body: &mut Vec<u8>, errors: &[GraphqlError]) {
    body.extend_from_slice(b"\"errors\":[");
    for (at, error) in errors.iter().enumerate() {
        if at > 0 {
            body.push(b',');
        }
        error.write_json(body);
    }
    body.push(b']');
}
