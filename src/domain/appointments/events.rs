//! What a visit announces beside `appointment.created`, `.updated` and `.deleted`.

use crate::engine::{Changed, Row};
use crate::schema::names::Appointment;

/// Assumed: the client of a new 1:1 visit is no news beside `appointment.created`; a group's clients are.
pub fn patient_added(visit: &Changed<Appointment>) -> bool {
    let worth_saying = !visit.created() || visit.row().is(Appointment::is_group);
    worth_saying && has_more(visit.after.as_ref(), visit.before.as_ref())
}

pub fn patient_removed(visit: &Changed<Appointment>) -> bool {
    visit.after.is_some() && has_more(visit.before.as_ref(), visit.after.as_ref())
}

/// True where `visit` has a client whom `other` has not.
fn has_more(visit: Option<&Row<Appointment>>, other: Option<&Row<Appointment>>) -> bool {
    let clients = |visit: Option<&Row<Appointment>>| visit.and_then(|visit| visit.get(Appointment::attendee_ids)).unwrap_or_default();
    let others = clients(other);
    clients(visit).iter().any(|client| !others.contains(client))
}

#[cfg(test)]
mod tests {
    use crate::{engine::Value, testing::Clinic};

    #[test]
    fn an_event_names_the_practice() {
        let clinic = Clinic::open().as_role("provider");
        let visit = clinic.id("Appointment", "patient_next");
        clinic
            .run(&format!(r#"mutation {{ updateAppointment(input: {{id: "{visit}", location: "Room 2"}}) {{ messages {{ field }} }} }}"#));
        let practice = clinic.id("Organization", "clinic").parse().expect("an id");
        clinic.world.commits(|commits| {
            let event = &commits.iter().last().expect("a commit").events[0];
            assert_eq!(event.extra, [("resource_organization_id", Value::Id(practice))]);
            assert_eq!(event.changed_fields, ["last_updated_by_id", "location"]);
        });
    }

    #[test]
    fn the_client_of_an_individual_visit_is_exchanged() {
        let clinic = Clinic::open().as_role("provider");
        let (visit, rosa) = (clinic.id("Appointment", "patient_next"), clinic.id("User", "rosa"));
        let update = |client: &str| {
            clinic.run(&format!(
                r#"mutation {{ updateAppointment(input: {{id: "{visit}", user_id: {client}}}) {{ appointment {{ user {{ first_name }} attendees {{ first_name }} }} }} }}"#
            ))
        };
        insta::assert_json_snapshot!(update(&format!(r#""{rosa}""#)), @r#"
        {
          "data": {
            "updateAppointment": {
              "appointment": {
                "user": {
                  "first_name": "Rosa"
                },
                "attendees": [
                  {
                    "first_name": "Rosa"
                  }
                ]
              }
            }
          }
        }
        "#);
        assert_eq!(clinic.events(), ["appointment.updated", "appointment.patient_added", "appointment.patient_removed"]);
        insta::assert_json_snapshot!(update("null"), @r#"
        {
          "data": {
            "updateAppointment": {
              "appointment": {
                "user": null,
                "attendees": []
              }
            }
          }
        }
        "#);
        assert_eq!(clinic.events(), ["appointment.updated", "appointment.patient_removed"]);
    }
}
