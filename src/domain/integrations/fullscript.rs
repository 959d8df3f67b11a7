//! Fullscript: which members have an account there, and the page that would open for a patient.

use crate::engine::{Answer, Entity, Input, List, QueryError, Reading, Value, Within};
use crate::schema::names::{FullscriptPractitionerType, FullscriptTreatmentPlanType, User, args};

pub fn practitioner_entity() -> Entity<FullscriptPractitionerType> {
    Entity::usual().about_nobody().requires(FullscriptPractitionerType::email)
}

/// Documented: a link for a patient of a connected organization; null without a connection. The page is nowhere.
pub fn dynamic_link(on: Reading<'_>, asked: &Input<'_, args::dynamicLink>) -> Result<Answer, QueryError> {
    type Asked = args::dynamicLink;
    let patient = asked.get(Asked::user_id).ok().flatten().filter(|_| on.viewer().is_member()).and_then(|id| on.find::<User>(id));
    let page = asked.get(Asked::entrypoint).ok().flatten().unwrap_or("CATALOG").to_lowercase();
    let connected = on.of_organization::<FullscriptPractitionerType>(on.viewer().organization()).next().is_some();
    let link = patient.filter(|_| connected).map(|patient| format!("{}/fullscript/{page}/{}", on.scene.origin, patient.id()));
    Ok(link.map_or(Answer::NULL, |link| Value::from(link).into()))
}

pub fn treatment_plans() -> List<FullscriptTreatmentPlanType, args::treatmentPlans> {
    List::new().unpaged().within(|on, asked| {
        let patient = asked.get(args::treatmentPlans::user_id).ok().flatten().or(on.viewer().id());
        patient.map_or_else(Within::nothing, |patient| Within::having(FullscriptTreatmentPlanType::user_id, patient))
    })
}
