//! What is mailed, and in which words.

use super::{Mail, send};
use crate::engine::{Call, Row, moment::show_instant};
use crate::schema::Named;
use crate::schema::names::{
    Appointment, AppointmentType, BillingItem, CourseItem, Goal, RequestedFormCompletion, RequestedPayment, SuperBill, Task, User,
};
use jiff::tz::TimeZone;

const FIRST_PASSWORD: &str = "/set_initial_password?signup_token=";
/// Assumed: nobody documents the page. Its token is what `signIn` takes as `reset_token`.
const NEW_PASSWORD: &str = "/reset_password?reset_token=";

/// To a new patient. Documented (createClient): unless the caller says no.
pub fn welcome<I: Named>(call: &mut Call<'_, I>, patient: &Row<User>) {
    let mail = Mail {
        kind: "welcome",
        subject: "Welcome".to_owned(),
        text: greeting(patient, "Your account is ready."),
        link: first_password(patient),
    };
    send(call, patient, patient, mail);
}

/// To a new member of an organization.
pub fn invitation<I: Named>(call: &mut Call<'_, I>, person: &Row<User>) {
    let text = greeting(person, "You are invited to join.");
    let mail = Mail { kind: "invitation", subject: "You are invited".to_owned(), text, link: first_password(person) };
    send(call, person, person, mail);
}

pub fn password_reset<I: Named>(call: &mut Call<'_, I>, person: &Row<User>, token: &str) {
    let text = greeting(person, "Somebody asked for a new password for your account. If it was not you, leave it at that.");
    let mail = Mail { kind: "password_reset", subject: "A new password".to_owned(), text, link: Some((NEW_PASSWORD, token)) };
    send(call, person, person, mail);
}

/// Documented: a patient who is asked to fill in a form is told so.
pub fn form_request<I: Named>(call: &mut Call<'_, I>, patient: &Row<User>, request: &Row<RequestedFormCompletion>) {
    let text = greeting(patient, "There is a form for you to fill in.");
    send(call, patient, request, Mail { kind: "form_request", subject: "A form to fill in".to_owned(), text, link: None });
}

/// Documented (updateClient): a reminder of a form that is asked for; of what is to be filled in at first, where `request` is none.
pub fn form_reminder<I: Named>(call: &mut Call<'_, I>, patient: &Row<User>, request: Option<&Row<RequestedFormCompletion>>) {
    let text = greeting(patient, "There is still a form for you to fill in.");
    let mail = Mail { kind: "form_reminder", subject: "A form to fill in".to_owned(), text, link: None };
    match request {
        Some(request) => send(call, patient, request, mail),
        None => send(call, patient, patient, mail),
    }
}

/// Documented (updateRequestedPayment): on demand.
pub fn invoice<I: Named>(call: &mut Call<'_, I>, patient: &Row<User>, invoice: &Row<RequestedPayment>) {
    let text = greeting(patient, "There is an invoice for you.");
    send(call, patient, invoice, Mail { kind: "invoice", subject: "An invoice".to_owned(), text, link: None });
}

/// Documented (updateSuperBill): on demand.
pub fn super_bill<I: Named>(call: &mut Call<'_, I>, patient: &Row<User>, bill: &Row<SuperBill>) {
    let text = greeting(patient, "There is a superbill for you.");
    send(call, patient, bill, Mail { kind: "super_bill", subject: "A superbill".to_owned(), text, link: None });
}

