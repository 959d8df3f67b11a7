//! Forms that are asked for again and again: begun, changed, ended, and what falls due.

use super::{
    create_requested_form_completion::{Asked, Form, ask, everybody, split},
    schedule::{self, frequency, interval},
};
use crate::engine::{AnyInput, Call, Entity, List, Made, Refusal, Row, Value, View, moment};
use crate::schema::Named;
use crate::schema::names::{
    CustomModuleForm, RecurringForm, RequestedFormCompletion, User, UserGroup,
    args::{RecurringForm_has_connected_recipient, recurringForms as Listed},
    createRequestedFormInput as Create, destroyRecurringFormInput as Destroy, updateRecurringFormInput as Update,
};
use jiff::{Timestamp, tz::TimeZone};

/// Its `user_id` is who set it up, not whom it is about.
pub fn entity() -> Entity<RecurringForm> {
    Entity::usual()
        .about_nobody()
        .defaults(RecurringForm::is_active, true)
        .ruled(RecurringForm::users)
        .computed(RecurringForm::interval, |form| interval(form))
        .answers(RecurringForm::custom_module_form, |form| form.follow::<CustomModuleForm, _>(RecurringForm::form_id).into())
        .answers(RecurringForm::users_and_groups, |form| {
            let users = ids(form.value(RecurringForm::users.slot)).into_iter().map(|id| id.to_string());
            let groups = ids(form.value(RecurringForm::userGroups.slot)).into_iter().map(|id| format!("group-{id}"));
            Value::List(users.chain(groups).map(Value::from).collect()).into()
        })
        .answers_to(RecurringForm::has_connected_recipient, RecurringForm_has_connected_recipient, |form, asked| {
            type Asked = RecurringForm_has_connected_recipient;
            let id = asked.get(Asked::connectable_id).ok().flatten();
            let kind = asked.get(Asked::connectable_type).ok().flatten();
            Value::Bool(id.is_some_and(|id| is_connected(form, id, kind))).into()
        })
}

pub fn recurring_forms() -> List<RecurringForm, Listed> {
    List::new().unpaged().reads(Listed::connectable_type).keep(|form, asked| {
        let id = asked.get(Listed::connectable_id).ok().flatten();
        let kind = asked.get(Listed::connectable_type).ok().flatten();
        id.is_none_or(|id| is_connected(form, id, kind))
    })
}

/// Documented: users and groups; groups where nothing is said.
fn is_connected(form: &Row<RecurringForm>, id: u64, kind: Option<&str>) -> bool {
    ids(form.value(column(kind))).contains(&id)
}

fn column(kind: Option<&str>) -> crate::schema::Slot {
    match kind {
        Some("User") => RecurringForm::users.slot,
        _ => RecurringForm::userGroups.slot,
    }
}

fn ids(list: &Value) -> Vec<u64> {
    list.as_list().unwrap_or_default().iter().filter_map(Value::as_id).collect()
}

fn list(ids: impl IntoIterator<Item = u64>) -> Value {
    Value::List(ids.into_iter().map(Value::Id).collect())
}

/// What a group's patients are asked for again and again.
pub fn of_group(group: &View<'_, UserGroup>) -> Vec<Row<RecurringForm>> {
    let all = group.on.of_organization::<RecurringForm>(group.organization()).filter(|_| group.on.viewer().is_member());
    all.filter(|form| is_connected(form, group.id(), None)).map(|form| form.row().clone()).collect()
}

/// What a request that is to be repeated sets up. Documented: then it says how often.
pub fn begin(call: &mut Call<'_, Create>, form: &Form, users: &[u64], groups: &[u64]) -> Result<Option<u64>, Refusal> {
    if !call.is(Create::is_recurring) {
        for other in [Create::frequency, Create::hour, Create::minute, Create::monthday, Create::period, Create::weekday, Create::ends_on] {
            call.accept(other);
        }
        call.accept(Create::recurrence_ends);
        return Ok(None);
    }
    let frequency = frequency(call.require(Create::frequency)?)?;
    let (caller, zone) = (call.viewer_id(), call.zone().clone());
    let until = until(call.is(Create::recurrence_ends), call.get(Create::ends_on)?, &zone)?;
    let mut recurring = call
        .draft::<RecurringForm>()
        .set(RecurringForm::interval_type, frequency.to_owned())
        .set(RecurringForm::form_type, form.item_type.clone())
        .set(RecurringForm::user_id, caller);
    recurring.set_value(RecurringForm::form_id.slot, form.template.map_or(Value::Null, Value::Id));
    recurring.set_value(RecurringForm::users.slot, list(users.iter().copied()));
    recurring.set_value(RecurringForm::userGroups.slot, list(groups.iter().copied()));
    recurring.set_value(RecurringForm::recurrence_end_at.slot, instant(until));
    let recurring = recurring.save(call);
    Ok(Some(plan(call, &recurring).id()))
}

