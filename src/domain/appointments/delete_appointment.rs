//! `deleteAppointment`: members remove a visit; a client cancels it, and it stays to be seen.

use super::{
    appointment::CANCELLED,
    attendance,
    calendar::{self, Deed, refuse_without_permission},
    notices, recurring,
    update_appointment::set_status,
};
use crate::domain::packages::credits;
use crate::engine::{Call, Made, Refusal, Row};
use crate::schema::names::{Appointment, AppointmentInclusionType, CancellationReasonOptionInput, deleteAppointmentInput as Input};

pub fn delete_appointment(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let visit = calendar::target(call, Input::id)?;
    if call.is(Input::suppress_webhook_notifications) {
        call.silence(&visit);
    }
    if call.viewer().is_patient() {
        return cancel(call, &visit);
    }
    let own = calendar::is_own(call.viewer(), &visit);
    refuse_without_permission(call, Deed::Delete, own, visit.is(Appointment::is_blocker))?;
    let now = call.now();
    let had_credit = credits::takers(call, &visit);
    // Documented: this one and those that follow.
    if call.is(Input::deleteRecurring) {
        for other in recurring::after(call, &visit) {
            call.change(&other).set(Appointment::deleted_at, now).save(call);
        }
    }
    let mut draft = call.change(&visit).set(Appointment::deleted_at, now);
    if let Some(reason) = reason(call)? {
        draft.put(Appointment::other_cancellation_reason, reason.to_owned());
    }
    let deleted = draft.save(call);
    credits::follow_visit(call, &had_credit, &deleted);
    notices::tell(call, Some(&visit), &deleted);
    Ok(deleted.into())
}

/// Documented: a client's visit gets the status. Assumed: a group goes on without the client, and what is announced is an
/// update.
fn cancel(call: &mut Call<'_, Input>, visit: &Row<Appointment>) -> Result<Made, Refusal> {
    let me = call.viewer_id();
    if !calendar::attends(visit, me) {
        return Err(Refusal::no_permission("delete this appointment"));
    }
    let reason = reason(call)?;
    let had_credit = credits::takers(call, visit);
    let mut included = attendance::of_visit(call, visit.id()).into_iter();
    if let Some(own) = included.find(|inclusion| inclusion.get(AppointmentInclusionType::user_id) == Some(me)) {
        let mut draft = call.change(&own);
        attendance::cancel(call, &mut draft, true);
        if let Some(reason) = reason {
            draft.put(AppointmentInclusionType::other_cancellation_reason, reason.to_owned());
        }
        draft.save(call);
    }
    credits::follow_visit(call, &had_credit, visit);
    if visit.is(Appointment::is_group) {
        return Ok(visit.clone().into());
    }
    let mut draft = call.change(visit);
    set_status(call, visit, &mut draft, Some(CANCELLED));
    draft.put(Appointment::last_updated_by_id, me);
    if let Some(reason) = reason {
        draft.put(Appointment::other_cancellation_reason, reason.to_owned());
    }
    let cancelled = draft.save(call);
    notices::tell(call, Some(visit), &cancelled);
    Ok(cancelled.into())
}

fn reason<'a>(call: &Call<'a, Input>) -> Result<Option<&'a str>, Refusal> {
    let given = call.get(Input::cancellation_reason)?;
    Ok(given.and_then(|reason| reason.get(CancellationReasonOptionInput::other_cancellation_reason)))
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use insta::assert_json_snapshot;

    fn delete(clinic: &Clinic, visit: &str) -> String {
        let id = clinic.id("Appointment", visit);
        format!(r#"deleteAppointment(input: {{id: "{id}"}})"#)
    }

    #[test]
    fn a_deleted_visit_is_found_only_by_those_who_ask_for_deleted_ones() {
        let clinic = Clinic::open().as_role("provider");
        let (id, delete) = (clinic.id("Appointment", "patient_next"), delete(&clinic, "patient_next"));
        let answer = clinic.run(&format!("mutation {{ {delete} {{ appointment {{ id }} messages {{ message }} }} }}"));
        assert_eq!(answer["data"]["deleteAppointment"]["appointment"]["id"], id);
        assert_eq!(clinic.events(), ["appointment.deleted"]);
        let found = format!(
            r#"{{ gone: appointment(id: "{id}") {{ title }} appointment(id: "{id}", include_deleted: true) {{ title deleted_at }} }}"#
        );
        assert_json_snapshot!(clinic.run(&found), @r#"
        {
          "data": {
            "gone": null,
            "appointment": {
              "title": "Ava Thornton",
              "deleted_at": "2026-03-02 10:00:00 -0500"
            }
          }
        }
        "#);
        clinic.refuses(&delete, &[("id", "Appointment not found")]);
    }

    #[test]
    fn a_client_cancels_and_the_visit_stays() {
        let clinic = Clinic::open().as_role("patient");
        let delete = delete(&clinic, "patient_next");
        let document = format!("mutation {{ {delete} {{ appointment {{ pm_status deleted_at attended_clients {{ cancelled }} }} }} }}");
        assert_json_snapshot!(clinic.run(&document), @r#"
        {
          "data": {
            "deleteAppointment": {
              "appointment": {
                "pm_status": "Cancelled",
                "deleted_at": null,
                "attended_clients": [
                  {
                    "cancelled": true
                  }
                ]
              }
            }
          }
        }
        "#);
        assert_eq!(clinic.events(), ["appointment.updated"]);
    }

    #[test]
    fn a_client_leaves_a_group_alone() {
        let clinic = Clinic::open();
        let (id, delete) = (clinic.id("Appointment", "class"), delete(&clinic, "class"));
        clinic.as_role("patient").run(&format!("mutation {{ {delete} {{ appointment {{ id }} }} }}"));
        let document = format!(r#"{{ appointment(id: "{id}") {{ pm_status attended_clients {{ cancelled user {{ first_name }} }} }} }}"#);
        assert_json_snapshot!(clinic.run(&document), @r#"
        {
          "data": {
            "appointment": {
              "pm_status": null,
              "attended_clients": [
                {
                  "cancelled": true,
                  "user": {
                    "first_name": "Ava"
                  }
                },
                {
                  "cancelled": false,
                  "user": {
                    "first_name": "Rosa"
                  }
                },
                {
                  "cancelled": false,
                  "user": {
                    "first_name": "Yuki"
                  }
                }
              ]
            }
          }
        }
        "#);
    }

    #[test]
    fn deleting_takes_the_right_to() {
        let clinic = Clinic::open();
        clinic.as_role("provider2").refuses(&delete(&clinic, "patient_next"), &[("id", "Appointment not found")]);
        clinic
            .as_role("patient2")
            .refuses(&delete(&clinic, "class"), &[("base", "You do not have permission to delete this appointment.")]);
    }
}
