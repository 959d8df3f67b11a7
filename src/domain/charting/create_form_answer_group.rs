//! `createFormAnswerGroup`: a form is filled in, or begun.

use super::{
    answers, appointment_link, finish, initial, lock,
    service_time::{Times, service_time},
};
use crate::engine::{Call, Kind, Made, Refusal, Row, Value};
use crate::schema::names::{
    Appointment, CourseItem, CustomModuleForm, FormAnswerGroup as Group, OnboardingItem, RequestedFormCompletion, User,
    createFormAnswerGroupInput as Input,
};
use crate::schema::{Field, Named};

const TIMES: Times<Input> = Times { formatted_date: Input::formatted_date, date: Input::date, time: Input::time };

pub fn create_form_answer_group(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    call.accept(Input::dismissed_lock_charting_note_warning);
    let form = template(call, Input::custom_module_form_id)?;
    let patient = whom(call)?;
    let visit = match call.is_blank(Input::appointment_id) {
        true => None,
        false => Some(call.target::<Appointment, _>(Input::appointment_id)?),
    };
    let request = optional::<RequestedFormCompletion>(call, Input::requested_form_completion_id)?;
    let step = optional::<OnboardingItem>(call, Input::onboarding_item_id)?;
    optional::<CourseItem>(call, Input::course_item_id)?;
    let (now, filler) = (call.now(), call.viewer_id());
    let at = service_time(call, &TIMES)?;

    let mut draft = call.draft::<Group>();
    refuse_long_metadata(&draft)?;
    if draft.is_blank(Group::name) {
        // Observed: a form is called like its template.
        draft.set_value(Group::name.slot, form.value(CustomModuleForm::name.slot).clone());
    }
    draft.set_value(Group::user_id.slot, patient.map_or(Value::Null, Value::Id));
    if draft.get(Group::finished).is_none() {
        draft.put(Group::finished, false);
    }
    let filed = at.or(draft.get(Group::created_at)).unwrap_or(now);
    draft = draft
        .set(Group::custom_module_form_id, form.id())
        .set(Group::filler_id, filler)
        .set(Group::created_at, filed)
        .set(Group::record_created_at, now);
    if call.is(Input::marked_complete) {
        draft.put(Group::marked_complete_at, now);
    }
    call.check(&draft)?;
    let mut group = draft.save(call);

    let given = call.get(Input::form_answers)?.unwrap_or_default();
    answers::write(call, &group, &given)?;
    if given.is_empty() && call.is(Input::set_initial_answers) {
        initial::fill(call, &group);
    }
    if let Some(visit) = visit {
        group = appointment_link::connect(call, &group, &visit);
    }
    super::group_note::write(call, &group, &call.get(Input::individual_client_notes)?.unwrap_or_default())?;
    finish::follow(call, &group, request.as_ref(), step.as_ref());
    if call.is(Input::marked_locked) {
        group = lock::lock(call, &group)?;
    }
    Ok(group.into())
}

/// A template that the caller may fill in: of the own practice, or one that comes with every practice.
pub fn template<I: Named, K: Kind>(call: &Call<'_, I>, field: Field<I, K>) -> Result<Row<CustomModuleForm>, Refusal> {
    call.require(field)?;
    let form = call.target::<CustomModuleForm, _>(field)?;
    let offered = call.viewer().organizations.contains(&form.organization()) || form.is(CustomModuleForm::uploaded_by_healthie_team);
    if offered { Ok(form) } else { Err(Refusal::not_found(field.name(), "CustomModuleForm")) }
}

/// Whom the form is about: of patients themselves only. Observed: neither unknown nor archived people.
fn whom(call: &Call<'_, Input>) -> Result<Option<u64>, Refusal> {
    if call.is_blank(Input::user_id) {
        return Ok(call.viewer().id().filter(|_| call.viewer().is_patient()));
    }
    let user = call.target::<User, _>(Input::user_id)?;
    let others = call.viewer().is_patient() && !call.viewer().is(user.id());
    if others || user.get(User::active) == Some(false) {
        return Err(Refusal::not_found("user_id", "User"));
    }
    Ok(Some(user.id()))
}

fn optional<T: Named>(call: &Call<'_, Input>, field: Field<Input, crate::schema::Id>) -> Result<Option<Row<T>>, Refusal> {
    if call.is_blank(field) { Ok(None) } else { call.target::<T, _>(field).map(Some) }
}

