//! `createRequestedFormCompletion`: patients are asked to fill in a form.

use super::{batch, form_history, recurring_form};
use crate::domain::{forms::GENERIC_FORMS, mails::letters};
use crate::engine::{Answer, CANT_BE_BLANK, Call, Made, Refusal, Row, Value};
use crate::schema::Named;
use crate::schema::names::{
    CustomModuleForm, FormHistoryAction, OrganizationMembership, RequestedFormCompletion as Request, RequestedFormStatusType, User,
    UserGroup, createRequestedFormInput as Input, createRequestedFormPayload as Payload,
};

/// What is asked for.
#[derive(Clone)]
pub struct Form {
    pub template: Option<u64>,
    pub item_type: String,
}

/// Documented: several are asked in the background, which shows a status only; `recipient_id` asks one and shows the request.
pub fn create_requested_form_completion(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let form = form(call)?;
    refuse_long_metadata(call)?;
    if !call.is_blank(Input::recipient_id) {
        let recipient = call.target::<User, _>(Input::recipient_id)?;
        refuse_nobody(&recipient, "recipient_id")?;
        let recurring = recurring_form::begin(call, &form, &[recipient.id()], &[])?;
        let asked = asked(call, recurring);
        return Ok(ask(call, &form, &recipient, &asked).into());
    }
    let (users, groups) = recipients(call)?;
    let ids: Vec<u64> = users.iter().map(Row::id).collect();
    let recurring = recurring_form::begin(call, &form, &ids, &groups)?;
    let (asked, recipients) = (asked(call, recurring), everybody(call, users, &groups));
    match call.background() {
        Some(at) => batch::put_off(call, &form, &recipients, asked, at),
        None => recipients.iter().for_each(|recipient| {
            ask(call, &form, recipient, &asked);
        }),
    }
    // Assumed: the word.
    let status = Answer::Object(RequestedFormStatusType::TYPE, vec![(RequestedFormStatusType::status.slot, Value::text("success").into())]);
    Ok(Made::nothing().also(Payload::requestedFormCompletionStatus, status))
}

/// Documented: a template's id or a generic form's name; the older inputs name the two apart.
fn form(call: &Call<'_, Input>) -> Result<Form, Refusal> {
    let item_type = call.get(Input::item_type)?.map(str::trim).filter(|kind| !kind.is_empty());
    let (field, named) = match call.get(Input::form)?.map(str::trim).filter(|form| !form.is_empty()) {
        Some(form) => ("form", form.to_owned()),
        None if call.is_blank(Input::custom_module_form_id) => match item_type {
            Some(kind) => ("item_type", kind.to_owned()),
            None => return Err(Refusal::on(Input::form, CANT_BE_BLANK)),
        },
        None => ("custom_module_form_id", call.get(Input::custom_module_form_id)?.map(|id| id.to_string()).unwrap_or_default()),
    };
    if GENERIC_FORMS.iter().any(|(id, _)| *id == named) {
        return Ok(Form { template: None, item_type: named });
    }
    let template = named.parse().ok().and_then(|id| call.find::<CustomModuleForm>(id));
    let own = template.filter(|form| call.viewer().reaches(form.organization()) || form.is(CustomModuleForm::uploaded_by_healthie_team));
    let template = own.ok_or_else(|| Refusal::not_found(field, "CustomModuleForm"))?;
    Ok(Form { template: Some(template.id()), item_type: item_type.unwrap_or("cmf").to_owned() })
}

fn refuse_long_metadata(call: &Call<'_, Input>) -> Result<(), Refusal> {
    match call.get(Input::metadata)?.unwrap_or_default().chars().count() > 128_000 {
        true => Err(Refusal::on(Input::metadata, "is too long (maximum is 128000 characters)")),
        false => Ok(()),
    }
}

