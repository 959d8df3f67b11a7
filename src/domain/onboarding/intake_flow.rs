//! `intakeFlow` and `hasFormsToComplete`: steps and requests as one list of what a patient has to do.

use super::{
    onboarding_flow::{of_user, steps},
    onboarding_item::{begun, completed, display_name},
};
use crate::domain::form_requests;
use crate::engine::{Answer, Input, QueryError, Reading, Value, View};
use crate::schema::names::{
    CompletedOnboardingItem as Completed, CustomModuleForm, FormAnswerGroup, IntakeFlowItem as Part, IntakeFlowItemRequestInfo as Info,
    IntakeFlowType as Flow, OnboardingItem as Item, RecurringForm, RequestedFormCompletion as Request, User, args,
};
use crate::schema::{Named, Slot};

/// One thing to do, and what the list is filtered and ordered by.
pub struct Task {
    answer: Answer,
    name: String,
    status: &'static str,
    form_type: &'static str,
    date: Value,
    requested_at: Value,
    completed_at: Value,
    skipped: bool,
}

impl Task {
    pub fn is_done(&self) -> bool {
        self.status == "completed"
    }
}

/// Documented: true while a request is open, or a step neither done nor skipped.
pub fn has_forms_to_complete(on: Reading<'_>, asked: &Input<'_, args::hasFormsToComplete>) -> Result<Answer, QueryError> {
    let user = asked.get(args::hasFormsToComplete::user_id).ok().flatten().and_then(|user| on.find::<User>(user));
    Ok(user.map_or(Answer::NULL, |user| Value::Bool(tasks(on, &user).iter().any(|task| !task.is_done())).into()))
}

/// Documented: patients see their own. Assumed: which of its lists holds what.
pub fn intake_flow(on: Reading<'_>, asked: &Input<'_, args::intakeFlow>) -> Result<Answer, QueryError> {
    type Asked = args::intakeFlow;
    let named = asked.get(Asked::user_id).ok().flatten().or(on.viewer().id());
    let named = if on.viewer().is_patient() { on.viewer().id() } else { named };
    let Some(user) = named.and_then(|user| on.find::<User>(user)) else { return Ok(Answer::NULL) };
    let keywords = asked.get(Asked::keywords).ok().flatten().unwrap_or_default().to_lowercase();
    let statuses = asked.get(Asked::statuses).ok().flatten().unwrap_or_default();
    let types = asked.get(Asked::form_types).ok().flatten().unwrap_or_default();
    let mut tasks = tasks(on, &user);
    tasks.retain(|task| {
        let called = keywords.split_whitespace().all(|word| task.name.to_lowercase().contains(word));
        called && (statuses.is_empty() || statuses.contains(&task.status)) && (types.is_empty() || types.contains(&task.form_type))
    });
    let order = asked.get(Asked::order_by).ok().flatten().or(asked.get(Asked::sort_by).ok().flatten());
    sort(&mut tasks, &order.unwrap_or_default().to_uppercase());
    let some =
        |wanted: &dyn Fn(&Task) -> bool| Answer::List(tasks.iter().filter(|task| wanted(task)).map(|task| task.answer.clone()).collect());
    let is_step = |task: &Task| task.form_type == "intake_forms";
    let values = vec![
        (Flow::all_forms.slot, some(&|_| true)),
        (Flow::forms.slot, some(&|_| true)),
        (Flow::intake_flows.slot, some(&is_step)),
        (Flow::requested.slot, some(&|task| !is_step(task))),
        (Flow::not_started_incomplete.slot, some(&|task| !task.is_done())),
        (Flow::completed_skipped.slot, some(&|task| task.is_done() || task.skipped)),
    ];
    Ok(Answer::Object(Flow::TYPE, values))
}

fn sort(tasks: &mut [Task], order: &str) {
    let name = order.trim_end_matches("_ASC").trim_end_matches("_DESC");
    let instant = |value: &Value| if let Value::Instant(at) = value { *at } else { i64::MIN };
    match name {
        "NAME" => tasks.sort_by_key(|task| task.name.to_lowercase()),
        "STATUS" => tasks.sort_by_key(|task| task.status),
        "TYPE" => tasks.sort_by_key(|task| task.form_type),
        "DATE" => tasks.sort_by_key(|task| instant(&task.date)),
        "REQUEST_DATE" => tasks.sort_by_key(|task| instant(&task.requested_at)),
        "COMPLETE_DATE" => tasks.sort_by_key(|task| instant(&task.completed_at)),
        _ => return,
    }
    if order.ends_with("_DESC") {
        tasks.reverse();
    }
}

