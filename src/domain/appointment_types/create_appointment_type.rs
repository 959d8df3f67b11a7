//! `createAppointmentType`: its maker owns it, and it comes last in their list.

use super::{appointment_type::refuse_no_length, sms_template_warning::sms_template_warning};
use crate::engine::{Call, Made, Refusal};
use crate::schema::names::{AppointmentType, createAppointmentTypeInput as Input, createAppointmentTypePayload as Payload};

pub fn create_appointment_type(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    let maker = call.viewer_id();
    let position = call.on().count_having(AppointmentType::user_id, maker) as i64;
    let draft = call.draft::<AppointmentType>().set(AppointmentType::user_id, maker).set(AppointmentType::position, position);
    call.check(&draft)?;
    refuse_no_length(&draft)?;
    let kind = draft.save(call);
    let kind = call.save_nested(&kind)?;
    let warning = sms_template_warning(&kind);
    Ok(Made::from(kind).also(Payload::sms_template_warning, warning))
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use insta::assert_json_snapshot;

    #[test]
    fn a_plain_type_can_be_booked_by_everybody() {
        let clinic = Clinic::open();
        let answer = clinic.run(
            r#"mutation { createAppointmentType(input: {name: "Check-in", length: 20, metadata: "crm"}) {
                appointmentType {
                    name length client_display_name time_on_label available_contact_types clients_can_book is_group
                    bookable_without_group is_waitlist_enabled require_specific_providers metadata
                    provider_appt_type_connections { provider_name }
                }
                messages { field message }
            } }"#,
        );
        assert_json_snapshot!(answer, @r#"
        {
          "data": {
            "createAppointmentType": {
              "appointmentType": {
                "name": "Check-in",
                "length": 20,
                "client_display_name": "Check-in",
                "time_on_label": "Check-in - 20 Minutes",
                "available_contact_types": [
                  "Healthie Video Call",
                  "In Person",
                  "Phone Call"
                ],
                "clients_can_book": true,
                "is_group": false,
                "bookable_without_group": true,
                "is_waitlist_enabled": false,
                "require_specific_providers": false,
                "metadata": "crm",
                "provider_appt_type_connections": []
              },
              "messages": null
            }
          }
        }
        "#);
        assert_eq!(clinic.events(), [] as [&str; 0]);
    }

    #[test]
    fn it_needs_a_name_a_length_and_the_right_to() {
        let clinic = Clinic::open();
        clinic.refuses("createAppointmentType(input: {})", &[("name", "can't be blank"), ("length", "can't be blank")]);
        let denied = [("base", "You do not have permission to create this appointment type.")];
        clinic.as_role("provider").refuses(r#"createAppointmentType(input: {name: "A", length: 5})"#, &denied);
    }

    #[test]
    fn it_names_its_providers_and_ways_to_meet() {
        let clinic = Clinic::open();
        let provider = clinic.id("User", "provider");
        let answer = clinic.run(&format!(
            r#"mutation {{ createAppointmentType(input: {{
                name: "Walk", length: 20, client_facing_display_name: "A walk", require_specific_providers: true,
                contact_type_overrides: ["in_person"], provider_ids_for_appt_type_connections: "{provider}"
            }}) {{ appointmentType {{
                client_display_name available_contact_types provider_appt_type_connections {{ provider_name }}
            }} }} }}"#
        ));
        assert_json_snapshot!(answer, @r#"
        {
          "data": {
            "createAppointmentType": {
              "appointmentType": {
                "client_display_name": "A walk",
                "available_contact_types": [
                  "In Person"
                ],
                "provider_appt_type_connections": [
                  {
                    "provider_name": "Priya Raman"
                  }
                ]
              }
            }
          }
        }
        "#);
    }
}
