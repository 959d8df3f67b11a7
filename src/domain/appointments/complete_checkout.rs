//! `completeCheckout`: a client, or somebody who is none yet, books a free time or joins a group.

use super::{attendance, calendar::TAKEN, notices};
use crate::domain::{availability::Search, packages::credits, payments, people::is_member, scheduling_settings, users};
use crate::engine::{Answer, CANT_BE_BLANK, Call, Made, Refusal, Row, Value, moment};
use crate::schema::Named;
use crate::schema::names::{
    Appointment, AppointmentSetting, AppointmentType, User, completeCheckoutInput as Input, completeCheckoutPayload as Payload,
};
use jiff::Timestamp;

pub fn complete_checkout(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    // Nobody is charged here; a card that comes along with a booking is kept by nobody.
    for field in [Input::is_adding_credit_card, Input::is_joining_waitlist, Input::is_gift] {
        call.accept(field);
    }
    // Documented: the text, for this mutation too. Assumed: whoever books, since a price may be anybody's.
    if !payments::processor::takes_payments(call.on(), call.viewer().organization()) {
        return Err(Refusal::base(payments::processor::NO_BANK));
    }
    let mut sessions: Vec<u64> = call.get(Input::appointment_ids)?.unwrap_or_default();
    sessions.extend(call.get(Input::appointment_id)?);
    if !sessions.is_empty() {
        return join(call, &sessions);
    }
    book(call)
}

/// Documented: always a free time, of the type with the provider, in the caller's zone.
fn book(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let blank = [
        (Input::provider_id.name(), call.is_blank(Input::provider_id)),
        (Input::appointment_type_id.name(), call.is_blank(Input::appointment_type_id)),
        (Input::contact_type.name(), call.is_blank(Input::contact_type)),
        (Input::date.name(), call.is_blank(Input::date)),
    ];
    Refusal::all(blank.into_iter().filter(|(_, blank)| *blank).map(|(field, _)| Refusal::named(field, CANT_BE_BLANK)))?;
    let provider = provider(call, call.require(Input::provider_id)?)?;
    let kind = call.target::<AppointmentType, _>(Input::appointment_type_id)?;
    let start = call.require(Input::date)?;
    refuse_no_slot(call, provider.id(), &kind, start)?;
    let (client, is_new) = client(call, &provider)?;

    let settings = scheduling_settings::effective(call.on(), Some(provider.id()), Some(kind.id()));
    // Documented: what clients book is pending, unless the settings say otherwise.
    let (confirmed, asks) = (settings.is(AppointmentSetting::confirm_by_default), settings.is(AppointmentSetting::ask_clients_to_confirm));
    let minutes = kind.get(AppointmentType::length).unwrap_or(super::appointment::MINUTES);
    let visit = call
        .draft::<Appointment>()
        .belongs_to(provider.organization())
        .set(Appointment::date, start)
        .set(Appointment::ends_at, moment::later(start, minutes * 60))
        .set(Appointment::other_party_id, provider.id())
        .set(Appointment::is_group, false)
        .set(Appointment::initiator_id, client.id())
        .set(Appointment::confirmed, confirmed)
        .set(Appointment::client_confirmed, !asks)
        .set(Appointment::user_id, client.id())
        .set(Appointment::attendee_ids, vec![client.id()]);
    let visit = visit.save(call);
    attendance::follow_attendees(call, &visit);
    payments::invoice_visit(call, &visit);
    credits::follow_visit(call, &[], &visit);
    notices::tell(call, None, &visit);
    let shown = Answer::from(visit);
    Ok(told(Made::nothing().also(Payload::appointment, shown), &client, is_new))
}

/// Documented: by the sessions that are on the calendar; full ones have a waiting list, where the type has one.
fn join(call: &mut Call<'_, Input>, sessions: &[u64]) -> Result<Made, Refusal> {
    let found: Option<Vec<Row<Appointment>>> = sessions.iter().map(|id| open_session(call, *id)).collect();
    let Some(found) = found else { return Err(Refusal::not_found(Input::appointment_id.name(), Appointment::TYPE.name())) };
    let host = found[0].get(Appointment::other_party_id).unwrap_or_default();
    let provider = provider(call, call.get(Input::provider_id)?.unwrap_or(host))?;
    for session in &found {
        let waits = call.is(Input::is_joining_waitlist) && has_waitlist(call, session);
        let is_full = call.on().find_any::<Appointment>(session.id()).is_some_and(|session| crate::domain::availability::is_full(&session));
        if is_full && !waits {
            return Err(Refusal::on(Input::appointment_id, "is fully booked"));
        }
    }
    let (client, is_new) = client(call, &provider)?;
    let mut joined = vec![];
    for session in &found {
        let mut clients = session.get(Appointment::attendee_ids).unwrap_or_default();
        if !clients.contains(&client.id()) {
            clients.push(client.id());
        }
        let had_credit = credits::takers(call, session);
        let saved = call.change(session).set(Appointment::attendee_ids, clients).save(call);
        attendance::follow_attendees(call, &saved);
        credits::follow_visit(call, &had_credit, &saved);
        notices::tell(call, Some(session), &saved);
        joined.push(saved);
    }
    let first = Answer::from(joined[0].clone());
    let made = Made::nothing().also(Payload::appointment, first).also(Payload::appointments, Answer::records(joined));
    Ok(told(made, &client, is_new))
}

