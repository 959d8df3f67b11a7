//! `createAppointment`: a member books a visit, or blocks out time on a calendar.

use super::{
    appointment::MINUTES,
    attendance,
    calendar::{Deed, Wanted, refuse_unavailable, refuse_without_permission},
    clients, notices, providers, recurring,
    times::Times,
};
use crate::domain::{packages::credits, payments};
use crate::engine::{CANT_BE_BLANK, Call, Made, Refusal, Row, moment};
use crate::schema::names::{Appointment, AppointmentType, Organization, createAppointmentInput as Input};
use crate::schema::{Named, Version};
use jiff::Timestamp;

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

    let series = recurring::asked(call)?;
    let kind = kind(call)?;
    let starts_at = starts_at(call)?;
    let ends_at = ends_at(call, starts_at, kind.as_ref())?;
    let others = providers::additional(call, Input::providers)?.unwrap_or_default();
    let is_group = kind.as_ref().is_some_and(|kind| kind.is(AppointmentType::is_group));
    let clients = if blocks_time { vec![] } else { who_comes(call, is_group)? };
    // Documented: not for blockers or series. Without it a time can be booked twice.
    if call.is(Input::enforce_availability) && !blocks_time && series.is_none() {
        let asked = Wanted { provider, others: &others, kind: kind.as_ref().map(Row::id), time: starts_at..ends_at, moving: None };
        refuse_unavailable(call, Input::date.name(), &asked)?;
    }

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
    let mut visit = visit.save(call);
    attendance::follow_attendees(call, &visit);
    payments::invoice_visit(call, &visit);
    credits::follow_visit(call, &[], &visit);
    if let Some(series) = &series {
        visit = recurring::repeat(call, &visit, series);
    }
    notices::tell(call, None, &visit);
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
    Ok(moment::later(starts_at, minutes * 60))
}