/// The steps of the flow, then the requests.
pub fn tasks(on: Reading<'_>, user: &View<'_, User>) -> Vec<Task> {
    let flow = of_user(on, user);
    let steps = flow.map(|flow| steps(on, flow.id())).unwrap_or_default();
    let mut tasks: Vec<Task> = steps.iter().map(|item| step(item, user.id())).collect();
    tasks.extend(on.having(Request::recipient_id, user.id()).map(|request| requested(&request)));
    tasks
}

fn step(item: &View<'_, Item>, user: u64) -> Task {
    let done = completed(item, user);
    let draft = begun(item, user);
    let skipped = done.as_ref().is_some_and(|done| done.is(Completed::skipped));
    let status = match (&done, draft) {
        (Some(_), _) => "completed",
        (None, Some(_)) => "incomplete",
        (None, None) => "not_started",
    };
    let completed_at = done.as_ref().map(|done| done.value(Completed::created_at.slot).clone()).unwrap_or_default();
    let asked_at = item.value(Item::created_at.slot).clone();
    let date = if completed_at.is_null() { asked_at.clone() } else { completed_at.clone() };
    let name = display_name(item);
    let form =
        item.on.find::<CustomModuleForm>(item.get(Item::item_id).unwrap_or_default()).filter(|_| super::onboarding_item::is_template(item));
    let answer = Answer::Object(
        Part::TYPE,
        vec![
            (Part::id.slot, Value::Id(item.id()).into()),
            (Part::display_name.slot, Value::from(name.clone()).into()),
            (Part::form_type.slot, Value::text("OnboardingItem").into()),
            (Part::typename.slot, Value::text("OnboardingItem").into()),
            (Part::item_type.slot, item.value(Item::item_type.slot).clone().into()),
            (Part::status.slot, Value::text(shown(status, skipped)).into()),
            (Part::skipped.slot, Value::Bool(skipped).into()),
            (Part::tab_type.slot, Value::text("intake_forms").into()),
            (Part::date_to_show.slot, date.clone().into()),
            (Part::custom_module_form.slot, form.into()),
            (Part::onboarding_item.slot, item.row().clone().into()),
            (Part::completed_onboarding_item.slot, done.into()),
            (Part::incomplete_form_id.slot, draft.map_or(Value::Null, Value::Id).into()),
            (Part::view_url.slot, Value::from(format!("{}/onboarding/{}", item.on.scene.origin, item.id())).into()),
            (Part::request_info.slot, info(None, &asked_at, &completed_at, "Intake Flow", None)),
        ],
    );
    Task { answer, name, status, form_type: "intake_forms", date, requested_at: asked_at, completed_at, skipped }
}

fn requested(request: &View<'_, Request>) -> Task {
    let status = match form_requests::status(request) {
        "Completed" => "completed",
        "Incomplete" => "incomplete",
        _ => "not_started",
    };
    let recurring = request.on.find::<RecurringForm>(request.value(Request::recurring_form.slot).as_id().unwrap_or_default());
    let form_type = if recurring.is_some() { "recurring_forms" } else { "requested_forms" };
    let form = request.follow::<CustomModuleForm, _>(Request::custom_module_form_id);
    let group = request.follow::<FormAnswerGroup, _>(Request::form_answer_group_id);
    let finished = group.as_ref().filter(|group| group.is(FormAnswerGroup::finished));
    let completed_at = finished.map(|group| group.value(FormAnswerGroup::created_at.slot).clone()).unwrap_or_default();
    let date = match form_requests::shown_date(request) {
        Answer::Value(date) => date,
        _ => Value::Null,
    };
    let asked_at = request.value(Request::created_at.slot).clone();
    let kind = request.get(Request::item_type).unwrap_or_default().to_owned();
    let name = form.as_ref().and_then(|form| form.get(CustomModuleForm::name)).map_or_else(|| kind.clone(), str::to_owned);
    let label = if recurring.is_some() { "Auto-Requested" } else { "Requested" };
    let by = request.follow::<User, _>(Request::sender_id);
    let filler = finished.and_then(|group| group.follow::<User, _>(FormAnswerGroup::filler_id));
    let whole = finished.map_or(Value::Null, |group| Value::Id(group.id()));
    let draft = group.as_ref().filter(|group| !group.is(FormAnswerGroup::finished)).map_or(Value::Null, |group| Value::Id(group.id()));
    let answer = Answer::Object(
        Part::TYPE,
        vec![
            (Part::id.slot, Value::Id(request.id()).into()),
            (Part::display_name.slot, Value::from(name.clone()).into()),
            (Part::form_type.slot, Value::text("RequestedForm").into()),
            (Part::typename.slot, Value::text("RequestedFormCompletion").into()),
            (Part::item_type.slot, Value::from(kind).into()),
            (Part::status.slot, Value::text(shown(status, false)).into()),
            (Part::skipped.slot, Value::Bool(false).into()),
            (Part::tab_type.slot, Value::text(form_type).into()),
            (Part::date_to_show.slot, date.clone().into()),
            (Part::custom_module_form.slot, form.into()),
            (Part::recurring_form.slot, recurring.into()),
            (Part::form_answer_group_id.slot, whole.into()),
            (Part::incomplete_form_id.slot, draft.into()),
            (Part::view_url.slot, Value::from(format!("{}/requested_forms/{}", request.on.scene.origin, request.id())).into()),
            (Part::request_info.slot, info(by, &asked_at, &completed_at, label, filler)),
        ],
    );
    Task { answer, name, status, form_type, date, requested_at: asked_at, completed_at, skipped: false }
}

