//! Modules of a program are released to each person when their day has come.

use super::course::{is_email, items, released_after};
use crate::domain::{appointments, mails::letters};
use crate::engine::{AnyInput, Call, Draft, Reading, Row, View, moment};
use crate::schema::Named;
use crate::schema::names::{Course, CourseItem, CourseMembership as M, NotificationSetting, User};
use jiff::Timestamp;

/// When somebody who began at `start`, and paused for `paused` seconds, gets a module.
///
/// Documented: days after the start; the seconds of all pauses add up. Assumed: they put off what is still to come.
pub fn at(item: &View<'_, CourseItem>, start: Timestamp, paused: Option<i64>) -> Timestamp {
    moment::later(start, released_after(item).saturating_mul(86_400).saturating_add(paused.unwrap_or(0)))
}

/// Sees when the next module is released. While somebody pauses, none is.
pub fn plan(member: &mut Draft<M>, on: Reading<'_>) {
    let begun = member.get(M::start_at).zip(member.get(M::course_id)).filter(|_| member.get(M::is_paused) != Some(true));
    let paused = member.get(M::total_paused_duration);
    let next =
        begun.and_then(|(start, course)| items(on, course).iter().map(|item| at(item, start, paused)).filter(|at| *at > on.now()).min());
    match next {
        Some(at) => member.put(M::releases_at, at),
        None => member.clear(M::releases_at),
    }
}

/// Mails what is released now: that there is a module, or the mail that it is. Documented (NotificationSetting): of a module only to
/// those who want it. Assumed: of an archived program nothing.
pub fn release(call: &mut Call<'_, AnyInput>, member: &Row<M>) {
    let on = call.on();
    let course = member.get(M::course_id).unwrap_or_default();
    let active = on.find_any::<Course>(course).is_some_and(|course| course.get(Course::active) != Some(false));
    let person = member.get(M::user_id).and_then(|person| call.find_any::<User>(person)).filter(|_| active);
    if let (Some(person), Some(start), Some(due)) = (person, member.get(M::start_at), member.get(M::releases_at)) {
        let wants = appointments::wants(call, person.id(), NotificationSetting::send_new_module_email);
        let released = items(on, course).into_iter().filter(|item| at(item, start, member.get(M::total_paused_duration)) == due);
        let told: Vec<_> = released.filter(|item| wants || is_email(item)).map(|item| (item.row().clone(), is_email(&item))).collect();
        for (item, is_email) in told {
            letters::program_module(call, &person, &item, is_email);
        }
    }
    call.change(member).save(call);
}

/// A module that is new or comes on another day, for those who are enrolled.
pub fn plan_anew<I: Named>(call: &mut Call<'_, I>, course: Option<u64>) {
    for member in course.into_iter().flat_map(|course| call.having(M::course_id, course)).collect::<Vec<_>>() {
        let mut planned = call.change(&member);
        plan(&mut planned, call.on());
        if planned.get(M::releases_at) != member.get(M::releases_at) {
            planned.save(call);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use jiff::SignedDuration;

    fn told(clinic: &Clinic) -> Vec<String> {
        clinic.mails().into_iter().map(|(kind, _)| kind).filter(|kind| kind.starts_with("program_")).collect()
    }

    #[test]
    fn modules_and_mails_are_released_on_their_day() {
        let clinic = Clinic::open();
        let (patient, course) = (clinic.id("User", "patient"), clinic.id("Course", "steps"));
        let add = |name: &str, kind: &str, days: &str| {
            clinic.run(&format!(
                r#"mutation {{ createCourseItem(input: {{ course_id: "{course}", name: "{name}", item_type: "{kind}", scheduled_release: "{days}" }}) {{ messages {{ message }} }} }}"#
            ))
        };
        // The patient began three weeks ago.
        for (name, kind, days) in [("Lunch", "Document", "23"), ("How is it going?", "CustomEmail", "24"), ("Supper", "Document", "30")] {
            add(name, kind, days);
        }
        clinic.events();
        clinic.advance(SignedDuration::from_hours(24 * 4));
        assert_eq!(told(&clinic), ["program_module", "program_email"]);
        assert!(!clinic.events().contains(&"course_membership.updated".to_owned()));
        let member = clinic.run(&format!(r#"{{ courseMembership(course_id: "{course}", user_id: "{patient}") {{ id }} }}"#));
        let member = &member["data"]["courseMembership"]["id"];
        clinic.run(&format!("mutation {{ pauseCourseMembership(input: {{ id: {member} }}) {{ messages {{ message }} }} }}"));
        clinic.advance(SignedDuration::from_hours(24 * 10));
        assert_eq!(told(&clinic).len(), 2, "nothing during a pause");
        clinic.run(&format!("mutation {{ resumeCourseMembership(input: {{ id: {member} }}) {{ messages {{ message }} }} }}"));
        clinic.advance(SignedDuration::from_hours(24 * 4));
        assert_eq!(told(&clinic).len(), 2, "the pause puts off what is to come");
        clinic.advance(SignedDuration::from_hours(24 * 3));
        assert_eq!(told(&clinic)[2..], ["program_module"]);
    }
}
