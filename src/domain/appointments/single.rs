//! One visit: by its id, or the next one; and one client's part in it.

use super::{appointment, calendar};
use crate::engine::{Answer, Input, QueryError, Reading};
use crate::schema::names::{Appointment, AppointmentInclusionType, args};

/// Documented: a deleted visit is answered with `include_deleted` only. Observed: null, without an error, for others.
pub fn appointment(on: Reading<'_>, asked: &Input<'_, args::appointment>) -> Result<Answer, QueryError> {
    let with_deleted = asked.is(args::appointment::include_deleted);
    let id = asked.get(args::appointment::id).ok().flatten();
    let found = id.and_then(|id| on.find_any::<Appointment>(id)).filter(calendar::may_see);
    Ok(found.filter(|visit| with_deleted || visit.get(Appointment::deleted_at).is_none()).into())
}

/// The viewer's soonest visit that is still to come and to happen.
pub fn next_appointment(on: Reading<'_>) -> Answer {
    let Some(me) = on.viewer().id() else { return Answer::NULL };
    let own = match on.viewer().is_patient() {
        true => on.having(Appointment::attendee_ids, vec![me]),
        false => on.having(Appointment::provider_ids, vec![me]),
    };
    let ahead = own.filter(|visit| visit.get(Appointment::date) > Some(on.now()) && !visit.is(Appointment::is_blocker));
    ahead.filter(appointment::is_active).min_by_key(|visit| visit.get(Appointment::date)).into()
}

/// Assumed: a `uuid` alone finds nothing without a key, since managing visits from outside is off unless Healthie's
/// support turns it on.
pub fn appointment_inclusion(on: Reading<'_>, asked: &Input<'_, args::appointmentInclusion>) -> Result<Answer, QueryError> {
    if let Some(id) = asked.get(args::appointmentInclusion::id).ok().flatten() {
        return Ok(on.find::<AppointmentInclusionType>(id).into());
    }
    let uuid = asked.lifted.sent(args::appointmentInclusion::uuid.slot).and_then(Option::as_ref).and_then(crate::engine::Value::as_str);
    asked.accept(args::appointmentInclusion::uuid);
    let by_uuid = uuid.and_then(|uuid| {
        let mut all = on.all::<AppointmentInclusionType>();
        all.find(|inclusion| inclusion.value(AppointmentInclusionType::external_uuid.slot).as_str() == Some(uuid))
    });
    Ok(by_uuid.and_then(|inclusion| on.find::<AppointmentInclusionType>(inclusion.id())).into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use insta::{assert_debug_snapshot, assert_json_snapshot};

    #[test]
    fn without_a_key_only_groups_are_shown() {
        let clinic = Clinic::open();
        let (class, visit) = (clinic.id("Appointment", "class"), clinic.id("Appointment", "patient_next"));
        let document = format!(
            r#"{{ class: appointment(id: "{class}") {{ title start is_group notes attendees {{ id }} }} visit: appointment(id: "{visit}") {{ id }} }}"#
        );
        assert_json_snapshot!(clinic.as_role("nobody").run(&document), @r#"
        {
          "data": {
            "class": {
              "title": "Mindful Eating Class",
              "start": "2026-03-12 21:30:00 UTC",
              "is_group": true,
              "notes": null,
              "attendees": []
            },
            "visit": null
          }
        }
        "#);
    }

    #[test]
    fn who_comes_to_a_group_is_told_to_those_whose_calendar_has_it() {
        let clinic = Clinic::open();
        let class = clinic.id("Appointment", "class");
        clinic.run(&format!(
            r#"mutation {{ updateAppointment(input: {{id: "{class}", notes: "Bring apples"}}) {{ appointment {{ id }} }} }}"#
        ));
        let document = format!(r#"{{ appointment(id: "{class}") {{ notes attendees {{ first_name }} }} }}"#);
        let told = ["provider", "provider2", "limited", "patient", "patient2", "outsider"].map(|role| {
            let visit = clinic.as_role(role).run(&document)["data"]["appointment"].clone();
            let names: Vec<_> =
                visit["attendees"].as_array().into_iter().flatten().filter_map(|user| user["first_name"].as_str()).collect();
            format!("{role}: {} {}", names.join(" "), visit["notes"])
        });
        assert_debug_snapshot!(told, @r#"
        [
            "provider: Ava Rosa Yuki \"Bring apples\"",
            "provider2: Rosa Yuki \"Bring apples\"",
            "limited:  \"Bring apples\"",
            "patient: Ava null",
            "patient2:  null",
            "outsider:  null",
        ]
        "#);
    }

    #[test]
    fn an_unknown_id_and_one_of_another_practice_are_null() {
        let clinic = Clinic::open();
        let theirs = clinic.id("Appointment", "outsider_next");
        let document =
            format!(r#"{{ a: appointment(id: "1") {{ id }} b: appointment(id: "x") {{ id }} c: appointment(id: "{theirs}") {{ id }} }}"#);
        assert_json_snapshot!(clinic.run(&document), @r#"
        {
          "data": {
            "a": null,
            "b": null,
            "c": null
          }
        }
        "#);
    }

    #[test]
    fn the_next_visit_is_the_soonest_that_will_happen() {
        let clinic = Clinic::open();
        for (role, expected) in [("patient", "2026-03-05 10:00:00 -0500"), ("provider", "2026-03-03 14:00:00 -0500")] {
            let answer = clinic.as_role(role).run("{ nextAppointment { date } }");
            assert_eq!(answer["data"]["nextAppointment"]["date"], expected, "{role}: {answer}");
        }
        let none = clinic.as_role("support").run("{ nextAppointment { date } }");
        assert!(none["data"]["nextAppointment"].is_null());
    }

    #[test]
    fn an_inclusion_is_shown_to_whom_it_concerns() {
        let clinic = Clinic::open();
        let id = clinic.id("AppointmentInclusionType", "class_rosa");
        let document = format!(r#"{{ appointmentInclusion(id: "{id}") {{ user {{ first_name }} appointment {{ title }} }} }}"#);
        assert_json_snapshot!(clinic.run(&document), @r#"
        {
          "data": {
            "appointmentInclusion": {
              "user": {
                "first_name": "Rosa"
              },
              "appointment": {
                "title": "Mindful Eating Class"
              }
            }
          }
        }
        "#);
        assert!(clinic.as_role("patient").run(&document)["data"]["appointmentInclusion"].is_null());
    }
}
