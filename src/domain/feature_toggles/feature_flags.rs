//! `featureFlags` and `unauthFeatureFlags`: what Healthie tries out.

use crate::engine::{Answer, Input, QueryError, Reading, Value};
use crate::schema::Named;
use crate::schema::names::{FeatureFlag, args};

/// Assumed: nothing that is tried out is on, and a caller who names no flag hears of none.
pub fn feature_flags(_: Reading<'_>, asked: &Input<'_, args::featureFlags>) -> Result<Answer, QueryError> {
    Ok(all_off(asked.get(args::featureFlags::flag_names).ok().flatten().unwrap_or_default()))
}

pub fn unauth_feature_flags(_: Reading<'_>, asked: &Input<'_, args::unauthFeatureFlags>) -> Result<Answer, QueryError> {
    type Asked = args::unauthFeatureFlags;
    asked.accept(Asked::provider_id);
    asked.accept(Asked::organization_id);
    Ok(all_off(asked.get(Asked::flag_names).ok().flatten().unwrap_or_default()))
}

fn all_off(names: Vec<&str>) -> Answer {
    let off = |name| {
        let values = vec![(FeatureFlag::name.slot, Value::from(name).into()), (FeatureFlag::value.slot, Value::Bool(false).into())];
        Answer::Object(FeatureFlag::TYPE, values)
    };
    Answer::List(names.into_iter().map(off).collect())
}
