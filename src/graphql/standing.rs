//! Subscriptions: a document that is kept and run again for each event, as its subscriber sees it.

use super::{
    Answerer, GraphqlError, Report, Request, Response,
    coerce::Variables,
    execute,
    plan::{Part, Plan, Selected},
    refused, whole,
};
use crate::engine::{Catalogue, Happening, Lifted, Reading, Scene, Topic, World};
use crate::schema::Named;
use crate::schema::names::FieldError;
use crate::state::State;
use async_graphql_parser::types::OperationType;
use std::sync::Arc;

/// A subscription that was accepted.
pub struct Standing {
    plan: Arc<Plan>,
    variables: Variables,
    /// What it waits for; None where nothing can come.
    pub topic: Option<Topic>,
}

/// What became of an operation that may be a subscription.
pub struct Taken {
    pub response: Response,
    /// None for whatever is answered once and for all.
    pub standing: Option<Standing>,
}

impl Taken {
    fn answered(response: Response) -> Self {
        Self { response, standing: None }
    }
}

impl Standing {
    /// Roughly how much memory it keeps.
    pub fn weight(&self) -> usize {
        self.plan.weight
    }
}

impl Answerer {
    /// As [`Answerer::answer`], for a caller who can be sent events.
    pub fn take(&self, world: &World, scene: &Scene, request: &Request<'_>) -> Taken {
        let (plan, variables) = match self.prepared(scene, request) {
            Ok(prepared) => prepared,
            Err(response) => return Taken::answered(*response),
        };
        let root = root(&plan, &variables);
        let Some((root, rules)) = root.and_then(|root| Some((root, scene.catalogue.subscription(root.def.slot)?))) else {
            return Taken::answered(self.executed(&plan, world, scene, &variables));
        };
        let args = match root.args.evaluate(plan.schema, &variables) {
            Ok(args) => args,
            Err(error) => return Taken::answered(refused(&[error], plan.about.clone())),
        };
        let lifted = args.as_ref().map_or_else(|| Catalogue::no_arguments(FieldError::TYPE), |args| args.lift(&scene.viewer.zone));
        let topic = rules.topic(Reading { state: &world.snapshot().state, scene }, &lifted);
        let without_effect = without_effect(&plan, root, args.as_ref(), &lifted);
        if scene.strict && !without_effect.is_empty() {
            let told = |name: &String| {
                let message = format!("{name} is accepted by healthie-mock but has no effect");
                GraphqlError::new(message).at(root.pos).code("WITHOUT_EFFECT")
            };
            let errors: Vec<_> = without_effect.iter().map(told).collect();
            return Taken::answered(refused(&errors, plan.about.clone()));
        }
        let report = Report { about: plan.about.clone(), without_effect, ..Report::default() };
        // Documented by graphql-ruby: a new subscription has no value yet.
        let response = Response { body: b"{\"data\":{}}".to_vec(), report };
        Taken { response, standing: Some(Standing { plan, variables, topic }) }
    }

    /// What a subscriber is sent of something that happened, read from the state that it led to; None where there is nothing
    /// for these eyes.
    pub fn tell(&self, standing: &Standing, world: &World, state: &State, scene: &Scene, happening: Happening) -> Option<Vec<u8>> {
        let Standing { plan, variables, .. } = standing;
        let root = root(plan, variables)?;
        let answer = scene.catalogue.subscription(root.def.slot)?.show(Reading { state, scene }, happening);
        if answer.is_null() {
            return None;
        }
        let run = execute::event(plan, &answer, world, state, scene, variables, self.most)?;
        Some(whole(plan, run).body)
    }
}

/// The one field of a subscription, unless it is left out by a directive.
fn root<'p>(plan: &'p Plan, variables: &Variables) -> Option<&'p Selected> {
    let root = plan.roots.fields.first().filter(|_| plan.kind == OperationType::Subscription)?;
    (root.part != Part::Typename && root.is_included(variables)).then_some(root)
}

fn without_effect(plan: &Plan, root: &Selected, sent: Option<&super::plan::Evaluated>, lifted: &Lifted) -> Vec<String> {
    let ignored = lifted.without_effect().into_iter().filter(|name| !execute::is_default(plan.schema, root, name, sent));
    ignored.map(|name| format!("{}.{name}", root.name())).collect()
}
