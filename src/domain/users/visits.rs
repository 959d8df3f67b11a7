//! What a person says of their calendar. Documented: cancelled and missed visits don't count.

use crate::domain::appointments::is_active;
use crate::engine::{Answer, Entity, View};
use crate::schema::Named;
use crate::schema::names::{Appointment, User};

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

/// The active visits that have not begun.
pub fn upcoming<'s>(user: &View<'s, User>) -> impl Iterator<Item = View<'s, Appointment>> + use<'s> {
    let now = user.on.now();
    all(user).filter(move |visit| is_active(visit) && visit.get(Appointment::date) >= Some(now))
}

fn past<'s>(user: &View<'s, User>) -> impl Iterator<Item = View<'s, Appointment>> + use<'s> {
    let now = user.on.now();
    all(user).filter(move |visit| is_active(visit) && visit.get(Appointment::date).is_some_and(|date| date < now))
}

fn visible<'s>(
    user: &View<'s, User>,
    visits: impl Iterator<Item = View<'s, Appointment>> + 's,
) -> impl Iterator<Item = View<'s, Appointment>> + 's {
    let on = user.on;
    visits.filter(move |visit| on.may_see(Appointment::TYPE, visit.record()))
}
