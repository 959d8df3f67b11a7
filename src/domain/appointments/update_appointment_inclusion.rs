//! `updateAppointmentInclusion`: whether one client comes, and came.

use super::attendance;
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{AppointmentInclusionType, updateAppointmentInclusionInput as Input};

pub fn update_appointment_inclusion(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let inclusion = call.target::<AppointmentInclusionType, _>(Input::id)?;
    // Assumed: whether somebody came is for the members to say.
    if call.viewer().is_patient() && call.given(Input::attended)?.is_sent() {
        return Err(Refusal::no_permission("update this appointment inclusion"));
    }
    let mut draft = call.edit(&inclusion);
    if let Some(cancelled) = call.get(Input::cancelled)? {
        attendance::cancel(call, &mut draft, cancelled);
    }
    Ok(draft.save(call).into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use insta::assert_json_snapshot;

    #[test]
    fn a_client_calls_off_coming() {
        let clinic = Clinic::open().as_role("patient");
        let (id, visit) = (clinic.id("AppointmentInclusionType", "class_patient"), clinic.id("Appointment", "class"));
        let answer = clinic.run(&format!(
            r#"mutation {{ updateAppointmentInclusion(input: {{id: "{id}", cancelled: true, cancellation_reason: "Ill"}}) {{
                appointment_inclusion {{ cancelled cancelled_at cancellation_reason cancelled_by {{ first_name }} }} messages {{ message }}
            }} }}"#
        ));
        assert_json_snapshot!(answer, @r#"
        {
          "data": {
            "updateAppointmentInclusion": {
              "appointment_inclusion": {
                "cancelled": true,
                "cancelled_at": "2026-03-02T10:00:00-05:00",
                "cancellation_reason": "Ill",
                "cancelled_by": {
                  "first_name": "Ava"
                }
              },
              "messages": null
            }
          }
        }
        "#);
        let status = format!(r#"{{ appointment(id: "{visit}") {{ pm_status own: pm_status(check_for_client_cancel: true) }} }}"#);
        assert_json_snapshot!(clinic.run(&status), @r#"
        {
          "data": {
            "appointment": {
              "pm_status": null,
              "own": "Cancelled"
            }
          }
        }
        "#);
    }

    #[test]
    fn only_members_say_who_came() {
        let clinic = Clinic::open();
        let id = clinic.id("AppointmentInclusionType", "class_patient");
        let mark = format!(r#"updateAppointmentInclusion(input: {{id: "{id}", attended: true}})"#);
        clinic.as_role("patient").refuses(&mark, &[("base", "You do not have permission to update this appointment inclusion.")]);
        clinic.as_role("patient2").refuses(&mark, &[("id", "AppointmentInclusionType not found")]);
        let document = format!("mutation {{ {mark} {{ appointment_inclusion {{ attended }} }} }}");
        assert_json_snapshot!(clinic.as_role("provider").run(&document), @r#"
        {
          "data": {
            "updateAppointmentInclusion": {
              "appointment_inclusion": {
                "attended": true
              }
            }
          }
        }
        "#);
    }
}
