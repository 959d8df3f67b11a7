//! `createOnboardingItem`, `updateOnboardingItem` and `deleteOnboardingItem`: the steps of a flow.

use super::{
    item_types::{TEMPLATE, kept},
    onboarding_flow::steps,
};
use crate::domain::forms::own;
use crate::engine::{CANT_BE_BLANK, Call, Made, Refusal, Row};
use crate::schema::Named;
use crate::schema::names::{
    CustomModuleForm, OnboardingFlow, OnboardingItem as Item, createOnboardingItemInput as Create, deleteOnboardingItemInput as Delete,
    updateOnboardingItemInput as Update,
};

/// A step to be made: what kind, and of which template.
type Step = (String, Option<u64>);

/// Documented: `item_type` is a list as JSON. Assumed: a plain word too; a step is made for each, and the last one shown.
pub fn create_onboarding_item(call: &mut Call<'_, Create>) -> Result<Made, Refusal> {
    let flow = own::<OnboardingFlow, _, _>(call, Create::onboarding_flow_id)?;
    let steps = wanted(call)?;
    let mut made = None;
    for (item_type, item_id) in steps {
        let mut item = call.draft::<Item>().set(Item::onboarding_flow_id, flow.id()).set(Item::item_type, item_type);
        match item_id {
            Some(id) => item.put(Item::item_id, id),
            None => item.clear(Item::item_id),
        }
        if item.get(Item::is_skippable).is_none() {
            item.put(Item::is_skippable, true);
        }
        let last = last_place(call, flow.id());
        item.put(Item::row_order, last + 1);
        call.check(&item)?;
        made = Some(item.save(call));
    }
    made.map(Made::from).ok_or_else(|| Refusal::on(Create::item_type, CANT_BE_BLANK))
}

fn wanted(call: &mut Call<'_, Create>) -> Result<Vec<Step>, Refusal> {
    if let Some(name) = call.get(Create::new_form_name)?.filter(|name| !name.trim().is_empty()) {
        call.accept(Create::item_type);
        let maker = call.viewer_id();
        let form = call.blank_draft::<CustomModuleForm>().set(CustomModuleForm::name, name.to_owned()).set(CustomModuleForm::user, maker);
        let form = form.save(call);
        return Ok(vec![(TEMPLATE.to_owned(), Some(form.id()))]);
    }
    let sent = call.require(Create::item_type)?;
    let item_id = call.get(Create::item_id)?;
    let listed: Option<Vec<serde_json::Value>> = match serde_json::from_str(sent) {
        Ok(serde_json::Value::Array(all)) => Some(all),
        Ok(one @ serde_json::Value::Object(_)) => Some(vec![one]),
        _ => None,
    };
    let Some(listed) = listed else { return Ok(vec![checked(call, kept(sent), item_id)?]) };
    let steps = listed.iter().map(|step| {
        let kind =
            step["type"].as_str().filter(|kind| !kind.trim().is_empty()).ok_or_else(|| Refusal::on(Create::item_type, "is invalid"))?;
        let id = step["id"].as_str().and_then(|id| id.parse().ok()).or(step["id"].as_u64());
        checked(call, kept(kind), id)
    });
    steps.collect()
}

/// A step that is a template names one of the practice's.
fn checked<I: Named>(call: &Call<'_, I>, item_type: String, item_id: Option<u64>) -> Result<Step, Refusal> {
    if item_type != TEMPLATE {
        return Ok((item_type, item_id));
    }
    let form = item_id.and_then(|id| call.find::<CustomModuleForm>(id)).filter(|form| call.viewer().reaches(form.organization()));
    match form {
        Some(form) => Ok((item_type, Some(form.id()))),
        None => Err(Refusal::not_found("item_id", "CustomModuleForm")),
    }
}

fn last_place<I: Named>(call: &Call<'_, I>, flow: u64) -> i64 {
    steps(call.on(), flow).iter().filter_map(|step| step.get(Item::row_order)).max().unwrap_or(-1)
}