/// Documented (2025-05-15): `attendee_ids` may name the one client of an individual visit. Observed before that too.
fn who_comes(call: &Call<'_, Input>, is_group: bool) -> Result<Vec<u64>, Refusal> {
    let attendees = clients::several(call, Input::attendee_ids)?;
    if !is_group && attendees.len() > 1 && call.scene().version >= Version::V2026_01_01 {
        return Err(Refusal::on(Input::attendee_ids, "can only have one attendee for an individual appointment"));
    }
    let mut clients = attendees;
    if !call.is_blank(Input::user_id) {
        let client = clients::one(call, Input::user_id)?;
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

#[cfg(test)]
mod tests {
    use crate::{
        engine::{Value, table},
        schema::{Named, Version, names::Organization},
        testing::Clinic,
    };
    use insta::assert_json_snapshot;

    /// A follow-up of provider's with patient, with `extra` inputs; the later of two equal ones is what counts.
    fn follow_up(clinic: &Clinic, extra: &str) -> String {
        let (client, kind) = (clinic.id("User", "patient"), clinic.id("AppointmentType", "follow_up"));
        format!(
            r#"createAppointment(input: {{
                user_id: "{client}", appointment_type_id: "{kind}", contact_type: "Healthie Video Call" {extra}
            }})"#
        )
    }

    #[test]
    fn a_visit_takes_as_long_as_its_type() {
        let clinic = Clinic::open().as_role("provider");
        let book = follow_up(&clinic, r#"datetime: "2026-03-09 10:00""#);
        let answer = clinic.run(&format!(
            "mutation {{ {book} {{
                appointment {{
                    date start end length timezone_abbr pm_status confirmed client_confirmed is_blocker is_group
                    appointment_category title appointment_label provider_name scheduled_by appointment_inclusions_count
                    user {{ first_name }} attendees {{ first_name }} provider {{ first_name }} providers {{ first_name }}
                    appointment_type {{ name }} attended_clients {{ confirmed cancelled user {{ first_name }} }}
                }}
                messages {{ field message }}
            }} }}"
        ));
        assert_json_snapshot!(answer, @r#"
        {
          "data": {
            "createAppointment": {
              "appointment": {
                "date": "2026-03-09 10:00:00 -0400",
                "start": "2026-03-09 10:00:00 -0400",
                "end": "2026-03-09 10:30:00 -0400",
                "length": 30,
                "timezone_abbr": "EDT",
                "pm_status": null,
                "confirmed": true,
                "client_confirmed": true,
                "is_blocker": false,
                "is_group": false,
                "appointment_category": "Individual",
                "title": "Ava Thornton",
                "appointment_label": "Follow-up",
                "provider_name": "Priya Raman",
                "scheduled_by": "Priya Raman",
                "appointment_inclusions_count": 1,
                "user": {
                  "first_name": "Ava"
                },
                "attendees": [
                  {
                    "first_name": "Ava"
                  }
                ],
                "provider": {
                  "first_name": "Priya"
                },
                "providers": [
                  {
                    "first_name": "Priya"
                  }
                ],
                "appointment_type": {
                  "name": "Follow-up"
                },
                "attended_clients": [
                  {
                    "confirmed": true,
                    "cancelled": false,
                    "user": {
                      "first_name": "Ava"
                    }
                  }
                ]
              },
              "messages": null
            }
          }
        }
        "#);
        assert_eq!(clinic.events(), ["appointment.created"]);
    }

    #[test]
    fn date_and_time_are_meant_where_timezone_says() {
        let clinic = Clinic::open().as_role("provider");
        let book = follow_up(&clinic, r#"date: "2026-03-09", time: "14 05", timezone: "America/Los_Angeles""#);
        assert_json_snapshot!(clinic.run(&format!("mutation {{ {book} {{ appointment {{ date length }} }} }}")), @r#"
        {
          "data": {
            "createAppointment": {
              "appointment": {
                "date": "2026-03-09 17:05:00 -0400",
                "length": 30
              }
            }
          }
        }
        "#);
    }

    #[test]
    fn a_bare_date_is_a_day_where_the_caller_is() {
        let clinic = Clinic::open().as_role("provider");
        let book = follow_up(&clinic, r#"date: "2026-03-09", time: "10:00", end_date: "2026-03-09", end_time: "11:00""#);
        for version in Version::ALL {
            let answer = clinic.in_version(version).run(&format!("mutation {{ {book} {{ appointment {{ start end }} }} }}"));
            let visit = &answer["data"]["createAppointment"]["appointment"];
            assert_eq!(visit["start"], "2026-03-09 10:00:00 -0400", "{version:?}: {answer}");
            assert_eq!(visit["end"], "2026-03-09 11:00:00 -0400", "{version:?}: {answer}");
        }
    }

    #[test]
    fn a_full_datetime_may_stand_for_a_time() {
        let clinic = Clinic::open().as_role("provider");
        let book = follow_up(&clinic, r#"date: "2026-03-09", time: "10:00", end_time: "2026-03-09T15:00:00Z""#);
        let answer = clinic.run(&format!("mutation {{ {book} {{ appointment {{ end }} }} }}"));
        assert_eq!(answer["data"]["createAppointment"]["appointment"]["end"], "2026-03-09 11:00:00 -0400");
    }

    #[test]
    fn an_end_says_how_long_it_takes() {
        let clinic = Clinic::open().as_role("provider");
        let time = r#"date: "2026-03-09", time: "14:00", end_date: "2026-03-09""#;
        let book = follow_up(&clinic, &format!(r#"{time}, end_time: "14:20""#));
        assert_json_snapshot!(clinic.run(&format!("mutation {{ {book} {{ appointment {{ end length }} }} }}")), @r#"
        {
          "data": {
            "createAppointment": {
              "appointment": {
                "end": "2026-03-09 14:20:00 -0400",
                "length": 20
              }
            }
          }
        }
        "#);
        let backwards = follow_up(&clinic, &format!(r#"{time}, end_time: "13:00""#));
        clinic.refuses(&backwards, &[("end_time", "must be after the start")]);
    }

    #[test]
    fn a_datetime_renders_as_its_version_says() {
        let clinic = Clinic::open().as_role("provider").in_version(Version::V2026_01_01);
        let book = follow_up(&clinic, r#"datetime: "2026-03-09T14:00:00Z""#);
        assert_json_snapshot!(clinic.run(&format!("mutation {{ {book} {{ appointment {{ date start }} }} }}")), @r#"
        {
          "data": {
            "createAppointment": {
              "appointment": {
                "date": "2026-03-09T10:00:00-04:00",
                "start": "2026-03-09 10:00:00 -0400"
              }
            }
          }
        }
        "#);
    }

    #[test]
    fn a_visit_needs_a_time_a_way_to_meet_and_a_type() {
        let clinic = Clinic::open().as_role("provider");
        let blank = [("contact_type", "can't be blank"), ("appointment_type_id", "can't be blank")];
        clinic.refuses(r#"createAppointment(input: {datetime: "2026-03-09 10:00"})"#, &blank);
        clinic.refuses(&follow_up(&clinic, ""), &[("date", "can't be blank")]);
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        let clinic = Clinic::open().as_role("provider");
        clinic.refuses(&follow_up(&clinic, r#"datetime: "next week""#), &[("datetime", "is invalid")]);
        clinic.refuses(&follow_up(&clinic, r#"date: "soon""#), &[("date", "is invalid")]);
        clinic.refuses(&follow_up(&clinic, r#"date: "2026-03-09", time: "noonish""#), &[("time", "is invalid")]);
        clinic.refuses(&follow_up(&clinic, r#"datetime: "2026-03-09 10:00", timezone: "Mars""#), &[("timezone", "is invalid")]);
    }

    #[test]
    fn who_and_what_it_names_has_to_be_there() {
        let clinic = Clinic::open().as_role("owner");
        let at = r#"datetime: "2026-03-09 10:00", contact_type: "Phone Call""#;
        let (kind, client) = (clinic.id("AppointmentType", "follow_up"), clinic.id("User", "patient"));
        for (input, field, what) in [
            (r#"appointment_type_id: "1""#.to_owned(), "appointment_type_id", "AppointmentType"),
            (format!(r#"appointment_type_id: "{kind}", user_id: "1""#), "user_id", "User"),
            (format!(r#"appointment_type_id: "{kind}", attendee_ids: "1,2""#), "attendee_ids", "User"),
            (format!(r#"appointment_type_id: "{kind}", other_party_id: "1""#), "other_party_id", "User"),
            (format!(r#"appointment_type_id: "{kind}", other_party_id: "{client}""#), "other_party_id", "User"),
            (format!(r#"appointment_type_id: "{kind}", providers: "{client}""#), "providers", "User"),
        ] {
            clinic.refuses(&format!("createAppointment(input: {{{at}, {input}}})"), &[(field, &format!("{what} not found"))]);
        }
    }

    #[test]
    fn support_staff_and_former_members_provide_nothing_and_members_are_no_clients() {
        let clinic = Clinic::open();
        let at = r#"datetime: "2026-03-09 10:00""#;
        for handle in ["support", "former"] {
            let id = clinic.id("User", handle);
            clinic.refuses(&follow_up(&clinic, &format!(r#"{at}, other_party_id: "{id}""#)), &[("other_party_id", "User not found")]);
            clinic.refuses(&follow_up(&clinic, &format!(r#"{at}, providers: "{id}""#)), &[("providers", "User not found")]);
        }
        let member = clinic.id("User", "provider2");
        let attendee = follow_up(&clinic, &format!(r#"{at}, attendee_ids: "{member}""#));
        clinic.refuses(&attendee, &[("attendee_ids", "User not found")]);
        assert_eq!(clinic.events(), [] as [&str; 0]);
    }

    #[test]
    fn a_blocker_needs_no_contact_type() {
        let clinic = Clinic::open().as_role("provider");
        let answer = clinic.run(
            r#"mutation { createAppointment(input: {
                is_blocker: true, date: "2026-03-09", time: "12:00", end_date: "2026-03-09", end_time: "13:30", notes: "Lunch"
            }) { appointment { is_blocker length title notes user_id attendees { id } } messages { message } } }"#,
        );
        assert_json_snapshot!(answer, @r#"
        {
          "data": {
            "createAppointment": {
              "appointment": {
                "is_blocker": true,
                "length": 90,
                "title": "Lunch",
                "notes": "Lunch",
                "user_id": null,
                "attendees": []
              },
              "messages": null
            }
          }
        }
        "#);
        let endless = r#"createAppointment(input: {is_blocker: true, date: "2026-03-09", time: "12:00"})"#;
        clinic.refuses(endless, &[("end_time", "can't be blank")]);
    }

    #[test]
    fn a_group_has_many_clients_and_no_client_of_its_own() {
        let clinic = Clinic::open().as_role("provider");
        let [class, patient, rosa] =
            [("AppointmentType", "class"), ("User", "patient"), ("User", "rosa")].map(|(ty, at)| clinic.id(ty, at));
        let answer = clinic.run(&format!(
            r#"mutation {{ createAppointment(input: {{
                appointment_type_id: "{class}", contact_type: "In Person", datetime: "2026-03-09 10:00",
                attendee_ids: "{patient},{rosa}", max_attendees: "8"
            }}) {{ appointment {{
                is_group appointment_category user_id max_attendees appointment_inclusions_count attendees {{ first_name }}
            }} messages {{ message }} }} }}"#
        ));
        assert_json_snapshot!(answer, @r#"
        {
          "data": {
            "createAppointment": {
              "appointment": {
                "is_group": true,
                "appointment_category": "Group",
                "user_id": null,
                "max_attendees": "8",
                "appointment_inclusions_count": 2,
                "attendees": [
                  {
                    "first_name": "Ava"
                  },
                  {
                    "first_name": "Rosa"
                  }
                ]
              },
              "messages": null
            }
          }
        }
        "#);
        assert_eq!(clinic.events(), ["appointment.created", "appointment.patient_added"]);
    }

    #[test]
    fn one_attendee_of_an_individual_visit_is_its_client() {
        let clinic = Clinic::open().as_role("provider").in_version(Version::V2026_01_01);
        let [kind, patient, rosa] =
            [("AppointmentType", "follow_up"), ("User", "patient"), ("User", "rosa")].map(|(ty, at)| clinic.id(ty, at));
        let book = |attendees: &str| {
            format!(
                r#"createAppointment(input: {{appointment_type_id: "{kind}", contact_type: "Phone Call", datetime: "2026-03-09 10:00",
                attendee_ids: [{attendees}]}})"#
            )
        };
        let one = book(&format!(r#""{patient}""#));
        assert_json_snapshot!(clinic.run(&format!("mutation {{ {one} {{ appointment {{ user {{ first_name }} }} }} }}")), @r#"
        {
          "data": {
            "createAppointment": {
              "appointment": {
                "user": {
                  "first_name": "Ava"
                }
              }
            }
          }
        }
        "#);
        let two = book(&format!(r#""{patient}", "{rosa}""#));
        clinic.refuses(&two, &[("attendee_ids", "can only have one attendee for an individual appointment")]);
    }

    #[test]
    fn the_newest_version_wants_a_place_for_visits_in_person() {
        let clinic = Clinic::open().as_role("provider");
        let book = follow_up(&clinic, r#"datetime: "2026-03-09 10:00""#).replace("Healthie Video Call", "In Person");
        let newest = clinic.in_version(Version::V2026_01_01);
        newest.refuses(&book, &[("appointment_location_id", "can't be blank")]);
        assert_json_snapshot!(clinic.run(&format!("mutation {{ {book} {{ appointment {{ contact_type }} }} }}")), @r#"
        {
          "data": {
            "createAppointment": {
              "appointment": {
                "contact_type": "In Person"
              }
            }
          }
        }
        "#);
    }

    #[test]
    fn whoever_books_provides_where_only_others_are_named() {
        let clinic = Clinic::open().as_role("owner");
        let [owner, provider] = ["owner", "provider"].map(|handle| clinic.id("User", handle));
        let book = follow_up(&clinic, &format!(r#"datetime: "2026-03-09 10:00", providers: "{provider}, {owner}""#));
        let document = format!("mutation {{ {book} {{ appointment {{ provider {{ first_name }} providers {{ first_name }} }} }} }}");
        assert_json_snapshot!(clinic.run(&document), @r#"
        {
          "data": {
            "createAppointment": {
              "appointment": {
                "provider": {
                  "first_name": "Margaret"
                },
                "providers": [
                  {
                    "first_name": "Margaret"
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
    fn members_book_on_the_calendars_that_their_flags_open() {
        let clinic = Clinic::open();
        let book = |role: &'static str, provider: &str| {
            let provider = clinic.id("User", provider);
            (clinic.as_role(role), follow_up(&clinic, &format!(r#"datetime: "2026-03-09 10:00", other_party_id: "{provider}""#)))
        };
        for (role, provider) in [("limited", "limited"), ("provider", "provider2"), ("patient", "provider")] {
            let (member, book) = book(role, provider);
            let answer = member.run(&format!("mutation {{ answer: {book} {{ appointment {{ id }} messages {{ field }} }} }}"));
            assert!(answer["data"]["answer"]["appointment"].is_null(), "{role}: {answer}");
        }
        let (integration, book) = book("integration", "provider2");
        let document = format!("mutation {{ {book} {{ appointment {{ provider_name }} messages {{ message }} }} }}");
        assert_json_snapshot!(integration.run(&document), @r#"
        {
          "data": {
            "createAppointment": {
              "appointment": {
                "provider_name": "Daniel Okafor"
              },
              "messages": null
            }
          }
        }
        "#);
        clinic.as_role("patient").refuses(
            r#"createAppointment(input: {is_blocker: true})"#,
            &[("base", "You do not have permission to create this appointment.")],
        );
    }

    #[test]
    fn a_time_is_booked_twice_unless_availability_is_enforced() {
        let clinic = Clinic::open().as_role("provider");
        let taken = follow_up(&clinic, r#"datetime: "2026-03-05 10:15", enforce_availability: true"#);
        clinic.refuses(&taken, &[("date", "is no longer available")]);
        for free in [taken.replace("10:15", "10:30"), taken.replace("enforce_availability: true", "")] {
            let answer = clinic.run(&format!("mutation {{ {free} {{ appointment {{ id }} messages {{ message }} }} }}"));
            assert!(answer["data"]["createAppointment"]["messages"].is_null(), "{answer}");
        }
    }

    #[test]
    fn an_inactive_organization_books_nothing() {
        let clinic = Clinic::open();
        let id = clinic.id("Organization", "clinic").parse().expect("an id");
        clinic.world.change("test", |tx| {
            let of = table(Organization::TYPE);
            let mut closed = tx.state().get(of, id).expect("seeded").as_ref().clone();
            closed.set(Organization::is_active.slot, Value::Bool(false));
            tx.put(of, closed);
        });
        let book = follow_up(&clinic, r#"datetime: "2026-03-09 10:00""#);
        clinic.refuses(&book, &[("base", "Organization is inactive")]);
    }

    #[test]
    fn suppressed_it_announces_nothing() {
        let clinic = Clinic::open().as_role("provider");
        let book = follow_up(&clinic, "start_immediately: true, suppress_webhook_notifications: true");
        assert_json_snapshot!(clinic.run(&format!("mutation {{ {book} {{ appointment {{ date }} }} }}")), @r#"
        {
          "data": {
            "createAppointment": {
              "appointment": {
                "date": "2026-03-02 10:00:00 -0500"
              }
            }
          }
        }
        "#);
        assert_eq!(clinic.events(), [] as [&str; 0]);
    }

    #[test]
    fn metadata_is_kept_as_it_is() {
        let clinic = Clinic::open().as_role("provider");
        let extra = r#"datetime: "2026-03-09 10:00", metadata: {crm: [1, 2]}, external_videochat_url: "https://meet.example/1""#;
        let book = follow_up(&clinic, extra);
        let document = format!("mutation {{ {book} {{ appointment {{ metadata external_videochat_url }} }} }}");
        assert_json_snapshot!(clinic.run(&document), @r#"
        {
          "data": {
            "createAppointment": {
              "appointment": {
                "metadata": {
                  "crm": [
                    1,
                    2
                  ]
                },
                "external_videochat_url": "https://meet.example/1"
              }
            }
          }
        }
        "#);
    }
}
