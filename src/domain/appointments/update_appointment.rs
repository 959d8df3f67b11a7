//! `updateAppointment`: moves a visit, says how it went, changes who comes. Only what is sent changes.

use super::{
    appointment::MINUTES,
    attendance,
    calendar::{self, Deed, Wanted, refuse_unavailable, refuse_without_permission},
    clients, notices, providers, recurring,
    reschedule::reschedule,
    times::Times,
};
use crate::domain::{encounters, packages::credits};
use crate::engine::{CANT_BE_BLANK, Call, Draft, Given, Made, Refusal, Row, Value, moment};
use crate::schema::names::{Appointment, AppointmentInclusionType, AppointmentType, AttendedClientsInput, updateAppointmentInput as Input};

pub const TIMES: Times<Input> = Times {
    datetime: Input::datetime,
    date: Input::date,
    time: Input::time,
    end_date: Input::end_date,
    end_time: Input::end_time,
    timezone: Input::timezone,
};

pub fn update_appointment(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let before = calendar::target(call, Input::id)?;
    if call.viewer().is_patient() {
        return reschedule(call, &before);
    }
    let own = calendar::is_own(call.viewer(), &before);
    if !changes_only_the_status(call) {
        refuse_without_permission(call, Deed::Update, own, before.is(Appointment::is_blocker))?;
    }

    refuse_blanks(call, &before)?;
    let mut visit = call.edit(&before);
    change_kind(call, &before, &mut visit)?;
    move_to(call, &before, &mut visit)?;
    change_providers(call, &before, &mut visit)?;
    change_clients(call, &mut visit)?;
    change_status(call, &before, &mut visit)?;
    if call.is(Input::enforce_availability)
        && let (Some(start), Some(end)) = (visit.get(Appointment::date), visit.get(Appointment::ends_at))
    {
        let others = visit.get(Appointment::additional_provider_ids).unwrap_or_default();
        let provider = visit.get(Appointment::other_party_id).unwrap_or_default();
        let kind = visit.get(Appointment::appointment_type_id);
        let wanted = Wanted { provider, others: &others, kind, time: start..end, moving: Some(before.id()) };
        refuse_unavailable(call, Input::date.name(), &wanted)?;
    }
    let mut visit = save(call, &before, visit);
    if call.is(Input::updateRecurring) && before.get(Appointment::recurring_appointment_id).is_some() {
        visit = recurring::follow(call, &before, &visit);
    }
    let had_credit = credits::takers(call, &visit);
    mark_clients(call, &visit)?;
    credits::follow_visit(call, &had_credit, &visit);
    Ok(visit.into())
}

/// A visit that differs was changed by whoever calls; one that doesn't stays as it is, and announces nothing.
pub fn save(call: &mut Call<'_, Input>, before: &Row<Appointment>, mut visit: Draft<Appointment>) -> Row<Appointment> {
    if visit.differs_from(before) {
        visit.put(Appointment::last_updated_by_id, call.viewer_id());
    }
    let had_credit = credits::takers(call, before);
    let visit = visit.save(call);
    attendance::follow_attendees(call, &visit);
    credits::follow_visit(call, &had_credit, &visit);
    encounters::follow_visit(call, &visit);
    if !call.is(Input::skip_notification_email) {
        notices::tell(call, Some(before), &visit);
    }
    if call.is(Input::suppress_webhook_notifications) {
        call.silence(&visit);
    }
    visit
}

/// Assumed: what a visit needs when it is booked cannot be taken from it.
fn refuse_blanks(call: &Call<'_, Input>, before: &Row<Appointment>) -> Result<(), Refusal> {
    let blocks_time = call.get(Input::is_blocker)?.unwrap_or(before.is(Appointment::is_blocker));
    let taken = |name, is_sent: bool, is_blank: bool| (!blocks_time && is_sent && is_blank).then(|| Refusal::named(name, CANT_BE_BLANK));
    let contact_type = taken(Input::contact_type.name(), call.given(Input::contact_type)?.is_sent(), call.is_blank(Input::contact_type));
    let kind_is_sent = call.given(Input::appointment_type_id)?.is_sent();
    let kind = taken(Input::appointment_type_id.name(), kind_is_sent, call.is_blank(Input::appointment_type_id));
    Refusal::all([contact_type, kind].into_iter().flatten())
}

