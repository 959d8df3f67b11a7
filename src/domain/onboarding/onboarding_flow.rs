//! What an intake flow is, which one applies, and the list of them.

use super::progress;
use crate::engine::{Answer, Entity, Input, List, QueryError, Reading, Value, View};
use crate::schema::names::{
    OnboardingFlow as Flow, OnboardingItem, OrganizationMembership, User, UserGroup,
    args::{OnboardingFlow_onboarding_items, onboardingFlow as Asked, onboardingFlows as Listed},
};

/// Documented: a flow is public for whoever knows its uuid.
pub fn entity() -> Entity<Flow> {
    Entity::usual()
        .public()
        .requires(Flow::name)
        .answers_to(Flow::onboarding_items, OnboardingFlow_onboarding_items, |flow, asked| {
            let forms_only = asked.is(OnboardingFlow_onboarding_items::custom_module_forms_only);
            let items = steps(flow.on, flow.id()).into_iter().filter(|item| !forms_only || super::onboarding_item::is_template(item));
            Answer::List(items.map(Into::into).collect())
        })
        .computed(Flow::onboarding_items_count, |flow| Some(flow.on.count_having(OnboardingItem::onboarding_flow_id, flow.id()) as i64))
        .computed(Flow::has_forms_after_welcome, |flow| {
            Some(steps(flow.on, flow.id()).iter().any(|item| item.get(OnboardingItem::item_type) != Some("Welcome")))
        })
        .computed(Flow::is_multiple_providers, |flow| {
            let members = flow.on.of_organization::<OrganizationMembership>(flow.organization());
            Some(members.filter(|member| member.is(OrganizationMembership::is_provider)).count() > 1)
        })
        .answers(Flow::user_groups, |flow| {
            let groups = groups(flow).into_iter().filter(|group| group.on.viewer().reaches(group.organization()));
            Answer::List(groups.map(Into::into).collect())
        })
        .computed(Flow::user_groups_count, |flow| Some(groups(flow).len() as i64))
        .computed(Flow::user_groups_name_string, |flow| {
            Some(groups(flow).iter().filter_map(|group| group.get(UserGroup::name)).collect::<Vec<_>>().join(", "))
        })
}

fn groups<'s>(flow: &View<'s, Flow>) -> Vec<View<'s, UserGroup>> {
    flow.on.having(UserGroup::onboarding_flow_id, flow.id()).collect()
}

