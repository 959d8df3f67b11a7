//! Credits: the visits of a type that a client has paid for, and why their number changed.

use crate::domain::{payments::money, scheduling_settings};
use crate::engine::{Call, Entity, Nested, Refusal, Row, Value};
use crate::schema::Named;
use crate::schema::names::{
    Appointment, AppointmentCreditChange as Change, AppointmentInclusionType as Inclusion, AppointmentSetting, AppointmentType,
    AppointmentTypeCredit as Credit, AppointmentTypeCreditInput as Input, User,
};

/// More than anybody has of one type.
const MOST: i64 = 1_000_000;

pub fn credit() -> Entity<Credit> {
    Entity::usual().about_only(Credit::user_id).answers(Credit::form_id, |credit| Value::Id(credit.id()).into())
}

#[derive(Clone, Copy)]
pub enum Why {
    /// With the package that has this id.
    Bought(u64),
    Booked(u64),
    Cancelled(u64),
    ByHand,
}

/// Changes how many visits of a type somebody has paid for, and writes down why.
pub fn change<I: Named>(call: &mut Call<'_, I>, patient: u64, kind: u64, by: i64, why: Why) {
    let home = call.find_any::<User>(patient).map_or(0, |patient| patient.organization());
    let known = of(call, patient, kind);
    let after = (known.as_ref().map_or(0, quantity) + by).clamp(-MOST, MOST);
    let credit = match &known {
        Some(known) => call.change(known),
        None => call.blank_draft::<Credit>().belongs_to(home).set(Credit::user_id, patient).set(Credit::appointment_type_id, kind),
    };
    credit.set(Credit::quantity, after.to_string()).save(call);
    // Assumed: the words.
    let event = match why {
        Why::Bought(_) => "Package Purchased",
        Why::Booked(_) => "Appointment Booked",
        Why::Cancelled(_) => "Appointment Cancelled",
        Why::ByHand => "Manual Change",
    };
    let mut change = call
        .blank_draft::<Change>()
        .belongs_to(home)
        .set(Change::user_id, patient)
        .set(Change::appointment_type_id, kind)
        .set(Change::credit_quantity, after)
        .set(Change::credit_change_event, event.to_owned())
        .set(Change::credit_change_event_type, if by < 0 { "decrease" } else { "increase" }.to_owned());
    match why {
        Why::Bought(package) => change.put(Change::offering, package),
        Why::Booked(visit) | Why::Cancelled(visit) => change.put(Change::appointment, visit),
        Why::ByHand => {}
    }
    match call.viewer_id() {
        0 => {}
        initiator => change.put(Change::initiator, initiator),
    }
    change.save(call);
}

/// Documented: by `id` or by type, and the change is written down. Assumed: the texts.
pub fn set<I: Named>(call: &mut Call<'_, I>, patient: &Row<User>, input: &Nested<'_, Input>) -> Result<(), Refusal> {
    let kind = match input.get(Input::id) {
        Some(id) => {
            let known = call.find_any::<Credit>(id).filter(|known| known.get(Credit::user_id) == Some(patient.id()));
            known.and_then(|known| known.get(Credit::appointment_type_id)).ok_or_else(|| Refusal::not_found("id", Credit::TYPE.name()))?
        }
        None => {
            let id = input.get(Input::appointment_type_id);
            let kind = id.and_then(|id| call.find_any::<AppointmentType>(id)).filter(|kind| kind.organization() == patient.organization());
            kind.map(|kind| kind.id()).ok_or_else(|| Refusal::not_found("appointment_type_id", AppointmentType::TYPE.name()))?
        }
    };
    let Some(wanted) = input.get(Input::quantity).filter(|wanted| !wanted.trim().is_empty()) else { return Ok(()) };
    let wanted = wanted.trim().parse::<i64>().ok().filter(|wanted| wanted.abs() <= MOST);
    let wanted = wanted.ok_or_else(|| Refusal::named("quantity", "is not a number"))?;
    let by = wanted - of(call, patient.id(), kind).as_ref().map_or(0, quantity);
    if by != 0 {
        change(call, patient.id(), kind, by, Why::ByHand);
    }
    Ok(())
}

