//! What a person's record says about steps and requests that are left.

use super::{
    intake_flow::tasks,
    onboarding_flow::{of_user, steps},
    onboarding_item::completed,
};
use crate::domain::form_requests;
use crate::engine::{Entity, View};
use crate::schema::names::{OnboardingItem, RequestedFormCompletion, User};

/// Adds to the fields of a user.
pub fn answer(entity: Entity<User>) -> Entity<User> {
    entity
        .computed(User::any_incomplete_onboarding_steps, |user| Some(next_step(user).is_some()))
        .computed(User::any_incomplete_requested_form_completions, |user| Some(has_open_request(user)))
        .computed(User::has_forms_to_complete, |user| Some(tasks(user.on, user).iter().any(|task| !task.is_done())))
        .computed(User::has_completed_intake_forms, |user| Some(next_step(user).is_none()))
        .computed(User::requested_form_count, |user| Some(user.on.count_having(RequestedFormCompletion::recipient_id, user.id()) as i64))
        .answers(User::next_onboarding_step, |user| next_step(user).into())
}

/// Documented: the first one that is neither done nor skipped.
fn next_step<'s>(user: &View<'s, User>) -> Option<View<'s, OnboardingItem>> {
    let flow = of_user(user.on, user).filter(|_| user.is(User::is_patient))?;
    steps(user.on, flow.id()).into_iter().find(|step| completed(step, user.id()).is_none())
}

fn has_open_request(user: &View<'_, User>) -> bool {
    user.on.having(RequestedFormCompletion::recipient_id, user.id()).any(|request| form_requests::status(&request) != "Completed")
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_patient_knows_what_comes_next() {
        let clinic = Clinic::open();
        let fields = "any_incomplete_onboarding_steps any_incomplete_requested_form_completions has_forms_to_complete has_completed_intake_forms requested_form_count next_onboarding_step { display_name }";
        let show =
            |handle: &str| clinic.run(&format!("{{ user(id: {}) {{ {fields} }} }}", clinic.id("User", handle)))["data"]["user"].clone();
        let ahead = json!({
            "any_incomplete_onboarding_steps": true, "any_incomplete_requested_form_completions": true, "has_forms_to_complete": true,
            "has_completed_intake_forms": false, "requested_form_count": 2, "next_onboarding_step": {"display_name": "Billing Information"},
        });
        assert_eq!(show("patient"), ahead);
        let nothing = json!({
            "any_incomplete_onboarding_steps": false, "any_incomplete_requested_form_completions": false, "has_forms_to_complete": false,
            "has_completed_intake_forms": true, "requested_form_count": 0, "next_onboarding_step": null,
        });
        assert_eq!(show("noor"), nothing);
    }
}