fn instant(at: Option<Timestamp>) -> Value {
    at.map_or(Value::Null, |at| Value::Instant(at.as_microsecond()))
}

/// Documented: `ends_on` is a day; the last one. Assumed: without `recurrence_ends` there is none.
fn until(ends: bool, on: Option<&str>, zone: &TimeZone) -> Result<Option<Timestamp>, Refusal> {
    let Some(day) = on.filter(|day| ends && !day.trim().is_empty()) else { return Ok(None) };
    let day = moment::parse_date(day).ok_or_else(|| Refusal::named("ends_on", "is invalid"))?;
    Ok(zone.to_timestamp(day.at(23, 59, 59, 0)).ok())
}

/// Sets when it is next due: on the calendar of whoever set it up.
fn plan<I: Named>(call: &mut Call<'_, I>, form: &Row<RecurringForm>) -> Row<RecurringForm> {
    let owner = form.get(RecurringForm::user_id).and_then(|owner| call.find_any::<User>(owner));
    let zone = owner.and_then(|owner| TimeZone::get(owner.get(User::timezone)?).ok()).unwrap_or(TimeZone::UTC);
    let next = schedule::next(form, call.now(), &zone).filter(|_| form.is(RecurringForm::is_active));
    let mut planned = call.change(form);
    planned.set_value(RecurringForm::next_at.slot, instant(next));
    planned.save(call)
}

/// Asks everybody again, and plans the next time.
pub fn request_again(call: &mut Call<'_, AnyInput>, form: &Row<RecurringForm>) {
    let asked =
        Form { template: form.get(RecurringForm::form_id), item_type: form.get(RecurringForm::form_type).unwrap_or("cmf").to_owned() };
    let users = ids(form.value(RecurringForm::users.slot)).into_iter().filter_map(|user| call.find_any::<User>(user)).collect();
    let sender = form.get(RecurringForm::user_id).unwrap_or_default();
    let metadata = form.get(RecurringForm::metadata).map(str::to_owned);
    let how = Asked { sender, recurring: Some(form.id()), metadata, quietly: false };
    for recipient in everybody(call, users, &ids(form.value(RecurringForm::userGroups.slot))) {
        ask(call, &asked, &recipient, &how);
    }
    plan(call, form);
}

pub fn update_recurring_form(call: &mut Call<'_, Update>) -> Result<Made, Refusal> {
    let id = call.get(Update::id)?.and_then(|id| id.trim().parse().ok());
    let form = id.and_then(|id| call.find::<RecurringForm>(id)).ok_or_else(|| Refusal::not_found("id", "RecurringForm"))?;
    let zone = call.zone().clone();
    let mut draft = call.edit(&form);
    if let Some(sent) = call.get(Update::frequency)?.filter(|sent| !sent.trim().is_empty()) {
        draft.put(RecurringForm::interval_type, frequency(sent)?.to_owned());
    }
    if call.given(Update::recurrence_ends)?.is_sent() || call.given(Update::ends_on)?.is_sent() {
        let until = until(call.is(Update::recurrence_ends), call.get(Update::ends_on)?, &zone)?;
        draft.set_value(RecurringForm::recurrence_end_at.slot, instant(until));
    }
    // Assumed: what recurs no more is active no more.
    if call.get(Update::is_recurring)? == Some(false) {
        draft.put(RecurringForm::is_active, false);
    }
    call.input.lifted.mark(Update::recipient_ids.slot);
    if let Some(sent) = call.input.lifted.sent(Update::recipient_ids.slot).and_then(Option::as_ref).and_then(Value::as_list) {
        let (users, groups) = split(sent);
        let user = |id: Option<u64>| id.and_then(|id| call.find::<User>(id)).map(|user| user.id());
        let group = |id: Option<u64>| id.and_then(|id| call.find::<UserGroup>(id)).map(|group| group.id());
        let unknown = |what| Refusal::not_found("recipient_ids", what);
        let users: Vec<u64> = users.into_iter().map(|id| user(id).ok_or_else(|| unknown("User"))).collect::<Result<_, _>>()?;
        let groups: Vec<u64> = groups.into_iter().map(|id| group(id).ok_or_else(|| unknown("UserGroup"))).collect::<Result<_, _>>()?;
        draft.set_value(RecurringForm::users.slot, list(users));
        draft.set_value(RecurringForm::userGroups.slot, list(groups));
    }
    call.check(&draft)?;
    let form = draft.save(call);
    Ok(plan(call, &form).into())
}

