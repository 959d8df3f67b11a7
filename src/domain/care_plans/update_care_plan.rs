//! `updateCarePlan`: what is sent changes; a patient, a group or a document is put to it.

use super::care_plan::refuse_template;
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{CarePlan, Document, User, UserGroup, updateCarePlanInput as Input};

pub fn update_care_plan(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let plan = call.target::<CarePlan, _>(Input::id)?;
    let becomes_template = call.is(Input::is_template);
    refuse_template(call, plan.is(CarePlan::is_template) || becomes_template, "update this care plan")?;
    // Hints of the web client.
    call.accept(Input::from_template);
    call.accept(Input::is_creating);
    call.accept(Input::is_updating);
    call.accept(Input::is_managing_templates);
    // Nobody is written to.
    call.accept(Input::notify_client_by_email);
    let mut draft = call.edit(&plan);
    if !call.is_blank(Input::new_patient_id) {
        draft.put(CarePlan::patient_id, call.target::<User, _>(Input::new_patient_id)?.id());
        draft.clear(CarePlan::user_group_id);
    }
    if !call.is_blank(Input::user_group_id) {
        draft.put(CarePlan::user_group_id, call.target::<UserGroup, _>(Input::user_group_id)?.id());
        draft.clear(CarePlan::patient_id);
    }
    if becomes_template {
        // Documented: a template is nobody's.
        draft.clear(CarePlan::patient_id);
    }
    call.check(&draft)?;
    let plan = draft.save(call);
    if !call.is_blank(Input::doc_id) {
        let document = call.target::<Document, _>(Input::doc_id)?;
        call.change(&document).set(Document::care_plan_id, plan.id()).save(call);
    }
    Ok(plan.into())
}