fn open_session(call: &Call<'_, Input>, id: u64) -> Option<Row<Appointment>> {
    let session = call.on().find_any::<Appointment>(id)?;
    let is_open = session.is(Appointment::is_group) && super::is_active(&session) && session.get(Appointment::date) > Some(call.now());
    is_open.then(|| session.row().clone())
}

fn has_waitlist(call: &Call<'_, Input>, session: &Row<Appointment>) -> bool {
    let kind = session.get(Appointment::appointment_type_id).and_then(|kind| call.find_any::<AppointmentType>(kind));
    kind.is_some_and(|kind| kind.is(AppointmentType::is_waitlist_enabled))
}

fn provider(call: &Call<'_, Input>, id: u64) -> Result<Row<User>, Refusal> {
    let found = call.on().find_any::<User>(id).filter(|user| is_member(user) && user.get(User::active) != Some(false));
    found.map(|user| user.row().clone()).ok_or_else(|| Refusal::not_found(Input::provider_id.name(), User::TYPE.name()))
}

fn refuse_no_slot(call: &Call<'_, Input>, provider: u64, kind: &Row<AppointmentType>, start: Timestamp) -> Result<(), Refusal> {
    let on = call.on();
    let zone = call.zone().clone();
    let day = zone.to_datetime(start).date();
    let search = Search {
        place: call.get(Input::appointment_location_id)?,
        way: call.get(Input::contact_type)?.map(str::to_owned),
        ..Search::of(provider, Some(kind.id()), day..=day, zone)
    };
    let is_free = search.slots(on).iter().any(|slot| slot.start == start && slot.session.is_none());
    if is_free { Ok(()) } else { Err(Refusal::on(Input::date, TAKEN)) }
}

/// Documented: the patient who calls; else one of the practice with that address, who comes back where archived; else a new
/// one. Assumed: of several with the address it is the one with that name.
fn client(call: &mut Call<'_, Input>, provider: &Row<User>) -> Result<(Row<User>, bool), Refusal> {
    if call.viewer().is_patient() {
        for field in [Input::first_name, Input::last_name, Input::email, Input::phone_number, Input::legal_name] {
            call.accept(field);
        }
        return call
            .find_any::<User>(call.viewer_id())
            .map(|me| (me, false))
            .ok_or_else(|| Refusal::no_permission("complete this checkout"));
    }
    let blank = [Input::first_name, Input::last_name, Input::email].into_iter().filter(|field| call.is_blank(*field));
    Refusal::all(blank.map(|field| Refusal::on(field, CANT_BE_BLANK)))?;
    let (first, last) = (call.require(Input::first_name)?.trim(), call.require(Input::last_name)?.trim());
    let email = call.require(Input::email)?.trim();
    let known = call.having(User::email, email.to_owned()).into_iter();
    let known: Vec<Row<User>> = known.filter(|user| user.is(User::is_patient) && user.organization() == provider.organization()).collect();
    let named = |user: &&Row<User>| {
        let same = |field, wanted: &str| user.get(field).is_some_and(|own: &str| own.trim().eq_ignore_ascii_case(wanted));
        same(User::first_name, first) && same(User::last_name, last)
    };
    if let Some(known) = known.iter().find(named).or(known.first()) {
        let is_archived = known.get(User::active) == Some(false);
        let known = if is_archived { back(call, known) } else { known.clone() };
        return Ok((known, false));
    }
    let mut patient = call.draft::<User>().belongs_to(provider.organization()).set(User::is_patient, true);
    patient.put(User::dietitian_id, provider.id());
    call.check(&patient)?;
    users::refuse_invalid_email(&patient)?;
    users::refuse_taken_email(call, &patient)?;
    let patient = users::set_signup_token(call, patient).save(call);
    Ok((patient, true))
}