/// About a visit: what `kind` says has happened to it, or that it is near.
pub fn visit<I: Named>(call: &mut Call<'_, I>, person: &Row<User>, visit: &Row<Appointment>, kind: &'static str) {
    let (subject, said) = match kind {
        "appointment_booked" => ("An appointment", "is booked for"),
        "appointment_rescheduled" => ("Another time for an appointment", "is now on"),
        "appointment_cancelled" => ("An appointment is cancelled", "does not take place on"),
        _ => ("An appointment is near", "is on"),
    };
    let of = visit.get(Appointment::appointment_type_id).and_then(|of| call.find_any::<AppointmentType>(of));
    let name = of.as_ref().and_then(|of| of.get(AppointmentType::name)).unwrap_or("Appointment");
    let zone = person.get(User::timezone).and_then(|zone| TimeZone::get(zone).ok()).unwrap_or(TimeZone::UTC);
    let at = visit.get(Appointment::date).map(|at| show_instant(at, &zone)).unwrap_or_default();
    let text = greeting(person, &format!("{name} {said} {at}."));
    send(call, person, visit, Mail { kind, subject: subject.to_owned(), text, link: None });
}

pub fn task_reminder<I: Named>(call: &mut Call<'_, I>, person: &Row<User>, task: &Row<Task>) {
    let text = greeting(person, &format!("There is something to do: {}", task.get(Task::content).unwrap_or_default()));
    send(call, person, task, Mail { kind: "task_reminder", subject: "Something to do".to_owned(), text, link: None });
}

pub fn goal_reminder<I: Named>(call: &mut Call<'_, I>, patient: &Row<User>, goal: &Row<Goal>) {
    let text = greeting(patient, &format!("This is your goal: {}", goal.get(Goal::name).unwrap_or_default()));
    send(call, patient, goal, Mail { kind: "goal_reminder", subject: "Your goal".to_owned(), text, link: None });
}

/// Documented: to whoever has paid, once it is charged.
pub fn receipt<I: Named>(call: &mut Call<'_, I>, payer: &Row<User>, payment: &Row<BillingItem>) {
    let text = greeting(payer, &format!("We have received {}.", payment.get(BillingItem::amount_paid).unwrap_or("0.00")));
    send(call, payer, payment, Mail { kind: "receipt", subject: "A receipt".to_owned(), text, link: None });
}

/// To whoever should have been paid.
pub fn payment_failed<I: Named>(call: &mut Call<'_, I>, payee: &Row<User>, payment: &Row<BillingItem>) {
    let why = payment.get(BillingItem::failure_reason).unwrap_or_default();
    let text = greeting(payee, &format!("A payment of {} has failed. {why}", payment.get(BillingItem::amount_paid).unwrap_or("0.00")));
    send(call, payee, payment, Mail { kind: "payment_failed", subject: "A payment has failed".to_owned(), text, link: None });
}

/// A module of a program, or the mail that it is.
pub fn program_module<I: Named>(call: &mut Call<'_, I>, person: &Row<User>, item: &Row<CourseItem>, is_email: bool) {
    let name = item.get(CourseItem::name).unwrap_or("A module").to_owned();
    let (kind, text) = match is_email {
        true => ("program_email", item.get(CourseItem::description).unwrap_or(&name).to_owned()),
        false => ("program_module", format!("{name} is there for you.")),
    };
    let text = greeting(person, &text);
    send(call, person, item, Mail { kind, subject: name, text, link: None });
}

fn greeting(person: &Row<User>, text: &str) -> String {
    match person.get(User::first_name).filter(|name| !name.is_empty()) {
        Some(name) => format!("Hello {name},\n\n{text}"),
        None => text.to_owned(),
    }
}

/// The link to a first password, for who has none.
fn first_password(person: &Row<User>) -> Option<(&'static str, &str)> {
    let token = person.get(User::signup_token).filter(|_| person.get(User::password_digest).is_none())?;
    Some((FIRST_PASSWORD, token))
}

#[cfg(test)]
mod tests {
    use crate::engine::{Row, table};
    use crate::schema::Named;
    use crate::schema::names::SentMail;
    use crate::testing::Clinic;

    fn mails(clinic: &Clinic) -> Vec<Row<SentMail>> {
        clinic.world.snapshot().state.all(table(SentMail::TYPE)).cloned().map(Row::new).collect()
    }

    /// Kind and address of each.
    fn told(clinic: &Clinic) -> Vec<(String, String)> {
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        mails(clinic).iter().map(|mail| (text(mail.get(SentMail::kind)), text(mail.get(SentMail::to)))).collect()
    }

