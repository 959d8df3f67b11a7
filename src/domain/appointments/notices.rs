//! What clients and providers are mailed about a visit: that it is booked, moved, or cancelled.

use super::appointment::takes_place;
use crate::domain::{mails::letters, scheduling_settings};
use crate::engine::{Call, Row};
use crate::schema::names::{Appointment, AppointmentSetting as Said, NotificationSetting as Wants, User};
use crate::schema::{Bool, Field, Named};

/// What has happened to a visit, as somebody sees it who comes to it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum News {
    Booked,
    Moved,
    Cancelled,
}

impl News {
    pub fn kind(self) -> &'static str {
        match self {
            Self::Booked => "appointment_booked",
            Self::Moved => "appointment_rescheduled",
            Self::Cancelled => "appointment_cancelled",
        }
    }

    /// What the practice tells clients.
    fn said(self) -> Field<Said, Bool> {
        match self {
            Self::Booked => Said::send_booking_notice,
            Self::Moved => Said::send_appointment_update_email,
            Self::Cancelled => Said::send_appointment_cancellation_email,
        }
    }

    /// What somebody wants to hear of.
    fn wanted(self) -> Field<Wants, Bool> {
        match self {
            Self::Booked => Wants::send_email_on_appointment_book,
            Self::Moved => Wants::send_email_on_appointment_reschedule,
            Self::Cancelled => Wants::send_email_on_appointment_cancel,
        }
    }
}

/// Mails what is news about `visit`, which was `before`, to its clients and to those of its providers who didn't do it themselves.
///
/// Documented: the settings that say so. Assumed: a setting that says nothing says yes; of a series one mail tells; nobody is told of a
/// visit in the past, but that it was cancelled or missed.
pub fn tell<I: Named>(call: &mut Call<'_, I>, before: Option<&Row<Appointment>>, visit: &Row<Appointment>) {
    if visit.is(Appointment::is_blocker) {
        return;
    }
    let kind = visit.get(Appointment::appointment_type_id);
    let settings = scheduling_settings::effective(call.on(), visit.get(Appointment::other_party_id), kind);
    let says = [News::Booked, News::Moved, News::Cancelled].map(|news| (news, settings.get(news.said()) != Some(false)));
    let told = |news: News| says.iter().any(|(of, yes)| *of == news && *yes);
    let clients = news(call, before, visit, Appointment::attendee_ids).into_iter().filter(|(_, news)| told(*news));
    let actor = call.viewer_id();
    let providers = news(call, before, visit, Appointment::provider_ids).into_iter().filter(|(person, _)| *person != actor);
    for (person, news) in clients.chain(providers).collect::<Vec<_>>() {
        if let Some(person) = call.find_any::<User>(person).filter(|person| wants(call, person.id(), news.wanted())) {
            letters::visit(call, &person, visit, news.kind());
        }
    }
}

/// What it means to each of those in `who`, before and now.
fn news<I: Named>(
    call: &Call<'_, I>,
    before: Option<&Row<Appointment>>,
    visit: &Row<Appointment>,
    who: Field<Appointment, crate::schema::Many<crate::schema::Id>>,
) -> Vec<(u64, News)> {
    let on = |visit: &Row<Appointment>| takes_place(visit.get(Appointment::deleted_at), visit.get(Appointment::pm_status));
    let people = |visit: &Row<Appointment>| visit.get(who).unwrap_or_default();
    let comes = |visit: &Row<Appointment>, person: u64| on(visit) && people(visit).contains(&person);
    let ahead = visit.get(Appointment::date) > Some(call.now());
    let moved = before.is_some_and(|before| before.get(Appointment::date) != visit.get(Appointment::date));
    // Assumed: what was booked anew is told of by the new booking.
    let anew = visit.get(Appointment::pm_status) == Some("Re-Scheduled");
    let gone = visit.get(Appointment::deleted_at).is_none() && !on(visit) || ahead;
    let mut all = before.map(people).unwrap_or_default();
    all.extend(people(visit));
    let mut seen: Vec<(u64, News)> = vec![];
    for person in all {
        let news = match (before.is_some_and(|before| comes(before, person)), comes(visit, person)) {
            (false, true) if ahead => News::Booked,
            (true, true) if ahead && moved => News::Moved,
            (true, false) if gone && !anew => News::Cancelled,
            _ => continue,
        };
        if !seen.iter().any(|(known, _)| *known == person) {
            seen.push((person, news));
        }
    }
    seen
}

/// Assumed: who has never said wants to hear of everything.
pub fn wants<I: Named>(call: &Call<'_, I>, person: u64, what: Field<Wants, Bool>) -> bool {
    call.having(Wants::user_id, person).first().is_none_or(|wants| wants.get(what) != Some(false))
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    fn told(clinic: &Clinic) -> Vec<String> {
        let mails = clinic.mails().into_iter();
        mails.map(|(kind, to)| format!("{kind} {}", to.split('@').next().unwrap_or_default())).collect()
    }

    fn book(clinic: &Clinic, more: &str) -> String {
        let ids = [("User", "patient"), ("User", "provider2"), ("AppointmentType", "follow_up")].map(|(ty, handle)| clinic.id(ty, handle));
        let [client, provider, kind] = ids;
        let made = clinic.run(&format!(
            r#"mutation {{ createAppointment(input: {{ user_id: "{client}", other_party_id: "{provider}", appointment_type_id: "{kind}",
                contact_type: "Phone Call", datetime: "2026-03-09 10:00" {more} }}) {{ appointment {{ id }} messages {{ message }} }} }}"#
        ));
        made["data"]["createAppointment"]["appointment"]["id"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned()
    }

    fn update(clinic: &Clinic, id: &str, change: &str) {
        clinic.run(&format!(r#"mutation {{ updateAppointment(input: {{ id: "{id}", {change} }}) {{ messages {{ message }} }} }}"#));
    }

    #[test]
    fn client_and_provider_hear_of_what_somebody_else_did() {
        let clinic = Clinic::open();
        let id = book(&clinic, "");
        assert_eq!(told(&clinic), ["appointment_booked patient", "appointment_booked provider2"]);
        update(&clinic, &id, r#"notes: "Bring apples""#);
        update(&clinic, &id, r#"datetime: "2026-03-10 10:00", skip_notification_email: true"#);
        assert_eq!(told(&clinic).len(), 2, "nothing new, and nothing that is told");
        update(&clinic.as_role("provider2"), &id, r#"datetime: "2026-03-11 10:00""#);
        assert_eq!(told(&clinic)[2..], ["appointment_rescheduled patient"]);
        clinic.run(&format!(r#"mutation {{ deleteAppointment(input: {{ id: "{id}" }}) {{ messages {{ message }} }} }}"#));
        assert_eq!(told(&clinic)[3..], ["appointment_cancelled patient", "appointment_cancelled provider2"]);
    }

    #[test]
    fn a_status_cancels_once_and_settings_keep_quiet() {
        let clinic = Clinic::open();
        let id = book(&clinic, "");
        update(&clinic, &id, r#"pm_status: "Cancelled""#);
        update(&clinic, &id, r#"pm_status: "No-Show""#);
        assert_eq!(told(&clinic)[2..], ["appointment_cancelled patient", "appointment_cancelled provider2"]);
        clinic.run(r#"mutation { updateAppointmentSetting(input: { send_booking_notice: false }) { messages { message } } }"#);
        clinic
            .as_role("provider2")
            .run("mutation { updateNotificationSetting(input: { send_email_on_appointment_book: false }) { messages { message } } }");
        book(&clinic, "");
        assert_eq!(told(&clinic).len(), 4);
    }
}