/// Assumed: `row_order` is a place, from 0, and the others move.
pub fn update_onboarding_item(call: &mut Call<'_, Update>) -> Result<Made, Refusal> {
    let item = own::<Item, _, _>(call, Update::id)?;
    if !call.is_blank(Update::onboarding_flow_id) {
        own::<OnboardingFlow, _, _>(call, Update::onboarding_flow_id)?;
    }
    let place = call.get(Update::row_order)?;
    let mut draft = call.edit(&item);
    if draft.is_blank(Item::onboarding_flow_id) {
        draft.set_value(Item::onboarding_flow_id.slot, item.value(Item::onboarding_flow_id.slot).clone());
    }
    if draft.get(Item::is_skippable).is_none() {
        draft.put(Item::is_skippable, true);
    }
    let item_type = draft.get(Item::item_type).map_or_else(String::new, kept);
    if draft.is_blank(Item::item_type) {
        return Err(Refusal::on(Update::item_type, CANT_BE_BLANK));
    }
    let (item_type, _) = checked(call, item_type, draft.get(Item::item_id))?;
    draft.put(Item::item_type, item_type);
    call.check(&draft)?;
    let item = draft.save(call);
    Ok(place.map_or_else(|| item.clone(), |place| moved(call, &item, place)).into())
}

fn moved<I: Named>(call: &mut Call<'_, I>, item: &Row<Item>, place: i64) -> Row<Item> {
    let flow = item.get(Item::onboarding_flow_id).unwrap_or_default();
    let mut all: Vec<Row<Item>> = steps(call.on(), flow).into_iter().map(|step| step.row().clone()).collect();
    all.retain(|step| step.id() != item.id());
    let at = usize::try_from(place.max(0)).unwrap_or(usize::MAX).min(all.len());
    all.insert(at, item.clone());
    let mut moved = item.clone();
    for (order, step) in all.iter().enumerate() {
        let step = call.change(step).set(Item::row_order, order as i64).save(call);
        if step.id() == item.id() {
            moved = step;
        }
    }
    moved
}

/// Assumed: what was done stays, and no longer counts for the flow.
pub fn delete_onboarding_item(call: &mut Call<'_, Delete>) -> Result<Made, Refusal> {
    let item = own::<Item, _, _>(call, Delete::id)?;
    call.delete(&item);
    Ok(item.into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn steps_are_made_moved_and_removed() {
        let clinic = Clinic::open();
        let (flow, form) = (clinic.id("OnboardingFlow", "short"), clinic.id("CustomModuleForm", "checkin"));
        let create = |with: &str| format!("createOnboardingItem(input: {{onboarding_flow_id: \"{flow}\", {with}}})");
        let made = clinic.run(&format!(
            r#"mutation {{ {} {{ onboardingItem {{ id item_type item_id display_name is_skippable onboarding_flow {{ name }} }} messages {{ field message }} }} }}"#,
            create(&format!(r#"item_type: "[{{\"type\":\"Module Form\",\"id\":\"{form}\"}}]", is_skippable: false"#))
        ));
        let item = &made["data"]["createOnboardingItem"]["onboardingItem"];
        let id = item["id"].as_str().unwrap_or_else(|| panic!("{made}"));
        let expected = json!({
            "id": id, "item_type": "Modular Form", "item_id": form, "display_name": "Quick Check-in", "is_skippable": false, "onboarding_flow": {"name": "Short Intake"},
        });
        assert_eq!(*item, expected);
        clinic.run(&format!(r#"mutation {{ {} {{ messages {{ message }} }} }}"#, create(r#"new_form_name: "Allergies""#)));
        clinic.run(&format!(
            r#"mutation {{ updateOnboardingItem(input: {{id: {id}, row_order: 9, welcome_text: "Hi"}}) {{ messages {{ message }} }} }}"#
        ));
        let names = || {
            let answer = clinic.run(&format!("{{ onboardingFlow(id: {flow}) {{ onboarding_items {{ display_name }} }} }}"));
            let items = answer["data"]["onboardingFlow"]["onboarding_items"].as_array().cloned().unwrap_or_default();
            items.iter().map(|item| item["display_name"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(names(), ["Quick Check-in", "Allergies", "Quick Check-in"]);
        clinic
            .run(&format!("mutation {{ deleteOnboardingItem(input: {{id: {id}}}) {{ onboardingItem {{ id }} messages {{ message }} }} }}"));
        assert_eq!(names(), ["Quick Check-in", "Allergies"]);
        clinic.refuses(&create(r#"item_type: "Module Form", item_id: "1""#), &[("item_id", "CustomModuleForm not found")]);
        clinic.refuses(&create(r#"item_type: """#), &[("item_type", "can't be blank")]);
        clinic
            .as_role("provider")
            .refuses(&create(r#"item_type: "Welcome""#), &[("base", "You do not have permission to create this onboarding item.")]);
        let types = clinic.run(&format!("{{ availableItemTypes(onboarding_flow_id: \"{flow}\") }}"))["data"]["availableItemTypes"].clone();
        assert!(types.as_str().is_some_and(|types| types.contains(r#""type":"Module Form""#) && types.contains("Photo ID")), "{types}");
    }
}
