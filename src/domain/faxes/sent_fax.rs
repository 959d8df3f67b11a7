//! What was faxed: queued at first, settled when the carrier has reported.

use crate::engine::{AnyInput, Call, Changed, Entity, List, Row, Value};
use crate::schema::names::{SentFax, User, args};
use jiff::SignedDuration;

pub const PENDING: &str = "Pending";
/// How long the carrier takes. Assumed.
pub const SETTLES_AFTER: SignedDuration = SignedDuration::from_mins(1);

pub fn entity() -> Entity<SentFax> {
    Entity::usual()
        .requires(SentFax::destination_number)
        .defaults(SentFax::status, PENDING.to_owned())
        .made_by(SentFax::sender_id)
        .about_nobody()
        .searched_anew()
        .searched(SentFax::destination_number)
        .computed(SentFax::resendable, |fax| Some(is_resendable(fax)))
        .computed(SentFax::status_display_string, |fax| {
            let shown = match fax.get(SentFax::status)? {
                "OK" => "Delivered",
                "Failed" => "Failed",
                _ => "Queued",
            };
            Some(shown.to_owned())
        })
}

/// Documented: what has neither documents nor notes can't be sent again.
pub fn is_resendable(fax: &Row<SentFax>) -> bool {
    [SentFax::document_ids, SentFax::parsed_form_answer_group_ids].iter().any(|ids| fax.get(*ids).is_some_and(|ids| !ids.is_empty()))
}

/// The carrier reports. Assumed, so that a test can have a fax fail: one to a number that ends in 0000 does.
pub fn settle(call: &mut Call<'_, AnyInput>, fax: &Row<SentFax>) {
    let fails = fax.get(SentFax::destination_number).is_some_and(|number| number.ends_with("0000"));
    let mut settled = call.change(fax).set(SentFax::status, if fails { "Failed" } else { "OK" }.to_owned());
    settled.clear(SentFax::settles_at);
    settled.save(call);
}

pub fn has_another_status(changed: &Changed<SentFax>) -> bool {
    match (&changed.before, &changed.after) {
        (Some(before), Some(after)) => before.get(SentFax::status) != after.get(SentFax::status),
        _ => false,
    }
}

pub fn sent_faxes() -> List<SentFax, args::sentFaxes> {
    List::usual()
        .page_size(20)
        .order("NUMBER", &[SentFax::destination_number.slot])
        .order_by("CLIENT_LAST_NAME", |fax| {
            fax.follow::<User, _>(SentFax::patient_id).map_or(Value::Null, |user| user.value(User::last_name.slot).clone())
        })
        .default_order("CREATED_AT_DESC")
}

#[cfg(test)]
mod tests {
    use crate::testing::Clinic;
    use jiff::SignedDuration;
    use serde_json::json;

    #[test]
    fn a_fax_is_queued_and_then_delivered_or_not() {
        let clinic = Clinic::open();
        let (provider, note) = (clinic.id("User", "provider"), clinic.id("FormAnswerGroup", "patient_note"));
        let send = |number: &str| {
            clinic.run(&format!(
                r#"mutation {{ createSentFax(input: {{ destination_number: "{number}", dietitian: {{ id: "{provider}" }}, form_answer_group_ids: "{note}" }}) {{
                    sent_fax {{ id status status_display_string resendable sender {{ last_name }} }} messages {{ field message }} }} }}"#
            ))["data"]["createSentFax"]["sent_fax"]
                .clone()
        };
        let (sent, lost) = (send("12125550177"), send("12125550000"));
        assert_eq!(sent["status_display_string"], "Queued");
        assert_eq!((&sent["resendable"], &sent["sender"]), (&json!(true), &json!({ "last_name": "Raman" })));
        assert_eq!(clinic.events(), ["sent_fax.created", "sent_fax.created"]);
        clinic.advance(SignedDuration::from_mins(2));
        let shown = |fax: &serde_json::Value| {
            clinic.run(&format!("{{ sentFax(id: {}) {{ status status_display_string }} }}", fax["id"]))["data"]["sentFax"].clone()
        };
        assert_eq!(shown(&sent), json!({ "status": "OK", "status_display_string": "Delivered" }));
        assert_eq!(shown(&lost), json!({ "status": "Failed", "status_display_string": "Failed" }));
        assert_eq!(clinic.events(), ["sent_fax.updated", "sent_fax.status_changed", "sent_fax.updated", "sent_fax.status_changed"]);
    }

    #[test]
    fn a_fax_has_a_number_and_a_sender() {
        let clinic = Clinic::open();
        clinic.refuses("createSentFax(input: {})", &[("dietitian", "can't be blank")]);
        let provider = clinic.id("User", "provider");
        clinic.refuses(
            &format!(r#"createSentFax(input: {{ dietitian: {{ id: "{provider}" }} }})"#),
            &[("destination_number", "can't be blank")],
        );
        clinic.as_role("limited").refuses("createSentFax(input: {})", &[("base", "You do not have permission to create this sent fax.")]);
    }
}
