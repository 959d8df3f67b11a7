//! A set of switches, and which one goes for whom.

use crate::engine::{Answer, Entity, Input, QueryError, Reading, Row, Value, View};
use crate::schema::names::{CarePlan, FeatureToggle, User, UserGroup, args};
use crate::schema::{Base, Field, Id, Named, Slot};

/// Assumed: what a set says no to unless somebody says yes. Everything else is yes.
const OFF: [&str; 13] = [
    "apply_eating_disorder_default",
    "can_track_poop",
    "do_not_auto_submit_cms1500",
    "has_ccda",
    "prevent_inactive_access",
    "require_intake_for_communication",
    "separate_provider_metric_from_client",
    "seperate_provider_metric_from_client",
    "show_ed_posthunger",
    "show_ed_prehunger",
    "use_metric_system",
    "uses_feature_toggle_from_care_plan",
    "view_not_track",
];

/// The switches, and how a new set has them.
fn switches() -> impl Iterator<Item = (Slot, bool)> {
    let columns = FeatureToggle::TYPE.shape().columns().iter().enumerate();
    let flags = columns.filter(|(_, column)| column.base == Base::Bool && !column.list);
    flags.map(|(slot, column)| (slot as Slot, !OFF.contains(&column.name())))
}

pub fn entity() -> Entity<FeatureToggle> {
    let entity = Entity::usual()
        .about_nobody()
        .indexed(FeatureToggle::user_id)
        .indexed(FeatureToggle::user_group_id)
        .indexed(FeatureToggle::care_plan_id)
        .defaults(FeatureToggle::date_range_preference, "Last 30 days".to_owned())
        .defaults(FeatureToggle::default_water_intake, "64".to_owned())
        .visible(is_visible)
        .computed(FeatureToggle::uses_feature_toggle_from_care_plan, |toggle| Some(toggle.get(FeatureToggle::care_plan_id).is_some()))
        .computed(FeatureToggle::has_any_entry_types, |toggle| Some(posts_anything(toggle)));
    switches().fold(entity, |entity, (slot, on)| entity.defaults(Field::<FeatureToggle, crate::schema::Bool>::at(slot), on))
}

fn posts_anything(toggle: &View<'_, FeatureToggle>) -> bool {
    type T = FeatureToggle;
    [T::show_food, T::show_metric, T::show_mirror, T::show_note, T::show_workout].into_iter().any(|flag| toggle.is(flag))
}

/// Whoever may see the person, and a patient the own one and that of the own group or plan.
fn is_visible(toggle: &View<'_, FeatureToggle>) -> bool {
    let viewer = toggle.on.viewer();
    if let Some(user) = toggle.get(FeatureToggle::user_id) {
        return toggle.on.find::<User>(user).is_some();
    }
    if let Some(group) = toggle.get(FeatureToggle::user_group_id) {
        return toggle.on.find::<UserGroup>(group).is_some();
    }
    match toggle.get(FeatureToggle::care_plan_id) {
        Some(plan) => toggle.on.find::<CarePlan>(plan).is_some(),
        None => viewer.reaches(toggle.organization()),
    }
}

/// The set that is kept for this very person, group or plan.
pub fn exact(on: Reading<'_>, column: Field<FeatureToggle, Id>, id: u64) -> Option<Row<FeatureToggle>> {
    on.having(column, id).next().map(|toggle| toggle.row().clone())
}

/// Inferred from the names: the person's own set, else that of the active care plan, else that of the group.
pub fn effective(user: &View<'_, User>) -> Option<Row<FeatureToggle>> {
    let of_plan = || exact(user.on, FeatureToggle::care_plan_id, user.value(User::active_care_plan.slot).as_id()?);
    let of_group = || exact(user.on, FeatureToggle::user_group_id, user.get(User::user_group_id)?);
    exact(user.on, FeatureToggle::user_id, user.id()).or_else(of_plan).or_else(of_group)
}

/// `User.feature_toggle`: the effective set; everything as in a new one where nobody said anything.
pub fn of_user(user: &View<'_, User>) -> Answer {
    effective(user).map_or_else(as_new, Answer::from)
}

