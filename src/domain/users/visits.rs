//! What a person says of their calendar. Documented: cancelled and missed visits don't count.

use crate::domain::appointments::is_active;
use crate::engine::{Answer, Entity, View};
use crate::schema::Named;
use crate::schema::names::{Appointment, AppointmentInclusionType, User};

pub fn answer(entity: Entity<User>) -> Entity<User> {
    entity
        .answers(User::appointments, |user| Answer::List(visible(user, all(user)).map(Answer::from).collect()))
        .answers(User::upcoming_appointments, |user| Answer::List(visible(user, upcoming(user)).map(Answer::from).collect()))
        .answers(User::next_app, |user| visible(user, upcoming(user)).next().into())
        .answers(User::last_app, |user| visible(user, past(user)).last().into())
        .computed(User::next_appt_date, |user| upcoming(user).next()?.get(Appointment::date))
}

/// In the order of their dates, which is the index's.
fn all<'s>(user: &View<'s, User>) -> Box<dyn Iterator<Item = View<'s, Appointment>> + 's> {
    match user.is(User::is_patient) {
        true => user.on.having(Appointment::attendee_ids, vec![user.id()]),
        false => user.on.having(Appointment::provider_ids, vec![user.id()]),
    }
}

/// True for a visit that takes place, and to which the person still comes.
fn counts(visit: &View<'_, Appointment>, user: u64) -> bool {
    let mut included = visit.on.having(AppointmentInclusionType::appointment_id, visit.id());
    let stays_away = included.any(|inclusion| {
        inclusion.get(AppointmentInclusionType::user_id) == Some(user) && inclusion.is(AppointmentInclusionType::cancelled)
    });
    is_active(visit) && !stays_away
}

/// The active visits that have not begun.
pub fn upcoming<'s>(user: &View<'s, User>) -> impl Iterator<Item = View<'s, Appointment>> + use<'s> {
    let (id, now) = (user.id(), user.on.now());
    all(user).filter(move |visit| counts(visit, id) && visit.get(Appointment::date) >= Some(now))
}

fn past<'s>(user: &View<'s, User>) -> impl Iterator<Item = View<'s, Appointment>> + use<'s> {
    let (id, now) = (user.id(), user.on.now());
    all(user).filter(move |visit| counts(visit, id) && visit.get(Appointment::date).is_some_and(|date| date < now))
}

fn visible<'s>(
    user: &View<'s, User>,
    visits: impl Iterator<Item = View<'s, Appointment>> + 's,
) -> impl Iterator<Item = View<'s, Appointment>> + 's {
    let on = user.on;
    visits.filter(move |visit| on.may_see(Appointment::TYPE, visit.record()))
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    #[test]
    fn a_patients_calendar_is_told_by_active_visits() {
        let clinic = Clinic::open();
        let id = clinic.id("User", "patient");
        insta::assert_json_snapshot!(clinic.run(&format!(
            "{{ user(id: {id}) {{ next_appt_date next_app {{ date }} last_app {{ date pm_status }} upcoming_appointments {{ date }} }} }}"
        )), @r#"
        {
          "data": {
            "user": {
              "next_appt_date": "2026-03-05 10:00:00 -0500",
              "next_app": {
                "date": "2026-03-05 10:00:00 -0500"
              },
              "last_app": {
                "date": "2026-02-12 17:30:00 -0500",
                "pm_status": "Occurred"
              },
              "upcoming_appointments": [
                {
                  "date": "2026-03-05 10:00:00 -0500"
                },
                {
                  "date": "2026-03-12 17:30:00 -0400"
                }
              ]
            }
          }
        }
        "#);
    }
}
