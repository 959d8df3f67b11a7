//! Steps that a patient has done or skipped.

use super::onboarding_flow::{of_user, steps};
use crate::domain::form_requests;
use crate::engine::{Call, Entity, List, Made, Refusal, Row, Within};
use crate::schema::Named;
use crate::schema::names::{
    CompletedOnboardingItem as Completed, FormAnswerGroup, FormHistoryAction, OnboardingItem as Item, User,
    args::unassociatedCompletedOnboardingItems as Asked, createCompletedOnboardingItemInput as Input,
};

pub fn entity() -> Entity<Completed> {
    Entity::usual()
        .defaults(Completed::skipped, false)
        .indexed(Completed::onboarding_item_id)
        .answers(Completed::date_to_show, |done| done.value(Completed::created_at.slot).clone().into())
        .computed(Completed::view_url, |done| {
            done.get(Completed::item_id).map(|form| format!("{}/form_answer_groups/{form}", done.on.scene.origin))
        })
        .computed(Completed::attached_object_edit_url, |done| {
            done.get(Completed::item_id).map(|form| format!("{}/form_answer_groups/{form}/edit", done.on.scene.origin))
        })
}

/// Documented: by default the caller's own. Assumed: a step is skipped only where it may be, and done once.
pub fn create_completed_onboarding_item(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let item = call.target::<Item, _>(Input::onboarding_item_id)?;
    if !call.viewer().organizations.contains(&item.organization()) {
        return Err(Refusal::not_found("onboarding_item_id", "OnboardingItem"));
    }
    let user = match call.is_blank(Input::user_id) {
        true => call.viewer_id(),
        false => call.target::<User, _>(Input::user_id)?.id(),
    };
    if call.viewer().is_patient() && !call.viewer().is(user) {
        return Err(Refusal::not_found("user_id", "User"));
    }
    let skipped = call.is(Input::skipped);
    if skipped && item.get(Item::is_skippable) == Some(false) {
        return Err(Refusal::on(Input::skipped, "is not allowed for this onboarding item"));
    }
    let action = if skipped { FormHistoryAction::skipped } else { FormHistoryAction::completed };
    form_requests::opened(call, &item, Some(user), action);
    Ok(done(call, &item, user).set(Completed::skipped, skipped).save(call).into())
}

/// `group` does the step for whoever it is about.
pub fn complete<I: Named>(call: &mut Call<'_, I>, item: &Row<Item>, group: &Row<FormAnswerGroup>) {
    let Some(user) = group.get(FormAnswerGroup::user_id) else { return };
    form_requests::opened(call, item, Some(user), FormHistoryAction::completed);
    let done = done(call, item, user).set(Completed::skipped, false).set(Completed::item_id, group.id());
    done.set(Completed::item_type, "FormAnswerGroup".to_owned()).save(call);
}

fn done<I: Named>(call: &mut Call<'_, I>, item: &Row<Item>, user: u64) -> crate::engine::Draft<Completed> {
    let known = call.having(Completed::onboarding_item_id, item.id()).into_iter().find(|done| done.get(Completed::user_id) == Some(user));
    let done = match known {
        Some(known) => call.change(&known),
        None => call.blank_draft::<Completed>().belongs_to(item.organization()),
    };
    let mut done = done.set(Completed::onboarding_item_id, item.id()).set(Completed::user_id, user);
    if done.is_blank(Completed::item_type) {
        done.set_value(Completed::item_type.slot, item.value(Item::item_type.slot).clone());
    }
    done
}

/// Documented: what was done outside of the flow that applies now.
pub fn unassociated_completed_onboarding_items() -> List<Completed, Asked> {
    List::new()
        .unpaged()
        .within(|on, asked| {
            let own = on.viewer().id().filter(|_| on.viewer().is_patient());
            match asked.get(Asked::user_id).ok().flatten().or(own) {
                Some(user) => Within::having(Completed::user_id, user),
                None => Within::nothing(),
            }
        })
        .reads(Asked::user_id)
        .keep(|done, _| {
            let flow = done.follow::<User, _>(Completed::user_id).and_then(|user| of_user(done.on, &user));
            let current = flow.map(|flow| steps(done.on, flow.id())).unwrap_or_default();
            !current.iter().any(|step| Some(step.id()) == done.get(Completed::onboarding_item_id))
        })
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_step_is_done_or_skipped() {
        let clinic = Clinic::open().as_role("patient");
        let [welcome, billing] = ["standard_welcome", "standard_billing"].map(|handle| clinic.id("OnboardingItem", handle));
        let complete =
            |id: &str, skipped: bool| format!("createCompletedOnboardingItem(input: {{onboarding_item_id: {id}, skipped: {skipped}}})");
        let answer = clinic.run(&format!(
            "mutation {{ {} {{ completed_onboarding_item {{ skipped item_type user {{ first_name }} onboarding_item {{ display_name }} }} messages {{ message }} }} }}",
            complete(&billing, true)
        ));
        let expected = json!({"skipped": true, "item_type": "Billing Info", "user": {"first_name": "Ava"}, "onboarding_item": {"display_name": "Billing Information"}});
        assert_eq!(answer["data"]["createCompletedOnboardingItem"]["completed_onboarding_item"], expected, "{answer}");
        clinic.refuses(&complete(&welcome, true), &[("skipped", "is not allowed for this onboarding item")]);
        clinic.refuses(&complete("1", false), &[("onboarding_item_id", "OnboardingItem not found")]);
        assert_eq!(clinic.events(), ["completed_onboarding_item.created"]);
    }

    #[test]
    fn a_finished_form_does_its_step() {
        let clinic = Clinic::open().as_role("provider");
        let (user, form, step) =
            (clinic.id("User", "rosa"), clinic.id("CustomModuleForm", "welcome"), clinic.id("OnboardingItem", "standard_form"));
        let answer = clinic.run(&format!(
            r#"mutation {{ createFormAnswerGroup(input: {{custom_module_form_id: "{form}", user_id: "{user}", onboarding_item_id: "{step}", finished: true}}) {{ form_answer_group {{ id }} messages {{ message }} }} }}"#
        ));
        let group = answer["data"]["createFormAnswerGroup"]["form_answer_group"]["id"].clone();
        let shown = clinic.run(&format!(
            "{{ onboardingItem(id: {step}, user_id: {user}) {{ completed_form_id completed_onboarding_item {{ item_id skipped }} }} }}"
        ));
        assert_eq!(
            shown["data"]["onboardingItem"],
            json!({"completed_form_id": group, "completed_onboarding_item": {"item_id": group, "skipped": false}}),
            "{answer}"
        );
        assert!(clinic.events().contains(&"completed_onboarding_item.created".to_owned()));
    }

    #[test]
    fn what_was_done_outside_of_the_flow_is_listed() {
        let clinic = Clinic::open();
        let patient = clinic.id("User", "patient");
        let document = format!("{{ unassociatedCompletedOnboardingItems(user_id: {patient}) {{ onboarding_item {{ display_name }} }} }}");
        assert_eq!(
            clinic.run(&document)["data"]["unassociatedCompletedOnboardingItems"],
            json!([{"onboarding_item": {"display_name": "Quick Check-in"}}])
        );
    }
}
