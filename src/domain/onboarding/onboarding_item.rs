//! What a step of an intake flow is, as whoever looks at it has it before them.

use super::{
    item_types::{SCREENS, TEMPLATE},
    onboarding_flow::steps,
    progress,
};
use crate::domain::{form_requests, forms};
use crate::engine::{Answer, Call, Entity, Input, QueryError, Reading, Row, Value, View};
use crate::schema::names::{
    CompletedOnboardingItem as Completed, CustomModule, CustomModuleForm, FormAnswerGroup, FormHistoryAction, OnboardingItem as Item, User,
    args::{OnboardingItem_is_last_item, onboardingItem as Asked},
};

/// Documented: public. Assumed: what it shows of somebody's progress is the patient's own who looks.
pub fn entity() -> Entity<Item> {
    Entity::usual()
        .public()
        .defaults(Item::is_skippable, true)
        .computed(Item::display_name, |item| Some(display_name(item)))
        .computed(Item::has_matrix_field, |item| {
            let template = template(item);
            let questions = template.map(|form| forms::questions(form.on, form.id())).unwrap_or_default();
            Some(questions.iter().any(|question| question.get(CustomModule::mod_type) == Some("matrix")))
        })
        .answers_to(Item::is_last_item, OnboardingItem_is_last_item, |item, asked| {
            let forms_only = asked.is(OnboardingItem_is_last_item::custom_module_forms_only);
            let flow = item.get(Item::onboarding_flow_id).unwrap_or_default();
            let last = steps(item.on, flow).into_iter().rfind(|other| !forms_only || is_template(other));
            Value::Bool(last.is_some_and(|last| last.id() == item.id())).into()
        })
        .answers(Item::completed_onboarding_item, |item| own(item).and_then(|user| completed(item, user)).into())
        .answers(Item::completed_form_id, |item| {
            let done = own(item).and_then(|user| completed(item, user));
            done.map(|done| done.value(Completed::item_id.slot).clone()).unwrap_or_default().into()
        })
        .answers(Item::incomplete_form_id, |item| own(item).and_then(|user| begun(item, user)).map_or(Value::Null, Value::Id).into())
        .answers(Item::date_to_show, |item| {
            let done = own(item).and_then(|user| completed(item, user));
            done.map_or_else(|| item.value(Item::created_at.slot).clone(), |done| done.value(Completed::created_at.slot).clone()).into()
        })
        .computed(Item::view_url, |item| Some(format!("{}/onboarding/{}", item.on.scene.origin, item.id())))
        .computed(Item::attached_object_edit_url, |item| {
            let form = template(item)?;
            Some(format!("{}/custom_module_forms/{}/edit", item.on.scene.origin, form.id()))
        })
}

fn own(item: &View<'_, Item>) -> Option<u64> {
    item.on.viewer().id().filter(|_| item.on.viewer().is_patient())
}

pub fn is_template(item: &Row<Item>) -> bool {
    item.get(Item::item_type) == Some(TEMPLATE)
}

fn template<'s>(item: &View<'s, Item>) -> Option<View<'s, CustomModuleForm>> {
    item.follow::<CustomModuleForm, _>(Item::item_id).filter(|_| is_template(item))
}

/// Documented: after what it is about.
pub fn display_name(item: &View<'_, Item>) -> String {
    let kind = item.get(Item::item_type).unwrap_or_default();
    let screen = SCREENS.iter().find(|(known, _)| *known == kind).map(|(_, name)| (*name).to_owned());
    let named = template(item).and_then(|form| form.get(CustomModuleForm::name).map(str::to_owned));
    named.or(screen).unwrap_or_else(|| kind.to_owned())
}

/// What says that `user` has done the step.
pub fn completed<'s>(item: &View<'s, Item>, user: u64) -> Option<View<'s, Completed>> {
    item.on.having(Completed::onboarding_item_id, item.id()).filter(|done| done.get(Completed::user_id) == Some(user)).last()
}

/// The form that `user` has begun for the step.
pub fn begun(item: &View<'_, Item>, user: u64) -> Option<u64> {
    let drafts = item.on.having(FormAnswerGroup::user_id, user).filter(|group| !group.is(FormAnswerGroup::finished));
    let own = drafts.filter(|group| group.get(FormAnswerGroup::onboarding_item_id) == Some(item.id()));
    own.filter(|group| group.get(FormAnswerGroup::deleted_at).is_none()).map(|group| group.id()).last()
}

pub fn onboarding_item(on: Reading<'_>, asked: &Input<'_, Asked>) -> Result<Answer, QueryError> {
    asked.accept(Asked::track_opened_event);
    let id = asked.get(Asked::id).ok().flatten();
    let item = id.and_then(|id| on.find::<Item>(id));
    let user = asked.get(Asked::user_id).ok().flatten().and_then(|user| on.find::<User>(user));
    match (item, user) {
        (Some(item), Some(user)) if !on.viewer().is_patient() => Ok(progress::of_item(&item, user.id())),
        (item, _) => Ok(item.into()),
    }
}

/// Documented: `track_opened_event` leaves an entry in the step's history, for the patient that is named.
pub fn is_tracked(on: Reading<'_>, asked: &Input<'_, Asked>) -> bool {
    let id = asked.get(Asked::id).ok().flatten();
    asked.is(Asked::track_opened_event) && on.viewer().id().is_some() && id.is_some_and(|id| on.find::<Item>(id).is_some())
}

pub fn track(call: &mut Call<'_, Asked>) {
    let Some(item) = call.get(Asked::id).ok().flatten().and_then(|id| call.find::<Item>(id)) else { return };
    let named = call.get(Asked::user_id).ok().flatten().filter(|user| call.find::<User>(*user).is_some());
    let patient = named.or(call.viewer().id().filter(|_| call.viewer().is_patient()));
    form_requests::opened(call, &item, patient, FormHistoryAction::opened);
}
