//! Requests for a visit: somebody asks, the practice books.

use crate::domain::people::is_member;
use crate::engine::{Call, Entity, List, Made, Refusal, Value, View};
use crate::schema::Named;
use crate::schema::names::{
    Appointment, AppointmentRequestSlotInput, AppointmentRequestSlotType, AppointmentRequestStatus, AppointmentRequestType,
    AppointmentType, Organization, User, args::appointmentRequests as Args, createAppointmentRequestInput as Create,
    updateAppointmentRequestInput as Update,
};

type R = AppointmentRequestType;

pub fn entity() -> Entity<R> {
    Entity::new()
        .requires(R::timezone)
        .requires(R::reason)
        .defaults(R::current_status, AppointmentRequestStatus::OPEN)
        .ruled(R::current_status)
        .ruled(R::provider_id)
        .visible(|request| request.on.viewer().reaches(request.organization()))
        .answers(R::first_appointment, |request| {
            request.on.having(Appointment::appointment_request_id, request.id()).min_by_key(|visit| visit.id()).into()
        })
}

/// Whoever asks sees the times that they asked for.
pub fn slot() -> Entity<AppointmentRequestSlotType> {
    Entity::new()
        .indexed(AppointmentRequestSlotType::appointment_request_id)
        .visible(|slot| !slot.on.viewer().is_member() || slot.on.viewer().reaches(slot.organization()))
}

/// Documented: open to everybody, since it is asked from a booking page.
pub fn create(call: &mut Call<'_, Create>) -> Result<Made, Refusal> {
    refuse_long(call)?;
    let provider = call.get(Create::provider_id)?;
    let provider = provider.map(|id| member(call, id)).transpose()?;
    let named = call.get(Create::organization_id)?;
    let organization = named.or(provider.map(|(_, home)| home)).unwrap_or(call.viewer().organization());
    if call.find_any::<Organization>(organization).is_none() {
        return Err(Refusal::not_found(Create::organization_id.name(), Organization::TYPE.name()));
    }
    let patient = call.get(Create::patient_id)?;
    let is_patient = |id: u64| call.on().find_any::<User>(id).is_some_and(|user| !is_member(&user) && user.organization() == organization);
    if patient.is_some_and(|patient| !is_patient(patient)) {
        return Err(Refusal::not_found(Create::patient_id.name(), User::TYPE.name()));
    }
    if !call.is_blank(Create::appointment_type_id) {
        call.target::<AppointmentType, _>(Create::appointment_type_id)?;
    }
    let mut request = call.draft::<R>().belongs_to(organization);
    // Documented: otherwise the provider is only whose page it was.
    let assigned = call.get(Create::should_assign_provider)? != Some(false);
    if let Some((provider, _)) = provider {
        request.put(if assigned { R::provider_id } else { R::context_provider_id }, provider);
    }
    call.check(&request)?;
    let request = request.save(call);
    Ok(call.save_nested(&request)?.into())
}

fn member(call: &Call<'_, Create>, id: u64) -> Result<(u64, u64), Refusal> {
    let found = call.on().find_any::<User>(id).filter(is_member);
    found.map(|user| (id, user.organization())).ok_or_else(|| Refusal::not_found(Create::provider_id.name(), User::TYPE.name()))
}

/// Documented: how long they may be. Assumed: a slot that ends before it begins is none.
fn refuse_long(call: &Call<'_, Create>) -> Result<(), Refusal> {
    type Slot = AppointmentRequestSlotInput;
    for (field, most) in [(Create::selected_contact_type, 25), (Create::selected_state, 2)] {
        if call.get(field)?.is_some_and(|text| text.chars().count() > most) {
            return Err(Refusal::on(field, format!("is too long (maximum is {most} characters)")));
        }
    }
    let slots = call.get(Create::slots)?.unwrap_or_default();
    match slots.iter().any(|slot| slot.get(Slot::slot_start) >= slot.get(Slot::slot_end)) {
        true => Err(Refusal::on(Create::slots, "must end after they start")),
        false => Ok(()),
    }
}

/// Documented: closing says who did so and when. Inferred: opening it again takes that back.
pub fn update(call: &mut Call<'_, Update>) -> Result<Made, Refusal> {
    let before = call.target::<R, _>(Update::id)?;
    if call.get(Update::provider_notes)?.is_some_and(|notes| notes.chars().count() > 255) {
        return Err(Refusal::on(Update::provider_notes, "is too long (maximum is 255 characters)"));
    }
    if !call.is_blank(Update::patient_id) {
        call.target::<User, _>(Update::patient_id)?;
    }
    let mut request = call.edit(&before);
    match call.get(Update::status)? {
        Some(status) if status == AppointmentRequestStatus::CLOSED.name => {
            request.put(R::current_status, AppointmentRequestStatus::CLOSED);
            request.put(R::closed_at, call.now());
            request.put(R::closed_by_id, call.viewer_id());
        }
        Some(_) => {
            request.put(R::current_status, AppointmentRequestStatus::OPEN);
            request.clear(R::closed_at);
            request.clear(R::closed_by_id);
        }
        None => {}
    }
    call.check(&request)?;
    Ok(request.save(call).into())
}