    fn one(kind: &str, to: &str) -> Vec<(String, String)> {
        vec![(kind.to_owned(), to.to_owned())]
    }

    #[test]
    fn a_new_patient_is_welcomed_unless_nobody_wants_it() {
        let clinic = Clinic::open();
        let add = |more: &str| {
            clinic.run(&format!(r#"mutation {{ createClient(input: {{ first_name: "Nia", last_name: "Nord"{more} }}) {{ user {{ id set_password_link }} messages {{ message }} }} }}"#))
        };
        add(r#", email: "quiet@example.com", dont_send_welcome: true"#);
        add(", skipped_email: true");
        assert_eq!(told(&clinic), []);
        let made = add(r#", email: "nia@example.com""#);
        assert_eq!(told(&clinic), one("welcome", "nia@example.com"));
        let user = &made["data"]["createClient"]["user"];
        assert_eq!(user["set_password_link"].as_str(), mails(&clinic)[0].get(SentMail::link));
        clinic.run(&format!("mutation {{ updateClient(input: {{ id: {}, resend_welcome: true }}) {{ user {{ id }} }} }}", user["id"]));
        assert_eq!(told(&clinic), [one("welcome", "nia@example.com"), one("welcome", "nia@example.com")].concat());
    }

    #[test]
    fn a_new_password_takes_the_mails_token() {
        let clinic = Clinic::open().as_role("nobody");
        clinic.run(r#"mutation { resetPassword(input: { email: "patient@clinic.example" }) { messages { message } } }"#);
        assert_eq!(told(&clinic), one("password_reset", "patient@clinic.example"));
        let mail = mails(&clinic).remove(0);
        let token = mail.get(SentMail::token).expect("a token");
        assert!(mail.get(SentMail::link).is_some_and(|link| link.starts_with("http://localhost:4000/") && link.ends_with(token)));
        let signed_in = clinic.run(&format!(
            r#"mutation {{ signIn(input: {{ reset_token: "{token}", password: "Another-pass-2" }}) {{ user {{ first_name }} messages {{ message }} }} }}"#
        ));
        assert_eq!(signed_in["data"]["signIn"]["user"]["first_name"], "Ava", "{signed_in}");
    }

    #[test]
    fn a_new_member_is_invited_unless_nobody_wants_it() {
        let clinic = Clinic::open();
        let organization = clinic.id("Organization", "clinic");
        let add = |email: &str, more: &str| {
            clinic.run(&format!(
                r#"mutation {{ createOrganizationMembership(input: {{ organization_id: {organization}, first_name: "Nia", last_name: "Nord", email: "{email}"{more} }}) {{ messages {{ message }} }} }}"#
            ))
        };
        add("quiet@clinic.example", ", send_invite_email: false");
        assert_eq!(told(&clinic), []);
        add("nia@clinic.example", "");
        assert_eq!(told(&clinic), one("invitation", "nia@clinic.example"));
    }

    #[test]
    fn a_patient_who_is_asked_for_a_form_is_told_unless_nobody_wants_it() {
        let clinic = Clinic::open().as_role("provider");
        let (user, form) = (clinic.id("User", "patient"), clinic.id("CustomModuleForm", "welcome"));
        let ask = |more: &str| {
            clinic.run(&format!(r#"mutation {{ createRequestedFormCompletion(input: {{ recipient_id: "{user}", custom_module_form_id: "{form}"{more} }}) {{ requestedFormCompletion {{ id }} }} }}"#))
        };
        ask(", skip_notification_email: true");
        assert_eq!(told(&clinic), []);
        let made = ask("");
        let id = &made["data"]["createRequestedFormCompletion"]["requestedFormCompletion"]["id"];
        assert_eq!(told(&clinic), one("form_request", "patient@clinic.example"));
        assert_eq!(mails(&clinic)[0].get(SentMail::resource_id).map(|id| id.to_string()).as_deref(), id.as_str());
    }
}
