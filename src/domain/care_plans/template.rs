//! Copies of what a plan brings together; `updateByTemplate` adds those of a template.

use crate::engine::{Answer, Call, Made, Refusal, Row};
use crate::schema::Named;
use crate::schema::names::{CarePlan, Goal, Recommendation, updateByTemplateInput as Input, updateByTemplatePayload as Payload};

/// Gives `to` goals and recommendations like those of `from`. Documents are not copied: they are shared where they are.
pub fn copy_items<I: Named>(call: &mut Call<'_, I>, from: u64, to: &Row<CarePlan>) {
    for recommendation in call.having(Recommendation::care_plan_id, from) {
        let mut copy = call.blank_draft::<Recommendation>();
        for slot in [
            Recommendation::recommendation_body.slot,
            Recommendation::recommendation_type.slot,
            Recommendation::care_plan_recommendation_category_id.slot,
        ] {
            copy.set_value(slot, recommendation.value(slot).clone());
        }
        copy.set(Recommendation::care_plan_id, to.id()).save(call);
    }
    for goal in call.having(Goal::care_plan_id, from) {
        let mut copy = call.blank_draft::<Goal>();
        for slot in [Goal::name.slot, Goal::description.slot, Goal::repeat.slot, Goal::title_link.slot] {
            copy.set_value(slot, goal.value(slot).clone());
        }
        copy.set_value(Goal::user_id.slot, to.value(CarePlan::patient_id.slot).clone());
        copy.set(Goal::created_user_id, call.viewer_id()).set(Goal::care_plan_id, to.id()).save(call);
    }
}

/// A plan that looks like `from`, without its items.
pub fn copy_plan<I: Named>(call: &mut Call<'_, I>, from: &Row<CarePlan>) -> crate::engine::Draft<CarePlan> {
    let mut copy = call.blank_draft::<CarePlan>();
    for slot in [CarePlan::name.slot, CarePlan::description.slot, CarePlan::is_hidden.slot] {
        copy.set_value(slot, from.value(slot).clone());
    }
    copy.set(CarePlan::creator, call.viewer_id())
}

/// Documented: the payload's `care_plan` is typed as a connection, so it shows what was connected first.
pub fn update_by_template(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let plan = call.target::<CarePlan, _>(Input::care_plan_id)?;
    let template = call.target::<CarePlan, _>(Input::care_plan_template_id)?;
    copy_items(call, template.id(), &plan);
    let first = super::connection::first_of(call, plan.id());
    Ok(Made::nothing().also(Payload::care_plan, first.unwrap_or(Answer::NULL)))
}
