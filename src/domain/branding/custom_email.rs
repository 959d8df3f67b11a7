//! The texts of the e-mails that a practice sends.

use crate::engine::{Answer, Entity, Input, List, QueryError, Reading, Value, Within};
use crate::schema::names::{CustomEmail, args};

/// Assumed: the members of an organization see each other's.
pub fn entity() -> Entity<CustomEmail> {
    Entity::usual()
        .silent()
        .about_nobody()
        .made_by(CustomEmail::user_id)
        .requires(CustomEmail::email_type)
        .computed(CustomEmail::name, |email| email.get(CustomEmail::subject).map(str::to_owned))
}

/// Documented: those of one type. Assumed: of everybody, unless a provider is named.
pub fn custom_emails() -> List<CustomEmail, args::customEmails> {
    type Asked = args::customEmails;
    List::new()
        .within(|on, _| match on.viewer().is_member() {
            true => Within::organization(on.viewer().organization()),
            false => Within::nothing(),
        })
        .filter_eq(Asked::email_type, CustomEmail::email_type)
        .filter_eq(Asked::provider_id, CustomEmail::user_id)
}

/// Assumed: the page has no more than the texts themselves.
pub fn custom_email_preview(_: Reading<'_>, asked: &Input<'_, args::customEmailPreview>) -> Result<Answer, QueryError> {
    type Asked = args::customEmailPreview;
    let text = |field| asked.get(field).ok().flatten().filter(|text: &&str| !text.is_empty());
    let paragraphs = [text(Asked::greeting), text(Asked::message_body)].into_iter().flatten().map(|text| format!("<p>{text}</p>"));
    Ok(Value::from(paragraphs.collect::<String>()).into())
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use serde_json::json;

    #[test]
    fn an_email_has_a_type() {
        let clinic = Clinic::open();
        clinic.refuses(r#"createCustomEmail(input: { subject: "Hi" })"#, &[("email_type", "can't be blank")]);
        let made = clinic.run(
            r#"mutation { createCustomEmail(input: { email_type: "Invite Email", subject: "Come in", greeting: "Hello" }) { customEmail { name email_type } messages { message } } }"#,
        );
        assert_eq!(made["data"]["createCustomEmail"]["customEmail"], json!({ "name": "Come in", "email_type": "Invite Email" }));
        let seen = clinic.run(r#"{ customEmails { subject } customEmailPreview(greeting: "Hello") }"#);
        assert!(seen["data"]["customEmails"].as_array().is_some_and(|all| all.contains(&json!({ "subject": "Come in" }))), "{seen}");
        assert_eq!(seen["data"]["customEmailPreview"], "<p>Hello</p>");
    }
}
