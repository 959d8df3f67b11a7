//! `createOnboardingFlow` and `updateOnboardingFlow`: a flow, and the groups that use it.

use crate::domain::forms::own;
use crate::engine::{Call, Made, Refusal, Row};
use crate::schema::Named;
use crate::schema::names::{OnboardingFlow as Flow, UserGroup, createOnboardingFlowInput as Create, updateOnboardingFlowInput as Update};

pub fn create_onboarding_flow(call: &mut Call<'_, Create>) -> Result<Made, Refusal> {
    let groups = groups(call, call.get(Create::groups_to_use_onboarding_flow)?)?;
    let uuid = uuid(call);
    let flow = call.draft::<Flow>().set(Flow::uuid, uuid);
    call.check(&flow)?;
    let flow = flow.save(call);
    hand_over(call, &groups, Some(flow.id()));
    Ok(flow.into())
}

/// Assumed: the groups are all that use it from then on.
pub fn update_onboarding_flow(call: &mut Call<'_, Update>) -> Result<Made, Refusal> {
    let flow = own::<Flow, _, _>(call, Update::id)?;
    let sent = call.get(Update::groups_to_use_onboarding_flow)?;
    let groups = groups(call, sent)?;
    let draft = call.edit(&flow);
    call.check(&draft)?;
    let flow = draft.save(call);
    if sent.is_some() {
        let mut others = call.having(UserGroup::onboarding_flow_id, flow.id());
        others.retain(|group| !groups.iter().any(|kept| kept.id() == group.id()));
        hand_over(call, &others, None);
        hand_over(call, &groups, Some(flow.id()));
    }
    Ok(flow.into())
}

/// Documented: ids with commas between them.
fn groups<I: Named>(call: &Call<'_, I>, sent: Option<&str>) -> Result<Vec<Row<UserGroup>>, Refusal> {
    let ids = sent.unwrap_or_default().split(',').map(|id| id.trim().trim_start_matches("group-")).filter(|id| !id.is_empty());
    let found = ids.map(|id| id.parse().ok().and_then(|id| call.find::<UserGroup>(id)));
    found.collect::<Option<_>>().ok_or_else(|| Refusal::not_found("groups_to_use_onboarding_flow", "UserGroup"))
}

/// From now on `flow` is what the groups use.
pub fn hand_over<I: Named>(call: &mut Call<'_, I>, groups: &[Row<UserGroup>], flow: Option<u64>) {
    for group in groups {
        let mut draft = call.change(group);
        match flow {
            Some(flow) => draft.put(UserGroup::onboarding_flow_id, flow),
            None => draft.clear(UserGroup::onboarding_flow_id),
        }
        draft.save(call);
    }
}

fn uuid<I: Named>(call: &mut Call<'_, I>) -> String {
    uuid::Builder::from_random_bytes(call.random().bytes16()).into_uuid().to_string()
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_group_has_one_flow() {
        let clinic = Clinic::open();
        let group = clinic.id("UserGroup", "heart");
        let create = |name: &str, groups: &str| {
            format!(r#"createOnboardingFlow(input: {{name: "{name}", groups_to_use_onboarding_flow: "{groups}"}})"#)
        };
        let answer = clinic.run(&format!(
            "mutation {{ {} {{ onboardingFlow {{ id user_groups {{ name }} user {{ first_name }} }} messages {{ message }} }} }}",
            create("New", &group)
        ));
        let flow = &answer["data"]["createOnboardingFlow"]["onboardingFlow"];
        assert_eq!(
            (&flow["user_groups"], &flow["user"]["first_name"]),
            (&json!([{"name": "Heart Health"}]), &json!("Margaret")),
            "{answer}"
        );
        let standard = clinic.id("OnboardingFlow", "standard");
        assert_eq!(
            clinic.run(&format!("{{ onboardingFlow(id: {standard}) {{ user_groups_count }} }}"))["data"]["onboardingFlow"]["user_groups_count"],
            0
        );
        let delete = format!(
            r#"mutation {{ deleteOnboardingFlow(input: {{id: {}, flow_to_receive_groups: {standard}}}) {{ onboardingFlow {{ name }} messages {{ message }} }} }}"#,
            flow["id"]
        );
        assert_eq!(clinic.run(&delete)["data"]["deleteOnboardingFlow"], json!({"onboardingFlow": {"name": "New"}, "messages": null}));
        assert_eq!(
            clinic.run(&format!("{{ onboardingFlow(id: {standard}) {{ user_groups_count }} }}"))["data"]["onboardingFlow"]["user_groups_count"],
            1
        );
        clinic.refuses(&create("", ""), &[("name", "can't be blank")]);
        clinic.refuses(&create("x", "1"), &[("groups_to_use_onboarding_flow", "UserGroup not found")]);
        clinic
            .as_role("outsider")
            .refuses(&format!("deleteOnboardingFlow(input: {{id: {standard}}})"), &[("id", "OnboardingFlow not found")]);
    }
}