pub fn appointment_requests() -> List<R, Args> {
    List::new()
        .filter(Args::current_statuses, |request, statuses| {
            statuses.is_empty() || request.get(R::current_status).is_some_and(|status| statuses.contains(&status))
        })
        .filter(Args::appointment_location_ids, |request, places| {
            places.is_empty() || request.get(R::appointment_location_id).is_some_and(|place| places.contains(&place))
        })
        .filter(Args::range_start, |request, day| first_day(request).is_some_and(|first| first >= day))
        .filter(Args::range_end, |request, day| first_day(request).is_some_and(|first| first <= day))
        // Documented: of no use.
        .accepts(Args::with_org)
        .accepts(Args::current_status)
        .order("DATE", &[R::created_at.slot])
        .order_by("REQUESTED_DATE", |request| first_slot(request).map_or(Value::Null, |at| Value::Instant(at.as_microsecond())))
        .order_by("APPT_TYPE", |request| {
            let kind = request.follow::<AppointmentType, _>(R::appointment_type_id);
            kind.map_or(Value::Null, |kind| Value::from(kind.get(AppointmentType::name).unwrap_or_default().to_lowercase()))
        })
        .order_by("CLIENT_NAME", |request| Value::from(name(request)))
        .order_by("REQ_PROVIDER", |request| {
            let provider = request.follow::<User, _>(R::provider_id);
            provider.map_or(Value::Null, |provider| Value::from(crate::domain::people::full_name(&provider).to_lowercase()))
        })
        // Assumed: who is no client yet comes first, or last.
        .order_by("NEW_CLIENTS", |request| Value::Bool(request.get(R::patient_id).is_some()))
        .order_by("ACTIVE_CLIENTS", |request| Value::Bool(request.get(R::patient_id).is_none()))
        .default_order("DATE_DESC")
}

fn name(request: &View<'_, R>) -> String {
    let [last, first] = [R::last_name, R::first_name].map(|part| request.get(part).unwrap_or_default().to_lowercase());
    format!("{last} {first}")
}

fn first_slot(request: &View<'_, R>) -> Option<jiff::Timestamp> {
    let slots = request.on.having(AppointmentRequestSlotType::appointment_request_id, request.id());
    slots.filter_map(|slot| slot.get(AppointmentRequestSlotType::slot_start)).min()
}

fn first_day(request: &View<'_, R>) -> Option<jiff::civil::Date> {
    Some(request.on.viewer().zone.to_datetime(first_slot(request)?).date())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn somebody_asks_without_a_key_and_the_practice_closes_the_request() {
        let clinic = Clinic::open();
        let provider = clinic.id("User", "provider");
        let made = clinic.as_role("nobody").run(&format!(
            r#"mutation {{ createAppointmentRequest(input: {{provider_id: "{provider}", timezone: "America/New_York", reason: "Knee",
                first_name: "Ida", last_name: "Fern", email: "ida@mail.example", phone: "212-555-0199", selected_state: "NY",
                slots: [{{slot_start: "2026-03-10T14:00:00Z", slot_end: "2026-03-10T15:00:00Z"}}]}}) {{
                appointmentRequest {{ id current_status slots {{ slot_start }} }} messages {{ field message }} }} }}"#
        ));
        let request = &made["data"]["createAppointmentRequest"]["appointmentRequest"];
        assert_eq!(request["current_status"], "OPEN", "{made}");
        assert_eq!(request["slots"].as_array().map(Vec::len), Some(1));
        let id = request["id"].as_str().expect("an id");
        let listed = clinic.run(r#"{ appointmentRequests(range_start: "2026-03-10", range_end: "2026-03-10") { nodes { first_name provider { last_name } } } }"#);
        assert_eq!(listed["data"]["appointmentRequests"]["nodes"], json!([{ "first_name": "Ida", "provider": { "last_name": "Raman" } }]));
        let closed = clinic.run(&format!(
            r#"mutation {{ updateAppointmentRequest(input: {{id: "{id}", status: CLOSED}}) {{ appointmentRequest {{ current_status closed_at closed_by {{ first_name }} }} }} }}"#
        ));
        let expected =
            json!({ "current_status": "CLOSED", "closed_at": "2026-03-02T10:00:00-05:00", "closed_by": { "first_name": "Margaret" } });
        assert_eq!(closed["data"]["updateAppointmentRequest"]["appointmentRequest"], expected);
        assert_eq!(clinic.events(), [] as [&str; 0]);
    }

    #[test]
    fn a_request_says_why_and_where() {
        let clinic = Clinic::open();
        let blank = [("timezone", "can't be blank"), ("reason", "can't be blank")];
        clinic.refuses(r#"createAppointmentRequest(input: {timezone: "", reason: " "})"#, &blank);
    }
}