/// Documented: up to 128,000 characters.
pub fn refuse_long_metadata(group: &crate::engine::Draft<Group>) -> Result<(), Refusal> {
    match group.get(Group::metadata).unwrap_or_default().chars().count() > 128_000 {
        true => Err(Refusal::named("metadata", "is too long (maximum is 128000 characters)")),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::{schema::Version, testing::Clinic};
    use serde_json::json;

    /// Fills in the welcome form about patient.
    fn fill_in(clinic: &Clinic, extra: &str) -> String {
        let (form, user) = (clinic.id("CustomModuleForm", "welcome"), clinic.id("User", "patient"));
        format!(r#"createFormAnswerGroup(input: {{custom_module_form_id: "{form}", user_id: "{user}" {extra}}})"#)
    }

    #[test]
    fn a_finished_form_shows_every_question() {
        let clinic = Clinic::open().as_role("integration");
        let [name, meals, smokes] = ["welcome_name", "meals", "smokes"].map(|handle| clinic.id("CustomModule", handle));
        let user = clinic.id("User", "patient");
        let create = fill_in(
            &clinic,
            &format!(
                r#", finished: true, form_answers: [
                    {{custom_module_id: "{meals}", user_id: "{user}", answer: "Breakfast\nDinner"}},
                    {{custom_module_id: "{name}", answer: "Ava,Thornton", label: "Full name"}},
                    {{custom_module_id: "{smokes}", answer: "No"}}
                ]"#
            ),
        );
        let answer = clinic.run(&format!(
            "mutation {{ {create} {{ form_answer_group {{
                name finished created_at record_created_at locked_at chart_note_status user {{ first_name }} filler {{ first_name }} custom_module_form {{ name }}
                form_answers {{ label answer displayed_answer custom_module {{ mod_type }} }}
                all: form_answers(is_for_editing: true) {{ label }}
                some: form_answers(custom_module_ids: [\"{meals}\"]) {{ displayed_answer }}
            }} messages {{ field message }} }} }}"
        ));
        let group = &answer["data"]["createFormAnswerGroup"]["form_answer_group"];
        assert_eq!(group["name"], "Welcome Questionnaire", "{answer}");
        assert_eq!(group["created_at"], "2026-03-02 15:00:00 UTC");
        assert_eq!((&group["filler"]["first_name"], &group["user"]["first_name"]), (&json!("Juniper"), &json!("Ava")));
        assert_eq!(
            group["form_answers"][1],
            json!({"label": "Full name", "answer": "Ava,Thornton", "displayed_answer": "Thornton, Ava", "custom_module": {"mod_type": "name"}})
        );
        assert_eq!(group["some"], json!([{"displayed_answer": "Breakfast, Dinner"}]));
        let labels = |key: &str| group[key].as_array().into_iter().flatten().map(|answer| answer["label"].clone()).collect::<Vec<_>>();
        // Who doesn't smoke isn't asked how much.
        assert_eq!((labels("form_answers").len(), labels("all").len()), (12, 13));
        assert!(!labels("form_answers").contains(&json!("How many a day?")));
        assert_eq!(clinic.events(), ["form_answer_group.created"]);
    }

    #[test]
    fn a_draft_is_announced_once_it_is_finished_and_listed_then() {
        let clinic = Clinic::open().as_role("provider").in_version(Version::V2026_01_01);
        let create = fill_in(&clinic, "");
        let answer = clinic
            .run(&format!("mutation {{ {create} {{ form_answer_group {{ id finished created_at }} messages {{ field message }} }} }}"));
        let group = &answer["data"]["createFormAnswerGroup"]["form_answer_group"];
        assert_eq!((&group["finished"], &group["created_at"]), (&json!(false), &json!("2026-03-02T10:00:00-05:00")), "{answer}");
        let id = group["id"].as_str().unwrap_or_default();
        assert_eq!(clinic.events(), [] as [&str; 0]);
        let listed = || {
            clinic.run(&format!("{{ formAnswerGroups(ids: [\"{id}\"]) {{ total_count }} }}"))["data"]["formAnswerGroups"]["total_count"]
                .clone()
        };
        assert_eq!(listed(), 0);
        assert_eq!(
            clinic.run(&format!("{{ formAnswerGroup(id: \"{id}\") {{ finished }} }}"))["data"]["formAnswerGroup"]["finished"],
            false
        );
        for _ in 0..2 {
            clinic.run(&format!(
                "mutation {{ updateFormAnswerGroup(input: {{id: \"{id}\", finished: true}}) {{ messages {{ message }} }} }}"
            ));
        }
        assert_eq!(listed(), 1);
        assert_eq!(clinic.events(), ["form_answer_group.created"]);
    }

    #[test]
    fn a_note_about_a_visit_is_of_its_time_and_may_be_locked_at_once() {
        let clinic = Clinic::open().as_role("provider");
        let (form, user) = (clinic.id("CustomModuleForm", "checkin"), clinic.id("User", "patient"));
        let visit = clinic.id("Appointment", "patient_second");
        let answer = clinic.run(&format!(
            r#"mutation {{ createFormAnswerGroup(input: {{
                custom_module_form_id: "{form}", user_id: "{user}", finished: true, marked_locked: true, appointment_id: "{visit}", external_id: "N-9", metadata: "{{}}"
            }}) {{ form_answer_group {{ is_locked external_id metadata created_at appointment {{ date form_answer_group {{ external_id }} }} }} messages {{ field message }} }} }}"#
        ));
        let group = &answer["data"]["createFormAnswerGroup"]["form_answer_group"];
        assert_eq!(group["created_at"], group["appointment"]["date"], "{answer}");
        assert_eq!((&group["is_locked"], &group["appointment"]["form_answer_group"]["external_id"]), (&json!(true), &json!("N-9")));
        assert_eq!(
            clinic.events(),
            ["form_answer_group.created", "form_answer_group.locked", "appointment_form_answer_group_connection.created"]
        );
    }

    #[test]
    fn what_a_form_needs() {
        let clinic = Clinic::open();
        let form = clinic.id("CustomModuleForm", "welcome");
        clinic.refuses("createFormAnswerGroup(input: {})", &[("custom_module_form_id", "can't be blank")]);
        clinic.refuses(
            r#"createFormAnswerGroup(input: {custom_module_form_id: "1"})"#,
            &[("custom_module_form_id", "CustomModuleForm not found")],
        );
        let about = |id: &str| format!(r#"createFormAnswerGroup(input: {{custom_module_form_id: "{form}", user_id: "{id}"}})"#);
        for handle in ["archived", "outsider_patient"] {
            clinic.refuses(&about(&clinic.id("User", handle)), &[("user_id", "User not found")]);
        }
        clinic
            .as_role("outsider")
            .refuses(&about(&clinic.id("User", "outsider_patient")), &[("custom_module_form_id", "CustomModuleForm not found")]);
        clinic.refuses(
            &fill_in(&clinic, r#", form_answers: [{custom_module_id: "1", answer: "x"}]"#),
            &[("form_answers", "CustomModule not found")],
        );
        clinic.refuses(&fill_in(&clinic, r#", course_item_id: "1""#), &[("course_item_id", "CourseItem not found")]);
        clinic.refuses(&fill_in(&clinic, r#", form_answers: [{answer: "x"}]"#), &[("form_answers", "custom_module_id can't be blank")]);
    }

    #[test]
    fn a_patient_fills_in_forms_about_nobody_else() {
        let clinic = Clinic::open().as_role("patient");
        let form = clinic.id("CustomModuleForm", "checkin");
        let answer = clinic.run(&format!(
            r#"mutation {{ createFormAnswerGroup(input: {{custom_module_form_id: "{form}", finished: true, metadata: "{{}}"}}) {{
                form_answer_group {{ metadata user {{ first_name }} filler {{ first_name }} }} messages {{ message }} }} }}"#
        ));
        let expected = json!({"metadata": null, "user": {"first_name": "Ava"}, "filler": {"first_name": "Ava"}});
        assert_eq!(answer["data"]["createFormAnswerGroup"]["form_answer_group"], expected, "{answer}");
        let provider = clinic.id("User", "provider");
        let about = format!(r#"createFormAnswerGroup(input: {{custom_module_form_id: "{form}", user_id: "{provider}"}})"#);
        clinic.refuses(&about, &[("user_id", "User not found")]);
    }
}
