//! `exportCarePlanToTemplate`: a template that looks like the plan, which stays as it is.

use super::template::{copy_items, copy_plan};
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{CarePlan, exportToTemplateInput as Input};

pub fn export_care_plan_to_template(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let plan = call.target::<CarePlan, _>(Input::id)?;
    let template = copy_plan(call, &plan).set(CarePlan::is_template, true).save(call);
    copy_items(call, plan.id(), &template);
    Ok(template.into())
}