/// Who takes up a credit of a visit: its clients, as long as neither it nor their coming is called off.
pub fn takers<I: Named>(call: &Call<'_, I>, visit: &Row<Appointment>) -> Vec<u64> {
    let status = visit.get(Appointment::pm_status);
    if visit.get(Appointment::deleted_at).is_some() || status.is_some_and(|status| ["Cancelled", "No-Show"].contains(&status)) {
        return vec![];
    }
    let gone: Vec<u64> = call
        .having(Inclusion::appointment_id, visit.id())
        .iter()
        .filter(|inclusion| inclusion.get(Inclusion::cancelled_at).is_some())
        .filter_map(|inclusion| inclusion.get(Inclusion::user_id))
        .collect();
    let mut all = visit.get(Appointment::attendee_ids).unwrap_or_default();
    all.retain(|client| !gone.contains(client));
    all
}

/// Documented: where credits are in use a booking takes one, below zero too, and a visit that is cancelled or missed gives it
/// back, if the settings say so. `before` is who took one up until now. Assumed: a visit that is deleted gives it back as well.
pub fn follow_visit<I: Named>(call: &mut Call<'_, I>, before: &[u64], visit: &Row<Appointment>) {
    let now = takers(call, visit);
    let Some(kind) = visit.get(Appointment::appointment_type_id).filter(|_| now != before) else { return };
    let settings = scheduling_settings::effective(call.on(), visit.get(Appointment::other_party_id), Some(kind));
    if !settings.is(AppointmentSetting::use_client_credit_system) {
        return;
    }
    let gives_back = settings.is(AppointmentSetting::restore_credit_on_cancel);
    for client in now.iter().filter(|client| !before.contains(client)) {
        change(call, *client, kind, -1, Why::Booked(visit.id()));
    }
    for client in before.iter().filter(|client| gives_back && !now.contains(client)) {
        change(call, *client, kind, 1, Why::Cancelled(visit.id()));
    }
}

fn of<I: Named>(call: &Call<'_, I>, patient: u64, kind: u64) -> Option<Row<Credit>> {
    call.having(Credit::user_id, patient).into_iter().find(|credit| credit.get(Credit::appointment_type_id) == Some(kind))
}

fn quantity(credit: &Row<Credit>) -> i64 {
    money::of(credit.get(Credit::quantity)) / 100
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    fn left(clinic: &Clinic) -> String {
        let patient = clinic.id("User", "patient");
        let answer = clinic.run(&format!("{{ user(id: {patient}) {{ appointment_type_credits {{ quantity }} }} }}"));
        answer["data"]["user"]["appointment_type_credits"][0]["quantity"].as_str().unwrap_or_default().to_owned()
    }

    #[test]
    fn a_visit_takes_a_credit_and_gives_it_back_when_it_is_cancelled() {
        let clinic = Clinic::open();
        let (client, kind) = (clinic.id("User", "patient"), clinic.id("AppointmentType", "follow_up"));
        let book = format!(
            r#"mutation {{ createAppointment(input: {{ user_id: "{client}", appointment_type_id: "{kind}",
                contact_type: "Phone Call", datetime: "2026-03-20 10:00" }}) {{ appointment {{ id }} }} }}"#
        );
        clinic.run(&book);
        assert_eq!(left(&clinic), "3", "credits are not in use");
        clinic.run("mutation { updateAppointmentSetting(input: { use_client_credit_system: true }) { messages { message } } }");
        let visit = clinic.run(&book)["data"]["createAppointment"]["appointment"]["id"].clone();
        assert_eq!(left(&clinic), "2");
        let status = |status: &str| {
            clinic.run(&format!(
                r#"mutation {{ updateAppointment(input: {{ id: {visit}, pm_status: "{status}" }}) {{ messages {{ message }} }} }}"#
            ));
            left(&clinic)
        };
        assert_eq!(["Occurred", "Cancelled", "Occurred", "No-Show"].map(status), ["2", "3", "2", "3"]);
        let log = clinic.run(&format!(
            r#"{{ appointmentTypeCreditChanges(user_id: "{client}", appointment_type_id: "{kind}") {{ credit_quantity appointment {{ id }} }} }}"#
        ));
        let changes = log["data"]["appointmentTypeCreditChanges"].as_array().unwrap();
        assert_eq!(changes.iter().filter(|change| change["appointment"]["id"] == visit).count(), 4, "{log}");
    }
}
