//! An alert on a patient, until it expires or is deleted.

use crate::engine::{Call, Draft, Entity, List, Made, Refusal, View, Within};
use crate::schema::names::{
    AlertTemplate, CareAlert, CareAlertPriorityEnum, CreateCareAlertInput as Input, DeleteCareAlertInput, UpdateCareAlertInput, User, args,
};
use jiff::{Timestamp, ToSpan};

/// Kept when it is deleted: the list shows deleted ones to those who ask. Assumed: patients don't see what is said about
/// them here.
pub fn entity() -> Entity<CareAlert> {
    Entity::new()
        .silent()
        .requires(CareAlert::content)
        .defaults(CareAlert::priority, CareAlertPriorityEnum::NORMAL)
        .indexed(CareAlert::patient_id)
        .made_by(CareAlert::creator)
        .ruled(CareAlert::deleted_at)
        .computed(CareAlert::expires_at, expires_at)
        .visible(|alert| {
            let viewer = alert.on.viewer();
            viewer.is_member() && alert.get(CareAlert::patient_id).is_some_and(|patient| alert.on.find::<User>(patient).is_some())
        })
}

/// Assumed: with the end of its last day.
fn expires_at(alert: &View<'_, CareAlert>) -> Option<Timestamp> {
    let last = alert.get(CareAlert::expires_on)?;
    let end = last.checked_add(1.day()).ok()?.at(0, 0, 0, 0);
    alert.on.viewer().zone.to_timestamp(end).ok()
}

/// Documented by the defaults of its arguments: those that are neither deleted nor expired.
pub fn care_alerts() -> List<CareAlert, args::careAlerts> {
    type Asked = args::careAlerts;
    List::new()
        .within(|on, asked| match asked.get(Asked::patient_id).ok().flatten() {
            Some(patient) => Within::having(CareAlert::patient_id, patient),
            None if on.viewer().is_member() => Within::organization(on.viewer().organization()),
            None => Within::nothing(),
        })
        .filter_eq(Asked::priority, CareAlert::priority)
        .keep(|alert, asked| {
            let is_deleted = alert.get(CareAlert::deleted_at).is_some();
            let is_expired = expires_at(alert).is_some_and(|end| end <= alert.on.now());
            is_deleted == asked.is(Asked::is_deleted) && is_expired == asked.is(Asked::is_expired)
        })
        .reads(Asked::is_deleted)
        .reads(Asked::is_expired)
        .order("NEWEST", &[CareAlert::created_at.slot])
        .default_order("NEWEST_DESC")
}

pub fn create_care_alert(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let patient = call.target::<User, _>(Input::patient_id)?;
    if !patient.is(User::is_patient) {
        return Err(Refusal::not_found("patient_id", "User"));
    }
    let mut alert = call.draft::<CareAlert>().belongs_to(patient.organization()).set(CareAlert::patient_id, patient.id());
    if !call.is_blank(Input::template_id) {
        let template = call.target::<AlertTemplate, _>(Input::template_id)?;
        if let Some(content) = template.get(AlertTemplate::content).filter(|_| alert.is_blank(CareAlert::content)) {
            alert.put(CareAlert::content, content.to_owned());
        }
    }
    keep_priority(&mut alert);
    call.check(&alert)?;
    Ok(alert.save(call).into())
}

/// An alert always has one.
fn keep_priority(alert: &mut Draft<CareAlert>) {
    if alert.is_blank(CareAlert::priority) {
        alert.put(CareAlert::priority, CareAlertPriorityEnum::NORMAL);
    }
}

pub fn update_care_alert(call: &mut Call<'_, UpdateCareAlertInput>) -> Result<Made, Refusal> {
    let alert = call.target::<CareAlert, _>(UpdateCareAlertInput::id)?;
    let mut alert = call.edit(&alert);
    keep_priority(&mut alert);
    call.check(&alert)?;
    Ok(alert.save(call).into())
}

pub fn delete_care_alert(call: &mut Call<'_, DeleteCareAlertInput>) -> Result<Made, Refusal> {
    let alert = call.target::<CareAlert, _>(DeleteCareAlertInput::id)?;
    let now = call.now();
    Ok(call.change(&alert).set(CareAlert::deleted_at, now).save(call).into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn an_alert_is_shown_until_it_expires_or_is_deleted() {
        let clinic = Clinic::open();
        let patient = clinic.id("User", "edith");
        let make = |fields: &str| {
            let made = clinic.run(&format!(
                "mutation {{ createCareAlert(input: {{ patient_id: {patient}, {fields} }}) {{ care_alert {{ id content priority expires_on creator {{ first_name }} patient {{ first_name }} }} messages {{ message }} }} }}"
            ));
            made["data"]["createCareAlert"]["care_alert"].clone()
        };
        let told = |args: &str| {
            let answer = clinic.run(&format!("{{ careAlerts(patient_id: {patient}{args}) {{ nodes {{ content }} total_count }} }}"));
            answer["data"]["careAlerts"]["total_count"].clone()
        };
        let before = told("");
        let high = make(r#"content: "Latex allergy", priority: HIGH"#);
        make(r#"content: "Call in the morning", expires_on: "2026-03-01""#);
        assert_eq!(
            (&high["priority"], &high["creator"]["first_name"], &high["patient"]["first_name"]),
            (&json!("HIGH"), &json!("Margaret"), &json!("Edith"))
        );
        assert_eq!(told("").as_i64(), before.as_i64().map(|before| before + 1));
        assert_eq!(told(", is_expired: true"), 1);
        let id = high["id"].as_str().expect("made");
        clinic.run(&format!(
            "mutation {{ deleteCareAlert(input: {{ id: {id} }}) {{ care_alert {{ deleted_at }} messages {{ message }} }} }}"
        ));
        assert_eq!((told(""), told(", is_deleted: true")), (before, json!(1)));
        clinic.refuses(&format!("createCareAlert(input: {{ patient_id: {patient} }})"), &[("content", "can't be blank")]);
        clinic.refuses("createCareAlert(input: { patient_id: 1 })", &[("patient_id", "User not found")]);
    }
}
