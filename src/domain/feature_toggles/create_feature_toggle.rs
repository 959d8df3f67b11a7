//! `createFeatureToggle`: the switches of one patient, group or care plan.

use super::feature_toggle::exact;
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{CarePlan, FeatureToggle, User, UserGroup, createFeatureToggleInput as Input};

/// Documented: it is for one of the three. Assumed: where that one has a set, it is changed.
pub fn create_feature_toggle(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let named = [Input::user_id, Input::user_group_id, Input::care_plan_id].into_iter().filter(|field| !call.is_blank(*field)).count();
    if named != 1 {
        return Err(Refusal::base("One of user_id, user_group_id and care_plan_id is needed"));
    }
    let known = if !call.is_blank(Input::user_id) {
        let user = call.target::<User, _>(Input::user_id)?;
        exact(call.on(), FeatureToggle::user_id, user.id())
    } else if !call.is_blank(Input::user_group_id) {
        let group = call.target::<UserGroup, _>(Input::user_group_id)?;
        exact(call.on(), FeatureToggle::user_group_id, group.id())
    } else {
        let plan = call.target::<CarePlan, _>(Input::care_plan_id)?;
        exact(call.on(), FeatureToggle::care_plan_id, plan.id())
    };
    let toggle = match known {
        Some(known) => call.edit(&known),
        None => call.draft::<FeatureToggle>(),
    };
    let toggle = toggle.save(call);
    Ok(call.save_nested(&toggle)?.into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    #[test]
    fn a_set_is_for_one_person_group_or_plan() {
        let clinic = Clinic::open();
        let (patient, group) = (clinic.id("User", "edith"), clinic.id("UserGroup", "heart"));
        clinic.refuses("createFeatureToggle(input: {})", &[("base", "One of user_id, user_group_id and care_plan_id is needed")]);
        clinic.refuses(
            &format!("createFeatureToggle(input: {{ user_id: {patient}, user_group_id: {group} }})"),
            &[("base", "One of user_id, user_group_id and care_plan_id is needed")],
        );
        let made = clinic.run(&format!(
            "mutation {{ createFeatureToggle(input: {{ user_id: {patient}, can_view_payments: false }}) {{ feature_toggle {{ user_id can_view_payments can_view_goals }} messages {{ message }} }} }}"
        ));
        assert_eq!(
            made["data"]["createFeatureToggle"],
            serde_json::json!({ "feature_toggle": { "user_id": patient, "can_view_payments": false, "can_view_goals": true }, "messages": null })
        );
        assert_eq!(clinic.events(), ["feature_toggle.created"]);
    }
}