/// Assumed: another type brings its own length.
fn change_kind(call: &Call<'_, Input>, before: &Row<Appointment>, visit: &mut Draft<Appointment>) -> Result<(), Refusal> {
    if call.is_blank(Input::appointment_type_id) {
        return Ok(());
    }
    let kind = call.target::<AppointmentType, _>(Input::appointment_type_id)?;
    if before.get(Appointment::appointment_type_id) == Some(kind.id()) {
        return Ok(());
    }
    visit.put(Appointment::is_group, kind.is(AppointmentType::is_group));
    if let Some(start) = before.get(Appointment::date) {
        visit.put(Appointment::ends_at, moment::later(start, kind.get(AppointmentType::length).unwrap_or(MINUTES) * 60));
    }
    Ok(())
}

/// Observed: clients move a visit by `date`, `time`, `end_date` and `end_time`. Assumed: without an end it takes as long as
/// before.
pub fn move_to(call: &Call<'_, Input>, before: &Row<Appointment>, visit: &mut Draft<Appointment>) -> Result<(), Refusal> {
    let Some(was) = before.get(Appointment::date) else { return Ok(()) };
    let start = TIMES.start(call, Some(was))?.unwrap_or(was);
    let seconds = visit.get(Appointment::ends_at).map_or(MINUTES * 60, |end| end.as_second() - was.as_second());
    let end = TIMES.end(call, start)?.unwrap_or(moment::later(start, seconds));
    visit.put(Appointment::date, start);
    visit.put(Appointment::ends_at, end);
    Ok(())
}

fn change_providers(call: &Call<'_, Input>, before: &Row<Appointment>, visit: &mut Draft<Appointment>) -> Result<(), Refusal> {
    let primary = providers::primary(call, Input::other_party_id)?.or(before.get(Appointment::other_party_id));
    if let Some(primary) = primary {
        visit.put(Appointment::other_party_id, primary);
    }
    if let Some(others) = providers::additional(call, Input::providers)? {
        visit.put(Appointment::additional_provider_ids, others);
    }
    Ok(())
}

/// Documented: `attendee_ids` replaces who comes; `user_id` does for the one client of an individual visit.
fn change_clients(call: &Call<'_, Input>, visit: &mut Draft<Appointment>) -> Result<(), Refusal> {
    if call.given(Input::attendee_ids)?.is_sent() {
        visit.put(Appointment::attendee_ids, clients::several(call, Input::attendee_ids)?);
    }
    match call.given(Input::user_id)? {
        Given::Absent => {}
        Given::Null => visit.put(Appointment::attendee_ids, vec![]),
        Given::Value(_) => {
            let client = clients::one(call, Input::user_id)?;
            let mut clients = visit.get(Appointment::attendee_ids).unwrap_or_default();
            match visit.get(Appointment::is_group) {
                Some(true) if clients.contains(&client) => {}
                Some(true) => clients.push(client),
                _ => clients = vec![client],
            }
            visit.put(Appointment::attendee_ids, clients);
        }
    }
    let clients = visit.get(Appointment::attendee_ids).unwrap_or_default();
    match (&clients[..], visit.get(Appointment::is_group)) {
        ([client], Some(false) | None) => visit.put(Appointment::user_id, *client),
        _ => visit.clear(Appointment::user_id),
    }
    Ok(())
}

/// Assumed, from the names of the flags: who may only set statuses may do so, as long as nothing else is sent.
fn changes_only_the_status(call: &Call<'_, Input>) -> bool {
    let status = [Input::id.slot, Input::pm_status.slot, Input::skip_notification_email.slot, Input::suppress_webhook_notifications.slot];
    // What the schema says by default, such as `enforce_availability: false`, is there as if it had been sent.
    let unasked = |value: &Option<Value>| *value == Some(Value::Bool(false));
    call.lifted.each().all(|(slot, value)| status.contains(&slot) || unasked(value))
}

