//! What a request for a form is, whether it is met, and the lists of them.

use super::form_history;
use crate::domain::forms::GENERIC_FORMS;
use crate::engine::{Answer, Call, Entity, Input, List, QueryError, Reading, Row, Value, View, Within};
use crate::schema::Named;
use crate::schema::names::{
    CustomModuleForm, FormAnswerGroup, FormHistoryAction, RequestedFormCompletion as Request, User,
    args::{requestedFormCompletion as Asked, requestedFormCompletions as Listed},
};

pub fn entity() -> Entity<Request> {
    Entity::usual()
        .about_only(Request::recipient_id)
        .made_by(Request::sender_id)
        .indexed(Request::form_answer_group_id)
        .ruled(Request::form_answer_group)
        .ruled(Request::form_answer_group_id)
        .answers(Request::sender, |request| request.follow::<User, _>(Request::sender_id).into())
        .answers(Request::custom_module_form, |request| request.follow::<CustomModuleForm, _>(Request::custom_module_form_id).into())
        .computed(Request::status, |request| Some(status(request).to_owned()))
        .answers(Request::date_to_show, shown_date)
        // Documented: for staff and providers.
        .answers(Request::metadata, |request| match request.on.viewer().is_member() {
            true => request.value(Request::metadata.slot).clone().into(),
            false => Answer::NULL,
        })
}

fn filled<'s>(request: &View<'s, Request>) -> Option<View<'s, FormAnswerGroup>> {
    let group = request.follow::<FormAnswerGroup, _>(Request::form_answer_group_id);
    group.filter(|group| group.get(FormAnswerGroup::deleted_at).is_none())
}