fn back(call: &mut Call<'_, Input>, known: &Row<User>) -> Row<User> {
    let mut patient = call.change(known).set(User::active, true);
    patient.clear(User::archived_at);
    patient.save(call)
}

fn told(made: Made, client: &Row<User>, is_new: bool) -> Made {
    made.also(Payload::patientEmail, Value::from(client.get(User::email).map(str::to_owned)))
        .also(Payload::formAnswerGroupSaved, Value::Bool(false))
        .also(Payload::reassignClientProvider, Value::Bool(is_new))
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    fn book(clinic: &Clinic, date: &str, more: &str) -> String {
        let (provider, kind) = (clinic.id("User", "provider"), clinic.id("AppointmentType", "follow_up"));
        format!(
            r#"completeCheckout(input: {{provider_id: "{provider}", appointment_type_id: "{kind}", contact_type: "Phone Call",
                date: "{date}", timezone: "America/New_York" {more}}})"#
        )
    }

    const IDA: &str = r#"first_name: "Ida", last_name: "Fern", email: "ida@mail.example", phone_number: "212-555-0199""#;

    #[test]
    fn somebody_new_books_a_free_time_and_is_a_patient_from_then_on() {
        let clinic = Clinic::open();
        let book = book(&clinic, "2026-03-04 10:00:00 -0500", IDA);
        let shown = "{ appointment { date confirmed pm_status } patientEmail reassignClientProvider messages { field message } }";
        let answer = clinic.as_role("nobody").run(&format!("mutation {{ {book} {shown} }}"));
        assert_eq!(answer["data"]["completeCheckout"]["patientEmail"], "ida@mail.example", "{answer}");
        assert_eq!(answer["data"]["completeCheckout"]["reassignClientProvider"], true);
        assert!(answer["data"]["completeCheckout"]["messages"].is_null());
        assert_eq!(clinic.events(), ["patient.created", "appointment.created"]);
        let found = clinic.run(
            r#"{ users(keywords: "ida@mail.example") { full_name dietitian { last_name } upcoming_appointments { date confirmed } } }"#,
        );
        let ida = json!({ "full_name": "Ida Fern", "dietitian": { "last_name": "Raman" },
            "upcoming_appointments": [{ "date": "2026-03-04 10:00:00 -0500", "confirmed": false }] });
        assert_eq!(found["data"]["users"], json!([ida]));
        clinic.as_role("nobody").refuses(&book, &[("date", "is no longer available")]);
    }

    #[test]
    fn a_patient_books_for_themselves() {
        let clinic = Clinic::open().as_role("patient");
        let book = book(&clinic, "2026-03-04 10:15:00 -0500", "");
        let answer = clinic.run(&format!("mutation {{ {book} {{ appointment {{ date user {{ first_name }} }} messages {{ field }} }} }}"));
        let visit = json!({ "date": "2026-03-04 10:15:00 -0500", "user": { "first_name": "Ava" } });
        assert_eq!(answer["data"]["completeCheckout"], json!({ "appointment": visit, "messages": null }));
    }

    #[test]
    fn a_group_is_joined_until_it_is_full() {
        let clinic = Clinic::open();
        let class = clinic.id("Appointment", "class");
        let join = format!(r#"completeCheckout(input: {{appointment_id: "{class}", {IDA}}})"#);
        clinic
            .run(&format!(r#"mutation {{ updateAppointment(input: {{id: "{class}", max_attendees: "4"}}) {{ messages {{ field }} }} }}"#));
        let answer = clinic.as_role("nobody").run(&format!("mutation {{ {join} {{ appointments {{ is_group }} messages {{ field }} }} }}"));
        assert_eq!(answer["data"]["completeCheckout"], json!({ "appointments": [{ "is_group": true }], "messages": null }));
        let other = join.replace("ida@", "uma@").replace("Ida", "Uma");
        clinic.as_role("nobody").refuses(&other, &[("appointment_id", "is fully booked")]);
    }

    #[test]
    fn what_a_booking_needs() {
        let clinic = Clinic::open().as_role("nobody");
        let blank = ["provider_id", "appointment_type_id", "contact_type", "date"].map(|field| (field, "can't be blank"));
        clinic.refuses("completeCheckout(input: {})", &blank);
        let nobody = ["first_name", "last_name", "email"].map(|field| (field, "can't be blank"));
        clinic.refuses(&book(&clinic, "2026-03-04 10:00:00 -0500", ""), &nobody);
        clinic.refuses(&book(&clinic, "2026-03-04 20:00:00 -0500", IDA), &[("date", "is no longer available")]);
    }
}