/// Observed: any text is kept. Assumed: a blank one takes the status back.
fn change_status(call: &Call<'_, Input>, before: &Row<Appointment>, visit: &mut Draft<Appointment>) -> Result<(), Refusal> {
    let given = call.given(Input::pm_status)?;
    if !given.is_sent() {
        return Ok(());
    }
    let own = calendar::is_own(call.viewer(), before);
    refuse_without_permission(call, Deed::Status, own, before.is(Appointment::is_blocker))?;
    set_status(call, before, visit, given.value().map(str::trim).filter(|status| !status.is_empty()));
    Ok(())
}

/// Gives a visit another status, and notes who did so and when.
pub fn set_status<I: crate::schema::Named>(
    call: &Call<'_, I>,
    before: &Row<Appointment>,
    visit: &mut Draft<Appointment>,
    status: Option<&str>,
) {
    if before.get(Appointment::pm_status) == status {
        return;
    }
    match status {
        Some(status) => visit.put(Appointment::pm_status, status.to_owned()),
        None => visit.clear(Appointment::pm_status),
    }
    visit.put(Appointment::pm_status_changed_at, call.now());
    visit.put(Appointment::pm_status_last_changed_by_id, call.viewer_id());
    visit.put(Appointment::last_updated_by_id, call.viewer_id());
}

