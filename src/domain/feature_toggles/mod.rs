//! What patients may use: a set of switches for a person, a group or a care plan.

mod create_feature_toggle;
mod feature_flags;
mod feature_toggle;

pub use feature_toggle::{effective, of_user};

use crate::engine::Area;
use crate::schema::names::{FeatureToggle, Mutation, Query};

pub fn area() -> Area {
    Area::new("feature_toggles")
        .entity(feature_toggle::entity())
        .query(Query::featureFlags, feature_flags::feature_flags)
        .query(Query::featureToggle, feature_toggle::feature_toggle)
        .query(Query::featureToggleForEditing, feature_toggle::feature_toggle_for_editing)
        .query(Query::unauthFeatureFlags, feature_flags::unauth_feature_flags)
        .public()
        .mutation(Mutation::createFeatureToggle, create_feature_toggle::create_feature_toggle)
        .updates(Mutation::updateFeatureToggle, FeatureToggle)
}
