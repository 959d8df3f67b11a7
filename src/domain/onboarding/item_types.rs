//! What a step of an intake flow can be.

use crate::domain::forms;
use crate::engine::{Answer, Input, QueryError, Reading, Value};
use crate::schema::names::{CustomModuleForm, OnboardingItem, args};

/// Observed: what the steps that are templates are called. Documented: what inputs call them.
pub const TEMPLATE: &str = "Modular Form";
const TEMPLATE_IN_INPUTS: &str = "Module Form";

/// Documented: `Insurance Form`. Assumed: the other steps, after the texts that a step may have.
pub const SCREENS: [(&str, &str); 4] =
    [("Welcome", "Welcome"), ("Billing Info", "Billing Information"), ("Insurance Form", "Insurance Form"), ("Photo ID", "Photo ID")];

/// How a step is kept, however an input calls it.
pub fn kept(item_type: &str) -> String {
    match item_type.trim() {
        TEMPLATE_IN_INPUTS | "Module form" | "custom_module_form" | "CustomModuleForm" => TEMPLATE.to_owned(),
        other => other.to_owned(),
    }
}

/// Documented: a string that holds JSON, an `id` and a `name` in each. Assumed: the `type` that inputs want too; what the
/// flow has already is left out.
pub fn available_item_types(on: Reading<'_>, asked: &Input<'_, args::availableItemTypes>) -> Result<Answer, QueryError> {
    if !on.viewer().is_member() {
        return Ok(Answer::NULL);
    }
    let flow = asked.get(args::availableItemTypes::onboarding_flow_id).ok().flatten();
    let taken: Vec<(Option<String>, Option<u64>)> = flow
        .into_iter()
        .flat_map(|flow| on.having(OnboardingItem::onboarding_flow_id, flow))
        .map(|item| (item.get(OnboardingItem::item_type).map(str::to_owned), item.get(OnboardingItem::item_id)))
        .collect();
    let templates = on.of_organization::<CustomModuleForm>(on.viewer().organization()).filter(|form| {
        let offered = !form.is(CustomModuleForm::is_archived) && form.get(CustomModuleForm::deleted_at).is_none();
        offered && forms::kind(form) == "intake" && !taken.contains(&(Some(TEMPLATE.to_owned()), Some(form.id())))
    });
    let templates = templates
        .map(|form| serde_json::json!({"type": TEMPLATE_IN_INPUTS, "id": form.id().to_string(), "name": form.get(CustomModuleForm::name)}));
    let screens = SCREENS.iter().filter(|(kind, _)| !taken.iter().any(|(taken, _)| taken.as_deref() == Some(*kind)));
    let screens = screens.map(|(kind, name)| serde_json::json!({"type": kind, "id": null, "name": name}));
    let all: Vec<serde_json::Value> = templates.chain(screens).collect();
    Ok(Value::from(serde_json::Value::from(all).to_string()).into())
}