/// Documented (attended_clients): says of clients, by inclusion or by user, whether they come and came.
fn mark_clients(call: &mut Call<'_, Input>, visit: &Row<Appointment>) -> Result<(), Refusal> {
    use AttendedClientsInput as Mark;
    let marks = call.get(Input::attended_clients)?.unwrap_or_default();
    let included = attendance::of_visit(call, visit.id());
    for mark in marks {
        let (id, client) = (mark.get(Mark::id), mark.get(Mark::user_id));
        let meant = |inclusion: &&Row<AppointmentInclusionType>| {
            Some(inclusion.id()) == id || id.is_none() && client.is_some() && inclusion.get(AppointmentInclusionType::user_id) == client
        };
        let Some(inclusion) = included.iter().find(meant) else {
            return Err(Refusal::not_found(Input::attended_clients.name(), "AppointmentInclusion"));
        };
        let mut draft = call.change(inclusion);
        for (said, column) in [(Mark::attended, AppointmentInclusionType::attended), (Mark::confirmed, AppointmentInclusionType::confirmed)]
        {
            if let Some(said) = mark.get(said) {
                draft.put(column, said);
            }
        }
        for (said, column) in [
            (Mark::cancellation_reason, AppointmentInclusionType::cancellation_reason),
            (Mark::other_cancellation_reason, AppointmentInclusionType::other_cancellation_reason),
        ] {
            if let Some(said) = mark.get(said) {
                draft.put(column, said.to_owned());
            }
        }
        if let Some(cancelled) = mark.get(Mark::cancelled) {
            attendance::cancel(call, &mut draft, cancelled);
        }
        draft.save(call);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use insta::{assert_debug_snapshot, assert_json_snapshot};

    fn update(clinic: &Clinic, visit: &str, input: &str) -> String {
        let id = clinic.id("Appointment", visit);
        format!(r#"updateAppointment(input: {{id: "{id}", {input}}})"#)
    }

    fn changed_fields(clinic: &Clinic) -> Vec<(&'static str, Vec<String>)> {
        let told = |events: &[crate::engine::Event]| {
            events.iter().map(|event| (event.def.name(), event.changed_fields.iter().map(ToString::to_string).collect())).collect()
        };
        clinic.world.commits(|commits| commits.iter().last().map(|commit| told(&commit.events)).unwrap_or_default())
    }

    #[test]
    fn a_visit_moves_and_takes_as_long_as_before() {
        let clinic = Clinic::open().as_role("provider");
        let update = update(&clinic, "patient_next", r#"datetime: "2026-03-10 16:00", location: "Room 2""#);
        let document =
            format!("mutation {{ {update} {{ appointment {{ start end length location contact_type }} messages {{ message }} }} }}");
        assert_json_snapshot!(clinic.run(&document), @r#"
        {
          "data": {
            "updateAppointment": {
              "appointment": {
                "start": "2026-03-10 16:00:00 -0400",
                "end": "2026-03-10 16:30:00 -0400",
                "length": 30,
                "location": "Room 2",
                "contact_type": "Healthie Video Call"
              },
              "messages": null
            }
          }
        }
        "#);
        assert_debug_snapshot!(changed_fields(&clinic), @r#"
        [
            (
                "appointment.updated",
                [
                    "date",
                    "last_updated_by_id",
                    "location",
                ],
            ),
        ]
        "#);
    }

    #[test]
    fn another_end_alone_is_announced() {
        let clinic = Clinic::open().as_role("provider");
        clinic.run(&format!("mutation {{ {} {{ messages {{ message }} }} }}", update(&clinic, "patient_next", r#"notes: "Long""#)));
        let longer = update(&clinic, "patient_next", r#"end_date: "2026-03-05", end_time: "11:15""#);
        let answer = clinic.run(&format!("mutation {{ {longer} {{ appointment {{ start length }} }} }}"));
        let longer = serde_json::json!({ "start": "2026-03-05 10:00:00 -0500", "length": 75 });
        assert_eq!(answer["data"]["updateAppointment"]["appointment"], longer);
        assert_eq!(changed_fields(&clinic), [("appointment.updated", vec!["length".to_owned()])]);
    }

    #[test]
    fn date_time_and_end_move_it_too() {
        let clinic = Clinic::open().as_role("provider");
        let times = r#"date: "2026-03-10", time: "16:00", end_date: "2026-03-10", end_time: "17:15""#;
        let update = update(&clinic, "patient_next", times);
        assert_json_snapshot!(clinic.run(&format!("mutation {{ {update} {{ appointment {{ start end length }} }} }}")), @r#"
        {
          "data": {
            "updateAppointment": {
              "appointment": {
                "start": "2026-03-10 16:00:00 -0400",
                "end": "2026-03-10 17:15:00 -0400",
                "length": 75
              }
            }
          }
        }
        "#);
    }

    #[test]
    fn a_status_is_any_text_and_says_who_gave_it() {
        let clinic = Clinic::open().as_role("provider");
        let update = update(&clinic, "liam_unmarked", r#"pm_status: "Seen by a colleague""#);
        let document = format!(
            "mutation {{ {update} {{ appointment {{ pm_status pm_status_changed_at
                pm_by: pm_status_last_changed_by_id last_by: last_updated_by_id }} }} }}"
        );
        let provider = clinic.id("User", "provider");
        let answer = clinic.run(&document);
        assert_eq!(answer["data"]["updateAppointment"]["appointment"]["pm_by"], provider);
        assert_eq!(answer["data"]["updateAppointment"]["appointment"]["last_by"], provider);
        assert_eq!(answer["data"]["updateAppointment"]["appointment"]["pm_status"], "Seen by a colleague");
        assert_debug_snapshot!(changed_fields(&clinic), @r#"
        [
            (
                "appointment.updated",
                [
                    "last_updated_by_id",
                    "pm_status",
                    "pm_status_changed_at",
                    "pm_status_last_changed_by_id",
                ],
            ),
        ]
        "#);
    }

    #[test]
    fn a_blank_status_is_none() {
        let clinic = Clinic::open().as_role("provider");
        let update = update(&clinic, "patient_first", r#"pm_status: """#);
        assert_json_snapshot!(clinic.run(&format!("mutation {{ {update} {{ appointment {{ pm_status }} }} }}")), @r#"
        {
          "data": {
            "updateAppointment": {
              "appointment": {
                "pm_status": null
              }
            }
          }
        }
        "#);
    }

    #[test]
    fn what_a_visit_needs_stays() {
        let clinic = Clinic::open().as_role("provider");
        for blank in [r#"contact_type: "", appointment_type_id: null"#, r#"contact_type: null, appointment_type_id: """#] {
            let expected = [("contact_type", "can't be blank"), ("appointment_type_id", "can't be blank")];
            clinic.refuses(&update(&clinic, "patient_next", blank), &expected);
        }
        let member = clinic.id("User", "provider2");
        clinic.refuses(&update(&clinic, "patient_next", &format!(r#"user_id: "{member}""#)), &[("user_id", "User not found")]);
        clinic.refuses(&update(&clinic, "class", &format!(r#"attendee_ids: "{member}""#)), &[("attendee_ids", "User not found")]);
        assert_eq!(clinic.events(), [] as [&str; 0]);
    }

    #[test]
    fn what_changes_nothing_announces_nothing() {
        let clinic = Clinic::open().as_role("provider");
        let update = update(&clinic, "patient_first", r#"pm_status: "Occurred""#);
        assert_json_snapshot!(clinic.run(&format!("mutation {{ {update} {{ appointment {{ pm_status }} }} }}")), @r#"
        {
          "data": {
            "updateAppointment": {
              "appointment": {
                "pm_status": "Occurred"
              }
            }
          }
        }
        "#);
        assert_eq!(clinic.events(), [] as [&str; 0]);
    }

    #[test]
    fn attendees_are_replaced() {
        let clinic = Clinic::open().as_role("provider");
        let [rosa, noor] = ["rosa", "noor"].map(|handle| clinic.id("User", handle));
        let update = update(&clinic, "class", &format!(r#"attendee_ids: "{rosa},{noor}""#));
        let document = format!(
            "mutation {{ {update} {{ appointment {{ attendees {{ first_name }} attended_clients {{ user {{ first_name }} }} }} }} }}"
        );
        assert_json_snapshot!(clinic.run(&document), @r#"
        {
          "data": {
            "updateAppointment": {
              "appointment": {
                "attendees": [
                  {
                    "first_name": "Rosa"
                  },
                  {
                    "first_name": "Noor"
                  }
                ],
                "attended_clients": [
                  {
                    "user": {
                      "first_name": "Rosa"
                    }
                  },
                  {
                    "user": {
                      "first_name": "Noor"
                    }
                  }
                ]
              }
            }
          }
        }
        "#);
        assert_eq!(clinic.events(), ["appointment.updated", "appointment.patient_added", "appointment.patient_removed"]);
    }

    #[test]
    fn clients_are_marked_by_user_or_by_inclusion() {
        let clinic = Clinic::open().as_role("provider");
        let (rosa, yuki) = (clinic.id("User", "rosa"), clinic.id("AppointmentInclusionType", "class_yuki"));
        let noor = clinic.id("User", "noor");
        let stranger = update(&clinic, "class", &format!(r#"attended_clients: [{{user_id: "{noor}"}}]"#));
        let marks = format!(r#"attended_clients: [{{user_id: "{rosa}", attended: true}}, {{id: "{yuki}", cancelled: true}}]"#);
        let update = update(&clinic, "class", &marks);
        let document = format!(
            "mutation {{ {update} {{ appointment {{ attended_clients {{
                attended cancelled cancelled_at cancelled_by {{ first_name }} user {{ first_name }}
            }} }} messages {{ field message }} }} }}"
        );
        assert_json_snapshot!(clinic.run(&document), @r#"
        {
          "data": {
            "updateAppointment": {
              "appointment": {
                "attended_clients": [
                  {
                    "attended": null,
                    "cancelled": false,
                    "cancelled_at": null,
                    "cancelled_by": null,
                    "user": {
                      "first_name": "Ava"
                    }
                  },
                  {
                    "attended": true,
                    "cancelled": false,
                    "cancelled_at": null,
                    "cancelled_by": null,
                    "user": {
                      "first_name": "Rosa"
                    }
                  },
                  {
                    "attended": null,
                    "cancelled": true,
                    "cancelled_at": "2026-03-02T10:00:00-05:00",
                    "cancelled_by": {
                      "first_name": "Priya"
                    },
                    "user": {
                      "first_name": "Yuki"
                    }
                  }
                ]
              },
              "messages": null
            }
          }
        }
        "#);
        clinic.refuses(&stranger, &[("attended_clients", "AppointmentInclusion not found")]);
    }

    #[test]
    fn another_provider_takes_over_and_others_join() {
        let clinic = Clinic::open();
        let [provider, provider2] = ["provider", "provider2"].map(|handle| clinic.id("User", handle));
        let update = update(&clinic, "patient_next", &format!(r#"other_party_id: "{provider2}", providers: "{provider}""#));
        let document = format!("mutation {{ {update} {{ appointment {{ provider_name providers {{ first_name }} }} }} }}");
        assert_json_snapshot!(clinic.run(&document), @r#"
        {
          "data": {
            "updateAppointment": {
              "appointment": {
                "provider_name": "Daniel Okafor",
                "providers": [
                  {
                    "first_name": "Daniel"
                  },
                  {
                    "first_name": "Priya"
                  }
                ]
              }
            }
          }
        }
        "#);
    }

    #[test]
    fn the_visits_of_others_take_a_flag() {
        let clinic = Clinic::open();
        let group = update(&clinic, "class", r#"notes: "Mine now""#);
        let update = update(&clinic, "patient_next", r#"notes: "Moved""#);
        clinic.as_role("provider2").refuses(&update, &[("id", "Appointment not found")]);
        clinic.as_role("outsider").refuses(&update, &[("id", "Appointment not found")]);
        // Everybody may look at a group, which is not to change it.
        clinic.as_role("outsider").refuses(&group, &[("id", "Appointment not found")]);
        let document = format!("mutation {{ {update} {{ appointment {{ notes }} }} }}");
        assert_json_snapshot!(clinic.as_role("integration").run(&document), @r#"
        {
          "data": {
            "updateAppointment": {
              "appointment": {
                "notes": "Moved"
              }
            }
          }
        }
        "#);
    }

    #[test]
    fn who_may_only_set_statuses_sets_nothing_else() {
        let clinic = Clinic::open();
        let (visit, limited) = (clinic.id("Appointment", "patient_next"), clinic.id("OrganizationMembership", "limited"));
        clinic.run(&format!(
            "mutation {{ updateOrganizationMembership(input: {{ id: {limited}, can_status_others_appointments: true, can_see_calendar: true }}) {{ messages {{ message }} }} }}"
        ));
        let clinic = clinic.as_role("limited");
        let set = clinic.run(&format!(
            r#"mutation {{ updateAppointment(input: {{ id: {visit}, pm_status: "Occurred" }}) {{ appointment {{ pm_status }} messages {{ message }} }} }}"#
        ));
        assert_eq!(set["data"]["updateAppointment"]["appointment"]["pm_status"], "Occurred", "{set}");
        let refused = format!(r#"updateAppointment(input: {{ id: {visit}, pm_status: "Occurred", notes: "x" }})"#);
        clinic.refuses(&refused, &[("base", "You do not have permission to update this appointment.")]);
    }

    #[test]
    fn a_visit_at_the_end_of_time_is_no_accident() {
        let clinic = Clinic::open();
        let visit = clinic.id("Appointment", "patient_next");
        let moved = clinic.run(&format!(
            r#"mutation {{ updateAppointment(input: {{ id: {visit}, datetime: "9999-12-30 16:59:00" }}) {{ appointment {{ id }} messages {{ field }} }} }}"#
        ));
        assert_eq!(moved["data"]["updateAppointment"]["appointment"]["id"], visit, "{moved}");
    }
}