/// Assumed: a set that nobody has stored has no id.
fn as_new() -> Answer {
    let switches = switches().map(|(slot, on)| (slot, Value::Bool(on).into()));
    let texts = [(FeatureToggle::date_range_preference.slot, "Last 30 days"), (FeatureToggle::default_water_intake.slot, "64")];
    Answer::Object(FeatureToggle::TYPE, switches.chain(texts.map(|(slot, text)| (slot, Value::from(text).into()))).collect())
}

/// By id, else what goes for the person, who is the caller where none is named.
pub fn feature_toggle(on: Reading<'_>, asked: &Input<'_, args::featureToggle>) -> Result<Answer, QueryError> {
    type Asked = args::featureToggle;
    if let Some(id) = asked.get(Asked::id).ok().flatten() {
        return Ok(on.find::<FeatureToggle>(id).into());
    }
    let user = asked.get(Asked::user_id).ok().flatten().or(on.viewer().id());
    Ok(user.and_then(|user| on.find::<User>(user)).map_or(Answer::NULL, |user| of_user(&user)))
}

/// By id, else the set that is kept for this very person, group or plan.
pub fn feature_toggle_for_editing(on: Reading<'_>, asked: &Input<'_, args::featureToggleForEditing>) -> Result<Answer, QueryError> {
    type Asked = args::featureToggleForEditing;
    let asks = |field| asked.get(field).ok().flatten();
    let by_user = || exact(on, FeatureToggle::user_id, asks(Asked::user_id)?).map(|toggle| toggle.id());
    let by_group = || exact(on, FeatureToggle::user_group_id, asks(Asked::user_group_id)?).map(|toggle| toggle.id());
    let by_plan = || exact(on, FeatureToggle::care_plan_id, asks(Asked::care_plan_id)?).map(|toggle| toggle.id());
    let id = asks(Asked::id).or_else(by_user).or_else(by_group).or_else(by_plan);
    Ok(id.and_then(|id| on.find::<FeatureToggle>(id)).into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_patient_has_the_own_set_before_the_groups() {
        let clinic = Clinic::open();
        let (rosa, group) = (clinic.id("User", "rosa"), clinic.id("UserGroup", "heart"));
        let seen = || {
            clinic.run(&format!("{{ featureToggle(user_id: {rosa}) {{ id can_view_payments can_view_goals prevent_inactive_access symptom_options {{ id }} }} }}"))["data"]["featureToggle"].clone()
        };
        let set = |of: &str| {
            clinic.run(&format!(
                "mutation {{ createFeatureToggle(input: {{ {of} }}) {{ feature_toggle {{ id }} messages {{ message }} }} }}"
            ));
        };
        assert_eq!(
            seen(),
            json!({ "id": null, "can_view_payments": true, "can_view_goals": true, "prevent_inactive_access": false, "symptom_options": [] })
        );
        set(&format!("user_group_id: {group}, can_view_payments: false"));
        assert_eq!(seen()["can_view_payments"], false);
        set(&format!("user_id: {rosa}, can_view_goals: false"));
        assert_eq!((seen()["can_view_payments"].clone(), seen()["can_view_goals"].clone()), (json!(true), json!(false)));
        let own = clinic.run(&format!("{{ user(id: {rosa}) {{ feature_toggle {{ can_view_goals }} }} }}"));
        assert_eq!(own["data"]["user"]["feature_toggle"]["can_view_goals"], false);
    }

    #[test]
    fn the_set_for_editing_is_nobody_elses() {
        let clinic = Clinic::open();
        let (id, rosa) = (clinic.id("User", "patient"), clinic.id("User", "rosa"));
        let seen = clinic.run(&format!("{{ featureToggleForEditing(user_id: {id}) {{ id }} none: featureToggleForEditing {{ id }} }}"));
        assert_eq!(seen["data"], json!({ "featureToggleForEditing": null, "none": null }));
        let hidden = clinic
            .as_role("patient")
            .run(&format!("{{ featureToggle(user_id: {rosa}) {{ id }} featureFlags(flag_names: []) {{ name }} }}"));
        assert_eq!(hidden["data"], json!({ "featureToggle": null, "featureFlags": [] }));
    }
}
