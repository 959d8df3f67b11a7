//! `createAppointment`: a member books a visit, or blocks out time on a calendar.

use super::{
    appointment::MINUTES,
    attendance,
    calendar::{Deed, refuse_without_permission},
    providers,
    times::Times,
};
use crate::engine::{CANT_BE_BLANK, Call, Made, Refusal, Row};
use crate::schema::names::{Appointment, AppointmentType, Organization, User, createAppointmentInput as Input};
use crate::schema::{Named, Version};
use jiff::{Timestamp, ToSpan};

const TIMES: Times<Input> = Times {
    datetime: Input::datetime,
    date: Input::date,
    time: Input::time,
    end_date: Input::end_date,
    end_time: Input::end_time,
    timezone: Input::timezone,
};

pub fn create_appointment(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let blocks_time = call.is(Input::is_blocker);
    // Observed: the key's user provides the visit too where only `providers` is sent.
    let provider = providers::primary(call, Input::other_party_id)?.unwrap_or(call.viewer_id());
    refuse_without_permission(call, Deed::Create, call.viewer().is(provider), blocks_time)?;
    refuse_in_inactive_organization(call)?;
    refuse_blanks(call, blocks_time)?;

    let kind = kind(call)?;
    let starts_at = starts_at(call)?;
    let ends_at = ends_at(call, starts_at, kind.as_ref())?;
    let others = providers::additional(call, Input::providers)?.unwrap_or_default();
    let is_group = kind.as_ref().is_some_and(|kind| kind.is(AppointmentType::is_group));
    let clients = if blocks_time { vec![] } else { clients(call, is_group)? };

    let booker = call.viewer_id();
    let mut visit = call
        .draft::<Appointment>()
        .set(Appointment::date, starts_at)
        .set(Appointment::ends_at, ends_at)
        .set(Appointment::other_party_id, provider)
        .set(Appointment::additional_provider_ids, others)
        .set(Appointment::is_group, is_group)
        .set(Appointment::initiator_id, booker)
        // Documented: what a provider books is confirmed.
        .set(Appointment::confirmed, true)
        .set(Appointment::client_confirmed, true);
    if let ([client], false) = (&clients[..], is_group) {
        visit.put(Appointment::user_id, *client);
    }
    visit.put(Appointment::attendee_ids, clients);
    let visit = visit.save(call);
    attendance::follow_attendees(call, &visit);
    if call.is(Input::suppress_webhook_notifications) {
        call.silence(&visit);
    }
    Ok(visit.into())
}

/// Documented (Organization.is_active): an inactive one books nothing. Assumed: the text.
fn refuse_in_inactive_organization<I: Named>(call: &Call<'_, I>) -> Result<(), Refusal> {
    let own = call.on().find_any::<Organization>(call.viewer().organization());
    match own.and_then(|own| own.get(Organization::is_active)) {
        Some(false) => Err(Refusal::base("Organization is inactive")),
        _ => Ok(()),
    }
}

/// Documented: only a blocker goes without a contact type; assumed, from a guide, of the appointment type too.
fn refuse_blanks(call: &Call<'_, Input>, blocks_time: bool) -> Result<(), Refusal> {
    let blank = |name, is_blank| (!blocks_time && is_blank).then(|| Refusal::named(name, CANT_BE_BLANK));
    let contact_type = blank(Input::contact_type.name(), call.is_blank(Input::contact_type));
    let kind = blank(Input::appointment_type_id.name(), call.is_blank(Input::appointment_type_id));
    // Documented (2025-04-01): visits in person need a place.
    let in_person = call.get(Input::contact_type)?.is_some_and(|way| way.eq_ignore_ascii_case("In Person"));
    let needs_place = in_person && call.scene().version >= Version::V2026_01_01;
    let place = needs_place && call.is_blank(Input::appointment_location_id);
    Refusal::all([contact_type, kind, blank(Input::appointment_location_id.name(), place)].into_iter().flatten())
}

fn kind(call: &Call<'_, Input>) -> Result<Option<Row<AppointmentType>>, Refusal> {
    if call.is_blank(Input::appointment_type_id) {
        return Ok(None);
    }
    call.target(Input::appointment_type_id).map(Some)
}

fn starts_at(call: &Call<'_, Input>) -> Result<Timestamp, Refusal> {
    // Assumed: `start_immediately` is now, whatever else is said.
    let now = call.is(Input::start_immediately).then_some(call.now());
    let starts_at = now.map_or_else(|| TIMES.start(call, None), |now| Ok(Some(now)))?;
    starts_at.ok_or_else(|| Refusal::on(Input::date, CANT_BE_BLANK))
}

/// Documented: there is no `length`; the type says how long it takes, and blocks say when they end.
fn ends_at(call: &Call<'_, Input>, starts_at: Timestamp, kind: Option<&Row<AppointmentType>>) -> Result<Timestamp, Refusal> {
    if let Some(ends_at) = TIMES.end(call, starts_at)? {
        return Ok(ends_at);
    }
    let minutes = match kind {
        Some(kind) => kind.get(AppointmentType::length).unwrap_or(MINUTES),
        None => return Err(Refusal::on(Input::end_time, CANT_BE_BLANK)),
    };
    Ok(starts_at + minutes.minutes())
}

/// Documented (2025-05-15): `attendee_ids` may name the one client of an individual visit. Observed before that too.
fn clients(call: &Call<'_, Input>, is_group: bool) -> Result<Vec<u64>, Refusal> {
    let attendees = call.targets::<User>(Input::attendee_ids)?;
    if !is_group && attendees.len() > 1 && call.scene().version >= Version::V2026_01_01 {
        return Err(Refusal::on(Input::attendee_ids, "can only have one attendee for an individual appointment"));
    }
    let mut clients: Vec<u64> = attendees.iter().map(Row::id).collect();
    if !call.is_blank(Input::user_id) {
        let client = call.target::<User, _>(Input::user_id)?.id();
        clients.insert(0, client);
    }
    let mut seen = vec![];
    clients.retain(|client| {
        !seen.contains(client) && {
            seen.push(*client);
            true
        }
    });
    Ok(clients)
}
