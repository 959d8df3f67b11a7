//! `updateAppointment`, called by a client: to move a visit of their own, or to say that they come.

use super::{
    calendar::{self, TAKEN, Wanted, refuse_unavailable},
    update_appointment::{TIMES, move_to, save},
};
use crate::engine::{Call, Made, Refusal, Row};
use crate::schema::names::{Appointment, updateAppointmentInput as Input};
use jiff::Timestamp;

pub fn reschedule(call: &mut Call<'_, Input>, before: &Row<Appointment>) -> Result<Made, Refusal> {
    let comes = calendar::attends(before, call.viewer_id());
    let is_group = before.is(Appointment::is_group);
    // Documented (client_updating): clients have to send it. Assumed: a group doesn't move for one of its clients.
    if !comes || is_group || !call.is(Input::client_updating) {
        return Err(Refusal::no_permission("update this appointment"));
    }
    let mut visit = call.change(before);
    if let Some(confirmed) = call.get(Input::client_confirmed)? {
        visit.put(Appointment::client_confirmed, confirmed);
    }
    if TIMES.is_given(&call.input) {
        move_to(call, before, &mut visit)?;
        let (start, end) = (visit.get(Appointment::date), visit.get(Appointment::ends_at));
        if let (Some(start), Some(end)) = (start, end) {
            refuse_past(call, start)?;
            // Documented: the new time has to be free.
            let providers = before.get(Appointment::provider_ids).unwrap_or_default();
            let (provider, others) = providers.split_first().map_or((0, &[][..]), |(first, others)| (*first, others));
            let kind = before.get(Appointment::appointment_type_id);
            let wanted = Wanted { provider, others, kind, time: start..end, moving: Some(before.id()) };
            refuse_unavailable(call, Input::datetime.name(), &wanted)?;
        }
        if start != before.get(Appointment::date) {
            let count = before.get(Appointment::patient_reschedule_count).unwrap_or(0);
            visit.put(Appointment::patient_reschedule_count, count + 1);
        }
    }
    Ok(save(call, before, visit).into())
}

/// Assumed: nobody moves a visit into the past. The text of a time that is taken is an assumption too.
fn refuse_past(call: &Call<'_, Input>, start: Timestamp) -> Result<(), Refusal> {
    if start < call.now() { Err(Refusal::on(Input::datetime, TAKEN)) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use insta::assert_json_snapshot;

    fn reschedule(clinic: &Clinic, visit: &str, input: &str) -> String {
        let id = clinic.id("Appointment", visit);
        format!(r#"updateAppointment(input: {{id: "{id}", {input}}})"#)
    }

    #[test]
    fn a_client_moves_a_visit_of_their_own() {
        let clinic = Clinic::open().as_role("patient");
        let update = reschedule(&clinic, "patient_next", r#"client_updating: true, datetime: "2026-03-06 15:00""#);
        let document =
            format!("mutation {{ {update} {{ appointment {{ date length patient_reschedule_count }} messages {{ message }} }} }}");
        assert_json_snapshot!(clinic.run(&document), @r#"
        {
          "data": {
            "updateAppointment": {
              "appointment": {
                "date": "2026-03-06 15:00:00 -0500",
                "length": 30,
                "patient_reschedule_count": 1
              },
              "messages": null
            }
          }
        }
        "#);
        assert_eq!(clinic.events(), ["appointment.updated"]);
    }

    #[test]
    fn the_new_time_has_to_be_free_and_ahead() {
        let clinic = Clinic::open().as_role("patient");
        for datetime in ["2026-03-10 09:45", "2026-03-01 09:00"] {
            let update = reschedule(&clinic, "patient_next", &format!(r#"client_updating: true, datetime: "{datetime}""#));
            clinic.refuses(&update, &[("datetime", "is no longer available")]);
        }
    }

    #[test]
    fn clients_say_that_they_are_clients() {
        let clinic = Clinic::open().as_role("patient");
        let denied = [("base", "You do not have permission to update this appointment.")];
        clinic.refuses(&reschedule(&clinic, "patient_next", r#"datetime: "2026-03-06 15:00""#), &denied);
        clinic.refuses(&reschedule(&clinic, "class", r#"client_updating: true, datetime: "2026-03-06 15:00""#), &denied);
        clinic.refuses(&reschedule(&clinic, "rosa_next", r#"client_updating: true"#), &[("id", "Appointment not found")]);
    }
}