fn refuse_nobody(recipient: &Row<User>, field: &'static str) -> Result<(), Refusal> {
    let is_one = recipient.is(User::is_patient) && recipient.get(User::active) != Some(false);
    if is_one { Ok(()) } else { Err(Refusal::not_found(field, "User")) }
}

/// Documented: `1`, `2`, `group-3`. Groups take a permission.
fn recipients(call: &Call<'_, Input>) -> Result<(Vec<Row<User>>, Vec<u64>), Refusal> {
    call.input.lifted.mark(Input::recipient_ids.slot);
    let sent = call.input.lifted.sent(Input::recipient_ids.slot).and_then(Option::as_ref).and_then(Value::as_list).unwrap_or_default();
    let (users, groups) = split(sent);
    if users.is_empty() && groups.is_empty() {
        return Err(Refusal::on(Input::recipient_ids, CANT_BE_BLANK));
    }
    if !groups.is_empty() {
        call.needs(OrganizationMembership::allow_group_level_actions, "create this requested form completion")?;
    }
    let found = users.into_iter().map(|user| {
        let user = user.and_then(|user| call.find::<User>(user)).ok_or_else(|| Refusal::not_found("recipient_ids", "User"))?;
        refuse_nobody(&user, "recipient_ids")?;
        Ok(user)
    });
    let users = found.collect::<Result<_, Refusal>>()?;
    let known = groups.into_iter().map(|group| {
        let group =
            group.and_then(|group| call.find::<UserGroup>(group)).ok_or_else(|| Refusal::not_found("recipient_ids", "UserGroup"))?;
        Ok(group.id())
    });
    Ok((users, known.collect::<Result<_, Refusal>>()?))
}

type Ids = Vec<Option<u64>>;

/// The ids of users, and those of groups; None for what is no id.
pub fn split(sent: &[Value]) -> (Ids, Ids) {
    let (mut users, mut groups) = (vec![], vec![]);
    for id in sent {
        let plain = |text: &str| text.parse().ok();
        match id {
            Value::Text(text) => match text.strip_prefix("group-") {
                Some(group) => groups.push(plain(group)),
                None => users.push(plain(text.strip_prefix("user-").unwrap_or(text))),
            },
            id => users.push(id.as_id()),
        }
    }
    (users, groups)
}

/// The users and the patients of the groups, each once.
pub fn everybody<I: Named>(call: &Call<'_, I>, users: Vec<Row<User>>, groups: &[u64]) -> Vec<Row<User>> {
    let mut all = users;
    for group in groups {
        for member in call.having(User::user_group_id, *group) {
            let asked = member.is(User::is_patient) && member.get(User::active) != Some(false);
            if asked && !all.iter().any(|user| user.id() == member.id()) {
                all.push(member);
            }
        }
    }
    all
}

/// Who asks, and how.
pub struct Asked {
    pub sender: u64,
    pub recurring: Option<u64>,
    pub metadata: Option<String>,
    /// Without a mail.
    pub quietly: bool,
}

fn asked(call: &Call<'_, Input>, recurring: Option<u64>) -> Asked {
    let metadata = call.get(Input::metadata).ok().flatten().map(str::to_owned);
    Asked { sender: call.viewer_id(), recurring, metadata, quietly: call.is(Input::skip_notification_email) }
}

pub fn ask<I: Named>(call: &mut Call<'_, I>, form: &Form, recipient: &Row<User>, asked: &Asked) -> Row<Request> {
    let request = request(call, form, recipient, asked);
    if !asked.quietly {
        letters::form_request(call, recipient, &request);
    }
    request
}

/// Asks one patient. Assumed: again, even if a request for the same form is open.
fn request<I: Named>(call: &mut Call<'_, I>, form: &Form, recipient: &Row<User>, asked: &Asked) -> Row<Request> {
    let mut request = call
        .blank_draft::<Request>()
        .belongs_to(recipient.organization())
        .set(Request::recipient_id, recipient.id())
        .set(Request::sender_id, asked.sender)
        .set(Request::item_type, form.item_type.clone());
    request.set_value(Request::custom_module_form_id.slot, form.template.map_or(Value::Null, Value::Id));
    request.set_value(Request::recurring_form.slot, asked.recurring.map_or(Value::Null, Value::Id));
    request.set_value(Request::metadata.slot, asked.metadata.clone().into());
    let request = request.save(call);
    form_history::tell(call, &request, FormHistoryAction::created);
    request
}

