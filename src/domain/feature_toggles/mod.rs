//! What patients may use: a set of switches for a person, a group or a care plan.

use crate::engine::Area;
use crate::schema::names::{FeatureToggle, Mutation, Query};

pub fn area() -> Area {
    Area::new("feature_toggles")
        .leaves_out(Query::featureFlags, "not built yet")
        .gets(Query::featureToggle, FeatureToggle)
        .gets(Query::featureToggleForEditing, FeatureToggle)
        .leaves_out(Query::unauthFeatureFlags, "not built yet")
        .creates(Mutation::createFeatureToggle, FeatureToggle)
        .updates(Mutation::updateFeatureToggle, FeatureToggle)
}