/// Documented: with a connectable only that user or group is asked no more.
pub fn delete_recurring_form(call: &mut Call<'_, Destroy>) -> Result<Made, Refusal> {
    let form = call.target::<RecurringForm, _>(Destroy::id)?;
    let Some(connected) = call.get(Destroy::connectable_id)? else {
        call.accept(Destroy::connectable_type);
        end(call, &form);
        return Ok(form.into());
    };
    let kind = call.get(Destroy::connectable_type)?;
    if !is_connected(&form, connected, kind) {
        return Err(Refusal::not_found("connectable_id", kind.filter(|kind| *kind == "User").unwrap_or("UserGroup")));
    }
    let mut draft = call.change(&form);
    let left: Vec<u64> = ids(form.value(column(kind))).into_iter().filter(|id| *id != connected).collect();
    draft.set_value(column(kind), list(left));
    Ok(draft.save(call).into())
}

/// What was requested stays, without its recurrence. Assumed: that is announced by nothing.
pub fn end<I: Named>(call: &mut Call<'_, I>, form: &Row<RecurringForm>) {
    for request in call.having(RequestedFormCompletion::recurring_form, form.id()) {
        let mut draft = call.change(&request);
        draft.clear(RequestedFormCompletion::recurring_form);
        let request = draft.save(call);
        call.silence(&request);
    }
    call.delete(form);
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_recurring_form_is_asked_for_again_when_it_is_due() {
        let clinic = Clinic::open();
        let (user, form) = (clinic.id("User", "noor"), clinic.id("CustomModuleForm", "welcome"));
        let answer = clinic.run(&format!(
            r#"mutation {{ createRequestedFormCompletion(input: {{
                recipient_id: "{user}", custom_module_form_id: "{form}", is_recurring: true, frequency: "Weekly", weekday: "Wednesday", hour: "9", minute: "00", period: "AM",
                recurrence_ends: true, ends_on: "2026-03-12"
            }}) {{ requestedFormCompletion {{ recurring_form {{ id interval interval_type is_active users_and_groups custom_module_form {{ name }} recurrence_end_at }} }} messages {{ field message }} }} }}"#
        ));
        let recurring = &answer["data"]["createRequestedFormCompletion"]["requestedFormCompletion"]["recurring_form"];
        let id = recurring["id"].as_str().unwrap_or_else(|| panic!("{answer}"));
        let expected = json!({
            "id": id, "interval": "Wednesday", "interval_type": "Weekly", "is_active": true, "users_and_groups": [user],
            "custom_module_form": {"name": "Welcome Questionnaire"}, "recurrence_end_at": "2026-03-12 23:59:59 -0400",
        });
        assert_eq!(*recurring, expected);
        let asked = || {
            let answer = clinic.run(&format!("{{ requestedFormCompletions(user_id: {user}) {{ recurring_form {{ id }} }} }}"));
            answer["data"]["requestedFormCompletions"]
                .as_array()
                .map_or(0, |all| all.iter().filter(|one| one["recurring_form"]["id"] == id).count())
        };
        assert_eq!(asked(), 1);
        for (days, expected) in [(1, 1), (1, 2), (7, 3), (14, 3)] {
            clinic.advance(jiff::SignedDuration::from_hours(days * 24));
            assert_eq!(asked(), expected, "{days}");
        }
    }

    #[test]
    fn a_recurring_form_is_changed_and_let_go() {
        let clinic = Clinic::open();
        let (id, group) = (clinic.id("RecurringForm", "weekly"), clinic.id("UserGroup", "heart"));
        let listed = format!(
            "{{ recurringForms(connectable_id: \"{group}\") {{ interval has_connected_recipient(connectable_id: \"{group}\", connectable_type: \"UserGroup\") }} }}"
        );
        assert_eq!(clinic.run(&listed)["data"]["recurringForms"], json!([{"interval": "Monday", "has_connected_recipient": true}]));
        let update = format!(
            r#"mutation {{ updateRecurringForm(input: {{id: "{id}", frequency: "Monthly", monthday: "27th"}}) {{ recurringForm {{ interval interval_type }} messages {{ message }} }} }}"#
        );
        assert_eq!(
            clinic.run(&update)["data"]["updateRecurringForm"]["recurringForm"],
            json!({"interval": "27th", "interval_type": "Monthly"})
        );
        clinic.refuses(
            &format!(r#"updateRecurringForm(input: {{id: "{id}", frequency: "Hourly"}})"#),
            &[("frequency", "is not included in the list")],
        );
        let detach = format!(r#"deleteRecurringForm(input: {{id: "{id}", connectable_id: "{group}", connectable_type: "UserGroup"}})"#);
        let answer = clinic.run(&format!("mutation {{ {detach} {{ recurringForm {{ users_and_groups }} messages {{ message }} }} }}"));
        assert_eq!(
            answer["data"]["deleteRecurringForm"]["recurringForm"]["users_and_groups"].as_array().map(Vec::len),
            Some(1),
            "{answer}"
        );
        clinic.refuses(&detach, &[("connectable_id", "UserGroup not found")]);
        assert_eq!(clinic.run(&listed)["data"]["recurringForms"], json!([]));
    }
}
