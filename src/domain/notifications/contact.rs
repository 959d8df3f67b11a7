//! People around a patient, who may have an account of their own.

use crate::domain::{mails::letters, users};
use crate::engine::{Call, Draft, Entity, Made, Refusal, Row, View};
use crate::schema::Named;
use crate::schema::names::{
    ClientPortalSetting, NotificationContact, User, createNotificationContactInput as Input, updateNotificationContactInput,
};

type Contact = NotificationContact;

/// Documented: the values of `relationship`.
const RELATIONSHIPS: [&str; 8] = ["caregiver", "child", "dependent", "family_member", "legal_guardian", "is_parent", "spouse", "other"];

pub fn entity() -> Entity<Contact> {
    Entity::usual()
        .about_only(Contact::user_id)
        .flags_default_to_no()
        .refers(Contact::client_portal_setting, Contact::client_portal_setting_id)
        .computed(Contact::full_name, |contact| Some(full_name(contact)))
        .computed(Contact::full_legal_name_with_preferred, |contact| Some(full_name(contact)))
}

fn full_name(contact: &View<'_, Contact>) -> String {
    let names = [Contact::first_name, Contact::last_name].map(|name| contact.get(name).unwrap_or_default().trim());
    names.join(" ").trim().to_owned()
}

/// Documented: what a contact with an account may do for the patient. Assumed: everything that nobody forbade.
pub fn portal_setting() -> Entity<ClientPortalSetting> {
    type S = ClientPortalSetting;
    let switches = [
        S::chat_with_provider,
        S::schedule_appointments,
        S::view_and_complete_forms,
        S::view_and_create_goals,
        S::view_and_create_journal_entries,
        S::view_and_pay_bills,
        S::view_and_purchase_packages,
        S::view_and_upload_documents,
    ];
    switches.into_iter().fold(Entity::usual(), |entity, switch| entity.defaults(switch, true))
}

pub fn create_notification_contact(call: &mut Call<'_, Input>) -> Result<Made, Refusal> {
    call.accept(Input::contact_form);
    let patient = match call.is_blank(Input::user_id) && call.viewer().is_patient() {
        true => call.viewer().user.clone().ok_or_else(|| Refusal::no_permission("create this notification contact"))?,
        false => call.target::<User, _>(Input::user_id)?,
    };
    let mut contact = call.draft::<Contact>().belongs_to(patient.organization()).set(Contact::user_id, patient.id());
    refuse(call, &contact)?;
    if !call.is_blank(Input::linked_client_id) {
        call.target::<User, _>(Input::linked_client_id)?;
    } else if contact.get(Contact::client_portal_access) == Some(true) {
        let linked = account(call, &contact)?;
        contact.put(Contact::linked_client_id, linked.id());
        if call.is(Input::send_invitation) {
            letters::welcome(call, &linked);
        }
    }
    let contact = contact.save(call);
    Ok(call.save_nested(&contact)?.into())
}

/// Documented: access to the client portal makes a patient of the contact. Assumed: with the given provider and group, else
/// the patient's provider.
fn account(call: &mut Call<'_, Input>, contact: &Draft<Contact>) -> Result<Row<User>, Refusal> {
    let patient = contact.get(Contact::user_id).and_then(|user| call.find_any::<User>(user));
    let provider = match call.is_blank(Input::dietitian_id) {
        true => patient.and_then(|patient| patient.get(User::dietitian_id)),
        false => Some(call.target::<User, _>(Input::dietitian_id)?.id()),
    };
    let mut user = call.blank_draft::<User>().belongs_to(contact.organization()).set(User::is_patient, true);
    let columns = [
        (Contact::first_name, User::first_name),
        (Contact::last_name, User::last_name),
        (Contact::email, User::email),
        (Contact::phone_number, User::phone_number),
    ];
    for (from, to) in columns {
        if let Some(text) = contact.get(from) {
            user.put(to, text.to_owned());
        }
    }
    if let Some(provider) = provider {
        user.put(User::dietitian_id, provider);
    }
    if !call.is_blank(Input::user_group_id) {
        let group = call.target::<crate::schema::names::UserGroup, _>(Input::user_group_id)?;
        user.put(User::user_group_id, group.id());
    }
    call.check(&user)?;
    users::refuse_invalid_email(&user)?;
    users::refuse_taken_email(call, &user)?;
    Ok(users::set_signup_token(call, user).save(call))
}