#[cfg(test)]
mod tests {
    use crate::{schema::Version, testing::Clinic};
    use serde_json::json;

    #[test]
    fn one_patient_is_asked_and_the_request_shown() {
        let clinic = Clinic::open().as_role("provider");
        let (user, form) = (clinic.id("User", "rosa"), clinic.id("CustomModuleForm", "welcome"));
        let answer = clinic.run(&format!(
            r#"mutation {{ createRequestedFormCompletion(input: {{recipient_id: "{user}", custom_module_form_id: "{form}", metadata: "{{}}"}}) {{
                requestedFormCompletion {{ recipient_id custom_module_form_id item_type status metadata sender {{ first_name }} }} messages {{ field message }} }} }}"#
        ));
        let expected = json!({
            "recipient_id": user, "custom_module_form_id": form, "item_type": "cmf", "status": "Open", "metadata": "{}", "sender": {"first_name": "Priya"},
        });
        assert_eq!(answer["data"]["createRequestedFormCompletion"]["requestedFormCompletion"], expected, "{answer}");
        assert_eq!(clinic.events(), ["requested_form_completion.created"]);
    }

    #[test]
    fn several_and_groups_are_asked_in_the_background() {
        let clinic = Clinic::open();
        let (user, group, form) = (clinic.id("User", "noor"), clinic.id("UserGroup", "heart"), clinic.id("CustomModuleForm", "checkin"));
        for (version, recipients) in [
            (Version::V2024_06_01, format!("\"{user},group-{group}\"")),
            (Version::V2026_01_01, format!("[\"{user}\", \"group-{group}\"]")),
        ] {
            let clinic = clinic.in_version(version);
            let answer = clinic.run(&format!(
                "mutation {{ createRequestedFormCompletion(input: {{recipient_ids: {recipients}, form: \"{form}\"}}) {{
                    requestedFormCompletion {{ id }} requestedFormCompletionStatus {{ status }} messages {{ field message }} }} }}"
            ));
            let expected =
                json!({"requestedFormCompletion": null, "requestedFormCompletionStatus": {"status": "success"}, "messages": null});
            assert_eq!(answer["data"]["createRequestedFormCompletion"], expected, "{answer}");
            // Noor, and the group's patient, rosa and edith.
            assert_eq!(clinic.events().iter().filter(|event| *event == "requested_form_completion.created").count() % 4, 0);
        }
    }

    #[test]
    fn what_a_request_needs() {
        let clinic = Clinic::open();
        let (user, group) = (clinic.id("User", "rosa"), clinic.id("UserGroup", "heart"));
        let ask = |with: &str| format!("createRequestedFormCompletion(input: {{{with}}})");
        clinic.refuses(&ask(""), &[("form", "can't be blank")]);
        clinic.refuses(&ask(r#"form: "billing_info""#), &[("recipient_ids", "can't be blank")]);
        clinic.refuses(&ask(r#"form: "nothing", recipient_ids: "1""#), &[("form", "CustomModuleForm not found")]);
        clinic.refuses(&ask(r#"form: "billing_info", recipient_ids: "1""#), &[("recipient_ids", "User not found")]);
        clinic.refuses(
            &ask(&format!(r#"form: "billing_info", recipient_ids: "{user}", is_recurring: true"#)),
            &[("frequency", "can't be blank")],
        );
        let to_group = ask(&format!(r#"form: "billing_info", recipient_ids: "group-{group}""#));
        clinic.as_role("limited").refuses(&to_group, &[("base", "You do not have permission to create this requested form completion.")]);
    }
}
