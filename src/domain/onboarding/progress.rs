//! A record as one patient's progress has it, for whoever asks about that patient.

use super::{
    onboarding_flow::steps,
    onboarding_item::{begun, completed},
};
use crate::engine::{Answer, Catalogue, How, Value, View, table};
use crate::schema::names::{CompletedOnboardingItem as Completed, OnboardingFlow as Flow, OnboardingItem as Item};
use crate::schema::{Named, Slot};

/// A flow with its steps as `user` has done them.
pub fn of_flow(flow: &View<'_, Flow>, user: u64) -> Answer {
    let steps = steps(flow.on, flow.id()).iter().map(|item| of_item(item, user)).collect();
    shown(flow, vec![(Flow::onboarding_items.slot, Answer::List(steps))])
}

/// A step as `user` has done it.
pub fn of_item(item: &View<'_, Item>, user: u64) -> Answer {
    let done = completed(item, user);
    let date = done.as_ref().map_or(item.value(Item::created_at.slot), |done| done.value(Completed::created_at.slot)).clone();
    let form = done.as_ref().map(|done| done.value(Completed::item_id.slot).clone()).unwrap_or_default();
    let instead = vec![
        (Item::completed_form_id.slot, form.into()),
        (Item::incomplete_form_id.slot, begun(item, user).map_or(Value::Null, Value::Id).into()),
        (Item::completed_onboarding_item.slot, done.into()),
        (Item::date_to_show.slot, date.into()),
    ];
    shown(item, instead)
}

/// What the record shows, but for what is said `instead`.
fn shown<T: Named>(view: &View<'_, T>, mut instead: Vec<(Slot, Answer)>) -> Answer {
    let (on, record) = (view.on, view.record());
    let shape = T::TYPE.shape();
    for slot in 0..shape.columns().len() as Slot {
        if instead.iter().any(|(other, _)| *other == slot) {
            continue;
        }
        let answer = match on.scene.catalogue.how(T::TYPE, slot) {
            _ if shape.column(slot).name() == "id" => Value::Id(view.id()).into(),
            How::Stored(slot) => view.value(slot).clone().into(),
            How::Computed(rule) => rule(on, record, &Catalogue::no_arguments(T::TYPE)),
            How::Reference(key, target) => {
                let found = view.value(key).as_id().and_then(|id| on.state.get(table(target), id));
                found.filter(|found| on.may_see(target, found)).map_or(Answer::NULL, |found| Answer::Record(target, found.clone()))
            }
            _ => continue,
        };
        instead.push((slot, answer));
    }
    Answer::Object(T::TYPE, instead)
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_flow_is_shown_as_the_patient_has_done_it() {
        let clinic = Clinic::open().as_role("integration");
        let patient = clinic.id("User", "patient");
        let answer = clinic.run(&format!(
            "{{ onboardingFlow(user_id: {patient}) {{ id name onboarding_items_count user_groups {{ name }}
                onboarding_items {{ display_name is_skippable is_last_item onboarding_flow {{ name }} completed_onboarding_item {{ skipped user_id }} completed_form_id }} }} }}"
        ));
        let (flow, form) = (clinic.id("OnboardingFlow", "standard"), clinic.id("FormAnswerGroup", "patient_intake"));
        let done = json!({"skipped": false, "user_id": patient});
        let of = json!({"name": "Standard Intake"});
        let expected = json!({
            "id": flow, "name": "Standard Intake", "onboarding_items_count": 3, "user_groups": [{"name": "Heart Health"}],
            "onboarding_items": [
                {"display_name": "Welcome", "is_skippable": false, "is_last_item": false, "onboarding_flow": of, "completed_onboarding_item": done, "completed_form_id": null},
                {"display_name": "Welcome Questionnaire", "is_skippable": true, "is_last_item": false, "onboarding_flow": of, "completed_onboarding_item": done, "completed_form_id": form},
                {"display_name": "Billing Information", "is_skippable": true, "is_last_item": true, "onboarding_flow": of, "completed_onboarding_item": null, "completed_form_id": null},
            ],
        });
        assert_eq!(answer["data"]["onboardingFlow"], expected, "{answer}");
    }
}