pub fn update_notification_contact(call: &mut Call<'_, updateNotificationContactInput>) -> Result<Made, Refusal> {
    let contact = call.target::<Contact, _>(updateNotificationContactInput::id)?;
    let draft = call.edit(&contact);
    refuse(call, &draft)?;
    let contact = draft.save(call);
    Ok(call.save_nested(&contact)?.into())
}

fn refuse<I: Named>(call: &Call<'_, I>, contact: &Draft<Contact>) -> Result<(), Refusal> {
    call.check(contact)?;
    let unknown = |value: Option<&str>, known: &[&str]| value.is_some_and(|value| !value.is_empty() && !known.contains(&value));
    if unknown(contact.get(Contact::relationship), &RELATIONSHIPS) {
        return Err(Refusal::named("relationship", "is not included in the list"));
    }
    if unknown(contact.get(Contact::contact_type), &["adult", "minor"]) {
        return Err(Refusal::named("contact_type", "is not included in the list"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn a_contact_with_access_becomes_a_patient() {
        let clinic = Clinic::open();
        let patient = clinic.id("User", "edith");
        let made = clinic.run(&format!(
            r#"mutation {{ createNotificationContact(input: {{ user_id: "{patient}", first_name: "Una", last_name: "Hartwell", email: "una@example.com", relationship: "is_parent", contact_type: "adult",
                client_portal_access: true, client_portal_setting: {{ view_and_pay_bills: false }} }}) {{
                notificationContact {{ full_name relationship emergency client_portal_access user {{ first_name }} linked_client {{ full_name is_patient dietitian {{ first_name }} }}
                    client_portal_setting {{ view_and_pay_bills chat_with_provider }} }} messages {{ field message }} }} }}"#
        ));
        assert_eq!(
            made["data"]["createNotificationContact"],
            json!({
                "notificationContact": {
                    "full_name": "Una Hartwell", "relationship": "is_parent", "emergency": false, "client_portal_access": true, "user": { "first_name": "Edith" },
                    "linked_client": { "full_name": "Una Hartwell", "is_patient": true, "dietitian": { "first_name": "Priya" } },
                    "client_portal_setting": { "view_and_pay_bills": false, "chat_with_provider": true }
                },
                "messages": null
            })
        );
        assert_eq!(clinic.events(), ["patient.created", "notification_contact.created"]);
        let seen = clinic.run(&format!("{{ user(id: {patient}) {{ notification_contacts {{ full_name }} }} }}"));
        assert_eq!(seen["data"]["user"]["notification_contacts"], json!([{ "full_name": "Una Hartwell" }]));
    }

    #[test]
    fn what_a_contact_needs() {
        let clinic = Clinic::open();
        let patient = clinic.id("User", "patient");
        clinic.refuses("createNotificationContact(input: {})", &[("user_id", "User not found")]);
        clinic.refuses(
            &format!(r#"createNotificationContact(input: {{ user_id: "{patient}", relationship: "rival" }})"#),
            &[("relationship", "is not included in the list")],
        );
        clinic.refuses(
            &format!(r#"createNotificationContact(input: {{ user_id: "{patient}", client_portal_access: true }})"#),
            &[("first_name", "can't be blank"), ("last_name", "can't be blank")],
        );
        let other = clinic.id("User", "patient2");
        clinic
            .as_role("patient")
            .refuses(&format!(r#"createNotificationContact(input: {{ user_id: "{other}" }})"#), &[("user_id", "User not found")]);
    }
}