/// Assumed: the words.
fn shown(status: &str, skipped: bool) -> &'static str {
    match (status, skipped) {
        (_, true) => "Skipped",
        ("completed", _) => "Completed",
        ("incomplete", _) => "Incomplete",
        _ => "Not Started",
    }
}

fn info(by: Option<View<'_, User>>, asked_at: &Value, completed_at: &Value, label: &str, filler: Option<View<'_, User>>) -> Answer {
    let slots: Vec<(Slot, Answer)> = vec![
        (Info::label.slot, Value::text(label).into()),
        (Info::request_date.slot, asked_at.clone().into()),
        (Info::complete_date.slot, completed_at.clone().into()),
        (Info::requested_by.slot, by.into()),
        (Info::completed_by.slot, filler.into()),
    ];
    Answer::Object(Info::TYPE, slots)
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn steps_and_requests_are_one_list() {
        let clinic = Clinic::open();
        let patient = clinic.id("User", "patient");
        let document = format!(
            "{{ intakeFlow(user_id: {patient}) {{ all_forms {{ display_name status }} not_started_incomplete {{ display_name typename }} requested {{ form_type request_info {{ label requested_by {{ first_name }} }} }} }}
                done: intakeFlow(user_id: {patient}, statuses: [completed], form_types: [requested_forms, intake_forms], order_by: NAME_ASC) {{ all_forms {{ display_name }} }}
                hasFormsToComplete(user_id: {patient}) }}"
        );
        let data = clinic.run(&document)["data"].clone();
        let all = json!([
            {"display_name": "Welcome", "status": "Completed"}, {"display_name": "Welcome Questionnaire", "status": "Completed"},
            {"display_name": "Billing Information", "status": "Not Started"},
            {"display_name": "Welcome Questionnaire", "status": "Completed"}, {"display_name": "Quick Check-in", "status": "Not Started"},
        ]);
        assert_eq!(data["intakeFlow"]["all_forms"], all);
        let open = json!([{"display_name": "Billing Information", "typename": "OnboardingItem"}, {"display_name": "Quick Check-in", "typename": "RequestedFormCompletion"}]);
        assert_eq!(data["intakeFlow"]["not_started_incomplete"], open);
        assert_eq!(
            data["intakeFlow"]["requested"][1],
            json!({"form_type": "RequestedForm", "request_info": {"label": "Auto-Requested", "requested_by": {"first_name": "Priya"}}})
        );
        assert_eq!(
            data["done"]["all_forms"],
            json!([{"display_name": "Welcome"}, {"display_name": "Welcome Questionnaire"}, {"display_name": "Welcome Questionnaire"}])
        );
        assert_eq!(data["hasFormsToComplete"], true);
        let stranger = clinic.as_role("provider2").run(&document);
        assert_eq!((&stranger["data"]["intakeFlow"], &stranger["data"]["hasFormsToComplete"]), (&json!(null), &json!(null)));
    }
}
