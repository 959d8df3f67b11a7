//! Who may see a person.

use super::restriction;
use crate::engine::{Reading, View, Viewer};
use crate::schema::names::{OrganizationMembership, User};

/// Documented: members see each other and, of the patients, those of their own care; owner and administrators all of their
/// organization and those below it, others by their flags. A patient sees itself and who cares for it.
pub fn is_visible(person: &View<'_, User>) -> bool {
    let viewer = person.on.viewer();
    if viewer.is(person.id()) {
        return true;
    }
    match person.is(User::is_patient) {
        _ if viewer.is_patient() => cares_for_viewer(person, viewer),
        true => is_own(person, viewer) || viewer.reaches(person.organization()) && sees_others(person, viewer),
        false => viewer.reaches(person.organization()),
    }
}

fn cares_for_viewer(person: &View<'_, User>, viewer: &Viewer) -> bool {
    viewer.user.as_ref().is_some_and(|own| own.get(User::cared_for_by_ids).unwrap_or_default().contains(&person.id()))
}

fn is_own(patient: &View<'_, User>, viewer: &Viewer) -> bool {
    let by = patient.get(User::cared_for_by_ids).unwrap_or_default();
    viewer.is_member() && viewer.id().is_some_and(|own| by.contains(&own))
}

/// Assumed: a restricted patient is opened by the own providers, the owner and administrators; documented: others need an
/// authorization.
fn sees_others(patient: &View<'_, User>, viewer: &Viewer) -> bool {
    let let_in = || viewer.id().is_some_and(|own| restriction::is_let_in(patient.on, patient.id(), own));
    sees_all(viewer) || may_search(viewer) && (!patient.is(User::restricted) || let_in())
}

/// True for those from whom no patient of the organization is hidden.
pub fn sees_all(viewer: &Viewer) -> bool {
    viewer.is_admin()
}

/// True where nobody has to be asked about: for those who see all, and, as long as no patient is restricted, for those
/// who may open all others.
pub fn hides_nobody(on: Reading<'_>) -> bool {
    sees_all(on.viewer()) || may_search(on.viewer()) && on.count_having(User::restricted, true) == 0
}

/// True for those who may open every patient that is not restricted.
pub fn may_search(viewer: &Viewer) -> bool {
    viewer.may(OrganizationMembership::sees_all_clients) || viewer.may(OrganizationMembership::can_see_clients)
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;

    fn seen(clinic: &Clinic, handles: &[&str]) -> String {
        let one = |handle: &&str| {
            let answer = clinic.run(&format!("{{ user(id: {}) {{ id }} }}", clinic.id("User", handle)));
            if answer["data"]["user"].is_null() { format!("-{handle}") } else { format!("+{handle}") }
        };
        handles.iter().map(one).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn who_sees_whom() {
        let clinic = Clinic::open();
        let handles = ["patient", "patient2", "noor", "provider", "provider2", "former", "outsider", "outsider_patient"];
        let told = ["owner", "admin", "provider", "provider2", "integration", "limited", "support", "patient", "outsider"]
            .map(|role| format!("{role}: {}", seen(&clinic.as_role(role), &handles)));
        insta::assert_debug_snapshot!(told, @r#"
        [
            "owner: +patient +patient2 +noor +provider +provider2 +former -outsider -outsider_patient",
            "admin: +patient +patient2 +noor +provider +provider2 +former -outsider -outsider_patient",
            "provider: +patient -patient2 +noor +provider +provider2 +former -outsider -outsider_patient",
            "provider2: -patient +patient2 -noor +provider +provider2 +former -outsider -outsider_patient",
            "integration: +patient +patient2 +noor +provider +provider2 +former -outsider -outsider_patient",
            "limited: -patient -patient2 -noor +provider +provider2 +former -outsider -outsider_patient",
            "support: +patient +patient2 +noor +provider +provider2 +former -outsider -outsider_patient",
            "patient: +patient -patient2 -noor +provider -provider2 -former -outsider -outsider_patient",
            "outsider: -patient -patient2 -noor -provider -provider2 -former +outsider +outsider_patient",
        ]
        "#);
    }

    #[test]
    fn a_restricted_patient_is_opened_by_few() {
        let clinic = Clinic::open();
        let id = clinic.id("User", "noor");
        clinic.run(&format!("mutation {{ updateClient(input: {{ id: {id}, restricted: true }}) {{ messages {{ message }} }} }}"));
        let told = ["owner", "provider", "provider2", "integration"].map(|role| {
            let clinic = clinic.as_role(role);
            let listed = clinic.run(r#"{ usersCount(keywords: "haddad") }"#)["data"]["usersCount"].clone();
            format!("{role}: {} {listed}", seen(&clinic, &["noor"]))
        });
        insta::assert_debug_snapshot!(told, @r#"
        [
            "owner: +noor 1",
            "provider: +noor 1",
            "provider2: -noor 0",
            "integration: -noor 0",
        ]
        "#);
    }

    /// What is about a patient: a note, a conversation, a document, a medication, a goal, a care plan, an invoice, a payment, a
    /// task, a policy.
    #[test]
    fn who_sees_what_is_about_a_patient() {
        let clinic = Clinic::open();
        let first = |ty: &str, handle: &str| clinic.id(ty, handle);
        let asked = [
            ("formAnswerGroup", first("FormAnswerGroup", "patient_note")),
            ("conversation", first("Conversation", "patient")),
            ("document", first("Document", "patient_referral")),
            ("medication", first("MedicationType", "metformin")),
            ("goal", first("Goal", "walk")),
            ("carePlan", first("CarePlan", "heart_health")),
            ("requestedPayment", first("RequestedPayment", "patient_open")),
            ("billingItem", first("BillingItem", "patient_first")),
            ("task", first("Task", "call_back")),
            ("policy", first("Policy", "patient_primary")),
        ];
        let roles =
            ["owner", "admin", "provider", "provider2", "integration", "limited", "support", "patient", "patient2", "outsider", "nobody"];
        let told = roles.map(|role| {
            let clinic = clinic.as_role(role);
            let seen = asked.iter().filter(|(field, id)| {
                let answer = clinic.run(&format!(r#"{{ {field}(id: "{id}") {{ id }} }}"#));
                assert!(answer["errors"].is_null(), "{answer}");
                !answer["data"][field].is_null()
            });
            format!("{role}: {}", seen.map(|(field, _)| *field).collect::<Vec<_>>().join(" "))
        });
        insta::assert_debug_snapshot!(told, @r#"
        [
            "owner: formAnswerGroup conversation document medication goal carePlan requestedPayment billingItem task policy",
            "admin: formAnswerGroup conversation document medication goal carePlan requestedPayment billingItem task policy",
            "provider: formAnswerGroup conversation document medication goal carePlan requestedPayment billingItem task policy",
            "provider2: ",
            "integration: formAnswerGroup conversation document medication goal carePlan requestedPayment billingItem task policy",
            "limited: ",
            "support: formAnswerGroup document medication goal carePlan task policy",
            "patient: formAnswerGroup conversation medication goal carePlan requestedPayment billingItem policy",
            "patient2: ",
            "outsider: ",
            "nobody: ",
        ]
        "#);
    }
}