/// A flow's steps in their order.
pub fn steps(on: Reading<'_>, flow: u64) -> Vec<View<'_, OnboardingItem>> {
    let mut steps: Vec<_> = on.having(OnboardingItem::onboarding_flow_id, flow).collect();
    steps.sort_by_key(|step| (step.get(OnboardingItem::row_order).unwrap_or(i64::MAX), step.id()));
    steps
}

/// Documented: that of the patient's group. Assumed: else the one that the provider or the practice has by default.
pub fn of_user<'s>(on: Reading<'s>, user: &View<'s, User>) -> Option<View<'s, Flow>> {
    let of_group = user.follow::<UserGroup, _>(User::user_group_id).and_then(|group| group.follow(UserGroup::onboarding_flow_id));
    let by_default = |user: &View<'s, User>| on.find(user.get(User::default_onboarding_flow_id)?);
    let of_provider = || by_default(&user.follow::<User, _>(User::dietitian_id)?);
    of_group.or_else(|| by_default(user)).or_else(of_provider)
}

/// Documented: by id, by uuid, or of a user; patients get their own.
pub fn onboarding_flow(on: Reading<'_>, asked: &Input<'_, Asked>) -> Result<Answer, QueryError> {
    let reached = |flow: &View<'_, Flow>| on.viewer().organizations.contains(&flow.organization());
    if !asked.is_blank(Asked::id) {
        let id = asked.get(Asked::id).ok().flatten();
        return Ok(id.and_then(|id| on.find::<Flow>(id)).filter(reached).into());
    }
    if let Some(uuid) = asked.get(Asked::uuid).ok().flatten().filter(|uuid| !uuid.is_empty()) {
        return Ok(on.having(Flow::uuid, uuid.to_owned()).next().into());
    }
    let named = asked.get(Asked::user_id).ok().flatten().filter(|_| !on.viewer().is_patient());
    let user = named.or(on.viewer().id()).and_then(|user| on.find::<User>(user));
    let flow = user.as_ref().and_then(|user| of_user(on, user).map(|flow| progress::of_flow(&flow, user.id())));
    Ok(flow.unwrap_or(Answer::NULL))
}

pub fn onboarding_flows() -> List<Flow, Listed> {
    List::new()
        .keep(|flow, _| flow.on.viewer().reaches(flow.organization()))
        .keywords(Listed::keywords)
        // Documented: what `sort_by` calls it.
        .order("ONBOARDING_FLOW_NAME", &[Flow::name.slot])
        .order_by("FORMS_COUNT", |flow| Value::Int(flow.on.count_having(OnboardingItem::onboarding_flow_id, flow.id()) as i64))
        .default_order("NAME_ASC")
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_flow_is_found_by_its_uuid_and_by_its_patient() {
        let clinic = Clinic::open();
        let (id, patient) = (clinic.id("OnboardingFlow", "standard"), clinic.id("User", "patient"));
        let fields = "{ name onboarding_items_count has_forms_after_welcome user_groups_count user_groups_name_string onboarding_items { item_type display_name is_last_item } }";
        let flow = clinic.run(&format!("{{ onboardingFlow(user_id: {patient}) {fields} }}"))["data"]["onboardingFlow"].clone();
        let steps = json!([
            {"item_type": "Welcome", "display_name": "Welcome", "is_last_item": false},
            {"item_type": "Modular Form", "display_name": "Welcome Questionnaire", "is_last_item": false},
            {"item_type": "Billing Info", "display_name": "Billing Information", "is_last_item": true},
        ]);
        let expected = json!({
            "name": "Standard Intake", "onboarding_items_count": 3, "has_forms_after_welcome": true, "user_groups_count": 1, "user_groups_name_string": "Heart Health",
            "onboarding_items": steps,
        });
        assert_eq!(flow, expected);
        let forms =
            clinic.run(&format!("{{ onboardingFlow(id: {id}) {{ onboarding_items(custom_module_forms_only: true) {{ item_type }} }} }}"));
        assert_eq!(forms["data"]["onboardingFlow"]["onboarding_items"], json!([{"item_type": "Modular Form"}]));
        let by_uuid = r#"{ onboardingFlow(uuid: "5b0c2d1e-7a44-4c3f-9f0a-2f6f0c1f4b11") { name } }"#;
        assert_eq!(clinic.as_role("nobody").run(by_uuid)["data"]["onboardingFlow"], json!({"name": "Standard Intake"}));
        assert_eq!(
            clinic.as_role("nobody").run(&format!("{{ onboardingFlow(id: {id}) {{ name }} }}"))["data"]["onboardingFlow"],
            json!(null)
        );
        assert_eq!(
            clinic.as_role("patient").run("{ onboardingFlow { name } }")["data"]["onboardingFlow"],
            json!({"name": "Standard Intake"})
        );
    }

    #[test]
    fn flows_go_by_name() {
        let clinic = Clinic::open();
        let document = r#"{ onboardingFlows { name } most: onboardingFlows(order_by: FORMS_COUNT_DESC, page_size: 1) { name } onboardingFlowsCount(keywords: "stand") }"#;
        let expected = json!({"onboardingFlows": [{"name": "Short Intake"}, {"name": "Standard Intake"}], "most": [{"name": "Standard Intake"}], "onboardingFlowsCount": 1});
        assert_eq!(clinic.run(document)["data"], expected);
        assert_eq!(clinic.as_role("outsider").run("{ onboardingFlows { name } }")["data"]["onboardingFlows"], json!([]));
    }
}