/// Documented: `Open` and `Incomplete`. Assumed: the third.
pub fn status(request: &View<'_, Request>) -> &'static str {
    match filled(request) {
        None => "Open",
        Some(group) if group.is(FormAnswerGroup::finished) => "Completed",
        Some(_) => "Incomplete",
    }
}

/// Documented: when the form was completed, else begun, else asked for.
pub fn shown_date(request: &View<'_, Request>) -> Answer {
    let date = match filled(request) {
        Some(group) if group.is(FormAnswerGroup::finished) => group.value(FormAnswerGroup::created_at.slot).clone(),
        Some(group) => group.value(FormAnswerGroup::record_created_at.slot).clone(),
        None => request.value(Request::created_at.slot).clone(),
    };
    date.into()
}

/// What the asked form is called.
fn name(request: &View<'_, Request>) -> String {
    let form = request.follow::<CustomModuleForm, _>(Request::custom_module_form_id);
    let named = form.and_then(|form| form.get(CustomModuleForm::name).map(str::to_owned));
    let generic = || {
        let kind = request.get(Request::item_type)?;
        GENERIC_FORMS.iter().find(|(id, _)| *id == kind).map(|(_, name)| (*name).to_owned())
    };
    named.or_else(generic).unwrap_or_default()
}

pub fn requested_form_completions() -> List<Request, Listed> {
    List::new()
        .unpaged()
        .within(|on, asked| {
            let own = on.viewer().id().filter(|_| on.viewer().is_patient());
            match asked.get(Listed::user_id).ok().flatten().or(own) {
                Some(user) => Within::having(Request::recipient_id, user),
                None => Within::organization(on.viewer().organization()),
            }
        })
        .filter_eq(Listed::user_id, Request::recipient_id)
        .filter(Listed::status, |request, wanted| wanted.eq_ignore_ascii_case("all") || status(request).eq_ignore_ascii_case(wanted))
        .filter(Listed::keywords, |request, words| {
            let name = name(request).to_lowercase();
            words.to_lowercase().split_whitespace().all(|word| name.contains(word))
        })
}

pub fn requested_form_completion(on: Reading<'_>, asked: &Input<'_, Asked>) -> Result<Answer, QueryError> {
    asked.accept(Asked::track_opened_event);
    let id = asked.get(Asked::id).ok().flatten();
    Ok(id.and_then(|id| on.find::<Request>(id)).into())
}

pub fn is_tracked(on: Reading<'_>, asked: &Input<'_, Asked>) -> bool {
    let id = asked.get(Asked::id).ok().flatten();
    asked.is(Asked::track_opened_event) && id.is_some_and(|id| on.find::<Request>(id).is_some())
}

pub fn track(call: &mut Call<'_, Asked>) {
    let request = call.get(Asked::id).ok().flatten().and_then(|id| call.find::<Request>(id));
    if let Some(request) = request {
        form_history::tell(call, &request, FormHistoryAction::opened);
    }
}

/// `group` is what meets the request, finished or not.
pub fn fill<I: Named>(call: &mut Call<'_, I>, request: &Row<Request>, group: &Row<FormAnswerGroup>) {
    let action = match group.is(FormAnswerGroup::finished) {
        true => FormHistoryAction::completed,
        false => FormHistoryAction::edited,
    };
    let mut filled = call.change(request).set(Request::form_answer_group_id, group.id());
    if group.is(FormAnswerGroup::finished) {
        // That it is met is news, though the column said so before.
        let now = call.now();
        filled.set_value(Request::updated_at.slot, Value::Instant(now.as_microsecond()));
    }
    filled.save(call);
    form_history::tell(call, request, action);
}

#[cfg(test)]
mod tests {
    use crate::{schema::Version, testing::Clinic};
    use serde_json::json;

    #[test]
    fn requests_are_listed_by_whether_they_are_met() {
        let clinic = Clinic::open();
        let patient = clinic.id("User", "patient");
        let document = format!(
            r#"{{ all: requestedFormCompletions(user_id: "{patient}") {{ status item_type custom_module_form {{ name }} sender {{ first_name }} recipient {{ first_name }} }}
                open: requestedFormCompletions(user_id: "{patient}", status: "Open") {{ custom_module_form {{ name }} }}
                called: requestedFormCompletions(user_id: "{patient}", keywords: "welcome") {{ status }} }}"#
        );
        let data = clinic.run(&document)["data"].clone();
        let first = json!({
            "status": "Completed", "item_type": "cmf", "custom_module_form": {"name": "Welcome Questionnaire"}, "sender": {"first_name": "Priya"},
            "recipient": {"first_name": "Ava"},
        });
        assert_eq!(data["all"][0], first, "{data}");
        assert_eq!(data["open"], json!([{"custom_module_form": {"name": "Quick Check-in"}}]));
        assert_eq!(data["called"], json!([{"status": "Completed"}]));
        let own = clinic
            .as_role("patient")
            .in_version(Version::V2026_01_01)
            .run("{ requestedFormCompletions { total_count nodes { metadata } } }");
        assert_eq!(own["data"]["requestedFormCompletions"]["total_count"], 2, "{own}");
        assert_eq!(clinic.as_role("provider2").run(&document)["data"]["all"], json!([]));
    }

    #[test]
    fn filling_a_form_in_meets_its_request() {
        let clinic = Clinic::open().as_role("patient");
        let (request, form) = (clinic.id("RequestedFormCompletion", "patient_open"), clinic.id("CustomModuleForm", "checkin"));
        let show = format!("{{ requestedFormCompletion(id: {request}) {{ status form_answer_group {{ finished }} }} }}");
        let begin = clinic.run(&format!(
            "mutation {{ createFormAnswerGroup(input: {{custom_module_form_id: \"{form}\", requested_form_completion_id: \"{request}\"}}) {{ form_answer_group {{ id requested_form_completion {{ id }} }} messages {{ message }} }} }}"
        ));
        let group = &begin["data"]["createFormAnswerGroup"]["form_answer_group"];
        assert_eq!(group["requested_form_completion"], json!({"id": request}), "{begin}");
        assert_eq!(
            clinic.run(&show)["data"]["requestedFormCompletion"],
            json!({"status": "Incomplete", "form_answer_group": {"finished": false}})
        );
        let id = group["id"].as_str().unwrap_or_default();
        clinic.run(&format!("mutation {{ updateFormAnswerGroup(input: {{id: \"{id}\", finished: true}}) {{ messages {{ message }} }} }}"));
        assert_eq!(
            clinic.run(&show)["data"]["requestedFormCompletion"],
            json!({"status": "Completed", "form_answer_group": {"finished": true}})
        );
        assert_eq!(clinic.events(), ["requested_form_completion.updated", "form_answer_group.created"]);
        let history = format!(
            "{{ formHistories(sourceable_id: {request}, sourceable_type: RequestedFormCompletion) {{ action creator {{ first_name }} }} formHistoriesCount(sourceable_id: {request}, sourceable_type: RequestedFormCompletion) }}"
        );
        let by_ava = |action: &str| json!({"action": action, "creator": {"first_name": "Ava"}});
        let told = clinic.run(&history)["data"].clone();
        assert_eq!(
            told["formHistories"].as_array().map(|told| told[told.len() - 2..].to_vec()),
            Some(vec![by_ava("edited"), by_ava("completed")]),
            "{told}"
        );
    }
}
